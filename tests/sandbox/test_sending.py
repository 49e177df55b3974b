"""What sendMessage refuses, in Telegram's words, and what it makes of what it takes."""

import json

import pytest

from sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import TEACHER


def keyboard(*rows: list[dict[str, str]]) -> dict[str, object]:
    return {"inline_keyboard": list(rows)}


def button(text: str = "好", data: str = "1") -> dict[str, str]:
    return {"text": text, "callback_data": data}


REFUSED = {
    "no text": ({}, "message text is empty"),
    "only spaces": ({"text": " \n "}, "text must be non-empty"),
    "4,097 characters": ({"text": "好" * 4097}, "message is too long"),
    "2,049 characters of two UTF-16 units": ({"text": "😀" * 2049}, "message is too long"),
    "more than 32 KiB": ({"text": "好" * 11_000}, "text is too long"),
    "an unknown parse mode": ({"text": "a", "parse_mode": "BBCode"}, "unsupported parse_mode"),
    "65 bytes of data": (
        {"text": "a", "reply_markup": keyboard([button(data="x" * 65)])},
        "BUTTON_DATA_INVALID",
    ),
    "22 hanzi of data": (
        {"text": "a", "reply_markup": keyboard([button(data="好" * 22)])},
        "BUTTON_DATA_INVALID",
    ),
    "101 buttons": (
        {"text": "a", "reply_markup": keyboard(*[[button()] * 4] * 25, [button()])},
        "reply markup is too long",
    ),
    "nine in a row": ({"text": "a", "reply_markup": keyboard([button()] * 9)}, "reply markup is too long"),
    "a keyboard above 10 KiB": (
        {"text": "a", "reply_markup": keyboard(*[[button("字" * 30, "d" * 30)]] * 80)},
        "reply markup is too long",
    ),
    "a button without text": (
        {"text": "a", "reply_markup": keyboard([button(text="")])},
        "inline keyboard button text must be non-empty",
    ),
    "a button without action": (
        {"text": "a", "reply_markup": keyboard([{"text": "好"}])},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    "a broken keyboard": ({"text": "a", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    "a keyboard that is none": ({"text": "a", "reply_markup": "[]"}, "object expected as reply markup"),
    "a reply to nothing": (
        {"text": "a", "reply_parameters": {"message_id": 99}},
        "message to be replied not found",
    ),
    "a misspelt parameter": ({"text": "a", "parsemode": "HTML"}, "sandbox: unknown parameter parsemode"),
}


@pytest.mark.parametrize(("params", "words"), REFUSED.values(), ids=list(REFUSED))
async def test_a_message_is_refused_in_telegrams_words(bot: Caller, params: dict[str, object], words: str) -> None:
    assert await bot.refused("sendMessage", chat_id=TEACHER, **params) == f"Bad Request: {words}"


async def test_what_is_refused_reaches_no_phone(bot: Caller, sandbox: Sandbox) -> None:
    before = len(sandbox.chat(TEACHER))
    await bot.refused("sendMessage", chat_id=TEACHER, text="好" * 4097)
    assert len(sandbox.chat(TEACHER)) == before
    assert not sandbox.journal[-1].delivered


@pytest.mark.parametrize("text", ["好" * 4096, "😀" * 2048, "<b>" + "好" * 4096 + "</b>"])
async def test_4096_utf16_units_after_parsing_are_taken(bot: Caller, text: str) -> None:
    await bot.ok("sendMessage", chat_id=TEACHER, text=text, parse_mode="HTML")


async def test_100_buttons_8_in_a_row_with_64_bytes_are_taken(bot: Caller, sandbox: Sandbox) -> None:
    rows = [[button("1", "x")] * 8] * 12 + [[button("1", "x" * 64)] * 4]
    await bot.ok("sendMessage", chat_id=TEACHER, text="a", reply_markup=keyboard(*rows))
    assert sum(len(row) for row in sandbox.chat(TEACHER)[-1].keyboard) == 100


async def test_a_message_arrives_as_it_was_sent(bot: Caller, sandbox: Sandbox, clock: ManualClock) -> None:
    result = await bot.ok(
        "sendMessage",
        chat_id=str(TEACHER),
        text=" 三(2)班 <b>应到 45</b>\n",
        parse_mode="HTML",
        disable_notification=True,
        protect_content="true",
        reply_markup=json.dumps(keyboard([button("全员正常", "z:1")])),
        reply_parameters={"message_id": 1},
    )
    message = sandbox.chat(TEACHER)[-1]
    assert (message.id, message.text, message.sender, message.date) == (2, "三(2)班 应到 45", 0, clock.now())
    assert message.silent
    assert message.protected
    assert message.button("正常").data == "z:1"
    assert result["reply_to_message"]["message_id"] == 1
    assert result["entities"] == [{"type": "bold", "offset": 6, "length": 5}]


async def test_form_parameters_are_read_like_json(bot: Caller, sandbox: Sandbox) -> None:
    body = await bot.upload("sendMessage", {}, chat_id=str(TEACHER), text="表单")
    assert body["ok"]
    assert sandbox.chat(TEACHER)[-1].text == "表单"


async def test_every_answer_is_dated_by_the_clock(bot: Caller, clock: ManualClock) -> None:
    clock.advance(3600)
    await bot.ok("getMe")
    assert bot.last is not None
    assert bot.last.headers["Date"] == "Tue, 03 Mar 2026 00:30:00 GMT"


async def test_commands_and_mentions_are_found(bot: Caller) -> None:
    result = await bot.ok("sendMessage", chat_id=TEACHER, text="请发 /report 或问 @office_one")
    assert [entity["type"] for entity in result["entities"]] == ["bot_command", "mention"]
    assert (result["entities"][0]["offset"], result["entities"][0]["length"]) == (3, 7)
