"""Time in tests of the whole bot: a stepped clock that may leap, and the part of it that dies with a program."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

from bot.clock import Clock, SteppedClock


class LeapingClock(SteppedClock):
    """Nothing happens during a leap, as in a machine that was suspended: who waited for an instant in it wakes
    after it. So an hour without events costs a test nothing."""

    def leap(self, when: datetime) -> None:
        self._now = max(self._now, when.astimezone(UTC))
        self._horizon = max(self._horizon, when)
        self._changed.set()


class Lifetime:
    """A clock as one running program has it: what the program held still is let go when the program dies."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: set[AbstractContextManager[None]] = set()

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    async def sleep_until(self, when: datetime) -> None:
        await self._clock.sleep_until(when)

    @contextmanager
    def busy(self) -> Iterator[None]:
        hold = self._clock.busy()
        hold.__enter__()
        self._held.add(hold)
        try:
            yield
        finally:
            self._let_go(hold)

    def end(self) -> None:
        for hold in tuple(self._held):
            self._let_go(hold)

    def _let_go(self, hold: AbstractContextManager[None]) -> None:
        if hold in self._held:
            self._held.discard(hold)
            hold.__exit__(None, None, None)
