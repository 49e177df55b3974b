"""A clock that a test moves by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # Tuesday 3 March, 07:30 in the district


class ManualClock:
    """Stands still until `advance`. `holders` counts those inside `busy()`."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []
        self._stirred = asyncio.Event()
        self.holders = 0

    def now(self) -> datetime:
        return self._now

    async def sleep_until(self, when: datetime) -> None:
        if when <= self._now:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((when, future))
        self._stirred.set()
        await future

    @contextmanager
    def busy(self) -> Iterator[None]:
        self.holders += 1
        self._stirred.set()
        try:
            yield
        finally:
            self.holders -= 1
            self._stirred.set()

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        for when, future in self._sleepers:
            if when <= self._now and not future.done():
                future.set_result(None)

    @property
    def sleeping(self) -> int:
        """How many wait for a later moment."""
        return sum(1 for when, future in self._sleepers if when > self._now and not future.done())

    async def until(self, condition: Callable[[], bool]) -> None:
        """Returns when `condition` holds; asks again whenever somebody goes to sleep, takes or gives back the clock."""
        async with asyncio.timeout(5):
            while not condition():
                self._stirred.clear()
                await self._stirred.wait()

    async def asleep(self, count: int = 1) -> None:
        await self.until(lambda: self.sleeping >= count)
