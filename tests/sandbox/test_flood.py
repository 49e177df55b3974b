"""Telegram's rates, on the clock that is passed in."""

import pytest

from sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import GROUP, TEACHER


async def send(bot: Caller, chat: int, times: int) -> None:
    for n in range(times):
        await bot.ok("sendMessage", chat_id=chat, text=f"{n}")


async def test_a_burst_in_one_chat_is_tolerated_and_then_refused(bot: Caller, clock: ManualClock) -> None:
    await send(bot, TEACHER, 5)
    body = await bot("sendMessage", chat_id=TEACHER, text="a")
    assert body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 5",
        "parameters": {"retry_after": 5},
    }
    assert bot.last is not None
    assert bot.last.headers["Retry-After"] == "5"
    clock.advance(5)
    await send(bot, TEACHER, 1)


async def test_one_a_second_is_never_too_many(bot: Caller, clock: ManualClock) -> None:
    for _ in range(30):
        await send(bot, TEACHER, 1)
        clock.advance(1)


async def test_edits_do_not_count_in_a_private_chat(bot: Caller) -> None:
    await send(bot, TEACHER, 5)
    for n in range(10):
        await bot.ok("editMessageText", chat_id=TEACHER, message_id=2, text=f"edit {n}")


async def test_a_group_takes_20_a_minute_edits_counted(bot: Caller, clock: ManualClock) -> None:
    await send(bot, GROUP, 15)
    clock.advance(20)
    first = 2
    for n in range(5):
        await bot.ok("editMessageText", chat_id=GROUP, message_id=first, text=f"edit {n}")
    words = "Too Many Requests: retry after 40"
    assert await bot.refused("sendMessage", chat_id=GROUP, text="a") == words
    assert await bot.refused("editMessageText", chat_id=GROUP, message_id=first, text="a") == words
    clock.advance(40)
    await send(bot, GROUP, 15)


async def test_30_a_second_over_all(bot: Caller, sandbox: Sandbox, clock: ManualClock) -> None:
    for person in range(2000, 2031):
        sandbox.add_person(person, "某老师")
        sandbox.write(person, person, "/start")
    for person in range(2000, 2030):
        await send(bot, person, 1)
    words = "Too Many Requests: retry after 1"
    assert await bot.refused("sendMessage", chat_id=2030, text="a") == words
    clock.advance(1)
    await send(bot, 2030, 1)


@pytest.mark.parametrize("refusals", [1, 50])
async def test_what_was_refused_is_not_counted(bot: Caller, clock: ManualClock, refusals: int) -> None:
    await send(bot, TEACHER, 5)
    for _ in range(refusals):
        await bot.refused("sendMessage", chat_id=TEACHER, text="a")
    clock.advance(5)
    await send(bot, TEACHER, 5)


async def test_tap_answers_are_free(bot: Caller, sandbox: Sandbox) -> None:
    await send(bot, TEACHER, 5)
    for _ in range(40):
        tap = sandbox.tap(TEACHER, TEACHER, 2, "z")
        await bot.ok("answerCallbackQuery", callback_query_id=str(tap.id))
