"""When ticks are put: each once, late after downtime, and none while the time is in doubt."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, timedelta

import pytest

from bot.config import DistrictSection
from bot.seed import configured
from bot.ticker import Ticker
from storage import Storage, Tx
from tests.handlers.world import MONDAY, ZONE, World, clock


class HandClock:
    """A clock that a test sets; `jump` sets it without time passing."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._passed = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._passed

    async def sleep_until(self, when: datetime) -> None:
        self.go(when)

    def busy(self) -> AbstractContextManager[None]:
        return nullcontext()

    def go(self, when: datetime) -> None:
        self._passed += (when - self._now).total_seconds()
        self._now = when

    def jump(self, when: datetime) -> None:
        self._now = when


class Practice:
    """A ticker, its hand on the clock, and what it has put since last asked."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.clock = HandClock(clock(7))
        self.ahead: timedelta | None = None
        self.ticker = Ticker(storage, self.clock, ZONE, lambda: None, lambda: self.ahead)
        self._known: set[str] = set()

    async def at(self, hour: int, minute: int, *, day: date = MONDAY) -> set[str]:
        """The steps put by a tick at that hour."""
        self.clock.go(clock(hour, minute, day=day))
        return await self.news()

    async def news(self) -> set[str]:
        await self.ticker.tick()
        natives = await self._storage.read(self._natives)
        new, self._known = natives - self._known, natives
        return {native.split(":")[1] if native.startswith("tick:") else native.split(":")[0] for native in new}

    def _natives(self, tx: Tx) -> set[str]:
        return {str(row["native"]) for row in tx.all("SELECT native FROM inbox WHERE channel = 'clock'")}


@pytest.fixture
async def practice(storage: Storage) -> Practice:
    await World(storage).begin()
    return Practice(storage)


async def test_each_step_is_put_once_at_its_hour(practice: Practice) -> None:
    assert await practice.at(7, 0) == set()
    assert await practice.at(7, 30) == {"open", "follow_back"}
    assert await practice.at(7, 31) == set()
    assert await practice.at(8, 15) == {"remind1"}
    assert await practice.at(8, 30) == {"remind2"}
    assert await practice.at(8, 45) == {"late_list"}
    assert await practice.at(9, 0) == {"own_lines", "summary"}
    assert await practice.at(10, 0) == {"first_contact"}
    assert await practice.at(15, 30) == {"daily_contact"}
    assert await practice.at(17, 0) == {"close", "eve"}


async def test_a_missed_reminder_is_made_up_once(practice: Practice) -> None:
    await practice.at(7, 0)
    await practice.at(8, 10)

    assert await practice.at(8, 20) == {"remind1"}
    assert await practice.at(8, 20) == set()


async def test_of_two_missed_reminders_the_later_one_is_put(practice: Practice) -> None:
    await practice.at(7, 0)
    await practice.at(8, 10)

    assert await practice.at(8, 35) == {"remind2"}


async def test_the_late_list_is_not_swallowed_by_the_leaders_post(practice: Practice) -> None:
    await practice.at(7, 0)
    await practice.at(8, 40)

    assert await practice.at(9, 10) == {"late_list", "own_lines", "summary"}


async def test_a_missed_day_is_closed_and_nothing_of_it_is_said(practice: Practice) -> None:
    await practice.at(7, 0)

    assert await practice.at(7, 0, day=MONDAY + timedelta(days=1)) == {"close", "seal", "prune"}


async def test_what_was_due_while_the_first_start_waited_for_the_platform_is_put(
    practice: Practice, storage: Storage
) -> None:
    await storage.run(lambda tx: configured(tx, clock(7, 29), ZONE, DistrictSection()))
    assert await practice.at(7, 30) == {"open", "follow_back"}


async def test_no_tick_while_our_clock_is_two_minutes_from_the_platforms(practice: Practice) -> None:
    await practice.at(7, 0)
    practice.ahead = timedelta(minutes=3)

    assert await practice.at(7, 30) == {"skew"}

    practice.ahead = timedelta(seconds=5)
    assert await practice.at(7, 32) == {"open", "follow_back"}


async def test_after_a_jump_no_tick_until_the_platform_has_answered(practice: Practice) -> None:
    await practice.at(7, 0)
    practice.ahead = timedelta(seconds=1)
    await practice.at(7, 1)
    practice.clock.jump(clock(7, 40))

    assert await practice.news() == {"skew"}

    practice.ahead = timedelta(seconds=2)
    assert await practice.news() == {"open", "follow_back"}
