"""The channel of WeCom against the sandbox: what is shown becomes cards, texts, pictures; what changes them; who is
missed."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

from bot.channels import Barred, Button, Command, Face, Gone, Refused, Rendered, Unknown, Unreachable
from bot.channels.wecom import Api, Crypto, Groups, Receiver, WeCom
from bot.channels.wecom.menu import UNDER_BYTES
from bot.clock import SteppedClock
from bot.letters import menu_lines
from handlers.menus import EVERYBODY
from handlers.values import replace
from sandbox import Fault, Message, Sandbox
from sandbox.faults import Moment
from sandbox.pictures import plain_png
from tests.channels.conftest import TEACHER

OTHER, GONE, LEADER, SECOND = 102, 103, 104, 105
USERIDS = {TEACHER: "LiLaoShi", OTHER: "WangLaoShi", LEADER: "WeiDong", SECOND: "ChuLiang"}
LEADERS = [LEADER, SECOND]  # as the roster has them just now
BUTTONS = ((Button("全员正常（零报告）", "zero:k1:2"), Button("有异常／有人未到", "unwell:k1:2")),)
CARD = Rendered(
    "三(2)班\n应到45人",
    BUTTONS,
    face=Face("三(2)班", "应到45人", options=False),
    closed="已更新",
    submit="提交",
    own="a1",
)
RECEIPT = replace(CARD, text="✅ 已报", buttons=(), face=Face("✅ 已报", "零报告", options=False), own="a2")
TEXT = Rendered("应到45人\n\n1 全员正常\n回复数字即可。", BUTTONS, closed="已更新", own="b1")
TICKS = tuple(
    (Button(name, f"sym:k1:{code}", ticked=code == "COUGH"),) for name, code in (("咳嗽", "COUGH"), ("皮疹", "RASH"))
)
SYMPTOMS = replace(
    CARD,
    buttons=(*TICKS, (Button("没有其他症状", "sym_done:k1"),)),
    face=Face("17号", "可多选", options=True),
    own="c1",
)


@pytest.fixture
async def wecom(sandbox: Sandbox, clock: SteppedClock) -> AsyncIterator[WeCom]:
    corp = sandbox.wecom
    for person, userid in USERIDS.items():
        if person != TEACHER:
            sandbox.add_person(person, userid)
        corp.employ(person, userid)
    sandbox.add_person(GONE, "走了")

    async def leaders() -> Sequence[str]:
        return [USERIDS[one] for one in LEADERS]

    api = Api(sandbox.page_url.rstrip("/"), corp.corp_id, corp.secret, clock)
    receiver = Receiver(Crypto(corp.token, corp.aes_key, corp.corp_id), clock, "127.0.0.1", 0, "/wecom")
    channel = WeCom(api, corp.agent_id, receiver, Groups(api, None, leaders), clock)
    await channel.open()
    yield channel
    await channel.close()


def last(sandbox: Sandbox, person: int = TEACHER) -> Message:
    return sandbox.wecom.chat(person)[-1]


def calls(sandbox: Sandbox) -> list[str]:
    return [entry.method for entry in sandbox.wecom.journal if entry.method != "gettoken"]


async def test_a_card_is_one_call_and_brings_what_allows_one_edit(sandbox: Sandbox, wecom: WeCom) -> None:
    shown = await wecom.show(USERIDS[TEACHER], CARD)
    assert shown.ref == "a1"
    assert shown.edit_code
    assert not shown.numbered
    assert last(sandbox).text == "三(2)班\n应到45人"
    assert [row[0].data for row in last(sandbox).keyboard] == ["zero:k1:2", "unwell:k1:2"]
    assert calls(sandbox) == ["message/send"]


async def test_a_card_becomes_the_receipt_in_place_once(sandbox: Sandbox, wecom: WeCom) -> None:
    shown = await wecom.show(USERIDS[TEACHER], CARD)
    edited = await wecom.show(USERIDS[TEACHER], RECEIPT, shown.ref, shown.edit_code)
    assert edited.edit_code is None
    assert [one.text for one in sandbox.wecom.chat(TEACHER)] == ["✅ 已报\n零报告"]
    assert [row[0].data for row in last(sandbox).keyboard] == [""], "its buttons are no more"
    for code in (None, shown.edit_code):
        with pytest.raises(Gone):
            await wecom.show(USERIDS[TEACHER], CARD, edited.ref, code)


async def test_after_72_hours_a_card_is_sent_anew(sandbox: Sandbox, wecom: WeCom, clock: SteppedClock) -> None:
    shown = await wecom.show(USERIDS[TEACHER], CARD)
    await clock.advance_to(clock.now() + timedelta(hours=72, seconds=1))
    with pytest.raises(Gone):
        await wecom.show(USERIDS[TEACHER], RECEIPT, shown.ref, shown.edit_code)


async def test_what_takes_the_place_of_a_card_disables_it(sandbox: Sandbox, wecom: WeCom) -> None:
    shown = await wecom.show(USERIDS[TEACHER], CARD)
    await wecom.show(USERIDS[TEACHER], replace(CARD, own="a3"), None, shown.edit_code)
    old, new = sandbox.wecom.chat(TEACHER)
    assert [row[0].text for row in old.keyboard] == ["已更新"]
    assert len(new.keyboard) == 2


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_edit_that_nobody_answered_is_tried_again_and_made_once(
    sandbox: Sandbox, wecom: WeCom, when: Moment
) -> None:
    """That its code is spent says which of the two tries it was."""
    shown = await wecom.show(USERIDS[TEACHER], CARD)
    sandbox.wecom.faults.append(Fault("drop", "message/update_template_card", times=1, when=when))
    with pytest.raises(Unknown):
        await wecom.show(USERIDS[TEACHER], RECEIPT, shown.ref, shown.edit_code)
    again = await wecom.show(USERIDS[TEACHER], replace(RECEIPT, tried=True), shown.ref, shown.edit_code)
    assert again.ref == "a2"
    assert [one.text for one in sandbox.wecom.chat(TEACHER)] == ["✅ 已报\n零报告"]


async def test_a_card_that_an_unrecorded_update_left_there_is_sent_as_another_that_can_be_changed(
    sandbox: Sandbox, wecom: WeCom
) -> None:
    """`kill -9` between WeCom's yes to the update and our record of it, and again before that of the second card."""
    receipt = replace(RECEIPT, buttons=BUTTONS)
    first = await wecom.show(USERIDS[TEACHER], CARD)
    await wecom.show(USERIDS[TEACHER], receipt, first.ref, first.edit_code)
    with pytest.raises(Gone):
        await wecom.show(USERIDS[TEACHER], receipt, first.ref, first.edit_code)
    second = await wecom.show(USERIDS[TEACHER], receipt)
    assert second.edit_code
    assert last(sandbox).card["task_id"] == second.ref != receipt.own
    assert (await wecom.show(USERIDS[TEACHER], receipt)).ref == second.ref
    assert [message.text for message in sandbox.wecom.chat(TEACHER)] == ["✅ 已报\n零报告"] * 2


