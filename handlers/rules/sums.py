"""The day adds up: 应到 = 实到 + 病 + 事 + 原因未明, for a class and for any number of classes."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from handlers.model import Attendance, Entry, Report
from handlers.rules.fever import Lines, is_fever, is_unwell

SUMMED: Final = ("present", "sick", "personal", "unknown", "unwell", "fever", "listed")


class Sums(Struct, frozen=True):
    """Pupils. `unwell` and `fever` may be present or away; `listed` are those of whom anything was said. Raises
    ValueError for figures that do not add up: there are none of them anywhere."""

    expected: int = 0
    present: int = 0
    sick: int = 0
    personal: int = 0
    unknown: int = 0
    unwell: int = 0
    fever: int = 0
    listed: int = 0

    def __post_init__(self) -> None:
        if self.expected != self.present + self.absent:
            raise ValueError(f"{self.expected} expected is not {self.present} present and {self.absent} absent")
        if not self.absent <= self.listed <= self.expected:
            raise ValueError(f"{self.absent} absent, {self.listed} listed of {self.expected} expected")
        if not 0 <= self.fever <= self.unwell <= self.listed:
            raise ValueError(f"{self.fever} with a fever, {self.unwell} unwell of {self.listed} listed")

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.expected + other.expected,
            self.present + other.present,
            self.sick + other.sick,
            self.personal + other.personal,
            self.unknown + other.unknown,
            self.unwell + other.unwell,
            self.fever + other.fever,
            self.listed + other.listed,
        )

    @property
    def absent(self) -> int:
        """缺勤 = 病 + 事 + 原因未明."""
        return self.sick + self.personal + self.unknown

    @property
    def normal(self) -> int:
        """Of whom nothing was said: each of them is accounted for by the report."""
        return self.expected - self.listed

    @property
    def zero(self) -> bool:
        """零报告: nobody unwell and nobody missing without a known cause; 事假 alone leaves it zero."""
        return self.unwell == 0 and self.sick == 0 and self.unknown == 0


def add_up(expected: int, entries: Iterable[Entry], lines: Lines) -> Sums:
    """The sums of one class. Raises ValueError when more pupils are away than are expected, or one is listed twice."""
    listed = tuple(entries)
    if len({entry.pupil for entry in listed}) < len(listed):
        raise ValueError("a pupil is listed twice")
    by = Counter(entry.attendance for entry in listed)
    away = by[Attendance.SICK] + by[Attendance.PERSONAL] + by[Attendance.UNKNOWN]
    if away > expected:
        raise ValueError(f"{away} away of {expected} expected")
    return Sums(
        expected=expected,
        present=expected - away,
        sick=by[Attendance.SICK],
        personal=by[Attendance.PERSONAL],
        unknown=by[Attendance.UNKNOWN],
        unwell=sum(is_unwell(entry, lines) for entry in listed),
        fever=sum(is_fever(entry, lines) for entry in listed),
        listed=len(listed),
    )


def sums_of(report: Report, lines: Lines) -> Sums:
    """Of a report: from who is listed in it, or, where not all of them are kept any more, as it added up then."""
    if report.counts is None:
        return add_up(report.expected, report.entries, lines)
    return Sums(report.expected, **{name: report.counts[name] for name in SUMMED})
