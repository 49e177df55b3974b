"""Who is away or had a fever, from one day to the next: the crowd's own register, and how long each spell lasts."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from sandbox.crowd.hand import ZONE
from sandbox.crowd.illness import (
    AT_SCHOOL,
    COLD,
    COLLECTED,
    FEVERS,
    FLU,
    FOREHEAD,
    HOME,
    PERSONAL,
    POX,
    SICK,
    UNKNOWN,
    Listed,
    Paper,
)
from sandbox.crowd.people import Key, Member

WATCH: Final = timedelta(hours=48)  # so long after it was last measured a fever is followed, and keeps its child away
DAYS_AWAY: Final[Mapping[str, int]] = {POX: 21}  # from the first day on
DEADLINE: Final = time(8, 30)  # who may come back by then comes on that day; and when a day gone by was reported
RETURNED, RELEASED, MISTAKEN = "returned", "released", "mistaken"
LAST_LOOK: Final = time(15, 30)  # a child in class whose fever is over by then is watched no more
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Review:
    """What the 校医 said of a child that had come back too early."""

    key: Key
    seat: int
    verdict: str  # yes | no
    at: datetime
    by: Member


@dataclass(frozen=True)
class Case:
    """A child who was away, or had a fever, when last spoken of: on `seen`, as `listed`."""

    key: Key
    seat: int
    opened: date
    listed: Listed
    seen: date
    fever_at: datetime | None = None
    measured_at: datetime | None = None  # when it was last said how warm they were
    review: str = ""  # what the 校医 has said of a return, of this illness and since the last fever
    ended: str = ""
    ended_on: date | None = None

    @property
    def id(self) -> tuple[Key, int, date]:
        return self.key, self.seat, self.opened

    @property
    def away(self) -> bool:
        return self.listed.away

    def followed(self, at: datetime) -> bool:
        """Its temperature must be said: for two days, until somebody has measured, and in class until it is over."""
        if self.fever_at is None:
            return False
        if self.in_class:
            return not self.over(at)
        return not self.cooler or at < self.fever_at + WATCH

    @property
    def in_class(self) -> bool:
        """A fever that is watched there."""
        return not self.away and self.fever_at is not None

    @property
    def cooler(self) -> bool:
        """Somebody has measured since the fever, and there was none."""
        return self.fever_at is not None and self.measured_at is not None and self.measured_at > self.fever_at

    def over(self, at: datetime) -> bool:
        """Two days without a fever, and measured within the last."""
        if self.fever_at is None or self.measured_at is None or not self.cooler:
            return False
        return self.fever_at + WATCH <= at <= self.measured_at + timedelta(days=1)

    def barred(self, at: datetime) -> bool:
        """May not come back yet: too early, or for want of a certificate and the 校医's word."""
        if self.review:
            return self.review == NO
        return self.too_early(at) or self.listed.cause in (FLU, POX)

    def too_early(self, at: datetime) -> bool:
        back = self.back
        return back is not None and at.astimezone(ZONE).date() < back

    @property
    def back(self) -> date | None:
        """The first day on which they may come; None where nothing is to be waited for."""
        cause = self.listed.cause
        if cause is not None and cause in DAYS_AWAY:
            return self.opened + timedelta(days=DAYS_AWAY[cause])
        if self.fever_at is None or self.listed.absence == PERSONAL or cause not in (None, FLU):
            return None
        well = (self.fever_at + WATCH).astimezone(ZONE)
        return well.date() + timedelta(days=well.time() > DEADLINE)


class Register:
    """One open case a child at most. What a class says of a day opens, continues and ends them."""

    def __init__(self, cases: Sequence[Case] = ()) -> None:
        self._open: dict[Key, dict[int, Case]] = defaultdict(dict)  # by class and seat
        self._ended: dict[Key, list[Case]] = defaultdict(list)
        for case in cases:
            self._open[case.key][case.seat] = case

    @classmethod
    def of_paper(cls, paper: Paper) -> "Register":
        """What the days before today have left."""
        register = cls()
        for day, said in sorted(paper.items()):
            for key, listed in said.items():
                register.says(key, day, datetime.combine(day, DEADLINE, ZONE), listed)
        return register

    @property
    def open(self) -> tuple[Case, ...]:
        return tuple(case for key in sorted(self._open) for case in self.of(key))

    def day_is_over(self, day: date) -> None:
        """Who was in class, and long enough without a fever, is watched no more."""
        last = datetime.combine(day, LAST_LOOK, ZONE)
        for case in self.open:
            if not case.away and case.over(last):
                self._close(case, RELEASED, day)

    def reviews(self, said: Review) -> None:
        """The 校医's word."""
        self._keep(replace(self._open[said.key][said.seat], review=said.verdict))

    def on(self, day: date) -> tuple[Case, ...]:
        """The open ones, and those that ended on that day."""
        return (*self.open, *(case for key in self._ended for case in self._ended_on(key, day)))

    def of(self, key: Key) -> tuple[Case, ...]:
        """The open ones of a class, by seat."""
        return tuple(case for _, case in sorted(self._open.get(key, {}).items()))

    def says(self, key: Key, day: date, at: datetime, listed: Sequence[Listed], *, corrects: bool = False) -> None:
        """A report of the class; `corrects` one of the same day."""
        known = {case.seat: case for case in (*self.of(key), *self._ended_on(key, day))}
        for one in listed:
            if one.away or one.flagged:
                self._keep(_spoken_of(known.pop(one.seat, None), key, day, at, one))
        for case in known.values():
            if case.ended == "":
                self._not_away(case, day, at, listed, mistaken=corrects and case.opened == case.seen == day)

    def _ended_on(self, key: Key, day: date) -> Iterator[Case]:
        return (case for case in self._ended.get(key, ()) if case.ended_on == day)

    def _keep(self, case: Case) -> None:
        self._open[case.key][case.seat] = case
        self._ended[case.key] = [one for one in self._ended[case.key] if one.id != case.id]

    def _close(self, case: Case, how: str, day: date) -> None:
        del self._open[case.key][case.seat]
        self._ended[case.key].append(replace(case, ended=how, ended_on=day))

    def _not_away(self, case: Case, day: date, at: datetime, listed: Sequence[Listed], *, mistaken: bool) -> None:
        if not mistaken and case.fever_at is not None and at < case.fever_at + WATCH:
            well = next((one for one in listed if one.seat == case.seat), Listed(case.seat))
            measured = at if well.measured else case.measured_at
            self._keep(replace(case, listed=replace(well, cause=case.listed.cause), seen=day, measured_at=measured))
            return
        self._close(case, MISTAKEN if mistaken else _end(case), day)


