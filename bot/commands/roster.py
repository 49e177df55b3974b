"""`roster import`: the office's file is checked whole, shown as what it would change, and goes in school by school."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from bot.commands import Say
from bot.machine import Machine, MachineError
from bot.roster import Roster, RosterFaults, read_roster
from bot.texts import Words
from handlers.questions import Schools
from handlers.rolls import SchoolRoll, to_json
from handlers.roster import Changes, TooEarly, change, changes, consented, differs, known, movers
from storage import Tx
from storage.answers import Answers
from storage.inbox import DISTRICT, Arrival

MOST_LINES = 30  # of one school and kind; a whole new school is shown by its numbers
DRY = bytes(16)


class Planned(Struct, frozen=True):
    """One school of the file, and what would change in it; None where nothing does."""

    roll: SchoolRoll
    place: int
    lane: str
    changes: Changes | None
    consents: int

    @property
    def differs(self) -> bool:
        return self.changes is not None or self.consents > 0


async def import_roster(
    machine: Machine, files: Sequence[Path], since: date | None, words: Words, say: Say, agreed: Callable[[], bool]
) -> None:
    """Raises MachineError when the file is faulty, the day too early or a school set aside; a faulty file changes
    nothing."""
    roster = _read(files, words, say)
    day = since or machine.today()
    planned, absent = await machine.storage.read(lambda tx: _plan(tx, roster, day, words))
    for line in _report(roster, planned, absent, words):
        say(line)
    say(words.say("machine.since", {"day": day.isoformat()}))
    due = [one for one in planned if one.differs]
    if not due:
        say(words.say("machine.nothing"))
    elif not agreed():
        say(words.say("machine.dry"))
    else:
        await machine.tell([_arrival(machine, one, day) for one in due])
        say(words.say("machine.imported", {"n": len(due)}))


def _read(files: Sequence[Path], words: Words, say: Say) -> Roster:
    try:
        return read_roster(files)
    except RosterFaults as error:
        for fault in error.faults:
            say(str(fault))
        raise MachineError(words.say("machine.faults", {"n": len(error.faults)})) from None


def _plan(tx: Tx, roster: Roster, since: date, words: Words) -> tuple[list[Planned], list[str]]:
    """What each school of the file comes to, and the names of those that are not in it."""
    planned = [_planned(tx, roll, place, since, words) for place, roll in enumerate(roster.schools)]
    there = {roll.school for roll in roster.schools}
    return planned, [school.name for school in Answers(tx)(Schools(since)) if school.name not in there]


def _planned(tx: Tx, roll: SchoolRoll, place: int, since: date, words: Words) -> Planned:
    ask = Answers(tx)
    view = known(ask, roll, since)
    try:
        fact = change(roll, view, place, since, DRY, movers(ask, roll, view))
    except TooEarly as error:
        raise MachineError(words.say("machine.too_early", {"school": roll.school, "day": error.latest})) from error
    lane = view.school.id if view.school is not None and not fact.district else DISTRICT
    consents = sum(len(one.pupils) for one in consented(ask, roll, view, fact))
    return Planned(roll, place, lane, changes(fact, view) if differs(fact, view) else None, consents)


def _arrival(machine: Machine, one: Planned, since: date) -> Arrival:
    return machine.arrival("roster", (str(one.place), since.isoformat()), to_json(one.roll), lane=one.lane)


# What is read before anybody says yes


def _report(roster: Roster, planned: Sequence[Planned], absent: Sequence[str], words: Words) -> Iterator[str]:
    if roster.ignored:
        yield words.say(
            "machine.ignored", {"columns": "、".join(f"{one.sheet}·{one.column}" for one in roster.ignored)}
        )
    if sensitive := [one.column for one in roster.ignored if one.sensitive]:
        yield words.say("machine.sensitive", {"columns": "、".join(dict.fromkeys(sensitive))})
    for note in roster.notes:
        yield note.said
    if absent:
        yield words.say("machine.absent", {"schools": "、".join(absent)})
    for one in planned:
        yield from _school(one, words)


def _school(one: Planned, words: Words) -> Iterator[str]:
    if one.consents:
        yield words.say("machine.consents", {"school": one.roll.school, "n": one.consents})
    if one.changes is None and not one.consents:
        yield words.say("machine.same", {"school": one.roll.school})
    if one.changes is None:
        return
    counts = "，".join(words.say(f"machine.count.{kind}", {"n": n}) for kind, n in one.changes.counts.items())
    key = "machine.new_school" if one.changes.new_school else "machine.school"
    yield words.say(key, {"school": one.roll.school, "counts": counts})
    if one.changes.new_school:
        yield "  " + "　".join(_classes(one.roll, words))
        return
    for lines in one.changes.lines.values():
        for line in lines[:MOST_LINES]:
            yield "  " + words.render(line, name=lambda _: None, author=None)
        if len(lines) > MOST_LINES:
            yield "  " + words.say("machine.more", {"n": len(lines) - MOST_LINES})
    if one.changes.empties:
        sizes = {"staff": one.changes.staff_before, "pupils": one.changes.pupils_before}
        yield words.say("machine.empties", {"school": one.roll.school, **sizes})


def _classes(roll: SchoolRoll, words: Words) -> Iterator[str]:
    """The office knows how many there are of each."""
    sizes = Counter(pupil.class_name for pupil in roll.pupils)
    return (words.say("machine.class", {"klass": one.name, "n": sizes[one.name]}) for one in roll.classes)
