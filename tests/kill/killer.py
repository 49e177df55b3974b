"""When the program dies: at seeded random moments, and at the worst ones that can be aimed at."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from tests.kill.evidence import kind_of
from tests.kill.platforms import Platform, Signs
from tests.kill.program import Fleet, Program
from tests.kill.thumbs import REPORTED
from tests.kill.town import GROUP, at

RANDOM = 14
APART = timedelta(minutes=3)  # a start takes the program a good second, which is a minute here
ANSWERED = "answered"
CHANCE = "at random"
DRAWING = "while the picture is drawn"
TAKING = "as soon as words are confirmed to the platform"


@dataclass
class Aim:
    """Shoots when something of this kind has been seen `nth` times since the aim before it was taken."""

    kind: str
    nth: int
    why: str


def aims() -> list[list[Aim]]:
    """Each list in its order."""
    return [
        [Aim("card", 4, "in the 07:30 broadcast"), Aim("card", 3, "in the broadcast, again")],
        [Aim(ANSWERED, n, "right after a report was confirmed") for n in (2, 4, 6)],
        [Aim("receipt", n, "as a receipt arrives") for n in (5, 8)],
        [Aim("remind1", 2, "in the 08:15 reminders"), Aim("remind2", 1, "in the 08:30 reminders")],
        [Aim("alert", 1, "as the first fever is told"), Aim("alert", 4, "as a fever is told")],
        [Aim("summary", 1, "as the 09:00 picture arrives")],
    ]


AIMED = frozenset(aim.why for row in aims() for aim in row) | {DRAWING, TAKING}


class Killer:
    """Watches the phones; `why` is the reason of the kill that has just been done. `met`: the aimed moments at which
    the program died, be it that another shot came an instant before."""

    def __init__(self, program: Program | Fleet, platform: Platform, clock: Clock, seed: int) -> None:
        self.why = ""
        self.done = False
        self.met: set[str] = set()
        self._program = program
        self._platform = platform
        self._clock = clock
        self._dice = random.Random(f"kills {seed}")
        self._aims = aims()
        self._known: dict[int, int] = {}
        self._receipts: set[tuple[int, int]] = set()
        platform.watch(Signs(self._look, lambda: self._saw(ANSWERED), lambda: self.shoot(TAKING)))

    def shoot(self, why: str, *, as_it_speaks: bool = False) -> bool:
        """False when it is dead already, unless it was by chance in this very moment. `as_it_speaks`: of several
        processes it is the postman; if another died, what he is at would be over before the next shot."""
        if self.done:
            return False
        if self._program.alive and not self.why:
            self.why = why
            self._program.kill(f"post:{self._platform.name}" if as_it_speaks else "")
        elif self.why != CHANCE:
            return False
        self.met.add(why)
        return True

    def _look(self, chat: int) -> None:
        """In the middle of the bot's call: what it showed is on the phone, and it has not been told so yet."""
        messages = self._platform.chat(chat)
        for one in messages[self._known.get(chat, 0) :]:
            if one.sender == 0:
                self._saw(kind_of(one.text, picture=one.photo is not None).partition(" ")[0])
        self._known[chat] = len(messages)
        for one in messages:
            if one.text.startswith(REPORTED) and (chat, one.id) not in self._receipts:
                self._receipts.add((chat, one.id))
                self._saw("receipt")

    def _saw(self, kind: str) -> None:
        for row in self._aims:
            if row and row[0].kind == kind:
                row[0].nth -= 1
                if row[0].nth <= 0 and self.shoot(row[0].why, as_it_speaks=kind != ANSWERED):
                    row.pop(0)

    async def at_random(self) -> None:
        """Between the first card and the last minutes, never two within a start of each other."""
        for when in self._moments(at(7, 32), at(9, 8)):
            await self._clock.sleep_until(when)
            self.shoot(CHANCE)

    def _moments(self, first: datetime, last: datetime) -> list[datetime]:
        spare = (last - first) - APART * RANDOM
        shifts = sorted(self._dice.uniform(0, spare.total_seconds()) for _ in range(RANDOM))
        return [first + timedelta(seconds=shift) + APART * n for n, shift in enumerate(shifts)]

    async def while_drawing(self, decided: Callable[[], bool]) -> None:
        """At 09:00, when the post is decided and its picture not yet there."""
        await self._clock.sleep_until(at(8, 59, 50))
        while not self.done and not any(one.photo for one in self._platform.chat(GROUP)):
            if decided() and self.shoot(DRAWING, as_it_speaks=True):
                return
            await self._clock.sleep_until(self._clock.now() + timedelta(seconds=1))
