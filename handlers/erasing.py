"""Who has left is erased on request: whatever identifies them goes, and what says how they were; counts stay.

At the machine only. In each lane the bodies of the facts that name them go, digest and place stay."""

from datetime import date
from typing import Final

from handlers.facts import Erased, PersonErased, Viewed
from handlers.model import Person, Put, Update
from handlers.outcome import Outcome
from handlers.questions import Ask, FactsNaming, Lanes, Somebody, SomebodyBy

AT_ONCE: Final = 2000  # facts in one update


class Refused(ValueError):
    """`why`: unknown, several, here (still on the roll), open (a case is open), as texts name it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def to_erase(ask: Ask, said: str, day: date) -> Somebody:
    """Of an id, 学号 or 工号. Raises Refused."""
    one = known(ask, said, day)
    if one.here:
        raise Refused("here")
    if one.open_case:
        raise Refused("open")
    return one


def known(ask: Ask, said: str, day: date) -> Somebody:
    """Of an id, 学号 or 工号. Raises Refused."""
    found = ask(SomebodyBy(said, day))
    if len(found) != 1:
        raise Refused("several" if found else "unknown")
    return found[0]


def erase_person(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`erase_person ID`. Raises Refused."""
    one = to_erase(ask, update.args[0], update.today)
    mentions = (one.id, *one.chats)
    native = f"erase_naming:{update.id}"
    puts = tuple(Put(lane, f"{native}:{lane}", "erase_naming", (one.kind, *mentions)) for lane in ask(Lanes()))
    return Outcome(facts=(PersonErased(one.id, one.kind),), puts=puts)


def erase_naming(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`erase_naming KIND ID …`: of this lane's facts those that name a pupil; of a member of staff those that say who
    it is and where they are written to. In as many updates as it needs."""
    kind, *mentions = update.args
    found = ask(FactsNaming(update.lane, kind, tuple(mentions), AT_ONCE))
    if not found:
        return Outcome()
    more = Put(update.lane, f"erase_naming:{update.id}", update.verb, update.args)
    return Outcome(facts=(Erased(found, "person"),), puts=(more,) if len(found) == AT_ONCE else ())


def exported(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`exported ID`: at the machine all that is kept of somebody was written into a file."""
    one = known(ask, update.args[0], update.today)
    return Outcome(facts=(Viewed("export", one.class_id, (one.id,), update.channel, update.at),))
