"""Virtual time as everybody's clock."""

import asyncio
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

from bot.simulate.loop import SeededLoop


class TrueTime:
    """What a clock on the wall would show, were there one: `begin` when the loop began."""

    def __init__(self, loop: SeededLoop, begin: datetime) -> None:
        self._loop = loop
        self._begin = begin

    def now(self) -> datetime:
        return self._begin + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        return self._loop.time()

    async def sleep_until(self, when: datetime) -> None:
        await asyncio.sleep(max(0.0, (when - self.now()).total_seconds()))

    def leap(self, to: datetime) -> None:
        self._loop.leap((to - self._begin).total_seconds())

    def busy(self) -> AbstractContextManager[None]:
        """Time moves only when nothing is ready to run."""
        return nullcontext()
