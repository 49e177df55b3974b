"""Sealing: once a day what has been stated since the last seal is bound into the next."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from handlers.facts import Sealed, SealedLane
from handlers.model import Update
from handlers.outcome import Outcome
from handlers.questions import Ask, LastSeal, LinksOf, Unsealed, UnsealedLane
from handlers.seals import FIRST, LaneHash, Link, seal_hash

AT_ONCE: Final = 2000  # facts that are held in memory


def seal(update: Update, ask: Ask, day: date) -> Outcome:
    """The tick's: every lane up to the number that is seen now. What is stated meanwhile is the next seal's."""
    last = ask(LastSeal())
    previous = last.hash if last else FIRST
    lanes = tuple(_lane(ask, one) for one in ask(Unsealed()))
    fact = Sealed(last.n + 1 if last else 1, day, previous, seal_hash(previous, lanes), lanes, update.now)
    return Outcome(facts=(fact,))


def _lane(ask: Ask, one: UnsealedLane) -> SealedLane:
    whole = LaneHash()
    for links in _links(ask, one):
        whole.take(links)
    return SealedLane(one.lane, one.after + 1, one.last, whole.hex())


def _links(ask: Ask, one: UnsealedLane) -> Iterator[tuple[Link, ...]]:
    for after in range(one.after, one.last, AT_ONCE):
        yield ask(LinksOf(one.lane, after, min(after + AT_ONCE, one.last)))
