"""What others see of a pupil: a fever at the gate, a visit to the 校医, a parent's leave note. Written down in a
sentence, held beside the class's report of that day."""

from datetime import date, timedelta

from handlers.answering import KEEPERS
from handlers.facts import Sighted, SightingWithdrawn
from handlers.ids import new_id
from handlers.ledger.contradictions import compared, entries_about, is_listed, reports_of, says_something, withdrawn
from handlers.ledger.opening import ClassOf, responsible
from handlers.ledger.showing import sighted
from handlers.model import (
    Answer,
    Attendance,
    Choices,
    Entry,
    Message,
    Person,
    Text,
    ToHere,
    ToPerson,
    Update,
    Urgency,
    choice,
    text,
)
from handlers.outcome import Outcome, pop_up
from handlers.proposal import entry_of, reading_of
from handlers.questions import Ask, Classes, RulesOn, SightingBy, SightingView
from handlers.rules.dates import read_day
from handlers.rules.reading import Line, read
from handlers.rules.spelling import plain
from handlers.scene import Scene, current_round, look
from handlers.values import replace
from handlers.words import NOTHING

BACK, AHEAD = timedelta(days=7), timedelta(days=60)  # a leave note speaks of days between
MISTAKEN = "mistaken"
TO = ("到", "至", "-", "~")  # before the last day of a leave


def gate(update: Update, ask: Ask, person: Person) -> Outcome:
    """/gate 三(2)班17号 38.2: by whoever of the school stands at the gate."""
    return _written(update, ask, person, "gate", _of_school(ask, person, update.today))


def clinic(update: Update, ask: Ask, person: Person) -> Outcome:
    """/clinic 三(2)班17号 38.5 咳嗽: by the 校医, the 疫情报告人 and the deputy."""
    return _written(update, ask, person, "clinic", _of_school(ask, person, update.today))


def note(update: Update, ask: Ask, person: Person) -> Outcome:
    """/note 三(2)班17号 病假 9月1日: by the class's teachers, and the 疫情报告人 and deputy for the school."""
    classes = _of_school(ask, person, update.today)
    if not person.has(*KEEPERS):
        classes = {name: one for name, one in classes.items() if person.teaches(one)}
    return _written(update, ask, person, "leave_note", classes)


def _of_school(ask: Ask, person: Person, day: date) -> dict[str, str]:
    return {one.name: one.id for one in ask(Classes(person.school, day))} if person.school else {}


def _written(update: Update, ask: Ask, person: Person, kind: str, classes: dict[str, str]) -> Outcome:
    """Nothing is kept of what is not sure: who it was, or how warm."""
    said = read(update.text, (), today=update.today, classes=classes)
    class_id = said.class_id or (next(iter(classes.values())) if len(classes) == 1 else None)
    if class_id is None:
        return _say(update, text(f"sighting.how_{kind}"))
    words = update.text.replace(said.class_said or "\0", " ", 1) if said.class_id else update.text
    day, words = _day_of(words, update.today) if kind == "leave_note" else (update.today, words)
    rounds = ask(RulesOn(day)).rounds
    scene = look(update, ask, class_id, day, current_round(rounds, update).id) if rounds else None
    if scene is None or not -BACK <= day - update.today <= AHEAD:
        return _say(update, text("sighting.day"))
    entry, until = _read(scene, kind, words)
    if entry is None:
        return _say(update, text(f"sighting.how_{kind}"))
    return _kept(scene, ask, person, kind, entry, until or day)


def _say(update: Update, words: Text, choices: Choices = ()) -> Outcome:
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words, choices),))


def _day_of(words: str, today: date) -> tuple[date, str]:
    """The first day that is said, but none behind 到: that is the last one. Today where none is."""
    said, at = plain(words), 0
    while at < len(said):
        found = read_day(said, at, today)
        if found is not None and said[at - 1 : at] not in TO:
            return found[0].ahead or found[0].back or today, f"{said[:at]} {said[found[1] :]}"
        at = found[1] if found else at + 1
    return today, words


