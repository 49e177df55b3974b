"""The district that is simulated: three schools, of each class and each duty the phone that answers for it, and the
platform on which that phone is."""

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from msgspec import Struct

from handlers.model import Duty
from handlers.rolls import ClassRoll, PupilRow, PupilStatus, SchoolRoll, StaffRow

ZONE = ZoneInfo("Asia/Shanghai")
TELEGRAM, WECOM = "telegram", "wecom"
GROUPS = {TELEGRAM: -500_001, WECOM: -2_000_000_001}  # the leaders'; WeCom's as the pretended one numbers its first
SCHOOLS = {"东风小学": "一", "育才小学": "二", "新华小学": "三"}  # a grade each: a class's name is enough
OFFICE = "学区办公室"
FIRST_PHONE = 700_001
OFFICERS = (Duty.REPORTER, Duty.DEPUTY, Duty.PRINCIPAL, Duty.NURSE)
OF_DISTRICT = (Duty.ADMIN, Duty.LIAISON, Duty.LEADER)


class Homes(StrEnum):
    """Who lives where."""

    TELEGRAM = "telegram"  # everybody
    WECOM = "wecom"  # everybody
    SCHOOLS = "schools"  # the schools on WeCom; the office and the leaders' group on Telegram
    BOTH = "both"  # a school on each, in the third and in the office every other person; a leaders' group on each

    def of(self, school: str | None, place: int) -> str:
        """The platform of the one who is at that place of the list."""
        match self:
            case Homes.SCHOOLS:
                return TELEGRAM if school is None else WECOM
            case Homes.BOTH:
                *whole, mixed = SCHOOLS
                return (WECOM, TELEGRAM)[place % 2 if school in (None, mixed) else whole.index(str(school))]
            case _:
                return self.value

    @property
    def groups(self) -> tuple[str, ...]:
        """Where the leaders have one."""
        match self:
            case Homes.SCHOOLS:
                return (TELEGRAM,)
            case Homes.BOTH:
                return (TELEGRAM, WECOM)
            case _:
                return (self.value,)


class Member(Struct, frozen=True):
    """One of the staff; `id` is the number of the phone, `home` the platform on which it is."""

    id: int
    name: str
    duty: Duty
    school: str | None
    klass: str | None = None
    home: str = TELEGRAM


class Town(Struct, frozen=True, dict=True):
    """`classes` a school, `pupils` a class."""

    classes: int = 4
    pupils: int = 6
    homes: Homes = Homes.TELEGRAM

    @cached_property
    def school_of(self) -> dict[str, str]:
        """class → school"""
        return {f"{grade}({n})班": name for name, grade in SCHOOLS.items() for n in range(1, self.classes + 1)}

    @cached_property
    def members(self) -> tuple[Member, ...]:
        return tuple(self._members())

    @cached_property
    def platforms(self) -> tuple[str, ...]:
        return tuple(name for name in GROUPS if name in {*self.homes.groups, *(one.home for one in self.members)})

    @property
    def groups(self) -> dict[str, int]:
        """platform → the leaders' group there"""
        return {name: GROUPS[name] for name in self.homes.groups}

    def on(self, platform: str) -> tuple[Member, ...]:
        return tuple(one for one in self.members if one.home == platform)

    def teachers(self, klass: str) -> tuple[Member, ...]:
        return tuple(one for one in self.members if one.klass == klass)

    def holders(self, duty: Duty, school: str | None = None) -> tuple[Member, ...]:
        return tuple(one for one in self.members if one.duty is duty and one.school == school)

    def rolls(self) -> Iterator[SchoolRoll]:
        for school, grade in SCHOOLS.items():
            classes = tuple(ClassRoll(f"{grade}({n})班", grade, n) for n in range(1, self.classes + 1))
            yield SchoolRoll(school, classes, self._staff(school), tuple(self._pupils(classes)))
        yield SchoolRoll(OFFICE, (), self._staff(None), ())

    def _members(self) -> Iterator[Member]:
        """The first class of each school has a second teacher."""
        for place, (name, duty, school, klass) in enumerate(self._staffed()):
            yield Member(FIRST_PHONE + place, name, duty, school, klass, self.homes.of(school, place))

    def _staffed(self) -> Iterator[tuple[str, Duty, str | None, str | None]]:
        for school in SCHOOLS:
            for duty in OFFICERS:
                yield f"{school[0]}{duty.value}", duty, school, None
        for klass, school in self.school_of.items():
            yield f"{klass}主", Duty.HOMEROOM, school, klass
            if "(1)" in klass:
                yield f"{klass}任", Duty.TEACHER, school, klass
        for duty in OF_DISTRICT:
            yield f"区{duty.value}", duty, None, None

    def _staff(self, school: str | None) -> tuple[StaffRow, ...]:
        return tuple(
            StaffRow(one.name, None, (one.duty,), (one.klass,) if one.klass else (), f"{one.name}老师", f"1380{one.id}")
            for one in self.members
            if one.school == school
        )

    def _pupils(self, classes: tuple[ClassRoll, ...]) -> Iterator[PupilRow]:
        for klass in classes:
            for seat in range(1, self.pupils + 1):
                name = (
                    f"{klass.grade}{'甲乙丙丁戊己庚辛壬癸'[klass.number % 10]}{'子丑寅卯辰巳午未申酉戌亥'[seat % 12]}"
                )
                yield PupilRow(name, None, klass.name, seat, None, PupilStatus.ENROLLED, ("x",), ("xx",))
