"""What is remembered while a message is read: what will be reported of it, and how the next word is meant."""

from datetime import date

from msgspec import Struct, field

from handlers.rules.dates import Day
from handlers.rules.reading.entry import Entry, Fact
from handlers.rules.reading.result import Doubt
from handlers.rules.reading.tokens import Count

Span = tuple[int, int]


class Tally(Struct):
    """病假2人: a number, and how many were named under it. `absence`: of people away, not of a symptom."""

    number: int
    said: str
    listed: int = 0
    absence: bool = True


class Heading(Struct):
    """Facts said before the names that they are of: 病假：张三、李四."""

    facts: list[Fact]
    wide: bool  # holds beyond a comma
    over_lines: bool  # its names stand in the lines below
    tally: Tally | None
    clause: int


class Notes(Struct):
    """What the reading of a message brings home."""

    entries: list[Entry] = field(default_factory=list)
    owners: list[tuple[Span, tuple[int, ...]]] = field(default_factory=list)  # whose words, by place in `entries`
    counts: list[Count] = field(default_factory=list)
    staff_counts: list[Count] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    day: Day | None = None
    well: bool = False
    all_here: bool = False
    staff_absent: int | None = None
    doubts: list[tuple[Doubt, int | None]] = field(default_factory=list)
    unread: list[Span] = field(default_factory=list)


class Mood(Struct):
    """How what comes next in the clause is meant."""

    denying: int = 0  # two in a row deny nothing, and are asked about
    denied_any: bool = False
    blurred: bool = False  # what stands after the 没 is not all understood
    brief: bool = False  # 没, 不: denies one thing only
    past: bool = False
    planned: bool = False
    later: bool = False
    both: bool = False
    each: bool = False
    asking: bool = False  # 有没有发烧
    wondering: bool = False  # 3号什么时候返校？
    staff: bool = False
    relative: bool = False  # 3号爸爸: who comes back now is the father
    excepting: bool = False
    back_on: date | None = None
