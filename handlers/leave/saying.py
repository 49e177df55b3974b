"""What was typed after /leave: 三(2)班 17号 至10月8日, 中心校 三(2)班 王小明 送教上门. Pure."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from handlers.class_said import class_said
from handlers.model import School
from handlers.rolls import PupilStatus
from handlers.rules.dates import read_ahead

LONGEST = timedelta(days=400)  # beyond a school year it is a slip of the year

_HOME_TAUGHT = re.compile(r"送教(?:上门)?")
_LEAVE = re.compile(r"请?(?:长假|休学)|请假")
_TO = re.compile(r"(?:一?直?到|至|截止到?|~|—+|-)\s*")


class Said(Struct, frozen=True):
    """`who` is still to be found in the class. `until`: the last day of it; None for good."""

    school: School
    klass: str
    who: str
    kind: str
    until: date | None


class Misread(Struct, frozen=True):
    """What was wrong, as the last part of a text key: unread, school, no_day, past, long."""

    why: str


def read_leave(typed: str, schools: Sequence[School], today: date) -> Said | Misread:
    """[学校] 班级 学生 至日期, or 送教上门 with or without a day. `schools`: those that the person may speak of."""
    said = class_said(typed, schools)
    school, klass, rest = said.school, said.klass, said.rest
    if klass is None:
        return Misread("unread")
    if school is None:
        return Misread("school")
    kind = PupilStatus.HOME_TAUGHT if _HOME_TAUGHT.search(rest) else PupilStatus.LEAVE
    who, until = _until(_LEAVE.sub(" ", _HOME_TAUGHT.sub(" ", rest)).strip(" ,，。"), today)
    if not who:
        return Misread("unread")
    if until is None:
        return Said(school, klass, who, kind, None) if kind is PupilStatus.HOME_TAUGHT else Misread("no_day")
    wrong = "past" if until < today else "long" if until - today > LONGEST else None
    return Misread(wrong) if wrong else Said(school, klass, who, kind, until)


def _until(rest: str, today: date) -> tuple[str, date | None]:
    """Who is left over when the last day at the end is taken away."""
    for at in range(len(rest)):
        to = _TO.match(rest, at)
        day = _day(rest[to.end() if to else at :], today)
        if day is not None and (to is not None or rest[:at].endswith(" ")):
            return rest[:at].strip(" ,，"), day
    return rest, None


def _day(said: str, today: date) -> date | None:
    read = read_ahead(said, 0, today)
    return read[0] if read and read[1] == len(said) else None
