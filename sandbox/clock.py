"""What the sandbox knows of time: a clock that is passed in, and the page's switches for it."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Everybody's one clock. Instants are aware UTC."""

    def now(self) -> datetime: ...

    async def sleep_until(self, when: datetime) -> None: ...

    def busy(self) -> AbstractContextManager[None]:
        """While anyone is inside, a stepped clock does not move."""
        ...


class TimeControl(Protocol):
    """What the page may do to a clock that can be driven."""

    speed: float  # settable; 0 = paused, 1 = real time

    def next_event(self) -> datetime | None: ...

    async def advance_to(self, when: datetime) -> None: ...


class Hold:
    """A place in `busy()` that can be taken and given back at different moments, never twice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._inside: AbstractContextManager[None] | None = None

    def set(self, held: bool) -> None:
        if held and self._inside is None:
            self._inside = self._clock.busy()
            self._inside.__enter__()
        elif not held and self._inside is not None:
            inside, self._inside = self._inside, None
            inside.__exit__(None, None, None)
