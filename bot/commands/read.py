"""`read`: one sentence about one class, read as the bot would read it, without a database and without a bot."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct

from bot.commands import Say
from bot.machine import MachineError
from bot.roster import RosterFaults, read_roster
from bot.roster.columns import Kind
from bot.texts import Words
from handlers.class_names import read_class
from handlers.model import Attendance
from handlers.rolls import SchoolRoll
from handlers.rules.names import Pupil
from handlers.rules.reading import Doubt, Line, Reading, read
from handlers.rules.reading.settled import ELSEWHERE, is_of_today, is_zero, settled
from handlers.values import replace

_CLASS = "class"  # the id of the only class there is

Json = dict[str, Any]


class Wanted(Struct, frozen=True):
    """Of whom the sentence is: the class, by any spelling, and its school where two have one of that name."""

    klass: str
    school: str | None
    day: date


def read_sentence(sentence: str, files: Sequence[Path], wanted: Wanted, words: Words, say: Say, say_wrong: Say) -> None:
    """Says the reading as JSON. Raises MachineError, which says what to do, when the file is faulty (each fault is
    said apart) or the class is not in it."""
    name, pupils = _class_of(_schools(files, words, say_wrong), wanted, words)
    reading = read(sentence, pupils, today=wanted.day, classes={name: _CLASS})
    said = as_json(reading, sentence, pupils, name, wanted.day, words)
    say(json.dumps(said, ensure_ascii=False, indent=2))


# Which pupils


def _schools(files: Sequence[Path], words: Words, say_wrong: Say) -> tuple[SchoolRoll, ...]:
    try:
        return read_roster(files, needed=(Kind.PUPILS,)).schools
    except RosterFaults as error:
        for fault in error.faults:
            say_wrong(str(fault))
        raise MachineError(words.say("machine.read_faults", {"n": len(error.faults)})) from None


def _class_of(schools: Sequence[SchoolRoll], wanted: Wanted, words: Words) -> tuple[str, tuple[Pupil, ...]]:
    named = [one for one in schools if one.classes and wanted.school in (None, one.school)]
    if not named:
        names = "、".join(one.school for one in schools if one.classes)
        raise MachineError(words.say("machine.no_school", {"school": wanted.school or "", "names": names}))
    roll = read_class(wanted.klass)
    name = roll.name if roll else wanted.klass
    having = [one for one in named if any(klass.name == name for klass in one.classes)]
    if not having:
        names = "、".join(dict.fromkeys(klass.name for one in named for klass in one.classes))
        raise MachineError(words.say("machine.no_class", {"klass": wanted.klass, "names": names}))
    if len(having) > 1:
        schools_having = "、".join(one.school for one in having)
        raise MachineError(words.say("machine.which_school", {"klass": name, "names": schools_having}))
    return name, pupils_of(having[0], name)


def pupils_of(school: SchoolRoll, klass: str) -> tuple[Pupil, ...]:
    """Those of a class, who are known here by their seats."""
    return tuple(
        Pupil(str(one.seat), one.seat, one.name, one.initials, one.pinyin)
        for one in school.pupils
        if one.class_name == klass
    )


# What was read


def as_json(reading: Reading, sentence: str, pupils: Sequence[Pupil], klass: str, today: date, words: Words) -> Json:
    """Entries are what can be written down as it stands; what must be asked first is in the questions, with what was
    read of it, and what no rule knew is quoted as typed."""
    here = is_of_today(reading, today)
    names = {one.id: one.name for one in pupils}
    entries = []
    questions = [_question(doubt, reading, sentence, names, words) for doubt in reading.doubts]
    if reading.day not in (None, today):
        questions.append(_asked(Doubt("other_day", sentence, (str(reading.day),)), words))
    for place, line in enumerate(reading.lines):
        asked = {doubt.kind for doubt in reading.doubts if doubt.line == place}
        sure = settled(line, asked) if here else None
        if sure is not None:
            entries.append(_entry(sure, names, asked))
    return {
        "class": None if any(doubt.kind == "class" for doubt in reading.doubts) else klass,
        "expected": reading.expected,
        "present": reading.present,
        "zero_report": is_zero(reading, today),
        "entries": entries,
        "questions": questions,
        "unread": list(reading.unread),
        "staff_absent": reading.staff_absent,
    }


def _entry(line: Line, names: dict[str, str], asked: set[str]) -> Json:
    return {
        "seat": None if line.pupil is None else int(line.pupil),
        "name": None if line.pupil is None else names[line.pupil],
        "temperature_c": None if line.temperature is None else line.temperature / 10,
        "symptoms": [str(code) for code in line.symptoms],
        "attending": line.attending,
        "whereabouts": None if line.where is None else str(line.where),
        "disease": None if line.recovered else line.disease,
        "until": None if line.until is None else line.until.isoformat(),
        "cause_unknown": line.attendance is Attendance.UNKNOWN and "reason" not in asked,
        "returned": line.returned,
        "words": line.words,
    }


def _question(doubt: Doubt, reading: Reading, sentence: str, names: dict[str, str], words: Words) -> Json:
    if doubt.line is None:
        whole = doubt.kind in ELSEWHERE  # nothing of the sentence is in the entries then
        return _asked(replace(doubt, said=sentence) if whole else doubt, words)
    line = reading.lines[doubt.line]
    asked = _asked(replace(doubt, said=line.words), words)
    if line.pupil is not None and not asked["seats"]:
        asked["seats"] = [int(line.pupil)]
    return asked | {"read": _entry(line, names, {doubt.kind})}


def _asked(doubt: Doubt, words: Words) -> Json:
    """The choices of a doubt are seats, days or tenths of °C, by its kind."""
    days = [one for one in doubt.choices if "-" in one]
    numbers = [one for one in doubt.choices if one.isdigit()]
    warm = doubt.kind == "temperature"
    return {
        "kind": doubt.kind,
        "question": words.say(f"machine.asks.{doubt.kind}", {"words": doubt.said}),
        "words": doubt.said,
        "seats": [] if warm else [int(one) for one in numbers],
        "days": days,
        "temperatures": [int(one) / 10 for one in numbers] if warm else [],
    }
