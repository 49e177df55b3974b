"""The pieces of a sentence, each with its place in it."""

from datetime import date
from enum import Enum, auto

from msgspec import Struct

from handlers.model import Attendance, Method, Symptom, Where
from handlers.rules.cues import Cue, Disease
from handlers.rules.dates import Day
from handlers.rules.names import Pupil
from handlers.rules.temperature import Problem, Temperature


class Who(Struct, frozen=True):
    """A pupil named, exactly or not. No pupils at all: somebody whom the roster does not know."""

    pupils: tuple[Pupil, ...]
    exact: bool
    doubt: str = ""  # the kind of doubt, when not exact
    choices: tuple[str, ...] = ()
    named: bool = True  # by name, not by seat


class Seat(Struct, frozen=True):
    """N号, 座号N. `sure`: it cannot be a day of the month."""

    number: int
    sure: bool


class Meant(Struct, frozen=True):
    """A known word: what it stands for."""

    symptoms: tuple[Symptom, ...] = ()
    where: Where | None = None
    attendance: Attendance | None = None
    method: Method | None = None
    disease: Disease | None = None
    cue: Cue | None = None


class Degrees(Struct, frozen=True):
    """A temperature, or something typed where one belongs."""

    value: Temperature | Problem
    ranged: bool = False  # 36.2-37.0


class Until(Struct, frozen=True):
    """到周五, 至9月5日, 到5号: with the bare number, if it might be a seat."""

    day: Day
    seat: int | None = None


class Lasting(Struct, frozen=True):
    """三天, 一周, in days. `since`: the first of them, where another than today is said."""

    days: int
    since: date | None = None


class People(Struct, frozen=True):
    """N人, N名, N例."""

    number: int


class Total(Enum):
    """What a number of the headline counts."""

    EXPECTED = auto()  # 应到
    PRESENT = auto()  # 实到
    BOTH = auto()  # 应到实到均为45, 45人全到
    RATE = auto()  # 完成率, in percent


class Count(Struct, frozen=True):
    total: Total
    number: int


class ClassSaid(Struct, frozen=True):
    """As spelled by `read_class`, else as typed (二班)."""

    name: str


class Break(Struct, frozen=True):
    """A sign between things said. A comma or stronger ends a clause; a space, 、 or a bracket does not."""

    sign: str

    @property
    def strong(self) -> bool:
        return self.sign in ",;。!?\n"


class Bare(Struct, frozen=True):
    """A number by itself."""

    number: int | None


class Unknown(Struct, frozen=True):
    """Signs that no rule knows."""


class Silent(Struct, frozen=True):
    """Known, and without weight: 的, 老师好, the 1. of a list."""

    listed: bool = False


Sense = (
    Who | Seat | Meant | Degrees | Day | Until | Lasting | People | Count | ClassSaid | Break | Bare | Unknown | Silent
)


class Token(Struct, frozen=True):
    sense: Sense
    start: int
    end: int


def listed(sense: Sense) -> bool:
    """True for the 1. of a list."""
    return isinstance(sense, Silent) and sense.listed
