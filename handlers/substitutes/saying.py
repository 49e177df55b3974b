"""What was typed after /substitute: 李老师 到周五, 三(1)班 何静 9月3日到9月5日, 中心校 三(1)班 何静 明天. Pure."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from handlers.class_names import class_first, school_first
from handlers.model import School
from handlers.rules.dates import read_ahead, read_span
from handlers.rules.spelling import plain

LONGEST = timedelta(days=200)  # beyond a term it is the office's file that changes

_FROM = re.compile(r"(?:从|自|由)\s*")
_TO = re.compile(r"\s*(?:起|开始)?\s*,?\s*(?:一?直?到|至|~|—+|-)\s*")
_ONWARD = re.compile(r"\s*(?:起|开始)?\s*")

Days = tuple[date, date]


class Said(Struct, frozen=True):
    """`who` is still to be found among the staff; `klass` is its name. What was not said is empty or None."""

    school: School | None
    klass: str | None
    who: str
    days: Days | None


def read_handing(typed: str, schools: Sequence[School], today: date) -> Said:
    """[学校] [班级] 姓名 [从日期] [到日期]. `schools`: those that the person may speak of."""
    words = plain(re.sub(r"\s+", " ", typed)).strip()
    school, words = school_first(words, schools, plain)
    roll, rest = class_first(words)
    if roll is None:
        rest = words
    for at in range(len(rest) + 1):
        days = _days(rest[at:].strip(" ,，。"), today)
        if days is not None:
            return Said(school, roll.name if roll else None, _name(rest[:at]), days)
    return Said(school, roll.name if roll else None, _name(rest), None)


def _name(words: str) -> str:
    return words.strip(" ,，。:：").removeprefix("由").removesuffix("代班").removesuffix("代").strip()


def _days(words: str, today: date) -> Days | None:
    """明天, 到周五, 从9月3日到9月5日, 9月3日-9月5日, 三天: the first day and the last; None for anything else."""
    start = _FROM.match(words)
    first = read_ahead(words, start.end() if start else 0, today)
    if first is None:
        return _open_start(words, today)
    since, end = first
    to = _TO.match(words, end)
    last = _last(words, to.end(), since, today) if to else None
    if last is not None:
        return (since, last[0]) if last[1] == len(words) else None
    long = read_span(words, _after(words, end))
    if long is not None and long[1] == len(words):
        return since, since + timedelta(days=long[0] - 1)
    return (since, since) if _after(words, end) == len(words) else None


def _last(words: str, at: int, since: date, today: date) -> tuple[date, int] | None:
    """周一到周三 on a Tuesday: the Wednesday after that Monday."""
    near = read_ahead(words, at, today)
    return near if near is None or near[0] >= since else read_ahead(words, at, since)


def _after(words: str, end: int) -> int:
    onward = _ONWARD.match(words, end)
    return onward.end() if onward else end


def _open_start(words: str, today: date) -> Days | None:
    """到周五, 三天: from today on."""
    to = _TO.match(words)
    last = read_ahead(words, to.end(), today) if to else None
    if last is not None and last[1] == len(words):
        return today, last[0]
    long = read_span(words, 0)
    return (today, today + timedelta(days=long[0] - 1)) if long and long[1] == len(words) else None


def wrong(days: Days, today: date) -> str | None:
    """What is wrong with them, as the last part of a text key: past, turned, long."""
    since, until = days
    if since < today:
        return "past"
    if until < since:
        return "turned"
    return "long" if until - since > LONGEST else None
