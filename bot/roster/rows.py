"""One row of the office's file → one of the staff or one pupil, or the faults of that row."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from bot.roster import cells, words
from bot.roster.columns import REQUIRED, Column, Kind
from bot.roster.faults import Fault, Trouble
from bot.roster.readings import readings
from bot.roster.tables import Entry
from handlers.class_names import read_class
from handlers.model import CLASS_DUTIES, Duty
from handlers.rolls import ClassRoll, PupilRow, PupilStatus, StaffRow

T = TypeVar("T")

_BETWEEN: Final = re.compile(r"[、，,;；/／|&＆+＋\n]+")
# Ways of writing a class that cannot be read as one of today's; the first that fits says what to write instead.
_UNREADABLE_CLASSES: Final = (
    (re.compile(r"\d+月\d+日"), Trouble.CLASS_DATE),
    (re.compile(r"\d\d[级届]"), Trouble.CLASS_YEAR),
    (re.compile(r"[A-Za-z甲乙丙丁戊]\)?班"), Trouble.CLASS_LETTER),
    (re.compile(r"(.年级|[托大中小]班|学前班?)$"), Trouble.CLASS_NUMBER),
)
_KNOWN_DUTIES: Final = "、".join(spellings[0] for spellings in words.DUTIES.values())
_KNOWN_STAFF: Final = f"{words.HERE}、{words.AWAY}"
_KNOWN_PUPILS: Final = "、".join(spellings[0] for spellings in (*words.PUPIL_STATUSES.values(), words.GONE))


class Faulty(Exception):
    """This row cannot be used."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(*map(str, faults))
        self.faults = faults


def staff_row(entry: Entry) -> StaffRow | None:
    """None for somebody who is not, or not now, to use the bot. Raises Faulty with all that is wrong."""
    reading = _Reading(entry, Kind.STAFF)
    if reading.cell(Column.STATUS, words.staff_is_here, Trouble.STATUS, known=_KNOWN_STAFF) is False:
        return None
    name = reading.name()
    duties = reading.several(Column.DUTY, words.duty, Trouble.DUTY, known=_KNOWN_DUTIES)
    classes = reading.classes()
    staff_no = reading.cell(Column.STAFF_NO, cells.number, Trouble.NUMBER)
    title = reading.cell(Column.TITLE, cells.title, Trouble.TITLE)
    phone = reading.cell(Column.PHONE, cells.phone, Trouble.PHONE)
    reading.duties_and_classes_agree(duties)
    if reading.faults:
        raise Faulty(reading.faults)
    names = tuple(one.name for one in classes)
    return StaffRow(name, staff_no, duties, names, title or f"{cells.surname(name)}老师", phone)


def pupil_row(entry: Entry) -> PupilRow | None:
    """None for a pupil who has left. Raises Faulty with all that is wrong."""
    if words.has_left(entry[Column.STATUS]):
        return None
    reading = _Reading(entry, Kind.PUPILS)
    name = reading.name()
    of_class = reading.one_class()
    seat = reading.cell(Column.SEAT, cells.seat, Trouble.SEAT)
    student_no = reading.cell(Column.STUDENT_NO, cells.number, Trouble.NUMBER)
    sex = reading.cell(Column.SEX, words.sex, Trouble.SEX)
    status = reading.cell(Column.STATUS, words.pupil_status, Trouble.STATUS, known=_KNOWN_PUPILS)
    dorm = reading.cell(Column.DORM, words.dorm, Trouble.DORM)
    agreed = reading.cell(Column.CONSENT_DAY, cells.day, Trouble.CONSENT_DAY)
    version = reading.cell(Column.CONSENT_VERSION, cells.title, Trouble.CONSENT_VERSION)
    if version and not entry[Column.CONSENT_DAY]:
        reading.wrong(Trouble.CONSENT_VERSION, Column.CONSENT_VERSION)
    if reading.faults or of_class is None or seat is None:
        raise Faulty(reading.faults)
    initials, pinyin = readings(name)
    known = status or PupilStatus.ENROLLED
    consent = agreed.isoformat() if agreed else None
    where = dorm or None
    return PupilRow(name, student_no, of_class.name, seat, sex, known, initials, pinyin, where, consent, version)


