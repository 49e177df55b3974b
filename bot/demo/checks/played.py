"""A day that is over, from both sides, and how two ways of saying a number are compared."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.demo.reading import Said
from bot.demo.witness import Witness
from sandbox.crowd import ZONE, Crowd, How, Paper, Plan, Record

OPENS = time(7, 30)
REMINDS = (time(8, 15), time(8, 30))
LATE_LIST = time(8, 45)
SUMMARY = time(9, 0)
CLOSE = time(17)
ANSWERED = timedelta(seconds=60)


@dataclass(frozen=True)
class Played:
    """A day that is over, from both sides."""

    day: date
    crowd: Crowd
    plans: Sequence[Plan]
    paper: Paper
    witness: Witness

    @property
    def record(self) -> Record:
        return self.crowd.record

    def hour(self, hour: time) -> datetime:
        return datetime.combine(self.day, hour, ZONE)


def silent(plan: Plan) -> bool:
    """None of the class's teachers can be written to."""
    return plan.how in (How.BLOCKED, How.UNBOUND)


def differ(where: str, said: Said | None, true: Said) -> Iterator[str]:
    """A line for each number that is not what it should be."""
    if said is None:
        yield f"{where}: nothing was said"
        return
    for name in dict.fromkeys((*true, *said)):
        if said.get(name) != true.get(name):
            yield f"{where}: {name}: the bot said {said.get(name)}, the crowd did {true.get(name)}"


def differ_in_all(where: str, said: Iterable[str], true: Iterable[str]) -> Iterator[str]:
    """Things that should have been said once each."""
    had, wanted = Counter(said), Counter(true)
    yield from (f"{where}: the bot said {n} × {one}, nobody did that" for one, n in (had - wanted).items())
    yield from (f"{where}: the bot did not say {n} × {one}" for one, n in (wanted - had).items())


def first(said: Iterable[Said | None]) -> Said | None:
    return next((one for one in said if one), None)
