"""The numbers of a picture: frozen, of what JSON knows, and without a field that could hold a person's name (law 5).

A message row keeps these numbers; the picture is drawn from them when it is shown (bot/charts).
What the class marks already say is counted from them, so that grid, headline and 未报 list cannot disagree.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property

from msgspec import Struct


class Mark(StrEnum):
    """How a class stands at the hour of the picture. Not reported is a state of its own, never health."""

    ON_TIME = "on_time"  # 按时
    LATE = "late"  # 逾时
    MISSING = "missing"  # 未报
    UNBOUND = "unbound"  # 未绑定: not reported either, and none of its teachers can be written to
    EXCUSED = "excused"  # 休／停: nothing is due today


REPORTED = frozenset({Mark.ON_TIME, Mark.LATE})
NOT_REPORTED = frozenset({Mark.MISSING, Mark.UNBOUND})


class Drawn(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A part of a picture. In a row, what is as it is by default goes unsaid: a district's picture is three thousand
    cells."""


class Cell(Drawn, frozen=True):
    """One class. `unwell` counts pupils; it is drawn only where the class has reported."""

    label: str  # "2" of 三(2)班; empty for a class that is alone in its grade and has no number
    mark: Mark
    proxy: bool = False  # 代: reported on behalf
    unwell: int = 0
    fever: bool = False  # at least one of the unwell is over the fever line


class GradeRow(Drawn, frozen=True):
    grade: str  # "三"
    cells: tuple[Cell, ...]


class DayPoint(Drawn, frozen=True):
    """One school on one school day: classes due and reported; pupils 应到 and 病 of the reported classes only."""

    day: date
    due: int
    reported: int
    expected: int
    sick: int


class SchoolBlock(Drawn, frozen=True, dict=True):
    id: str
    name: str
    short: str  # 中心校
    rows: tuple[GradeRow, ...]
    fever: int  # pupils over the line
    # today included; a day on which nobody reported is an entry too (its classes were due), and a gap in the line
    history: tuple[DayPoint, ...]
    ready: bool = True  # 就绪: its 疫情报告人 is bound

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(cell for row in self.rows for cell in row.cells)

    @cached_property
    def expected_classes(self) -> int:
        return sum(cell.mark is not Mark.EXCUSED for cell in self.cells)

    @cached_property
    def reported(self) -> int:
        return sum(cell.mark in REPORTED for cell in self.cells)


class Gap(Drawn, frozen=True):
    """A holiday between two school days: `after` is the last school day before it."""

    after: date
    name: str


class Morning(Drawn, frozen=True, tag_field="kind", tag="morning"):
    """今日晨检一览, the 09:00 picture. Pupils are counted over the classes that have reported."""

    day: date
    as_of: str  # HH:MM in the district's zone
    district: str
    schools: tuple[SchoolBlock, ...]  # their own order, never ranked
    zero: int  # classes whose report is a zero report
    fever: int
    # of those: symptom group (RESP GI RASH PAROTID EYE JAUND TB OTHER) → pupils, as to be shown
    groups: Mapping[str, int]
    expected: int  # 应到 = 实到 present + 病 sick + 事 personal + 原因未明 unknown
    present: int
    sick: int
    personal: int
    unknown: int
    days: tuple[date, ...]  # the school days of the line, today last
    fevers: tuple[int | None, ...]  # pupils with fever on each of `days`; None where nobody reported
    gaps: tuple[Gap, ...] = ()
    outage: tuple[tuple[str, str], ...] = ()  # 系统中断 from HH:MM to HH:MM
    updated: str | None = None  # HH:MM of the newest edit after as_of; MM-DD HH:MM where that is on a later day
    rehearsal: bool = False  # 【演练】
    language: str = "zh"

    @property
    def expected_classes(self) -> int:
        return sum(school.expected_classes for school in self.schools)

    @property
    def reported(self) -> int:
        return sum(school.reported for school in self.schools)

    @property
    def unwell(self) -> int:
        """其他不适: pupils without a fever."""
        return sum(self.groups.values())

    @property
    def on_time(self) -> int:
        return self._count(Mark.ON_TIME)

    @property
    def late(self) -> int:
        return self._count(Mark.LATE)

    @property
    def missing(self) -> tuple[tuple[SchoolBlock, GradeRow, Cell], ...]:
        """未报, unbound ones included, in the schools' own order."""
        return tuple(triple for triple in self._classes() if triple[2].mark in NOT_REPORTED)

    def _count(self, mark: Mark) -> int:
        return sum(cell.mark is mark for _, _, cell in self._classes())

    def _classes(self) -> Iterator[tuple[SchoolBlock, GradeRow, Cell]]:
        return ((school, row, cell) for school in self.schools for row in school.rows for cell in row.cells)


Picture = Morning  # the pictures to come join here
