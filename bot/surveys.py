"""What takes long to find out is found out beside the taps, on a snapshot, and written down in the turn: one survey at
a time, for which the district's lane rests."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from msgspec import Struct

from bot.clock import Bell, Clock
from bot.pulse import Pulse
from bot.understanding import Understanding, Understood
from handlers.model import Update
from handlers.outcome import Outcome
from handlers.surveys import is_survey, only_tells
from storage import Storage, StorageError, Tx, inbox

log = logging.getLogger(__name__)

LIMIT = timedelta(minutes=2)  # of a survey


class Asked(Struct, frozen=True):
    """A survey that is to be made. `behind`: the schools that it does not wait for."""

    row: inbox.Row
    behind: str


class Found(Struct, frozen=True):
    """What it comes to, while nothing is stated in its lane (`height`). `place`: among all that was decided, when it
    was looked at."""

    understood: Understood
    outcome: Outcome
    height: int
    place: int


class Surveys:
    """`decide`: an update, and the schools that it does not wait for."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        understanding: Understanding,
        decide: Callable[[Tx, Update, str], Outcome],
    ) -> None:
        self._storage = storage
        self._understanding = understanding
        self._decide = decide
        self._asked: Asked | None = None
        self._found: tuple[str, Found | None] | None = None  # of which row
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
        asked = self._asked
        if asked is None:
            return False
        self._found = asked.row.id, await self._storage.survey(partial(self._look, asked=asked))
        self._asked = None
        return True

    def is_wanted(self, tx: Tx, row: inbox.Row) -> bool:
        """Whether the row looks at the whole district, and nobody has looked for it yet. Once is enough: where its lane
        goes on and on, what has been found would never hold."""
        if row.lane != inbox.DISTRICT or (self._found is not None and self._found[0] == row.id):
            return False
        try:
            with tx.savepoint():
                heard = self._understanding.read(row)
                return heard is not None and is_survey(self._understanding.understood(tx, row, heard).update)
        except StorageError:
            raise
        except Exception:  # it is met again, and written down, where the row is taken
            return False

    def known(self, tx: Tx, row: inbox.Row) -> Found | None:
        """What has been found for it, if that still holds."""
        if self._found is None or self._found[0] != row.id:
            return None
        found = self._found[1]
        return found if found is not None and inbox.height(tx, row.lane) == found.height else None

    def _look(self, tx: Tx, asked: Asked) -> Found | None:
        """None where what comes of it has to be found out as it is written down."""
        height, place = inbox.height(tx, asked.row.lane), inbox.next_place(tx)
        try:
            with tx.savepoint():
                heard = self._understanding.read(asked.row)
                if heard is None:
                    return None
                understood = self._understanding.understood(tx, asked.row, heard)
                outcome = self._decide(tx, understood.update, asked.behind)
        except StorageError:
            raise
        except Exception:
            log.exception("update %s: looked at in vain", asked.row.id)
            return None
        return Found(understood, outcome, height, place) if only_tells(outcome) else None
