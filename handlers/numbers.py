"""A morning in numbers: classes by standing, pupils of the classes that have reported, fevers and symptoms."""

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from handlers.model import Attendance, Entry, Klass, Symptom, Where
from handlers.questions import ClassRow, SchoolMorningView
from handlers.rules.fever import Lines, is_fever, is_unwell
from handlers.rules.sums import Sums, sums_of
from handlers.rules.vocabulary import GROUPS


class Standing(Struct, frozen=True):
    """Classes. due = on_time + late + missing; excused ones are not due."""

    due: int = 0
    on_time: int = 0
    late: int = 0
    missing: int = 0
    zero: int = 0

    @property
    def reported(self) -> int:
        return self.on_time + self.late

    def __add__(self, other: "Standing") -> "Standing":
        return Standing(
            self.due + other.due,
            self.on_time + other.on_time,
            self.late + other.late,
            self.missing + other.missing,
            self.zero + other.zero,
        )


class Unwell(Struct, frozen=True):
    """One unwell pupil of a class."""

    klass: Klass
    entry: Entry
    fever: bool
    group: str


class Count(Struct, frozen=True):
    """What one school, or the district, reports. Sums are of the reported classes only."""

    standing: Standing
    sums: Sums
    unwell: tuple[Unwell, ...]
    missing: tuple[ClassRow, ...]

    @property
    def fevers(self) -> tuple[Unwell, ...]:
        return tuple(one for one in self.unwell if one.fever)

    def where(self) -> Mapping[Where, int]:
        """去向 of the feverish."""
        return Counter(one.entry.where for one in self.fevers if one.entry.where)

    def groups(self) -> Mapping[str, int]:
        """症候群 of those without fever."""
        return Counter(one.group for one in self.unwell if not one.fever)


def count(rows: Iterable[ClassRow], lines: Lines) -> Count:
    due = [row for row in rows if row.off is None]
    reported = [row for row in due if row.report is not None]
    missing = tuple(row for row in due if row.report is None)
    sums, zero = Sums(), 0
    unwell: list[Unwell] = []
    for row in reported:
        assert row.report is not None  # noqa: S101 - chosen so above
        added = sums_of(row.report, lines)
        sums, zero = sums + added, zero + added.zero
        unwell += [
            Unwell(row.klass, entry, is_fever(entry, lines), group_of(entry, lines))
            for entry in row.report.entries
            if is_unwell(entry, lines)
        ]
    on_time = sum(row.report is not None and row.report.timely for row in reported)
    standing = Standing(len(due), on_time, len(reported) - on_time, len(missing), zero)
    return Count(standing, sums, tuple(unwell), missing)


def together(counts: Iterable[Count]) -> Count:
    whole = Count(Standing(), Sums(), (), ())
    for one in counts:
        a, b = whole.standing, one.standing
        standing = Standing(
            a.due + b.due, a.on_time + b.on_time, a.late + b.late, a.missing + b.missing, a.zero + b.zero
        )
        whole = Count(standing, whole.sums + one.sums, whole.unwell + one.unwell, whole.missing + one.missing)
    return whole


def groups_of(entries: Iterable[Entry], lines: Lines) -> tuple[tuple[str, int], ...]:
    """What a report says of groups once nobody in it is kept any more: 症候群 of those without fever, and who was late,
    each by its name."""
    listed = tuple(entries)
    found = Counter(group_of(one, lines) for one in listed if is_unwell(one, lines) and not is_fever(one, lines))
    late = sum(one.attendance is Attendance.LATE for one in listed)
    return (*sorted(found.items()), *((("late", late),) if late else ()))


def group_of(entry: Entry, lines: Lines) -> str:
    """The syndrome group: of the first symptom that has one; FEVER for a fever alone, OTHER for no symptom named."""
    groups = [GROUPS[code] for code in entry.symptoms if code is not Symptom.FEVER]
    if groups:
        return groups[0]
    return "FEVER" if is_fever(entry, lines) else "OTHER"


def clustered(view: SchoolMorningView, unwell: Iterable[Unwell], least: int = 3) -> list[tuple[Klass, str, int]]:
    """同班3人及以上: classes with so many unwell, the commonest group named with its number."""
    found: dict[str, list[Unwell]] = {}
    for one in unwell:
        found.setdefault(one.klass.id, []).append(one)
    result = []
    for row in view.rows:
        ones = found.get(row.klass.id, [])
        if len(ones) >= least:
            group, _ = Counter(one.group for one in ones).most_common(1)[0]
            result.append((row.klass, group, len(ones)))
    return result
