"""Fever: the line of each way of measuring, and what counts as unwell."""

from collections.abc import Collection, Mapping

from handlers.model import Attendance, Entry, Method, Symptom

Lines = Mapping[Method, int]  # tenths of °C, from which on it is a fever


def is_fever(entry: Entry, lines: Lines) -> bool:
    """True from the line on. 发烧 said without a number counts: a lost fever is worse than a question."""
    if entry.temperature is not None:
        return entry.temperature >= lines[entry.method or Method.AXILLARY]
    return Symptom.FEVER in entry.symptoms


def is_flagged(entry: Entry, lines: Lines, alarming: Collection[Symptom]) -> bool:
    """A fever, or a symptom that the district treats as one: it is told at once."""
    return is_fever(entry, lines) or any(code in alarming for code in entry.symptoms)


def is_unwell(entry: Entry, lines: Lines) -> bool:
    """Fever, a symptom, or away for illness. 事假, 迟到 and 原因不明 by themselves are not illness."""
    return is_fever(entry, lines) or bool(entry.symptoms) or entry.attendance is Attendance.SICK
