"""The heartbeat of a loop: whether it still goes round, and whether its rounds come to anything."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from bot.clock import Clock


class Pulse:
    """One loop's, while it is `beating`. A loop that goes round and comes to nothing waits for something that a restart
    would not mend; one that does not go round hangs. `limit`: for how long either is nothing unusual."""

    def __init__(self, clock: Clock, limit: timedelta) -> None:
        self._clock = clock
        self._limit = limit.total_seconds()
        self._round_at: float | None = None
        self._waits_since: float | None = None
        self._waits_for = ""

    @contextmanager
    def beating(self) -> Iterator[None]:
        """The loop is there; before and after nothing is expected of it."""
        self._round_at = self._clock.monotonic()
        try:
            yield
        finally:
            self._round_at, self._waits_since = None, None

    def beat(self) -> None:
        """A round has done whatever there was to do."""
        self.goes_round()
        self._waits_since = None

    def goes_round(self) -> None:
        """Still there, whatever came of it."""
        if self.begun:
            self._round_at = self._clock.monotonic()

    def waits(self, reason: str) -> None:
        """A round came to nothing; the next one tries again."""
        self.goes_round()
        if self._waits_since is None:
            self._waits_since = self._clock.monotonic()
        self._waits_for = reason

    @property
    def begun(self) -> bool:
        return self._round_at is not None

    @property
    def hangs(self) -> bool:
        return self._round_at is not None and self._clock.monotonic() - self._round_at > self._limit

    @property
    def stopped(self) -> str | None:
        """Why it makes no progress; None while it does."""
        if self.hangs:
            return f"no round for {self._seconds(self._round_at)} s"
        if self.begun and self._waits_since is not None and self._seconds(self._waits_since) > self._limit:
            return f"waits for {self._seconds(self._waits_since)} s: {self._waits_for}"
        return None

    @property
    def age(self) -> int | None:
        """Seconds since its last round; None before the first."""
        return None if self._round_at is None else self._seconds(self._round_at)

    def _seconds(self, since: float | None) -> int:
        return 0 if since is None else int(self._clock.monotonic() - since)
