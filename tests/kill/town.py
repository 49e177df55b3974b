"""Who lives where the program is killed: three schools, twenty-four classes, an office, and each class's morning."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.simulate.town import Member
from handlers.model import Duty
from handlers.rolls import ClassRoll, PupilRow, PupilStatus, SchoolRoll, StaffRow

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 9, 1)
SCHOOLS = {"东风小学": "一", "育才小学": "二", "新华小学": "三"}  # a grade each: a class's name is enough
CLASSES = 8
PUPILS = 12
GROUP = -500_001
FEVER = 373  # tenths of ℃


def at(hour: int, minute: int, second: float = 0.0) -> datetime:
    """An hour of the played day."""
    return datetime.combine(DAY, time(hour), ZONE) + timedelta(minutes=minute, seconds=second)


@dataclass(frozen=True)
class Ill:
    """A pupil on the list, as the buttons say it. `absence` stands alone."""

    seat: int
    tenths: int | None = None
    symptom: str | None = None
    place: str = "在校留观"
    absence: str | None = None

    @property
    def fever(self) -> bool:
        return self.tenths is not None and self.tenths >= FEVER

    @property
    def sick(self) -> bool:
        """病: counted as absent."""
        return self.absence is None and self.place != "在校留观"


List = tuple[Ill, ...]


class How(StrEnum):
    TAP = "tap"  # 全员正常, or the walk where somebody is listed
    TYPED = "typed"
    NEVER = "never"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Plan:
    """A class's morning. `then` is a correction: when, and what the report says from then on."""

    klass: str
    school: str
    how: How
    at: datetime
    ill: List = ()
    then: tuple[datetime, List] | None = None

    @property
    def reports(self) -> bool:
        return self.how in (How.TAP, How.TYPED)

    @property
    def final(self) -> List:
        return self.then[1] if self.then is not None else self.ill


class Town:
    """The same seed, the same day."""

    def __init__(self, seed: int) -> None:
        self.plans = _plans(random.Random(f"town {seed}"))
        self.members = tuple(_members(self.plans))

    def teachers(self, klass: str) -> tuple[Member, ...]:
        return tuple(one for one in self.members if one.klass == klass)

    def holders(self, duty: Duty) -> tuple[Member, ...]:
        return tuple(one for one in self.members if one.duty is duty)

    @property
    def class_of(self) -> Mapping[int, str]:
        return {one.id: one.klass for one in self.members if one.klass is not None}

    def rolls(self) -> Iterator[SchoolRoll]:
        """The office's last: a school without classes."""
        for school, grade in SCHOOLS.items():
            yield SchoolRoll(school, tuple(_classes(grade)), self._staff(school), tuple(_pupils(grade)))
        yield SchoolRoll("学区办公室", (), self._staff(None), ())

    def _staff(self, school: str | None) -> tuple[StaffRow, ...]:
        return tuple(
            StaffRow(one.name, None, (one.duty,), (one.klass,) if one.klass else (), f"{one.name}老师", None)
            for one in self.members
            if one.school == school
        )


def _classes(grade: str) -> Iterator[ClassRoll]:
    return (ClassRoll(f"{grade}({n})班", grade, n) for n in range(1, CLASSES + 1))


def _pupils(grade: str) -> Iterator[PupilRow]:
    for klass in _classes(grade):
        for seat in range(1, PUPILS + 1):
            name = f"{grade}{'甲乙丙丁戊己庚辛'[klass.number - 1]}{'子丑寅卯辰巳午未申酉戌亥'[seat - 1]}"
            yield PupilRow(name, None, klass.name, seat, None, PupilStatus.ENROLLED, ("x",), ("xx",))


def _members(plans: tuple[Plan, ...]) -> Iterator[Member]:
    """The first class of each school has a second teacher."""
    numbers = iter(range(700_001, 700_999))
    for school in SCHOOLS:
        yield Member(next(numbers), f"{school[0]}报", Duty.REPORTER, school)
        yield Member(next(numbers), f"{school[0]}长", Duty.PRINCIPAL, school)
    for plan in plans:
        yield Member(next(numbers), f"{plan.klass[0]}{plan.klass[2]}主", Duty.HOMEROOM, plan.school, plan.klass)
        if "(1)" in plan.klass:
            yield Member(next(numbers), f"{plan.klass[0]}{plan.klass[2]}任", Duty.TEACHER, plan.school, plan.klass)
    yield Member(next(numbers), "管理", Duty.ADMIN, None)
    yield Member(next(numbers), "联络", Duty.LIAISON, None)


# What happens. Nobody begins so near to the end of 08:30 that a restart decides what is late, nor in the 150 s after
# it, by which a tap made in a gap of our listening may be dated back.

HOT = Ill(3, 385, "咳嗽", "就医")
WARM = Ill(5, 378, None, "在校留观")
COUGH = Ill(7, None, "咳嗽", "居家")
QUEASY = Ill(9, None, "呕吐", "在校留观")
ERRAND = Ill(11, absence="事假")
ABSENT = Ill(12, absence="未到·原因不明")

WALKS: tuple[tuple[datetime, List, tuple[datetime, List] | None], ...] = (
    (at(7, 34), (HOT,), None),
    (at(7, 45), (WARM, QUEASY), (at(8, 52), (QUEASY,))),  # the fever is taken back
    (at(7, 58), (COUGH, ERRAND), None),
    (at(8, 6), (Ill(4, 380, "咽痛", "已接回"), Ill(6, 390, None, "就医"), COUGH), None),
    (at(8, 19), (ERRAND,), None),
    (at(8, 42), (Ill(2, 375, "咳嗽", "居家"), ABSENT), None),
)


def _plans(dice: random.Random) -> tuple[Plan, ...]:
    places = [(klass.name, school) for school, grade in SCHOOLS.items() for klass in _classes(grade)]
    shared = [place for place in places if "(1)" in place[0]]
    rest = [place for place in places if place not in shared]
    dice.shuffle(rest)
    plans = [Plan(*place, How.TAP, at(7, 36 + 13 * n, dice.uniform(0, 60))) for n, place in enumerate(shared)]
    plans += [Plan(*rest.pop(), How.TAP, when, ill, then) for when, ill, then in WALKS]
    plans += [Plan(*rest.pop(), How.TYPED, at(7, 51 + 8 * n, dice.uniform(0, 60))) for n in range(4)]
    plans += [Plan(*rest.pop(), How.NEVER, at(7, 30)) for _ in range(2)]
    plans += [Plan(*rest.pop(), How.BLOCKED, at(7, 29))]
    plans += [Plan(*rest.pop(), How.TAP, at(7, 41), (), (at(8, 33), (COUGH,)))]
    late = [at(8, 37), at(8, 48), at(9, 2, 30)]
    plans += [Plan(*rest.pop(), How.TAP, when) for when in late]
    plans += [Plan(*place, How.TAP, _on_time(dice)) for place in rest]
    return tuple(sorted(plans, key=lambda plan: (plan.school, plan.klass)))


def _on_time(dice: random.Random) -> datetime:
    return at(7, 32, dice.uniform(0, 46 * 60))