class _Reading:
    """Takes a row cell by cell and keeps what is wrong with it, so that one reading names every fault."""

    def __init__(self, entry: Entry, kind: Kind) -> None:
        self.entry = entry
        self.faults = [entry.fault(Trouble.EMPTY, column) for column in REQUIRED[kind] if not entry[column]]

    def wrong(self, kind: Trouble, column: Column, **values: object) -> None:
        """One more fault; but where a number of identity stands, that is all there is to say."""
        trouble = Trouble.IDENTITY if cells.is_identity(self.entry[column]) else kind
        self.faults.append(self.entry.fault(trouble, column, **values))

    def cell(self, column: Column, read: Callable[[str], T | None], kind: Trouble, **values: object) -> T | None:
        """What `read` makes of the cell; None of an empty one, which is no fault here."""
        text = self.entry[column]
        value = read(text) if text and not cells.is_identity(text) else None
        if text and value is None:
            self.wrong(kind, column, **values)
        return value

    def several(
        self, column: Column, read: Callable[[str], T | None], kind: Trouble, **values: object
    ) -> tuple[T, ...]:
        """Each of the words in a cell, once, in their order."""
        text = self.entry.raw(column)
        found = [read(word) for word in _words(text, read)]
        if None in found or (text.strip() and not found):
            self.wrong(kind, column, **values)
        return tuple(dict.fromkeys(value for value in found if value is not None))

    def name(self) -> str:
        """The person's name; empty when there is a fault."""
        raw = self.entry.raw(Column.NAME)
        name = cells.person(raw)
        if name is None and raw.strip():
            self.wrong(Trouble.NAME, Column.NAME)
        return name or ""

    def classes(self) -> tuple[ClassRoll, ...]:
        return self.several(Column.CLASS, self._class, self._unreadable_class())

    def one_class(self) -> ClassRoll | None:
        found = self.cell(Column.CLASS, self._class, self._unreadable_class())
        by_grade = read_class(f"{self._grade()}1班")
        if found and by_grade and found.grade != by_grade.grade:
            self.wrong(Trouble.CLASS_GRADE, Column.CLASS)
        return found

    def duties_and_classes_agree(self, duties: Iterable[Duty]) -> None:
        """Who answers for children is said outright, never concluded."""
        has_class = bool(self.entry[Column.CLASS])
        if Duty.HOMEROOM in duties and not has_class:
            self.wrong(Trouble.CLASS_NEEDED, Column.CLASS)
        if has_class and duties and CLASS_DUTIES.isdisjoint(duties):
            self.wrong(Trouble.CLASS_WITHOUT_DUTY, Column.CLASS)

    def _class(self, text: str) -> ClassRoll | None:
        """2班 is a class once the column 年级 says of which grade."""
        return read_class(text) or read_class(self._grade() + text)

    def _grade(self) -> str:
        grade = cells.narrow(self.entry[Column.GRADE])
        return grade if not grade or grade.endswith(("级", "年", "班")) else f"{grade}年级"

    def _unreadable_class(self) -> Trouble:
        said = self._grade() + cells.narrow(self.entry[Column.CLASS])
        return next((kind for shape, kind in _UNREADABLE_CLASSES if shape.search(said)), Trouble.CLASS)


def _words(text: str, read: Callable[[str], object]) -> list[str]:
    """Parts between commas and their like; a part that only makes sense when divided at its spaces is divided."""
    parts = [part.strip() for part in _BETWEEN.split(text)]
    divided: list[str] = []
    for part in filter(None, parts):
        divided += [part] if read(part) is not None else part.split()
    return divided