@pytest.mark.parametrize("fault", [Fault("drop", "message/update_template_card"), None])
async def test_what_was_sent_stands_whatever_becomes_of_the_old_card(
    sandbox: Sandbox, wecom: WeCom, fault: Fault | None
) -> None:
    shown = await wecom.show(USERIDS[TEACHER], CARD)
    if fault is None:  # its code is used up
        await wecom.show(USERIDS[TEACHER], RECEIPT, shown.ref, shown.edit_code)
    else:
        sandbox.wecom.faults.append(fault)
    assert (await wecom.show(USERIDS[TEACHER], replace(CARD, own="a3"), None, shown.edit_code)).ref == "a3"


async def test_a_card_that_is_to_be_a_text_is_disabled_when_the_text_is_sent_anew(
    sandbox: Sandbox, wecom: WeCom
) -> None:
    shown = await wecom.show(USERIDS[TEACHER], CARD)
    with pytest.raises(Gone):
        await wecom.show(USERIDS[TEACHER], TEXT, shown.ref, shown.edit_code)
    assert last(sandbox).keyboard[0][0].data, "nothing says yet what became of it"
    await wecom.show(USERIDS[TEACHER], TEXT, None, shown.edit_code)
    card, _ = sandbox.wecom.chat(TEACHER)
    assert [row[0].text for row in card.keyboard] == ["已更新"]


async def test_a_text_says_that_its_choices_bear_numbers(sandbox: Sandbox, wecom: WeCom) -> None:
    assert (await wecom.show(USERIDS[TEACHER], TEXT)).numbered
    assert not last(sandbox).card


