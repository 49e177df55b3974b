"""One run of the program: what it rests on, and the step at which it dies."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import TypeVar

from bot.clock import Clock
from bot.simulate.loop import tasks_of
from storage import Conflict, Storage, StorageError, Tx

T = TypeVar("T")


class Crash(BaseException):
    """The program ends here. No Exception: nothing in the bot may live through it."""


class Life:
    """From a start to a death. Once dead it reads no clock, commits nothing and sends nothing."""

    def __init__(self) -> None:
        self.dead = False
        self.steps = 0
        self.dies_at: int | None = None
        self.last = ""

    def dies_in(self, steps: int) -> None:
        """So many awaits, commits, sends and clock readings from here."""
        self.dies_at = self.steps + steps

    def step(self, what: str) -> None:
        """Raises Crash at the chosen one, and at every one after it."""
        if self.dead:
            raise Crash(what)
        self.steps += 1
        if self.steps == self.dies_at:
            self.last = what
            self.die()
            raise Crash(what)

    def goes_on(self) -> None:
        """An await of it ends: it may die there, too."""
        if not self.dead:
            self.steps += 1
            if self.steps == self.dies_at:
                self.last = "an await"
                self.die()

    def die(self) -> None:
        self.dead = True
        for task in tasks_of(self):
            task.cancel()

    async def buried(self) -> None:
        """Returns when nothing of it runs any more."""
        while left := tasks_of(self):
            await asyncio.wait(left)


class LifesClock:
    """The machine's clock as one run of the program reads it. `wrong`: how far it is from the true time at this moment;
    the monotonic one never jumps."""

    def __init__(self, life: Life, true: Clock, wrong: Callable[[], timedelta]) -> None:
        self._life = life
        self._true = true
        self._wrong = wrong

    def now(self) -> datetime:
        self._life.step("a clock reading")
        return self._true.now() + self._wrong()

    def monotonic(self) -> float:
        self._life.step("a clock reading")
        return self._true.monotonic()

    async def sleep_until(self, when: datetime) -> None:
        await self._true.sleep_until(when - self._wrong())

    def busy(self) -> AbstractContextManager[None]:
        return nullcontext()


class LifesStorage:
    """Each transaction whole or not at all. `trouble`: what the next one meets, before its work or after its commit."""

    def __init__(
        self, life: Life, storage: Storage, trouble: Callable[[], "Trouble | None"], conflict: Callable[[], None]
    ) -> None:
        """`conflict` is told of each: that is a bug, and tried again for ever."""
        self._life = life
        self._conflict = conflict
        self._storage = storage
        self._trouble = trouble

    async def run(self, work: Callable[[Tx], T]) -> T:
        await asyncio.sleep(0)
        self._life.step("before a commit")
        trouble = self._trouble()

        def whole(tx: Tx) -> T:
            result = work(tx)
            self._life.step("at the end of a transaction")
            if trouble is not None and not trouble.committed:
                raise trouble.error
            return result

        try:
            result = await self._storage.run(whole)
        except Conflict:
            self._conflict()
            raise
        self._life.step("after a commit")
        if trouble is not None:
            raise trouble.error
        await asyncio.sleep(0)
        return result

    async def read(self, work: Callable[[Tx], T]) -> T:
        await asyncio.sleep(0)
        self._life.step("before a look")
        trouble = self._trouble()
        if trouble is not None:
            raise trouble.error
        return await self._storage.read(work)

    async def close(self) -> None:
        """The database outlives the program."""


class Trouble:
    """`committed`: it took hold all the same, as when the line to the database is lost during COMMIT."""

    def __init__(self, error: StorageError, *, committed: bool = False) -> None:
        self.error = error
        self.committed = committed
