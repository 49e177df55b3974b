"""What an import changes in one school: a pure diff of what is known and what the file says."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from handlers import ids
from handlers.facts import KnownPerson, KnownPupil, RollChanged
from handlers.model import CLASS_DUTIES, Duty, Held, Klass, Person, School
from handlers.questions import RollView
from handlers.rolls import ClassRoll, PupilRow, SchoolRoll, StaffRow
from handlers.roster.classes import continued
from handlers.roster.matching import Known, match
from handlers.words import NOTHING

OFFICE = "district"
MACHINE_MADE = "管理员"  # name and 称呼 of an admin made at the machine, who is in no file

K = TypeVar("K", bound=Known)


class TooEarly(ValueError):
    """An import from a day before the last one's: what has been recorded since would be there twice."""

    def __init__(self, latest: date) -> None:
        super().__init__(f"the roll of this school has changes from {latest} on; import from that day or a later one")
        self.latest = latest


def is_office(roll: SchoolRoll) -> bool:
    """The district's own office: staff, and neither classes nor pupils."""
    return not roll.classes and not roll.pupils


def change(
    roll: SchoolRoll, view: RollView, place: int, since: date, seed: bytes, movers: Mapping[str, str]
) -> RollChanged:
    """What is new, changed, moved and gone from `since` on. A school that is known keeps its place and short name.
    Raises TooEarly."""
    if view.latest is not None and since < view.latest:
        raise TooEarly(view.latest)
    school = _school(roll, view, place, seed)
    classes = _classes(roll.classes, continued(roll, view), school, seed)
    class_ids = {klass.name: klass.id for klass in classes}
    people = _people(roll.staff, view.people, class_ids, seed)
    pupils = _pupils(roll.pupils, view.pupils, class_ids, seed, movers)
    return RollChanged(
        school=school,
        district=is_office(roll),
        since=since,
        classes=_new(classes, view.classes),
        closed=_gone(view.classes, classes),
        people=_new(people, view.people),
        retired=_gone((one for one in view.people if not machine_made(one)), people),
        pupils=_new(pupils, view.pupils),
        left=_gone(view.pupils, pupils),
    )


def differs(fact: RollChanged, view: RollView) -> bool:
    """True when there is anything to record."""
    changed = fact.classes + fact.closed + fact.people + fact.retired + fact.pupils + fact.left
    return bool(changed) or (not fact.district and fact.school != view.school)


def _new(now: Iterable[K], before: Iterable[K]) -> tuple[K, ...]:
    same = {one.id: one for one in before}
    return tuple(one for one in now if same.get(one.id) != one)


def _gone(before: Iterable[Known], now: Iterable[Known]) -> tuple[str, ...]:
    here = {one.id for one in now}
    return tuple(one.id for one in before if one.id not in here)


def _school(roll: SchoolRoll, view: RollView, place: int, seed: bytes) -> School:
    if is_office(roll):
        return School(OFFICE, roll.school, roll.school, place)
    return view.school or School(ids.new_id(seed, "school", roll.school), roll.school, short(roll.school), place)


def short(name: str) -> str:
    """What a school is called in a list: 中心校 for 中心小学, 二校 for 第二小学, 二中 for 第二中学, else its name."""
    for ending, said in (("小学", "校"), ("初级中学", "中"), ("中学", "中")):
        if name.startswith("第") and name.endswith(ending) and 0 < len(name) - len(ending) - 1 <= 2:
            return name[1 : -len(ending)] + said
    return name.removesuffix("中心小学") + "中心校" if name.endswith("中心小学") else name


def _classes(rows: Sequence[ClassRoll], known: Mapping[str, str], school: School, seed: bytes) -> tuple[Klass, ...]:
    return tuple(
        Klass(
            known.get(row.name) or ids.new_id(seed, "class", school.id, row.name),
            school.id,
            row.name,
            row.grade,
            row.number,
        )
        for row in rows
    )


def _people(
    rows: Sequence[StaffRow], view: Sequence[KnownPerson], class_ids: Mapping[str, str], seed: bytes
) -> tuple[KnownPerson, ...]:
    found = match(
        rows,
        view,
        number=(lambda row: row.staff_no, lambda person: person.staff_no),
        name=(lambda row: row.name, lambda person: person.name),
    )
    reporters = [row for row in rows if Duty.REPORTER in row.duties]
    return tuple(
        KnownPerson(
            id=before.id if before else ids.new_id(seed, "person", place, row.name),
            staff_no=row.staff_no,
            name=row.name,
            title=row.title,
            phone=row.phone,
            duties=_duties(row, class_ids),
            place=reporters.index(row) if row in reporters else 0,
        )
        for place, (row, before) in enumerate(zip(rows, found, strict=True))
    )


def _duties(row: StaffRow, class_ids: Mapping[str, str]) -> tuple[Held, ...]:
    """In the order in which they are answered, so that the same duties are equal."""
    held = {
        Held(duty, class_id)
        for duty in row.duties
        for class_id in ((class_ids[name] for name in row.classes) if duty in CLASS_DUTIES else (None,))
    }
    return tuple(sorted(held, key=lambda one: (one.duty, one.class_id or NOTHING)))


def _pupils(
    rows: Sequence[PupilRow],
    view: Sequence[KnownPupil],
    class_ids: Mapping[str, str],
    seed: bytes,
    movers: Mapping[str, str],
) -> tuple[KnownPupil, ...]:
    found = match(
        rows,
        view,
        number=(lambda row: row.student_no, lambda pupil: pupil.student_no),
        name=(lambda row: (class_ids[row.class_name], row.name), lambda pupil: (pupil.class_id, pupil.name)),
    )
    return tuple(
        KnownPupil(
            id=_mover(row, movers) or (before.id if before else _new_pupil(row, seed)),
            student_no=row.student_no,
            name=row.name,
            sex=row.sex and row.sex.value,
            initials=row.initials,
            pinyin=row.pinyin,
            class_id=class_ids[row.class_name],
            seat=row.seat,
            status=row.status.value,
            dorm=row.dorm,
        )
        for row, before in zip(rows, found, strict=True)
    )


def _mover(row: PupilRow, movers: Mapping[str, str]) -> str | None:
    """A 学号 says more than a name."""
    return movers.get(row.student_no) if row.student_no else None


def _new_pupil(row: PupilRow, seed: bytes) -> str:
    return ids.new_id(seed, "pupil", row.class_name, row.seat, row.name)


def machine_made(person: KnownPerson | Person) -> bool:
    return person.name == person.title == MACHINE_MADE and person.duties == (Held(Duty.ADMIN),)
