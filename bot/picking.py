"""What goes now: of the messages that are due, the most urgent of each open channel whose chats may get them."""

import logging
from collections.abc import Collection, Container, Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo

from msgspec import Struct

from bot.channels import Refused, Rendered
from bot.letters import Letter, Manner, compose, own_id
from bot.pacer import Pacer
from bot.showing import Finished
from handlers.model import Urgency
from handlers.questions import Ask, RulesOn
from handlers.values import replace
from storage import StorageError, Tx, mail
from storage.answers import Answers
from storage.mail import Due

log = logging.getLogger(__name__)

FOLLOW_UP = timedelta(minutes=10)  # between what is added to a post that cannot be edited
SHARES = 997  # of the span over which messages are spread
LOOK = (
    8  # rows of a platform at first, for of a platform's pace one may go; more when all of these wait for their chats
)


class Picked(Struct, frozen=True):
    """What goes now, what is not to go before its hour, and when the next of those that must wait may go. `more`: the
    platforms on which something else could go but for their pace."""

    letters: tuple[Letter, ...]
    broken: tuple[Finished, ...]
    put_off: tuple[tuple[Due, datetime], ...]
    next: datetime | None
    more: frozenset[str]


class Picker:
    """Looks through the messages that are due on the platforms that are `open`, of each by itself: one that is away or
    full hides nothing of another's. `in_work`: the chats that get nothing else for now; see `release`."""

    def __init__(
        self,
        manners: Mapping[str, Manner],
        open: Container[str],
        pacers: Mapping[str, Pacer],
        zone: tzinfo,
        receivers: Mapping[str, int],
    ) -> None:
        self.in_work: set[str] = set()
        self._kept: set[str] = set()
        self._manners = manners
        self._open = open
        self._pacers = pacers
        self._zone = zone
        self._receivers = receivers

    def release(self, address: str) -> bool:
        """The chat may get something again. Whether anything was passed over that waited for it."""
        self.in_work.discard(address)
        return address in self._kept

    def pick(self, tx: Tx, now: datetime, most: int) -> Picked:
        """At most that many. Nothing else changes the pacers or what is in work meanwhile."""
        letters: list[Letter] = []
        broken: list[Finished] = []
        put_off: list[tuple[Due, datetime]] = []
        more: set[str] = set()
        self._kept.clear()
        later = [at for at in (mail.next_due(tx, now),) if at is not None]
        ask = Answers(tx)
        for channel in self._manners:
            if channel not in self._open:
                continue
            if (opens := self._pacers[channel].open_at(now)) > now:
                later.append(opens)
                continue
            room = min(self._pacers[channel].room(now), most - len(letters))
            served: set[str] = set()
            for due in self._due(tx, ask, channel, now):
                if due.address in served or not self._may_go(due, now):
                    self._kept.add(due.address)
                    continue
                if (hour := self._not_before(due)) > now:
                    put_off.append((due, hour))
                if (at := self.ready(due, now)) > now:
                    later.append(at)
                    continue
                if not room:
                    more.add(channel)
                    break
                letter = self._composed(tx, ask, due, now)
                served.add(due.address)
                if isinstance(letter, Finished):
                    broken.append(letter)
                    continue
                letters.append(self._with_others(tx, letter, now, served))
                served.update(other.address for other in letters[-1].others)
                room -= 1
        return Picked(tuple(letters), tuple(broken), tuple(put_off), min(later, default=None), frozenset(more))

    def _due(self, tx: Tx, ask: Ask, channel: str, now: datetime) -> Iterator[Due]:
        """Rows of chats that must wait do not hide those behind them: then more are looked at."""
        can, silent = self._manners[channel].can, ask(RulesOn(self._day(now))).silent(now, self._zone)
        seen, limit = 0, LOOK
        while True:
            rows = mail.due(tx, now, limit, channel, silent=silent, edits=can.edits_text)
            yield from rows[seen:]
            if len(rows) < limit:
                return
            seen, limit = limit, 4 * limit

    def ready(self, due: Due, now: datetime) -> datetime:
        return max(self._pacers[due.channel].ready(due.address, due.private, now), self._not_before(due))

    def _not_before(self, due: Due) -> datetime:
        """What cannot be edited in a group becomes a follow-up, and those wait for one another. On the full and the
        half hour, when a whole country sends, what is not urgent is spread."""
        can = self._manners[due.channel].can
        if due.shown_at is not None and not due.private and not can.edits_text:
            return due.shown_at + FOLLOW_UP
        rings = due.ref is None or due.fresh
        if can.jitter and due.urgency >= Urgency.REMINDER and rings and due.put_at.minute in (0, 30):
            return due.put_at + can.jitter * (1 + int(own_id(due), 16) % SHARES) / SHARES
        return due.put_at

    def _with_others(self, tx: Tx, letter: Letter, now: datetime, served: Collection[str]) -> Letter:
        """The same words to several people are one call, where the platform knows such: what one may tap, or what
        names somebody, goes singly. What may have been shown is repeated to exactly those, for only an equal request
        is shown once."""
        most = self._receivers.get(letter.due.channel, 1)
        if most == 1 or not letter.plain or not letter.due.private:
            return letter
        alike = (
            other
            for other in mail.alike(tx, letter.due, now, most)
            if other.address not in served and self._may_go(other, now) and self.ready(other, now) <= now
        )
        others = {other.address: other for other in alike}
        return replace(letter, others=tuple(others.values())[: most - 1])

    def _may_go(self, due: Due, now: datetime) -> bool:
        expired = due.not_after is not None and due.not_after < now and due.shown == 0
        return due.address not in self.in_work and not expired

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def _composed(self, tx: Tx, ask: Ask, due: Due, now: datetime) -> Letter | Finished:
        """What belongs to a day of rehearsal stays marked when it is changed later."""
        try:
            rehearsal = ask(RulesOn(self._day(due.put_at))).rehearsal
            manner = replace(self._manners[due.channel], rehearsal=rehearsal)
            return compose(tx, due, manner, self._day(now))
        except StorageError:
            raise
        except Exception as error:
            log.exception("message %s cannot be said", due.key)
            return Finished(Letter(due, None, Rendered("")), Refused(f"{type(error).__name__}: {error}"), now)
