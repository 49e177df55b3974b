"""message/send: to whom, what of it arrives, and what WeCom says when it does not."""

from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.pictures import plain_png
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import LEADER, LEADER_USERID, STRANGER, TEACHER, USERID
from tests.sandbox.wecom_caller import App
from tests.sandbox.wecom_cards import buttons


def texts(sandbox: Sandbox, person: int) -> list[str]:
    return [message.text for message in sandbox.wecom.chat(person)]


async def test_many_receivers_are_one_call_and_the_missed_come_back_in_lower_case(app: App, sandbox: Sandbox) -> None:
    sandbox.wecom.employ(STRANGER, "WangFang", status=2)
    reply = await app.send("zhangwei|LiuZhuRen|NoBody|WangFang")
    assert (reply["errcode"], reply["invaliduser"]) == (0, "nobody|wangfang")
    assert texts(sandbox, TEACHER) == texts(sandbox, LEADER) == ["早上好"]
    assert sandbox.wecom.journal[-1].chat is None


async def test_who_is_outside_the_visible_range_is_invalid(app: App, sandbox: Sandbox) -> None:
    sandbox.wecom.set_visible([], [LEADER])
    assert (await app.send(f"{USERID}|{LEADER_USERID}"))["invaliduser"] == "zhangwei"
    assert await app.refused("message/send", app.message(USERID)) == 81013
    assert texts(sandbox, TEACHER) == []


async def test_all_of_them(app: App, sandbox: Sandbox) -> None:
    await app.send("@all")
    assert texts(sandbox, TEACHER) == texts(sandbox, LEADER) == ["早上好"]


async def test_departments_and_tags_stand_for_their_members(app: App, sandbox: Sandbox) -> None:
    sandbox.wecom.directory.tags[7] = frozenset({LEADER})
    reply = await app.ok("message/send", {**app.message(""), "toparty": "2|99", "totag": "7|8"})
    assert (reply["invalidparty"], reply["invalidtag"]) == ("99", "8")
    assert texts(sandbox, TEACHER) == texts(sandbox, LEADER) == ["早上好"]
    await app.ok("message/send", {**app.message(""), "toparty": "1"})
    assert len(texts(sandbox, TEACHER)) == len(texts(sandbox, LEADER)) == 2


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"touser": ""}, 82001),
        ({"touser": "nobody"}, 81013),
        ({"touser": "|".join(f"u{n}" for n in range(1001))}, 40058),
        ({"touser": 5}, 40058),
        ({"agentid": None}, 40056),
        ({"agentid": "1000002"}, 40056),
        ({"agentid": 1000003}, 301002),
        ({"msgtype": "voice"}, 40008),
        ({"msgtype": ""}, 40058),
        ({"text": {"content": ""}}, 40058),
        ({"text": {"content": "a", "contents": "b"}}, 40058),
        ({"txet": {}}, 40058),
        ({"safe": 2}, 40058),
        ({"enable_duplicate_check": True}, 40058),
        ({"duplicate_check_interval": 4 * 3600 + 1}, 40058),
        ({"msgtype": "markdown", "markdown": {"content": "好" * 683}}, 45002),
        ({"msgtype": "markdown", "markdown": {"content": "好"}, "safe": 1}, 40058),
        ({"msgtype": "template_card", "template_card": buttons(), "safe": 1}, 40058),
        ({"msgtype": "image", "image": {"media_id": "nowhere"}}, 40007),
    ],
)
async def test_what_is_wrong_is_refused(app: App, sandbox: Sandbox, change: dict[str, Any], errcode: int) -> None:
    assert await app.refused("message/send", {**app.message(USERID), **change}) == errcode
    assert texts(sandbox, TEACHER) == []


async def test_a_text_over_2048_bytes_loses_its_end_and_a_list_says_so(app: App, sandbox: Sandbox) -> None:
    await app.send(USERID, content="好" * 682 + "ab")
    assert sandbox.wecom.cut == []
    await app.send(USERID, content="好" * 683)
    assert texts(sandbox, TEACHER)[1] == "好" * 682
    [cut] = sandbox.wecom.cut
    assert (cut.field, cut.limit, cut.length) == ("text.content", 2048, 2049)


