"""update_template_card: a code is good for one update, of its own card, for 72 hours."""

from typing import Any

import pytest

from sandbox import Button, Sandbox
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import LEADER, LEADER_USERID, TEACHER, USERID
from tests.sandbox.wecom_caller import App, CallbackServer, Reply
from tests.sandbox.wecom_cards import Json, buttons, notice, vote

DONE: Json = {"button": {"replace_name": "已报"}}


@pytest.fixture
async def code(app: App) -> str:
    """Of a card that teacher and leader have."""
    reply = await app.ok("message/send", app.message(f"{USERID}|{LEADER_USERID}", "template_card", **buttons("t1")))
    return str(reply["response_code"])


async def update(app: App, code: str, change: Json, **more: Any) -> Reply:
    body = {"userids": [USERID], "agentid": app.wecom.agent_id, "response_code": code, **change, **more}
    return await app("message/update_template_card", {name: value for name, value in body.items() if value is not None})


async def test_only_who_is_named_sees_the_new_face(app: App, sandbox: Sandbox, code: str) -> None:
    assert (await update(app, code, DONE, userids=["zhangwei", "NoBody"]))["invaliduser"] == ["nobody"]
    assert sandbox.wecom.chat(TEACHER)[0].keyboard == ((Button("已报", ""),),)
    assert sandbox.wecom.chat(LEADER)[0].keyboard == ((Button("按钮1", "key:1"),), (Button("按钮2", "key:2"),))


async def test_all_who_have_it_can_be_meant(app: App, sandbox: Sandbox, code: str) -> None:
    await update(app, code, DONE, userids=None, atall=1)
    for person in (TEACHER, LEADER):
        assert sandbox.wecom.chat(person)[0].keyboard == ((Button("已报", ""),),)


async def test_a_code_works_once(app: App, code: str) -> None:
    assert (await update(app, code, DONE))["errcode"] == 0
    assert (await update(app, code, DONE, userids=[LEADER_USERID]))["errcode"] == 60140


async def test_a_code_lives_72_hours(app: App, code: str, clock: ManualClock) -> None:
    other = (await app.send(USERID, "template_card", **buttons("t2")))["response_code"]
    clock.advance(72 * 3600)
    app.token = ""
    assert (await update(app, code, DONE))["errcode"] == 0
    clock.advance(1)
    assert (await update(app, other, DONE))["errcode"] == 60140


@pytest.mark.parametrize(
    ("change", "more", "errcode"),
    [
        (DONE, {"response_code": "guessed"}, 60140),
        (DONE, {"response_code": None}, 40058),
        (DONE, {"agentid": 5}, 301002),
        (DONE, {"userids": None}, 82001),
        (DONE, {"userids": ["nobody"]}, 81013),
        (DONE, {"userids": "ZhangWei"}, 40058),
        ({}, {}, 40058),
        ({**DONE, "template_card": buttons("t3")}, {}, 40058),
        ({"button": {"replace_name": ""}}, {}, 40058),
        ({"template_card": buttons("taken")}, {}, 42014),
        ({"template_card": buttons("t3", count=7)}, {}, 40058),
        ({"template_card": notice(replace_text="已报")}, {}, 40058),
    ],
)
async def test_an_update_that_is_refused_leaves_card_and_code(
    app: App, sandbox: Sandbox, code: str, change: Json, more: Json, errcode: int
) -> None:
    await app.send(USERID, "template_card", **buttons("taken"))
    assert (await update(app, code, change, **more))["errcode"] == errcode
    assert sandbox.wecom.chat(TEACHER)[0].edit_date is None
    assert (await update(app, code, DONE))["errcode"] == 0


async def test_a_whole_card_takes_the_place_and_the_old_face_is_kept(
    app: App, sandbox: Sandbox, code: str, clock: ManualClock
) -> None:
    clock.advance(60)
    await update(app, code, {"template_card": vote("t1b")})
    [message] = sandbox.wecom.chat(TEACHER)
    assert (message.text, message.card["card_type"], message.edit_date) == ("谁没来？", "vote_interaction", clock.now())
    [before] = message.revisions
    assert (before.text, before.card) == ("四（2）班 早报\n应到 45 人", buttons("t1"))


async def test_a_tap_on_the_new_face_gives_a_code_for_the_next(
    app: App, sandbox: Sandbox, code: str, callbacks: CallbackServer
) -> None:
    await update(app, code, {"template_card": buttons("t1b")})
    sandbox.wecom.tap(TEACHER, 1, "key:1")
    await callbacks.until(1)
    assert callbacks.came[0]["TaskId"] == "t1b"
    assert (await update(app, callbacks.came[0]["ResponseCode"], {"template_card": buttons("t1b")}))["errcode"] == 0
    assert len(sandbox.wecom.chat(TEACHER)[0].revisions) == 2


async def test_a_disabled_card_cannot_be_tapped(app: App, sandbox: Sandbox, code: str) -> None:
    await update(app, code, DONE)
    with pytest.raises(ValueError, match="no such button"):
        sandbox.wecom.tap(TEACHER, 1, "key:1")
    with pytest.raises(ValueError, match="no such button"):
        sandbox.wecom.tap(TEACHER, 1, "")


async def test_a_new_card_may_come_with_dead_buttons(app: App, sandbox: Sandbox, code: str) -> None:
    await update(app, code, {"template_card": buttons("t1", replace_text="已报平安")})
    assert sandbox.wecom.chat(TEACHER)[0].keyboard == ((Button("已报平安", ""),),)
