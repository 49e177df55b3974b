"""What an admin typed after /holiday: for whom, which days, and what the days are called. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.class_names import read_class
from handlers.model import School
from handlers.rules.dates import read_day

LONGEST = 120  # days: beyond a summer holiday it is a slip of the year
LONGEST_NAME = 30
SCHOOL_DAY = frozenset({"上学", "上课", "正常上学", "正常上课", "补课", "school", "school day"})

_TO = re.compile(r"\s*(?:\.{2,}|…+|~|至|到|—+|–|-)\s*")
_SHORT = re.compile(r"(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d|-)")
_IN_MONTH = re.compile(r"(?P<day>\d{1,2})[日号]?(?![\d月/-])")


@dataclass(frozen=True)
class Said:
    """Without school, grade and class it is for the whole district."""

    school: School | None
    grade: str
    klass: str
    first: date
    last: date
    name: str
    school_day: bool

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(n) for n in range((self.last - self.first).days + 1))


@dataclass(frozen=True)
class Misread:
    """What was wrong, as the last part of a text key: unread, scope, past, reversed, long, name."""

    why: str


def read_holiday(typed: str, schools: Sequence[School], today: date) -> Said | Misread:
    """[学校] [年级|班级] 日期[..日期] [名称|上学]."""
    words = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", typed)).strip()
    school, rest = _school(words, schools, today)
    scope, rest = _first_word(rest, today)
    grade, klass = _part(scope)
    span = _span(rest, today)
    if span is None:
        return Misread("unread")
    if scope and not grade and not klass:
        return Misread("scope")
    first, last, end = span
    name = rest[end:].strip(" ,。:;、")
    wrong = _wrong(first, last, name, today)
    if wrong:
        return Misread(wrong)
    return Said(school, grade, klass, first, last, name, name.casefold() in SCHOOL_DAY)


def _wrong(first: date, last: date, name: str, today: date) -> str | None:
    """A name that begins with a day is a second day, not a name."""
    if _day(name, 0, today):
        return "unread"
    if last < first:
        return "reversed"
    if first < today:
        return "past"
    if (last - first).days >= LONGEST:
        return "long"
    return "name" if len(name) > LONGEST_NAME else None


def _school(words: str, schools: Sequence[School], today: date) -> tuple[School | None, str]:
    """The school that the words begin with, the longest name first; the rest of the words."""
    if _day(words, 0, today):
        return None, words
    names = sorted(
        ((unicodedata.normalize("NFKC", name), one) for one in schools for name in (one.name, one.short)),
        key=lambda pair: -len(pair[0]),
    )
    for name, one in names:
        if words.startswith(name):
            return one, words[len(name) :].lstrip()
    return None, words


def _first_word(words: str, today: date) -> tuple[str, str]:
    """The word before the date, if the words do not begin with one."""
    if not words or _day(words, 0, today):
        return "", words
    scope, _, rest = words.partition(" ")
    return scope, rest


def _part(scope: str) -> tuple[str, str]:
    """三 for 三年级, or 三(2)班; neither for what is no part of a school."""
    klass = read_class(scope)
    if klass is not None:
        return "", klass.name
    grade = read_class(f"{scope.removesuffix('年级')}(1)班") if scope else None
    return (grade.grade, "") if grade else ("", "")


def _span(words: str, today: date) -> tuple[date, date, int] | None:
    start = _day(words, 0, today)
    if start is None:
        return None
    first, end = start
    to = _TO.match(words, end)
    if to is None:
        return first, first, end
    until = _day(words, to.end(), first) or _in_month(words, to.end(), first)
    return (first, *until) if until else None


def _day(words: str, at: int, today: date) -> tuple[date, int] | None:
    """A day with its month, or one said from today; 10-12 is 10月12日."""
    short = _SHORT.match(words, at)
    if short:
        found = read_day(f"{short['month']}月{short['day']}日", 0, today)
        return (found[0].ahead, short.end()) if found and found[0].ahead else None
    read = read_day(words, at, today)
    return (read[0].ahead, read[1]) if read and read[0].ahead else None


def _in_month(words: str, at: int, first: date) -> tuple[date, int] | None:
    """The 14 of 10月12日至14."""
    found = _IN_MONTH.match(words, at)
    read = read_day(f"{found['day']}日", 0, first) if found else None
    return (read[0].ahead, found.end()) if found and read and read[0].ahead else None
