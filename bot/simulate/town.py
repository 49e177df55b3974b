"""The district that is simulated: three schools, and of each class and each duty the phone that answers for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from handlers.model import Duty
from handlers.rolls import ClassRoll, PupilRow, PupilStatus, SchoolRoll, StaffRow

ZONE = ZoneInfo("Asia/Shanghai")
GROUP = -500_001
SCHOOLS = {"东风小学": "一", "育才小学": "二", "新华小学": "三"}  # a grade each: a class's name is enough
OFFICE = "学区办公室"
FIRST_PHONE = 700_001
OFFICERS = (Duty.REPORTER, Duty.DEPUTY, Duty.PRINCIPAL, Duty.NURSE)
OF_DISTRICT = (Duty.ADMIN, Duty.LIAISON, Duty.LEADER)


@dataclass(frozen=True)
class Member:
    """One of the staff; `id` is the number of the phone."""

    id: int
    name: str
    duty: Duty
    school: str | None
    klass: str | None = None


@dataclass(frozen=True)
class Town:
    """`classes` a school, `pupils` a class."""

    classes: int = 4
    pupils: int = 6

    @cached_property
    def school_of(self) -> dict[str, str]:
        """class → school"""
        return {f"{grade}({n})班": name for name, grade in SCHOOLS.items() for n in range(1, self.classes + 1)}

    @cached_property
    def members(self) -> tuple[Member, ...]:
        return tuple(self._members())

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
        phones = iter(range(FIRST_PHONE, FIRST_PHONE + 10_000))
        for school in SCHOOLS:
            for duty in OFFICERS:
                yield Member(next(phones), f"{school[0]}{duty.value}", duty, school)
        for klass, school in self.school_of.items():
            yield Member(next(phones), f"{klass}主", Duty.HOMEROOM, school, klass)
            if "(1)" in klass:
                yield Member(next(phones), f"{klass}任", Duty.TEACHER, school, klass)
        for duty in OF_DISTRICT:
            yield Member(next(phones), f"区{duty.value}", duty, None)

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
