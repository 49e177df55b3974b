"""getUpdates: offsets, waiting, two pollers, expiry, allowed kinds."""

import asyncio

import pytest

from sandbox import Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import TEACHER

OTHER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


def write(sandbox: Sandbox, *texts: str) -> None:
    for text in texts:
        sandbox.write(TEACHER, TEACHER, text)


async def texts(bot: Caller, **params: object) -> list[str]:
    return [update["message"]["text"] for update in await bot.ok("getUpdates", **params)]


async def first_id(bot: Caller) -> int:
    return int((await bot.ok("getUpdates", limit=1))[0]["update_id"])


async def test_updates_stay_until_a_higher_offset_confirms_them(
    bot: Caller, sandbox: Sandbox, clock: ManualClock
) -> None:
    write(sandbox, "一", "二", "三")
    first = await first_id(bot)
    assert await texts(bot, offset=first) == ["一", "二", "三"]
    assert await texts(bot, offset=first + 1) == ["二", "三"]
    assert await texts(bot) == ["二", "三"]
    assert await texts(bot, offset=first + 3) == []


async def test_a_negative_offset_drops_all_but_the_last(bot: Caller, sandbox: Sandbox) -> None:
    write(sandbox, "一", "二", "三", "四")
    assert await texts(bot, offset=-2) == ["三", "四"]
    assert await texts(bot) == ["三", "四"]


async def test_an_offset_from_before_a_restart_of_the_numbers_loses_nothing(bot: Caller, sandbox: Sandbox) -> None:
    sandbox.restart_ids()
    write(sandbox, "一")
    first = await first_id(bot)
    assert await texts(bot, offset=first + 5_000) == ["一"]
    with pytest.raises(RuntimeError, match="updates are waiting"):
        sandbox.restart_ids()


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (5, 5), (0, 1), (1000, 100), (None, 100)])
async def test_a_batch_has_1_to_100(bot: Caller, sandbox: Sandbox, limit: int | None, count: int) -> None:
    write(sandbox, *(str(n) for n in range(120)))
    assert len(await bot.ok("getUpdates", limit=limit)) == count


async def test_a_poll_waits_and_ends_with_an_update(bot: Caller, sandbox: Sandbox, clock: ManualClock) -> None:
    poll = asyncio.ensure_future(bot.ok("getUpdates", timeout=30))
    await clock.asleep()
    write(sandbox, "来了")
    assert [update["message"]["text"] for update in await poll] == ["来了"]


@pytest.mark.parametrize(("asked", "waits"), [(30, 30), (50, 50), (500, 50)])
async def test_a_poll_ends_empty_after_its_timeout_of_at_most_50_s(
    bot: Caller, clock: ManualClock, asked: int, waits: int
) -> None:
    poll = asyncio.ensure_future(bot.ok("getUpdates", timeout=asked))
    await clock.asleep()
    clock.advance(waits - 0.1)
    assert clock.sleeping == 1
    clock.advance(0.1)
    assert await poll == []


async def test_two_pollers_are_one_too_many(bot: Caller, sandbox: Sandbox, clock: ManualClock) -> None:
    first = asyncio.ensure_future(bot("getUpdates", timeout=30))
    await clock.asleep()
    second = asyncio.ensure_future(bot.ok("getUpdates", timeout=30))
    body = await first
    assert (body["error_code"], body["description"]) == (409, OTHER)
    await clock.asleep()
    third = asyncio.ensure_future(bot("getUpdates", timeout=30))
    await clock.asleep(2)  # the third poll, and the second's 409, which is told 3 s late
    assert not second.done()
    clock.advance(3)
    with pytest.raises(AssertionError, match="terminated by other getUpdates"):
        await second
    write(sandbox, "来了")
    assert len((await third)["result"]) == 1


async def test_the_same_offset_too_soon_gets_one_update_at_a_time(
    bot: Caller, sandbox: Sandbox, clock: ManualClock
) -> None:
    write(sandbox, "一", "二")
    first = await first_id(bot)
    assert len(await bot.ok("getUpdates", offset=first)) == 2
    clock.advance(0.4)
    assert len(await bot.ok("getUpdates", offset=first)) == 1
    clock.advance(0.6)
    assert len(await bot.ok("getUpdates", offset=first)) == 2


async def test_the_same_offset_within_3_seconds_waits_3(bot: Caller, clock: ManualClock) -> None:
    await bot.ok("getUpdates", offset=7)
    clock.advance(1)
    poll = asyncio.ensure_future(bot.ok("getUpdates", offset=7))
    await clock.asleep()
    clock.advance(3)
    assert await poll == []


async def test_a_message_is_kept_24_hours(bot: Caller, sandbox: Sandbox, clock: ManualClock) -> None:
    write(sandbox, "一")
    clock.advance(24 * 3600 - 1)
    assert await texts(bot) == ["一"]
    clock.advance(4)
    assert await texts(bot, offset=3) == []


async def test_kinds_that_are_not_allowed_are_lost_and_the_choice_is_kept(
    bot: Caller, sandbox: Sandbox, clock: ManualClock
) -> None:
    await bot.ok("getUpdates", allowed_updates=["callback_query"])
    write(sandbox, "lost")
    sandbox.tap(TEACHER, TEACHER, 1, "z")
    [update] = await bot.ok("getUpdates", offset=5)
    assert "callback_query" in update
    await bot.ok("getUpdates", offset=-1, allowed_updates=[])
    write(sandbox, "heard")
    assert [next(iter(set(u) - {"update_id"})) for u in await bot.ok("getUpdates")] == ["callback_query", "message"]


async def test_edits_stickers_voices_and_forwards_arrive(bot: Caller, sandbox: Sandbox) -> None:
    mine = sandbox.write(TEACHER, TEACHER, "应到45")
    sandbox.edit(TEACHER, TEACHER, mine.id, "应到46")
    sandbox.sticker(TEACHER, TEACHER)
    sandbox.voice(TEACHER, TEACHER)
    sandbox.forward(TEACHER, TEACHER, "3号发烧", "某家长")
    _, edited, sticker, voice, forward = await bot.ok("getUpdates")
    assert edited["edited_message"]["text"] == "应到46"
    assert edited["edited_message"]["edit_date"]
    assert sticker["message"]["sticker"]["type"] == "regular"
    assert voice["message"]["voice"]["duration"] == 3
    assert forward["message"]["forward_origin"]["sender_user_name"] == "某家长"


async def test_a_long_text_is_cut_by_the_phone(bot: Caller, sandbox: Sandbox) -> None:
    write(sandbox, "长" * 5000)
    assert [len(text) for text in await texts(bot)] == [4096, 904]
    with pytest.raises(ValueError, match="empty"):
        write(sandbox, "  \n")
