"""A sandbox that is up, a Telegram that is open, and time that stands still until a test moves it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from bot.channels.telegram import Telegram
from bot.clock import SteppedClock
from sandbox import Sandbox
from tests.clocks import LeapingClock

TEACHER = 101
LEADERS = -500


async def until(condition: Callable[[], bool]) -> None:
    """Lets everything else run until it holds. Raises TimeoutError after 5 real seconds."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for rings no bell
            await asyncio.sleep(0)


@pytest.fixture
async def clock() -> AsyncIterator[LeapingClock]:
    clock = LeapingClock(datetime(2026, 9, 1, 23, 30, tzinfo=UTC))
    running = asyncio.create_task(clock.run())
    yield clock
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


@pytest.fixture
async def sandbox(clock: SteppedClock) -> AsyncIterator[Sandbox]:
    """A teacher who has started the bot, and a group that it is in."""
    sandbox = Sandbox(clock)
    sandbox.add_person(TEACHER, "李老师")
    sandbox.add_group(LEADERS, "学区领导", [TEACHER])
    sandbox.write(TEACHER, TEACHER, "/start")
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def telegram(clock: SteppedClock, sandbox: Sandbox) -> AsyncIterator[Telegram]:
    telegram = Telegram(sandbox.token, sandbox.base_url, clock)
    await telegram.open()
    yield telegram
    await telegram.close()