@pytest.mark.parametrize("named", [True, False])
async def test_a_name_goes_as_a_secret_message(sandbox: Sandbox, wecom: WeCom, named: bool) -> None:
    await wecom.show(USERIDS[TEACHER], replace(TEXT, named=named))
    assert last(sandbox).protected is named


async def test_a_picture_and_a_file_go_by_their_upload_under_their_own_names(sandbox: Sandbox, wecom: WeCom) -> None:
    await wecom.show(USERIDS[TEACHER], Rendered("", photo=plain_png(60, 80), own="f0"))
    await wecom.show(USERIDS[TEACHER], Rendered("", file=("晨检 9月1日.xlsx", b"PK\x03\x04 a book"), own="f1"))
    picture, book = sandbox.wecom.chat(TEACHER)
    assert picture.photo is not None
    assert sandbox.wecom.stored(book.document or "").name == "晨检 9月1日.xlsx"
    assert calls(sandbox) == ["media/upload", "message/send"] * 2


async def test_several_that_hold_together_are_a_vote_with_what_is_ticked(sandbox: Sandbox, wecom: WeCom) -> None:
    await wecom.show(USERIDS[TEACHER], SYMPTOMS)
    box = last(sandbox).card["checkbox"]
    assert isinstance(box, dict)
    assert [(one["id"], one["is_checked"]) for one in box["option_list"]] == [
        ("sym:k1:COUGH", True),
        ("sym:k1:RASH", False),
        ("!sym_done:k1", False),
    ]
    assert box["mode"] == 1


async def test_the_same_request_twice_is_shown_once_and_equal_words_of_another_message_are_shown(
    sandbox: Sandbox, wecom: WeCom
) -> None:
    """After a time-out the same goes again; 08:30's words are not 08:15's repeat."""
    for own in ("0011223344-0", "0011223344-0", "99aabbccdd-0"):
        await wecom.show(USERIDS[TEACHER], replace(TEXT, own=own))
    assert len(sandbox.wecom.chat(TEACHER)) == 2


async def test_a_send_that_was_not_answered_may_be_repeated_without_a_second_copy(
    sandbox: Sandbox, wecom: WeCom
) -> None:
    sandbox.wecom.faults.append(Fault("drop", method="message/send", when="after", times=1))
    with pytest.raises(Unknown):
        await wecom.show(USERIDS[TEACHER], CARD)
    assert (await wecom.show(USERIDS[TEACHER], CARD)).ref == "a1"
    assert len(sandbox.wecom.chat(TEACHER)) == 1


async def test_one_notice_to_a_thousand_is_one_call_and_says_whom_it_missed(sandbox: Sandbox, wecom: WeCom) -> None:
    notice = Rendered("明天停课。", own="e1")
    shown, missed = await wecom.show_all([USERIDS[TEACHER], "ZouLe", USERIDS[OTHER]], notice)
    assert missed == ["ZouLe"]
    assert shown.ref.startswith("msg:")
    assert last(sandbox).text == last(sandbox, OTHER).text == "明天停课。"
    assert calls(sandbox) == ["message/send"]
    with pytest.raises(Unreachable):
        await wecom.show_all(["ZouLe", "YeZouLe"], replace(notice, own="e2"))


async def test_a_picture_that_is_sent_again_is_the_same_upload(sandbox: Sandbox, wecom: WeCom) -> None:
    picture = Rendered("", photo=plain_png(60, 80), own="f0")
    for _ in range(2):
        await wecom.show(USERIDS[TEACHER], picture)
    assert len(sandbox.wecom.chat(TEACHER)) == 1
    assert calls(sandbox).count("media/upload") == 1


async def test_who_is_not_in_the_directory_is_unreachable(wecom: WeCom) -> None:
    with pytest.raises(Unreachable):
        await wecom.show("ZouLe", CARD)


async def test_the_leaders_group_is_made_with_its_first_message_and_takes_words_and_pictures(
    sandbox: Sandbox, wecom: WeCom
) -> None:
    await wecom.show("appchat:leaders1", Rendered("", photo=plain_png(60, 80), own="d0"))
    await wecom.show("appchat:leaders1", Rendered("【学区晨检】", own="d1"))
    [group] = sandbox.wecom.groups
    assert {USERIDS[person] for person in group.members} == {"WeiDong", "ChuLiang"}
    picture, words = sandbox.wecom.chat(group.id)
    assert picture.photo is not None
    assert words.text == "【学区晨检】"


