"""What of a reading can be written down as it stands. Where something must be asked, less is said, never more."""

import re
from collections.abc import Collection
from datetime import date

from handlers.rules.reading.result import Line, Reading
from handlers.values import replace

_NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?![\d.])")
HOW_TODAY = {"history", "denied"}  # whether it is so this morning, must be asked
_WHOSE = {"pupil", "unknown_name", "seat_or_date", "twice"}
ELSEWHERE = {"class", "old_date", "future_date"}


def is_of_today(reading: Reading, today: date) -> bool:
    """False for another day, another class, or what may be either."""
    elsewhere = any(doubt.kind in ELSEWHERE and doubt.line is None for doubt in reading.doubts)
    return not elsewhere and reading.day in (None, today)


def is_zero(reading: Reading, today: date) -> bool:
    """A zero report outright: 全勤 alone says nothing of anybody's health, and a number that was not understood may
    be of somebody who is missing."""
    asked = any(doubt.kind == "health" for doubt in reading.doubts) or any(map(_NUMBER.search, reading.unread))
    return reading.zero and is_of_today(reading, today) and not asked


def settled(line: Line, asked: Collection[str]) -> Line | None:
    """The line without what `asked`, the kinds of its doubts, leaves open; None when it is open whose it is, or
    nothing is left."""
    if line.pupil is None or not _WHOSE.isdisjoint(asked):
        return None
    if "temperature" in asked:
        line = replace(line, temperature=None)
    if not {"date", "old_date"}.isdisjoint(asked):
        line = replace(line, until=None)
    if not HOW_TODAY.isdisjoint(asked):
        line = of_today(line)
    return line if not asked or _says_something(line) else None


def of_today(line: Line) -> Line:
    """昨天17号发热38.5 says nothing of today yet, 昨天发烧，今天没来 that the pupil is away."""
    return replace(line, temperature=None, symptoms=())


def _says_something(line: Line) -> bool:
    said = (line.temperature, line.attendance, line.where, line.disease, line.until)
    return bool(line.symptoms) or any(one is not None for one in said)
