"""Time's one door: what may be read of it, waited for, and held still. The only module that reads a real clock."""

import asyncio
import heapq
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

POLL: Final = timedelta(seconds=5)  # until who waits for a bell looks all the same: another process may have put rows
ALONE: Final = timedelta(minutes=1)  # the same where nobody else puts any: a stepped clock stops for each look


class Clock(Protocol):
    """`now` is aware UTC; `monotonic` in seconds. Inside `busy()` a stepped clock stands still."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...

    async def sleep_until(self, when: datetime) -> None: ...

    def busy(self) -> AbstractContextManager[None]: ...


class SystemClock:
    """The machine's clock. Long waits are APScheduler's, so that they follow the wall clock."""

    LONG = 1.0
    LATE = 1.0  # seconds

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None})

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep_until(self, when: datetime) -> None:
        seconds = (when - self.now()).total_seconds()
        if seconds < self.LONG:
            await asyncio.sleep(max(0.0, seconds))
            return
        if not self._scheduler.running:
            self._scheduler.start()
        bell = asyncio.Event()
        job = self._scheduler.add_job(bell.set, "date", run_date=when)
        try:
            # a clock that is put back must not put off everything by as much: then it is no more than the span
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds + self.LATE):
                    await bell.wait()
        finally:
            if not bell.is_set():
                job.remove()

    def busy(self) -> AbstractContextManager[None]:
        return nullcontext()


class AffineClock:
    """Practice time: `start` at the real instant `anchor` (Unix seconds), then `speed` times as fast."""

    def __init__(self, start: datetime, speed: float, anchor: float | None = None) -> None:
        self._start = start
        self._speed = speed
        self._anchor = time.time() if anchor is None else anchor

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.time() - self._anchor) * self._speed)

    def monotonic(self) -> float:
        return time.monotonic() * self._speed

    async def sleep_until(self, when: datetime) -> None:
        await asyncio.sleep(max(0.0, (when - self.now()).total_seconds() / self._speed))

    def busy(self) -> AbstractContextManager[None]:
        return nullcontext()


class SteppedClock:
    """Time that moves only when nobody has work in hand: from one awaited instant to the next, up to a horizon.

    `advance_to` moves the horizon; with a `speed` above 0 it also follows real time. So a played day is as fast as the
    machine and its outcome does not depend on how fast that is."""

    ROUNDS = 12  # of the event loop: what is ready to run may take work in hand, an answer may still be on its way back
    BREATH = 0.02  # real seconds between two moves of a horizon that follows real time

    def __init__(self, start: datetime, *, speed: float = 0.0) -> None:
        self.speed = speed
        self._now = start.astimezone(UTC)
        self._horizon = self._now
        self._holders = 0
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._serial = 0
        self._changed = asyncio.Event()
        self._arrived: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    async def sleep_until(self, when: datetime) -> None:
        if when <= self._now:
            await asyncio.sleep(0)
            return
        future = asyncio.get_running_loop().create_future()
        self._serial += 1
        heapq.heappush(self._sleepers, (when, self._serial, future))
        self._changed.set()
        await future

    @contextmanager
    def busy(self) -> Iterator[None]:
        self._holders += 1
        try:
            yield
        finally:
            self._holders -= 1
            if self._holders == 0:
                self._changed.set()

    def next_event(self) -> datetime | None:
        """The next instant that somebody waits for."""
        self._drop_cancelled()
        return self._sleepers[0][0] if self._sleepers else None

    async def advance_to(self, when: datetime) -> None:
        """Returns when all that happens up to `when` has happened."""
        if when <= self._now:
            return
        future = asyncio.get_running_loop().create_future()
        self._arrived.append((when, future))
        self._horizon = max(self._horizon, when)
        self._changed.set()
        await future

    async def run(self) -> None:
        """Drives time; runs until cancelled."""
        follower = asyncio.create_task(self._follow_real_time())
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                while await self._quiet() and self._step():
                    pass
        finally:
            follower.cancel()

    async def _follow_real_time(self) -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(self.BREATH)
            elapsed, last = time.monotonic() - last, time.monotonic()
            if self.speed > 0 and self._horizon - self._now < timedelta(seconds=self.speed):
                self._horizon = max(self._horizon, self._now + timedelta(seconds=elapsed * self.speed))
                self._changed.set()

    async def _quiet(self) -> bool:
        for _ in range(self.ROUNDS):
            await asyncio.sleep(0)
            if self._holders:
                return False
        return True

    def _step(self) -> bool:
        self._drop_cancelled()
        if self._sleepers and self._sleepers[0][0] <= self._horizon:
            when, _, future = heapq.heappop(self._sleepers)
            self._now = max(self._now, when.astimezone(UTC))
            future.set_result(None)
            return True
        self._now = max(self._now, self._horizon.astimezone(UTC))
        for when, future in self._arrived:
            if when <= self._now and not future.done():
                future.set_result(None)
        self._arrived = [(when, future) for when, future in self._arrived if not future.done()]
        return False

    def _drop_cancelled(self) -> None:
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)


class Bell:
    """A wake-up call that counts as work in hand from the ring until it has been answered."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._event = asyncio.Event()
        self._held: AbstractContextManager[None] | None = None

    def ring(self) -> None:
        if self._held is None:
            self._held = self._clock.busy()
            self._held.__enter__()
        self._event.set()

    async def wait(self, until: datetime | None = None) -> None:
        """Returns at the ring, or at `until`; the caller then has `answered` to say when the work is done."""
        if until is None or self._event.is_set():
            await self._event.wait()
            return
        alarm = asyncio.ensure_future(self._clock.sleep_until(until))
        alarm.add_done_callback(self._goes_off)
        try:
            await self._event.wait()
        finally:
            alarm.cancel()

    def _goes_off(self, alarm: asyncio.Future[None]) -> None:
        if not alarm.cancelled():
            self._event.set()

    def take(self) -> None:
        """The ring is heard: a later one will ring again. Call it before looking at what there is to do, in `busy`."""
        self._event.clear()
        if self._held is not None:
            self._held.__exit__(None, None, None)
            self._held = None