def _end(case: Case) -> str:
    """Who may come by the 校医's word has returned."""
    here = (not case.away or case.listed.waits) and case.review != YES
    return RELEASED if here and case.fever_at is not None and case.listed.cause is None else RETURNED


def _spoken_of(case: Case | None, key: Key, day: date, at: datetime, one: Listed) -> Case:
    """A cause that was found stays known. What the 校医 said is not of a new fever, nor of another illness."""
    if case is None:
        return Case(key, one.seat, day, one, day, at if one.fever else None, at if one.measured else None)
    if (case.seen, case.ended, case.listed) == (day, "", one):
        return case
    known = one if one.absence == PERSONAL else replace(one, cause=one.cause or case.listed.cause)
    return replace(
        case,
        listed=known,
        seen=day,
        fever_at=at if one.fever else case.fever_at,
        measured_at=at if one.measured else case.measured_at,
        review="" if one.fever or known.cause != case.listed.cause else case.review,
        ended="",
        ended_on=None,
    )


# How it goes on


@dataclass(frozen=True)
class Spell:
    """How many days a child is away, for how many there is a fever, and what it turns out to be, on the second day."""

    days: int
    fever_days: int
    cause: str | None
    impatient: bool  # comes back when well, whether or not they may


def spell(seed: int, case: Case) -> Spell:
    """The same for the same child and day. With a mean of two days."""
    dice = random.Random(f"spell {seed} {case.key} {case.seat} {case.opened}")
    days = dice.choice((1, 1, 2) if case.listed.absence in (PERSONAL, UNKNOWN) else (1, 2, 2, 3))
    fever_days = 2 if case.listed.place == HOME else dice.choice((1, 1, 2))
    return Spell(days, fever_days, _disease(dice, case), impatient=dice.random() < 0.3)


def _disease(dice: random.Random, case: Case) -> str | None:
    if case.listed.absence == PERSONAL:
        return None
    if "皮疹" in case.listed.symptoms:
        return POX
    return dice.choice((FLU, None, None, None) if case.fever_at is not None else (COLD, None, None))


@dataclass(frozen=True)
class Word:
    """What a teacher says of one such child today."""

    case: Case
    came: bool
    temperature: int | None = None  # tenths of ℃; None for no fever. Said where it is asked for
    cause: str | None = None  # that it is known now

    @property
    def seat(self) -> int:
        return self.case.seat

    def listed(self, at: datetime, *, asked: bool) -> Listed | None:
        """As the class's report then has it: who came back and may not yet waits in the observation room. `asked`:
        how warm they are."""
        was = self.case.listed
        if self.came and not self.case.barred(at):
            return None
        if self.came:
            return Listed(self.seat, None, (), AT_SCHOOL, SICK, measured=False, cause=was.cause)
        place = HOME if was.waits or was.place == COLLECTED else was.place
        warm = self.temperature if asked else None
        now = replace(was, temperature=warm, measured=asked, method=FOREHEAD, place=place)
        now = replace(now, cause=self.cause or was.cause)
        if self.cause is not None:
            now = replace(now, absence=SICK)
        if not now.away and self.case.barred(at):
            return replace(now, absence=SICK, place=AT_SCHOOL)
        return now


def word(seed: int, case: Case, day: date, at: datetime) -> Word:
    """At about that hour."""
    goes, gone = spell(seed, case), (day - case.opened).days
    warm = random.Random(f"warm {seed} {case.key} {case.seat} {day}").choice(FEVERS)
    temperature = warm if gone < goes.fever_days else None
    if case.in_class:
        return Word(case, came=False, temperature=temperature)
    well = gone >= goes.days
    came = well and (goes.impatient or not case.barred(at) or case.listed.waits)
    learnt = goes.cause if case.away and not came and case.listed.cause is None and gone >= 1 else None
    return Word(case, came, temperature, learnt)
