"""What the office's file says of one school, once it is checked: the payload of a roster update."""

from enum import StrEnum

import msgspec
from msgspec import Struct

from handlers.model import Duty
from handlers.plain import read


class Sex(StrEnum):
    """性别, if the office gives it."""

    MALE = "male"
    FEMALE = "female"


class PupilStatus(StrEnum):
    """状态. Only an ENROLLED pupil counts in 应到."""

    ENROLLED = "enrolled"  # 在读
    LEAVE = "leave"  # 长假, 休学
    HOME_TAUGHT = "home_taught"  # 送教上门


class ClassRoll(Struct, frozen=True):
    """One class; `name` is always spelled 三(2)班."""

    name: str
    grade: str
    number: int


class StaffRow(Struct, frozen=True):
    """One of the staff. `title` is how they are addressed (称呼); `classes` are those they answer for."""

    name: str
    staff_no: str | None
    duties: tuple[Duty, ...]
    classes: tuple[str, ...]
    title: str
    phone: str | None


class PupilRow(Struct, frozen=True):
    """One pupil. `initials` and `pinyin` hold every reading of the name, lower case, no tones, the likeliest first."""

    name: str
    student_no: str | None
    class_name: str
    seat: int
    sex: Sex | None
    status: PupilStatus
    initials: tuple[str, ...]
    pinyin: tuple[str, ...]
    dorm: str | None = None  # where a boarder sleeps; None for who goes home
    consent: str | None = None  # the day on which a guardian signed
    consent_version: str | None = None  # of what text; None: of the one that is signed now


class SchoolRoll(Struct, frozen=True):
    """A school whole: whoever is not in it has left. An office without pupils is a school without classes."""

    school: str
    classes: tuple[ClassRoll, ...]
    staff: tuple[StaffRow, ...]
    pupils: tuple[PupilRow, ...]


def to_json(roll: SchoolRoll) -> str:
    """The same roll gives the same text, on every machine."""
    return msgspec.json.encode(roll).decode()


def from_json(text: str) -> SchoolRoll:
    """Raises ValueError when the text is not one that `to_json` wrote."""
    return read(SchoolRoll, text)
