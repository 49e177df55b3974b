"""A morning in WeCom: a token, a text, a card, a tap, a new face of the card."""

from sandbox import Button, Sandbox
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import TEACHER, USERID
from tests.sandbox.wecom_caller import App, CallbackServer
from tests.sandbox.wecom_cards import buttons


async def test_a_card_is_sent_tapped_and_replaced_once_per_code(
    sandbox: Sandbox, app: App, callbacks: CallbackServer, clock: ManualClock
) -> None:
    sent = await app.ok("message/send", app.message(USERID, "template_card", **buttons("card-1")))
    [message] = sandbox.wecom.chat(TEACHER)
    assert message.text == "四（2）班 早报\n应到 45 人"
    assert message.keyboard == ((Button("按钮1", "key:1"),), (Button("按钮2", "key:2"),))
    assert message.card["task_id"] == "card-1"
    assert sent["response_code"]

    sandbox.wecom.tap(TEACHER, message.id, "key:2")
    await callbacks.until(1)
    [event] = callbacks.came
    code = event.pop("ResponseCode")
    assert event == {
        "ToUserName": sandbox.wecom.corp_id,
        "FromUserName": "ZhangWei",
        "CreateTime": str(int(clock.now().timestamp())),
        "MsgType": "event",
        "Event": "template_card_event",
        "EventKey": "key:2",
        "TaskId": "card-1",
        "CardType": "button_interaction",
        "SelectedItems": "",
        "AgentID": str(sandbox.wecom.agent_id),
    }

    update = {"userids": [USERID], "agentid": sandbox.wecom.agent_id, "response_code": code}
    await app.ok("message/update_template_card", {**update, "button": {"replace_name": "已报平安"}})
    assert await app.refused("message/update_template_card", {**update, "button": {"replace_name": "又"}}) == 60140
    [message] = sandbox.wecom.chat(TEACHER)
    assert message.keyboard == ((Button("已报平安", ""),),)
    assert message.edit_date == clock.now()
    [before] = message.revisions
    assert [button.data for [button] in before.keyboard] == ["key:1", "key:2"]


async def test_what_a_person_writes_reaches_the_app(sandbox: Sandbox, callbacks: CallbackServer) -> None:
    sandbox.wecom.write(TEACHER, "3号发热 <38.5> & ]]>")
    await callbacks.until(1)
    [came] = callbacks.came
    assert (came["FromUserName"], came["MsgType"], came["Content"]) == (USERID, "text", "3号发热 <38.5> & ]]>")
    assert came["MsgId"].isdigit()


async def test_a_text_reaches_the_phones_and_the_journal(sandbox: Sandbox, app: App) -> None:
    reply = await app.send(USERID)
    assert (reply["errcode"], reply["invaliduser"], bool(reply["msgid"])) == (0, "", True)
    assert [message.text for message in sandbox.wecom.chat(TEACHER)] == ["早上好"]
    entry = sandbox.wecom.journal[-1]
    assert (entry.method, entry.chat, entry.ok, entry.delivered) == ("message/send", TEACHER, True, True)
    assert "access_token" not in entry.params
    assert sandbox.chat(TEACHER) == ()