def _read(scene: Scene, kind: str, words: str) -> tuple[Entry | None, date | None]:
    """One pupil, without a doubt of whom it is said or how warm they are."""
    reading = reading_of(scene, words)
    if len(reading.lines) != 1 or any(doubt.kind != "reason" for doubt in reading.doubts):
        return None, None
    (line,) = reading.lines
    if line.pupil is None or (kind != "leave_note" and not _tells(line)):
        return None, None
    entry = entry_of(scene, line, scene.method)
    if kind == "leave_note" and entry.attendance is Attendance.PRESENT:
        entry = replace(entry, attendance=Attendance.UNKNOWN)
    return entry, line.until


def _tells(line: Line) -> bool:
    return line.temperature is not None or bool(line.symptoms) or line.afebrile


def _kept(scene: Scene, ask: Ask, person: Person, kind: str, entry: Entry, until: date) -> Outcome:
    update = scene.update
    seen = SightingView(
        id=new_id(update.seed, "sighting"),
        kind=kind,
        school=scene.view.school.id,
        klass=scene.view.klass,
        seat=scene.seat(entry.pupil),
        entry=entry,
        day=scene.day,
        until=max(until, scene.day),
        by=person,
        at=update.at,
    )
    found = compared(scene, ask, seen)
    told = () if found.facts else _told(scene, ask, seen)
    then = text("sighting.differs") if found.facts else NOTHING
    words = text("sighting.kept", seen=sighted(update, seen), klass=seen.klass.name, then=then)
    back = ((choice(text("button.a_slip"), "unsight", seen.id),),)
    said = Message(f"sighting:{seen.id}", ToPerson(person.id), words, back)
    return Outcome((_fact(seen),), (said, *told)) + found


def _fact(seen: SightingView) -> Sighted:
    return Sighted(
        id=seen.id,
        kind=seen.kind,
        school=seen.school,
        class_id=seen.klass.id,
        seat=seen.seat,
        entry=seen.entry,
        day=seen.day,
        until=seen.until,
        by=seen.by.id,
        at=seen.at,
    )


def _told(scene: Scene, ask: Ask, seen: SightingView) -> tuple[Message, ...]:
    """Before the class has reported, its teacher hears what was seen, to list the pupil."""
    of = ClassOf(scene.view.school, scene.view.klass, scene.day, scene.round.id)
    found = responsible(ask, of, scene.update.at)
    person = found.person if found else None
    reports = reports_of(scene, ask)
    known = bool(reports) and is_listed(seen, reports, scene.rules.fever)
    quiet = known or scene.past or scene.day != scene.update.today or not says_something(seen, scene.rules.fever)
    if person is None or quiet or person.id == seen.by.id:
        return ()
    words = text("sighting.told", klass=seen.klass.name, seen=sighted(scene.update, seen))
    ill = ((choice(text("button.ill"), "ill", *scene.args(scene.rev)),),) if scene.view.off is None else ()
    return (Message(f"sighted:{seen.id}", ToPerson(person.id), words, ill, Urgency.REMINDER),)


# Taken back


def take_back(update: Update, ask: Ask, person: Person) -> Outcome:
    """`unsight SIGHTING`: a slip of whoever wrote it down; what stands open because of it is taken off."""
    seen = ask(SightingBy(update.args[0])) if update.args else None
    if seen is None or seen.by.id != person.id:
        return pop_up(text("answer.unknown_button" if seen is None else "answer.not_yours"))
    words = text("sighting.taken_back", seen=sighted(update, seen), klass=seen.klass.name)
    shown = Message(update.on or f"sighting:{seen.id}", ToPerson(person.id), words, in_place=True)
    if seen.withdrawn:
        return Outcome(says=(shown,))
    fact = SightingWithdrawn(seen.id, person.id, update.at)
    outcome = Outcome((fact,), (shown,), Answer(text("sighting.taken_back_short")))
    rounds = ask(RulesOn(seen.day)).rounds
    scene = look(update, ask, seen.klass.id, seen.day, rounds[0].id) if rounds else None
    for entry in entries_about(scene, ask, seen) if scene else ():
        outcome += withdrawn(scene, entry, MISTAKEN) if scene else Outcome()
    return outcome