async def test_the_leaders_group_follows_the_roster(
    sandbox: Sandbox, wecom: WeCom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the program was started anew meanwhile; the one who is gone may be its owner."""
    await wecom.show("appchat:leaders1", Rendered("一", own="d0"))
    for now in ([SECOND, OTHER], [OTHER, TEACHER]):
        monkeypatch.setattr("tests.channels.test_wecom_sending.LEADERS", now)
        wecom._groups._settled = frozenset()  # a new program knows nobody
        await wecom.show("appchat:leaders1", Rendered("二", own=f"d{now[0]}"))
        [group] = sandbox.wecom.groups
        assert sorted(group.members) == sorted(now)
    assert calls(sandbox).count("appchat/update") == 2
    await wecom.show("appchat:leaders1", Rendered("三", own="d9"))
    assert calls(sandbox)[-2:] == ["appchat/send", "appchat/send"], "who is settled is not asked after"


@pytest.mark.parametrize("left", [[], [OTHER]])
async def test_a_roster_without_two_leaders_empties_no_group(
    sandbox: Sandbox, wecom: WeCom, monkeypatch: pytest.MonkeyPatch, left: list[int]
) -> None:
    await wecom.show("appchat:leaders1", Rendered("一", own="d0"))
    monkeypatch.setattr("tests.channels.test_wecom_sending.LEADERS", left)
    await wecom.show("appchat:leaders1", Rendered("二", own="d1"))
    [group] = sandbox.wecom.groups
    assert sorted(group.members) == [LEADER, SECOND]


async def test_a_group_waits_for_two_leaders(sandbox: Sandbox, wecom: WeCom, monkeypatch: pytest.MonkeyPatch) -> None:
    """To ask WeCom for one would be an error that nobody could make anything of."""
    monkeypatch.setattr("tests.channels.test_wecom_sending.LEADERS", [LEADER])
    with pytest.raises(Barred, match="至少要2个成员，绑定了企业微信的学区领导现在有1位"):
        await wecom.show("appchat:leaders1", Rendered("一", own="d0"))
    assert "appchat/create" not in calls(sandbox)
    monkeypatch.setattr("tests.channels.test_wecom_sending.LEADERS", [LEADER, SECOND])
    await wecom.show("appchat:leaders1", Rendered("一", own="d0"))
    [group] = sandbox.wecom.groups
    assert sandbox.wecom.chat(group.id)[-1].text == "一"


async def test_a_group_whose_members_cannot_be_changed_gets_its_post_all_the_same(
    sandbox: Sandbox, wecom: WeCom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await wecom.show("appchat:leaders1", Rendered("一", own="d0"))
    monkeypatch.setattr("tests.channels.test_wecom_sending.LEADERS", [SECOND, OTHER])
    sandbox.wecom.faults.append(Fault("errcode", "appchat/update", errcode=86007, times=1))
    await wecom.show("appchat:leaders1", Rendered("二", own="d1"))
    [group] = sandbox.wecom.groups
    assert sandbox.wecom.chat(group.id)[-1].text == "二"
    await wecom.show("appchat:leaders1", Rendered("三", own="d2"))
    assert sorted(sandbox.wecom.groups[0].members) == [OTHER, SECOND]


async def test_our_own_words_can_be_taken_back_and_nobody_elses(
    sandbox: Sandbox, wecom: WeCom, clock: SteppedClock
) -> None:
    shown = await wecom.show(USERIDS[TEACHER], TEXT)
    await wecom.remove(shown.ref)
    assert last(sandbox).deleted
    with pytest.raises(Refused):
        await wecom.remove("a1")


async def test_the_menu_has_three_heads_of_five_and_every_key_is_a_command(sandbox: Sandbox, wecom: WeCom) -> None:
    await wecom.menus(None, True, menu_lines(EVERYBODY, "menu"))
    heads = sandbox.wecom.corp.menu
    under = [one for head in heads for one in head["sub_button"]]  # type: ignore[attr-defined]
    assert [one["key"] for one in under] == [f"/{name}" for name in EVERYBODY]
    assert all(len(line.description.encode()) <= UNDER_BYTES for line in menu_lines(EVERYBODY, "menu")["zh"])


async def test_nobodys_own_menu_is_set(sandbox: Sandbox, wecom: WeCom) -> None:
    await wecom.menus(USERIDS[TEACHER], True, {"zh": [Command("report", "报告")]})
    assert calls(sandbox) == []
