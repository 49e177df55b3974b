"""When the next message may go: arithmetic over the instants of those that went before. It waits for nobody."""

import math
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from bot.channels import Pace, Window

NEVER = datetime.min.replace(tzinfo=UTC)
SILENCE = timedelta(seconds=5)
LONGEST_SILENCE = timedelta(seconds=40)
GRAIN = timedelta(milliseconds=2)  # what would go within this goes at once: a look costs about as long
A_SECOND = 1.002  # a clock that is being set goes a little faster or slower
CAUGHT_UP = timedelta(milliseconds=150)  # a machine that is late by less loses none of its messages


class Pacer:
    """One channel's. Every send and edit counts; answers to taps do not. A call arrives at some instant between its
    start and its answer: so of a second's worth each goes when the one that many before it was answered a second ago,
    and none of a channel's seconds has more, however long a call was on its way."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._gap = timedelta(seconds=1 / pace.a_second)
        self._second = Window(math.ceil(pace.a_second), A_SECOND)
        self._answered: deque[datetime] = deque(maxlen=self._second.count)
        self._on_the_wire = 0
        self._slot = NEVER
        self._longest = max(window.count for window in (*pace.private, *pace.group))
        self._chats: dict[str, deque[datetime]] = {}
        self._held: dict[str, datetime] = {}
        self._over: dict[str, datetime] = {}  # of the held, those that were told too much
        self._closed = NEVER

    def set_back(self) -> None:
        """The clock was put back: what is remembered lies in the future, and would hold everything up until then."""
        self._answered.clear()
        self._chats.clear()
        self._held, self._over = {}, {}
        self._slot = self._closed = NEVER

    def remember(self, sent: Iterable[tuple[datetime, str]]) -> None:
        """What went out before a restart, the oldest first."""
        for at, address in sent:
            self.took(address, at)
            self.answered(at)

    def open_at(self, now: datetime) -> datetime:
        """The earliest instant from `now` on at which the channel as a whole may be used."""
        return max(now, self._slot, self._closed, self._second_at(now))

    def room(self, now: datetime) -> int:
        """How many messages may go at this instant, each to another chat."""
        if self.open_at(now) > now:
            return 0
        late = now - self._slot
        slots = 1 + (GRAIN + (late if late < CAUGHT_UP else timedelta())) // self._gap
        since = now - timedelta(seconds=self._second.seconds)
        lately = sum(1 for _ in takewhile(lambda at: at > since, reversed(self._answered)))
        return min(slots, self._second.count - self._on_the_wire - lately)

    def ready(self, address: str, private: bool, now: datetime) -> datetime:
        """The earliest instant from `now` on at which this chat may get something."""
        taken = self._chats.get(address, deque[datetime]())
        windows = self._pace.private if private else self._pace.group
        free = max(_after(taken, window) for window in windows)
        return max(self.open_at(now), self._held.get(address, NEVER), free)

    def took(self, address: str, at: datetime, *beside: str) -> None:
        """Something goes out at this instant; to those `beside` with the same call. Who comes a little late for a slot
        does not put off those after it."""
        self._slot = (self._slot if at - self._slot < CAUGHT_UP else at) + self._gap
        self._on_the_wire += 1
        for chat in (address, *beside):
            self._chats.setdefault(chat, deque(maxlen=self._longest)).append(at)

    def answered(self, at: datetime) -> None:
        """What went out has ended, one way or another."""
        self._on_the_wire -= 1
        self._answered.append(at)

    def hold(self, address: str, until: datetime, now: datetime, *, limit: bool = False) -> None:
        """Nothing to this chat before `until`. By a `limit`, or by silence: two chats held so at once, and it is the
        channel that is meant."""
        self._held = _until(address, until, self._held, now)
        if limit:
            self._over = _until(address, until, self._over, now)
            if len(self._over) > 1:
                self.close(until)

    def close(self, until: datetime) -> None:
        """Nothing to anybody before `until`."""
        self._closed = max(until, self._closed)

    def _second_at(self, now: datetime) -> datetime:
        """When a second has room again, at the earliest: of what is on the wire nothing has ended yet."""
        room = self._second.count - self._on_the_wire
        if room <= 0:
            return now + timedelta(seconds=self._second.seconds)
        return _after(self._answered, Window(room, self._second.seconds))


class Silence:
    """How long to leave a chat alone when the platform did not answer: longer each time while it answers nobody."""

    def __init__(self) -> None:
        self._span = SILENCE
        self._until: datetime | None = None

    def until(self, now: datetime) -> datetime:
        """Calls that were on the wire together are one silence."""
        if self._until is None or self._until <= now:
            self._until = now + self._span
            self._span = min(LONGEST_SILENCE, 2 * self._span)
        return self._until


def _until(address: str, until: datetime, held: Mapping[str, datetime], now: datetime) -> dict[str, datetime]:
    return {
        **{chat: end for chat, end in held.items() if end > now},
        address: max(until, held.get(address, NEVER)),
    }


def _after(taken: deque[datetime], window: Window) -> datetime:
    """When the window has room again."""
    if len(taken) < window.count:
        return NEVER
    return taken[-window.count] + timedelta(seconds=window.seconds)
