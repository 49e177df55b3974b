"""The rows of one school → its roll, and what of it deserves a look before it is imported."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from msgspec import Struct, field

from bot.roster.columns import Column
from bot.roster.faults import Fault, Trouble
from bot.roster.schools import key
from bot.roster.tables import Entry
from handlers.class_names import order, read_class
from handlers.model import Duty
from handlers.rolls import ClassRoll, PupilRow, SchoolRoll, StaffRow


class Remark(StrEnum):
    """What is worth a look, though it holds nothing up."""

    NO_REPORTER = "no_reporter"
    NO_HOMEROOM = "no_homeroom"
    LEFT_OUT = "left_out"
    SHEET_IGNORED = "sheet_ignored"


class Note(Struct, frozen=True):
    """One remark, of a school or of the file as a whole."""

    kind: Remark
    school: str | None
    said: str


class Rows(Struct):
    """What the file says of one school; how many of its rows are of people who are not there any more."""

    staff: list[StaffRow] = field(default_factory=list)
    pupils: list[PupilRow] = field(default_factory=list)
    staff_left: int = 0
    pupils_left: int = 0


def by_school(
    staff: Iterable[tuple[Entry, StaffRow | None]], pupils: Iterable[tuple[Entry, PupilRow | None]]
) -> Mapping[str, Rows]:
    """The rows of each school, by its key."""
    schools: defaultdict[str, Rows] = defaultdict(Rows)
    for entry, member in staff:
        rows = schools[key(entry)]
        if member:
            rows.staff.append(member)
        else:
            rows.staff_left += 1
    for entry, pupil in pupils:
        rows = schools[key(entry)]
        if pupil:
            rows.pupils.append(pupil)
        else:
            rows.pupils_left += 1
    return schools


def classes_without_pupils(
    staff: Iterable[tuple[Entry, StaffRow | None]], pupils: Iterable[tuple[Entry, PupilRow | None]]
) -> Iterator[Fault]:
    """A slip in the class of a teacher would otherwise make a class that can never report."""
    there = {(key(entry), pupil.class_name) for entry, pupil in pupils if pupil}
    for entry, member in staff:
        for name in member.classes if member else ():
            if (key(entry), name) not in there:
                yield entry.fault(Trouble.NO_SUCH_CLASS, Column.CLASS, name=name)


def roll_of(school: str, rows: Rows) -> SchoolRoll:
    """The staff as they are listed, classes and pupils in their order."""
    named = {name for member in rows.staff for name in member.classes} | {pupil.class_name for pupil in rows.pupils}
    classes = sorted((_class(name) for name in named), key=order)
    place = {one.name: number for number, one in enumerate(classes)}
    pupils = sorted(rows.pupils, key=lambda pupil: (place[pupil.class_name], pupil.seat))
    return SchoolRoll(school, tuple(classes), tuple(rows.staff), tuple(pupils))


def notes_on(roll: SchoolRoll, rows: Rows) -> Iterator[Note]:
    """What the office should look at."""
    name = roll.school
    if roll.classes and not any(Duty.REPORTER in member.duties for member in roll.staff):
        yield Note(Remark.NO_REPORTER, name, f"{name}没有疫情报告人：未就绪，发热提醒没有人接收")
    with_homeroom = {of for member in roll.staff if Duty.HOMEROOM in member.duties for of in member.classes}
    with_teacher = {of for member in roll.staff for of in member.classes}
    for one in roll.classes:
        if one.name not in with_homeroom:
            instead = "，晨检卡片只发给任课教师" if one.name in with_teacher else "，也没有任课教师：没有人收到晨检卡片"
            yield Note(Remark.NO_HOMEROOM, name, f"{name}{one.name}没有班主任{instead}")
    if rows.staff_left or rows.pupils_left:
        left = f"教职工{rows.staff_left}人、学生{rows.pupils_left}人"
        yield Note(Remark.LEFT_OUT, name, f"{name}有{left}状态为离岗、转出等，没有列入")


def _class(name: str) -> ClassRoll:
    found = read_class(name)
    if found is None:
        raise ValueError(name)
    return found
