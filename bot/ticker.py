"""The clock's word: when a step is due, its tick goes into the inbox, each exactly once, late after downtime."""

import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, tzinfo

from bot.clock import Bell, Clock
from bot.listener import SEED_BYTES
from bot.pulse import Pulse
from handlers.plain import stamp, unstamp
from handlers.questions import RulesOn, Schools
from handlers.rulebook import Due
from storage import Storage, StorageError, Tx, progress
from storage.answers import Answers
from storage.inbox import DISTRICT, Arrival, forget_seen, next_ripe, own, put, put_ripe

log = logging.getLogger(__name__)

TICKED = "ticked"
FIRST_ANSWER = timedelta(seconds=10)  # so long may the platform take to tell what happened while we were away
LONGEST_SLEEP = timedelta(seconds=60)  # a rule may have been changed meanwhile
SKEW = timedelta(minutes=2)
JUMP = timedelta(minutes=10)
LIMIT = timedelta(minutes=3)  # of a round
WRONG = "this machine's clock is not the platform's, or has just jumped: no step of the day is put"


class Ticker:
    """Puts ticks. `skew` is how far our clock is from the platform's, None where that is not known."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        zone: tzinfo,
        wake: Callable[[], None],
        skew: Callable[[], timedelta | None],
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._zone = zone
        self._wake = wake
        self._skew = skew
        self._bell = Bell(clock)
        self._offset: float | None = None
        self._jumped = False
        self._before_jump: timedelta | None = None
        self.pulse = Pulse(clock, LIMIT)

    def ring(self) -> None:
        """Something was put for a later hour, which may be soon; or the platform has been heard for the first time."""
        self._bell.ring()

    async def run(self) -> None:
        """For ever. What was due while we were away waits for those who acted meanwhile: nobody who has reported is
        to be reminded."""
        with self.pulse.beating():
            await self._bell.wait(self._clock.now() + FIRST_ANSWER)
            while True:
                next_due = self._clock.now() + LONGEST_SLEEP
                try:
                    with self._clock.busy():
                        self._bell.take()
                        next_due = await self.tick()
                except StorageError as error:
                    self.pulse.waits(str(error))
                    log.error("ticker: %s", error)
                await self._bell.wait(min(next_due, self._clock.now() + LONGEST_SLEEP))

    async def tick(self) -> datetime:
        """Puts what is due, and says when the next is."""
        now = self._clock.now()
        if self._wrong_time(now):
            await self._storage.run(lambda tx: self._complain(tx, now))
            self._wake()
            self.pulse.waits(WRONG)
            return now + LONGEST_SLEEP
        new = await self._storage.run(lambda tx: self._put(tx, now))
        if new:
            self._wake()
        following = await self._storage.read(lambda tx: self._next(tx, now))
        self.pulse.beat()
        return following

    def _wrong_time(self, now: datetime) -> bool:
        """Over two minutes from the platform's clock, or over ten in a jump that the platform has not confirmed."""
        offset, skew = now.timestamp() - self._clock.monotonic(), self._skew()
        if self._offset is not None and abs(offset - self._offset) > JUMP.total_seconds():
            self._jumped, self._before_jump = True, skew
        self._offset = offset
        if self._jumped and skew is not None and skew != self._before_jump:
            self._jumped = False  # the platform has answered since
        return self._jumped or (skew is not None and abs(skew) > SKEW)

    def _complain(self, tx: Tx, now: datetime) -> None:
        seed = secrets.token_bytes(SEED_BYTES)
        put(tx, [own(DISTRICT, "clock", f"skew:{now:%Y%m%dT%H}", "clock_wrong", (), "", seed)], now)

    def _put(self, tx: Tx, now: datetime) -> int:
        since = unstamp(progress.known(tx, TICKED) or stamp(now))
        progress.keep(tx, TICKED, stamp(now))
        if since.astimezone(self._zone).date() != now.astimezone(self._zone).date():
            forget_seen(tx, now)
        dues = [due for due in self._dues(tx, since, now) if due.at > since]
        arrivals = [arrival for due in dues if not self._pointless(due, dues, now) for arrival in self._ticks(tx, due)]
        return put(tx, arrivals, now) + put_ripe(tx, now)

    def _dues(self, tx: Tx, since: datetime, until: datetime) -> Iterator[Due]:
        """In the order of time, from the day of `since` up to and with `until`."""
        ask, day = Answers(tx), since.astimezone(self._zone).date()
        while day <= until.astimezone(self._zone).date():
            for due in ask(RulesOn(day)).dues(day, self._zone):
                if due.at <= until:
                    yield due
            day += timedelta(days=1)

    def _day(self, due: Due) -> date:
        return due.at.astimezone(self._zone).date()

    def _pointless(self, due: Due, dues: list[Due], now: datetime) -> bool:
        """A missed step that only speaks: of a day gone by, or when a later one to the same people is due too."""
        if not due.step.speaks:
            return False
        if self._day(due) != now.astimezone(self._zone).date():
            return True
        return any(
            other.at > due.at and self._day(other) == self._day(due) and other.round == due.round
            for other in dues
            if other.step.to == due.step.to
        )

    def _ticks(self, tx: Tx, due: Due) -> Iterator[Arrival]:
        at = f"{stamp(due.at)}"
        day = self._day(due)
        ask, lanes = Answers(tx), [DISTRICT]
        if not due.step.district:
            rules = ask(RulesOn(day))
            lanes = [school.id for school in ask(Schools(day)) if rules.runs(due.round, school.id)]
        for lane in lanes:
            native = f"tick:{due.step.name}:{at}:{due.round}:{lane}"
            args = (due.step.name, at, due.round, day.isoformat())
            yield own(lane, "clock", native, "tick", args, "", secrets.token_bytes(SEED_BYTES))

    def _next(self, tx: Tx, now: datetime) -> datetime:
        tomorrow = now + timedelta(days=1)
        step = next((due.at for due in self._dues(tx, now, tomorrow) if due.at > now), tomorrow)
        return min(step, next_ripe(tx) or tomorrow)
