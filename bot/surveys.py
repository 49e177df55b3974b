"""What takes long to find out is found out beside the taps, on a snapshot, and written down in the turn: one survey at
a time, for which the district's lane rests."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from msgspec import Struct

from bot.clock import Bell, Clock
from bot.pulse import Pulse
from bot.understanding import Understanding, Understood
from handlers import decide
from handlers.model import Update
from handlers.outcome import Outcome
from handlers.surveys import is_survey, only_tells
from handlers.values import replace
from storage import Storage, StorageError, Tx, inbox
from storage.answers import Answers

log = logging.getLogger(__name__)

LIMIT = timedelta(minutes=2)  # of a survey


class Question(Struct, frozen=True):
    """`behind`: the schools that are not waited for."""

    update: Update
    behind: str


class Found(Struct, frozen=True):
    """What it comes to, while nothing is stated in its lane (`height`). `place`: among all that was decided, when it
    was looked at."""

    outcome: Outcome
    height: int
    place: int


# None where what comes of it has to be found out as it is written down; raises StorageError
Survey = Callable[[Question], Awaitable[Found | None]]


class Asked(Struct, frozen=True):
    """A survey that is to be made, and of which row of the inbox."""

    row: str
    understood: Understood
    behind: str


class Known(Struct, frozen=True):
    """What a turn need not find out any more."""

    understood: Understood
    outcome: Outcome
    place: int


class Surveys:
    def __init__(self, clock: Clock, understanding: Understanding, survey: Survey) -> None:
        self._clock = clock
        self._understanding = understanding
        self._survey = survey
        self._asked: Asked | None = None
        self._found: tuple[Asked, Found | None] | None = None
        self.bell = Bell(clock)
        self.pulse = Pulse(clock, LIMIT)

    @property
    def waits(self) -> bool:
        """One is to be made, or is being made."""
        return self._asked is not None

    def ask(self, asked: Asked) -> None:
        self._asked = asked
        self.bell.ring()

    async def make(self) -> bool:
        """Whether there was one to be made. Raises StorageError; then it is still to be made."""
        if self._asked is None:
            return False
        understood = self._asked.understood
        asked = replace(
            self._asked, understood=replace(understood, update=replace(understood.update, now=self._clock.now()))
        )
        self._found = asked, await self._survey(Question(asked.understood.update, asked.behind))
        self._asked = None
        return True

    def wanted(self, tx: Tx, row: inbox.Row) -> Understood | None:
        """Of a row that looks at the whole district, and for which nobody has looked yet, what it says. Once is enough:
        where its lane goes on and on, what has been found would never hold."""
        if row.lane != inbox.DISTRICT or (self._found is not None and self._found[0].row == row.id):
            return None
        try:
            with tx.savepoint():
                heard = self._understanding.read(row)
                understood = None if heard is None else self._understanding.understood(tx, row, heard)
        except StorageError:
            raise
        except Exception:  # it is met again, and written down, where the row is taken
            return None
        return understood if understood is not None and is_survey(understood.update) else None

    def known(self, tx: Tx, row: inbox.Row) -> Known | None:
        """What has been found for it, if that still holds."""
        if self._found is None or self._found[0].row != row.id:
            return None
        asked, found = self._found
        if found is None or inbox.height(tx, row.lane) != found.height:
            return None
        return Known(asked.understood, found.outcome, found.place)


def beside(storage: Storage) -> Survey:
    """Where no helper does it."""

    async def survey(question: Question) -> Found | None:
        return await storage.read(lambda tx: look(tx, question))

    return survey


def look(tx: Tx, question: Question) -> Found | None:
    height, place = inbox.height(tx, question.update.lane), inbox.next_place(tx)
    try:
        with tx.savepoint():
            outcome = decided(tx, question.update, question.behind)
    except StorageError:
        raise
    except Exception:
        log.exception("update %s: looked at in vain", question.update.id)
        return None
    return Found(outcome, height, place) if only_tells(outcome) else None


def decided(tx: Tx, update: Update, behind: str) -> Outcome:
    """`behind`: the schools for which a tick of the district does not wait."""
    return decide(replace(update, text=behind) if behind else update, Answers(tx))
