"""Buttons: what the bot hears of a tap, and how long it may take to answer."""

import pytest

from sandbox import Answer, Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import GROUP, LEADER, TEACHER

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_tap_reaches_the_bot_with_its_message_and_the_answer_comes_back(
    bot: Caller, sandbox: Sandbox, clock: ManualClock
) -> None:
    sent = await bot.ok("sendMessage", chat_id=GROUP, text="警报")
    tap = sandbox.tap(LEADER, GROUP, sent["message_id"], "ack:1")
    [update] = await bot.ok("getUpdates")
    query = update["callback_query"]
    assert (query["from"]["id"], query["data"], query["message"]) == (LEADER, "ack:1", sent)
    await bot.ok("answerCallbackQuery", callback_query_id=query["id"], text="已记录", show_alert=True)
    assert await tap.answered == Answer("已记录", show_alert=True, at=clock.now())


async def test_the_first_answer_stays_and_a_second_is_tolerated(bot: Caller, sandbox: Sandbox) -> None:
    tap = sandbox.tap(TEACHER, TEACHER, 1, "z")
    await bot.ok("answerCallbackQuery", callback_query_id=tap.id)
    await bot.ok("answerCallbackQuery", callback_query_id=tap.id, text="再答")
    assert tap.answer is not None
    assert tap.answer.text == ""


async def test_after_150_seconds_a_tap_is_forgotten(bot: Caller, sandbox: Sandbox, clock: ManualClock) -> None:
    tap = sandbox.tap(TEACHER, TEACHER, 1, "z")
    sandbox.write(TEACHER, TEACHER, "字还在")
    clock.advance(149)
    assert len(await bot.ok("getUpdates")) == 2
    clock.advance(2)
    assert await bot.refused("answerCallbackQuery", callback_query_id=tap.id) == TOO_OLD
    [update] = await bot.ok("getUpdates")
    assert update["message"]["text"] == "字还在"


@pytest.mark.parametrize("query", ["", "abc", "12345"])
async def test_an_invented_query_is_refused(bot: Caller, query: str) -> None:
    assert await bot.refused("answerCallbackQuery", callback_query_id=query) == TOO_OLD


async def test_an_answer_has_at_most_200_characters(bot: Caller, sandbox: Sandbox) -> None:
    tap = sandbox.tap(TEACHER, TEACHER, 1, "z")
    words = "Bad Request: MESSAGE_TOO_LONG"
    assert await bot.refused("answerCallbackQuery", callback_query_id=tap.id, text="好" * 201) == words
    await bot.ok("answerCallbackQuery", callback_query_id=tap.id, text="好" * 200)


async def test_a_button_of_three_days_ago_comes_without_its_message(
    bot: Caller, sandbox: Sandbox, clock: ManualClock
) -> None:
    sent = await bot.ok("sendMessage", chat_id=TEACHER, text="昨天的卡片")
    clock.advance(48 * 3600 + 1)
    sandbox.tap(TEACHER, TEACHER, sent["message_id"], "z")
    [update] = await bot.ok("getUpdates")
    shown = update["callback_query"]["message"]
    assert (shown["message_id"], shown["date"], shown["chat"]["id"]) == (sent["message_id"], 0, TEACHER)
    assert "text" not in shown


async def test_nobody_taps_in_a_chat_that_is_not_theirs(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="private chat"):
        sandbox.tap(LEADER, TEACHER, 1, "z")
    with pytest.raises(ValueError, match="cannot write"):
        sandbox.tap(1002, GROUP, 1, "z")