async def test_text_picture_and_file_can_be_secret(app: App, sandbox: Sandbox) -> None:
    picture = (await app.upload("image", "a.png", plain_png(4, 4)))["media_id"]
    file = (await app.upload("file", "名单.csv", b"1,2,3\n4,5,6"))["media_id"]
    for kind, content in (("text", {"content": "a"}), ("image", {"media_id": picture}), ("file", {"media_id": file})):
        await app.ok("message/send", {**app.message(USERID, kind, **content), "safe": 1})
    text, photo, document = sandbox.wecom.chat(TEACHER)
    assert text.protected
    assert photo.protected
    assert document.protected
    assert photo.photo is not None
    assert document.document is not None
    assert sandbox.wecom.stored(photo.photo).width == 4
    assert sandbox.wecom.stored(document.document).name == "名单.csv"


async def test_a_textcard_is_a_title_a_text_and_an_address(app: App, sandbox: Sandbox) -> None:
    await app.send(USERID, "textcard", title="题" * 129, description="文", url="https://example.org/")
    [message] = sandbox.wecom.chat(TEACHER)
    assert message.text == "题" * 128 + "\n文"
    assert message.keyboard[0][0].url == "https://example.org/"
    assert [cut.field for cut in sandbox.wecom.cut] == ["textcard.title"]


async def test_a_repeat_within_its_interval_is_answered_and_not_shown(
    app: App, sandbox: Sandbox, clock: ManualClock
) -> None:
    body = {**app.message(USERID), "enable_duplicate_check": 1, "duplicate_check_interval": 600}
    first = await app.ok("message/send", body)
    clock.advance(599)
    again = await app.ok("message/send", dict(reversed(body.items())))
    assert again["msgid"] != first["msgid"]
    assert len(texts(sandbox, TEACHER)) == 1
    await app.ok("message/send", {**body, "text": {"content": "早上好。"}})
    clock.advance(1)
    await app.ok("message/send", body)
    assert len(texts(sandbox, TEACHER)) == 3


async def test_without_the_check_a_repeat_is_shown_again(app: App, sandbox: Sandbox) -> None:
    await app.send(USERID)
    await app.send(USERID)
    assert len(texts(sandbox, TEACHER)) == 2


async def test_a_repeated_card_is_swallowed_before_its_task_id_is_looked_at(app: App, sandbox: Sandbox) -> None:
    body = {**app.message(USERID, "template_card", **buttons("t1")), "enable_duplicate_check": 1}
    assert "response_code" in await app.ok("message/send", body)
    assert "response_code" not in await app.ok("message/send", body)
    assert await app.refused("message/send", {**body, "enable_duplicate_check": 0}) == 42014
    assert len(texts(sandbox, TEACHER)) == 1


async def test_a_message_can_be_recalled_for_24_hours(app: App, sandbox: Sandbox, clock: ManualClock) -> None:
    first = await app.send(f"{USERID}|{LEADER_USERID}")
    second = await app.send(USERID)
    clock.advance(24 * 3600)
    app.token = ""
    await app.ok("message/recall", {"msgid": first["msgid"]})
    assert [message.deleted for message in sandbox.wecom.chat(TEACHER)] == [True, False]
    assert [message.deleted for message in sandbox.wecom.chat(LEADER)] == [True]
    clock.advance(1)
    assert await app.refused("message/recall", {"msgid": second["msgid"]}) == 40058
    assert await app.refused("message/recall", {"msgid": "nowhere"}) == 40058


async def test_in_wechat_a_phone_shows_neither_cards_nor_markdown(app: App, sandbox: Sandbox) -> None:
    sandbox.wecom.plain(TEACHER)
    await app.send(USERID, "template_card", **buttons())
    await app.send(USERID, "markdown", content="**好**")
    await app.send(USERID, content="1 全员正常")
    assert texts(sandbox, TEACHER) == ["1 全员正常"]
    with pytest.raises(ValueError, match="微工作台"):
        sandbox.wecom.tap(TEACHER, 1, "key:1")
    sandbox.wecom.plain(TEACHER, on=False)
    assert len(texts(sandbox, TEACHER)) == 3
