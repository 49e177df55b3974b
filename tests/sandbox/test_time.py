"""A stepped clock stands still while updates are on their way, and never because of a bot that is gone."""

import asyncio

import aiohttp

from sandbox import Fault, Sandbox
from tests.sandbox.caller import Caller
from tests.sandbox.manual_clock import ManualClock
from tests.sandbox.people import TEACHER


async def test_nobody_holds_time_without_a_poller(sandbox: Sandbox, clock: ManualClock) -> None:
    sandbox.write(TEACHER, TEACHER, "有人吗")
    assert clock.holders == 0


async def test_a_waiting_poll_does_not_hold_time_and_an_update_does_until_it_is_confirmed(
    bot: Caller, sandbox: Sandbox, clock: ManualClock
) -> None:
    poll = asyncio.ensure_future(bot.ok("getUpdates", timeout=30))
    await clock.asleep()
    assert clock.holders == 0
    sandbox.write(TEACHER, TEACHER, "全员正常")
    assert clock.holders == 1
    [update] = await poll
    assert clock.holders == 1
    again = asyncio.ensure_future(bot.ok("getUpdates", offset=update["update_id"] + 1, timeout=30))
    await clock.asleep()
    assert clock.holders == 0
    clock.advance(30)
    assert await again == []


async def test_between_two_polls_of_a_live_bot_an_update_holds_time(
    bot: Caller, sandbox: Sandbox, clock: ManualClock
) -> None:
    await bot.ok("getUpdates")
    sandbox.write(TEACHER, TEACHER, "全员正常")
    assert clock.holders == 1


async def test_a_bot_that_dies_with_updates_lets_time_go_on(sandbox: Sandbox, clock: ManualClock) -> None:
    async with aiohttp.ClientSession() as session:
        sandbox.write(TEACHER, TEACHER, "全员正常")
        assert len(await Caller(sandbox, session).ok("getUpdates")) == 1
        assert clock.holders == 1
    await clock.until(lambda: clock.holders == 0)
    async with aiohttp.ClientSession() as session:
        await Caller(sandbox, session).ok("getUpdates")
        assert clock.holders == 1


async def test_a_bot_that_dies_while_it_waits_lets_time_go_on(sandbox: Sandbox, clock: ManualClock) -> None:
    async with aiohttp.ClientSession() as session:
        poll = asyncio.ensure_future(Caller(sandbox, session).ok("getUpdates", timeout=30))
        await clock.asleep()
        poll.cancel()
    await clock.until(lambda: clock.sleeping == 0)
    sandbox.write(TEACHER, TEACHER, "全员正常")
    assert clock.holders == 0


async def test_a_poll_that_fails_lets_time_go_on(bot: Caller, sandbox: Sandbox, clock: ManualClock) -> None:
    sandbox.write(TEACHER, TEACHER, "全员正常")
    await bot.ok("getUpdates")
    sandbox.faults.append(Fault("502", method="getUpdates", times=1))
    await bot.refused("getUpdates", offset=5)
    assert clock.holders == 0


async def test_updates_that_are_held_back_do_not_hold_time(bot: Caller, sandbox: Sandbox, clock: ManualClock) -> None:
    sandbox.faults.append(Fault("silent"))
    poll = asyncio.ensure_future(bot.ok("getUpdates", timeout=30))
    await clock.asleep()
    sandbox.write(TEACHER, TEACHER, "全员正常")
    assert clock.holders == 0
    sandbox.faults.clear()
    assert len(await poll) == 1
    assert clock.holders == 1
