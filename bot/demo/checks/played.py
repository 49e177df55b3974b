"""A day that is over, from both sides, and how two ways of saying a number are compared."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache, partial

from msgspec import Struct

from bot.demo import truth
from bot.demo.reading import Said
from bot.demo.witness import Face, Witness
from sandbox.crowd import DEAF, ZONE, Case, Crowd, How, Paper, Plan, Record, Town

OPENS = time(7, 30)
REMINDS = (time(8, 15), time(8, 30))
LATE_LIST = time(8, 45)
SUMMARY = time(9, 0)
CLOSE = time(17)
ANSWERED = timedelta(seconds=60)
AT_ONCE = timedelta(seconds=10)  # within which a change is shown
SPREAD = timedelta(seconds=60)  # within which what is due at an hour comes, where a whole country sends at it


class Played(Struct, frozen=True, eq=False):
    """A day that is over, from both sides."""

    day: date
    crowd: Crowd
    record: Record
    plans: Sequence[Plan]
    paper: Paper  # of the days before it
    witness: Witness
    cases: Sequence[Case]  # by the crowd's register, when the day was over: the open ones, and those that ended on it
    kept: Sequence[str]  # the same as the bot keeps them
    ledger: Sequence[str] = ()  # who was late, who missing, where two records disagree, as the bot keeps them
    rehearsal: bool = True

    @property
    def people(self) -> Town:
        return self.crowd.people

    @property
    def edits(self) -> bool:
        """What was said changes in its place, and may be held against the truth for as long as it stands there."""
        return self.witness.platform.edits

    @property
    def punctual(self) -> timedelta:
        """Within which what is due at an hour comes."""
        return AT_ONCE if self.edits else SPREAD

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


def without_names(played: Played, said: Said) -> Said:
    """17号 张三 … as 17号 …."""
    unnamed = _unnamed(played)
    return {name: unnamed.sub(r"\1", one).strip() if isinstance(one, str) else one for name, one in said.items()}


@cache
def _unnamed(played: Played) -> re.Pattern[str]:
    names = "|".join({pupil.name for klass in played.people.classes for pupil in klass.pupils})
    return re.compile(rf"(\d+号|^) ?(?:{names})(?= |、|$)")


def brief(said: Said, true: Said) -> tuple[Said, Said]:
    """What a card says, and as much of the truth."""
    told = {name: one for name, one in said.items() if one != ""}
    return told, {name: one for name, one in true.items() if name in told}


class Standing:
    """Whether what is shown was true when it came, and stayed true for as long as it was shown, but for the seconds in
    which a change travels. A card need not say everything, and where what one wrote stays in the chat no child is
    named in the answer: there names are left out on both sides."""

    def __init__(self, played: Played) -> None:
        self._deaf = [played.hour(hour) for hour in DEAF]
        self._changes = sorted(_changes(played))
        self._nameless = (lambda said: said) if played.edits else partial(without_names, played)

    def untrue(
        self, where: str, face: Face, said: Said | None, true: Callable[[datetime], Said], slack: timedelta = AT_ONCE
    ) -> Iterator[str]:
        """Lines for the moment at which the face is furthest from the truth; none where it never was."""

        def wrong(at: datetime) -> list[str]:
            told, is_so = said and self._nameless(said), self._nameless(true(at))
            if face.card and told is not None:
                told, is_so = brief(told, is_so)
            return list(differ(where, told, is_so))

        came = min(map(wrong, self._moments(face.at, slack)), key=len)
        if came or face.until - face.at < slack:
            yield from came
            return
        stale = (wrong(at) for at in self._moments(face.until, slack) if at >= face.at)
        yield from (f"{line} (still at {truth.hour(face.until)})" for line in min(stale, key=len))

    def _moments(self, shown: datetime, slack: timedelta) -> list[datetime]:
        """When what was shown may have been said. What was done while nobody could be heard is dated to the beginning
        of that."""
        since, (deaf, heard) = shown - slack, self._deaf
        since = min(since, deaf) if deaf <= shown <= heard + slack else since
        return [since, *(at for at in self._changes if since < at <= shown)]


def _changes(played: Played) -> Iterator[datetime]:
    record = played.record
    yield from (version.at for row in record.classes.values() for version in row.versions)
    yield from (back for _, back in record.out)
    yield from record.off.values()
    yield from (one.at for one in record.reviews)
    for flag in record.flags:
        yield from (at for at in (flag.acknowledged, flag.withdrawn) if at is not None)
        yield from (one.at for one in truth.tellings(flag, played.people))
