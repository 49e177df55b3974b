"""The pieces of a sentence, each with its place in it."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from handlers.model import Attendance, Method, Symptom, Where
from handlers.rules.cues import Cue, Disease
from handlers.rules.dates import Day
from handlers.rules.names import Pupil
from handlers.rules.temperature import Problem, Temperature


@dataclass(frozen=True)
class Who:
    """A pupil named, exactly or not. No pupils at all: somebody whom the roster does not know."""

    pupils: tuple[Pupil, ...]
    exact: bool
    doubt: str = ""  # the kind of doubt, when not exact
    choices: tuple[str, ...] = ()
    named: bool = True  # by name, not by seat


@dataclass(frozen=True)
class Seat:
    """N号, 座号N. `sure`: it cannot be a day of the month."""

    number: int
    sure: bool


@dataclass(frozen=True)
class Meant:
    """A known word: what it stands for."""

    symptoms: tuple[Symptom, ...] = ()
    where: Where | None = None
    attendance: Attendance | None = None
    method: Method | None = None
    disease: Disease | None = None
    cue: Cue | None = None


@dataclass(frozen=True)
class Degrees:
    """A temperature, or something typed where one belongs."""

    value: Temperature | Problem
    ranged: bool = False  # 36.2-37.0


@dataclass(frozen=True)
class Until:
    """到周五, 至9月5日, 到5号: with the bare number, if it might be a seat."""

    day: Day
    seat: int | None = None


@dataclass(frozen=True)
class Lasting:
    """三天, 一周, in days. `since`: the first of them, where another than today is said."""

    days: int
    since: date | None = None


@dataclass(frozen=True)
class People:
    """N人, N名, N例."""

    number: int


class Total(Enum):
    """What a number of the headline counts."""

    EXPECTED = auto()  # 应到
    PRESENT = auto()  # 实到
    BOTH = auto()  # 应到实到均为45, 45人全到
    RATE = auto()  # 完成率, in percent


@dataclass(frozen=True)
class Count:
    total: Total
    number: int


@dataclass(frozen=True)
class ClassSaid:
    """As spelled by `read_class`, else as typed (二班)."""

    name: str


@dataclass(frozen=True)
class Break:
    """A sign between things said. A comma or stronger ends a clause; a space, 、 or a bracket does not."""

    sign: str

    @property
    def strong(self) -> bool:
        return self.sign in ",;。!?\n"


@dataclass(frozen=True)
class Bare:
    """A number by itself."""

    number: int | None


@dataclass(frozen=True)
class Unknown:
    """Signs that no rule knows."""


@dataclass(frozen=True)
class Silent:
    """Known, and without weight: 的, 老师好, the 1. of a list."""

    listed: bool = False


Sense = (
    Who | Seat | Meant | Degrees | Day | Until | Lasting | People | Count | ClassSaid | Break | Bare | Unknown | Silent
)


@dataclass(frozen=True)
class Token:
    sense: Sense
    start: int
    end: int


def listed(sense: Sense) -> bool:
    """True for the 1. of a list."""
    return isinstance(sense, Silent) and sense.listed
