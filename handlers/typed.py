"""What people type: the answer to an open question, else a morning in one line. A guess is never sent by itself."""

from collections.abc import Mapping
from dataclasses import replace

from handlers import recheck
from handlers.checkin import current_round, open_walk
from handlers.model import (
    Attendance,
    Draft,
    Entry,
    Message,
    Method,
    Person,
    Symptom,
    Text,
    ToHere,
    Typed,
    Update,
    Where,
    text,
)
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, DraftOf, DraftsOf, RulesOn
from handlers.rules.fever import is_unwell
from handlers.rules.names import find
from handlers.rules.reading import Doubt, Line, Reading, read
from handlers.rules.temperature import Problem, Temperature, read_temperature
from handlers.scene import Scene, look
from handlers.steps import listed, measured, next_open, take
from handlers.walk import show_walk, turned
from handlers.words import day_short, literal

TOO_LONG = 2000  # characters; a morning in one line is under 300

OF_ANOTHER_DAY = {"old_date", "future_date", "date"}


def said(update: Update, ask: Ask, person: Person) -> Outcome:
    """Text goes to the open question of the walk last touched, else to the sentence reader."""
    if update.today != update.now.astimezone(update.zone).date():
        return _answer(update, text("typed.yesterday", day=day_short(update.today)))
    if len(update.text) > TOO_LONG:
        return _answer(update, text("typed.too_long", n=len(update.text), most=TOO_LONG))
    scenes = _scenes(update, ask, person)
    for draft in ask(DraftsOf(person.id, update.today))[:1]:
        scene = scenes.get(draft.class_id) or look(update, ask, draft.class_id, draft.day, draft.round)
        outcome = _to_question(scene, ask, person, draft) if scene else None
        if outcome is not None:
            return outcome
    return _sentence(update, ask, person, scenes)


def _scenes(update: Update, ask: Ask, person: Person) -> Mapping[str, Scene]:
    rules = ask(RulesOn(update.today))
    if not rules.rounds:
        return {}
    round_id = current_round(rules.rounds, update).id
    scenes = {class_id: look(update, ask, class_id, update.today, round_id) for class_id in person.classes}
    return {class_id: scene for class_id, scene in scenes.items() if scene is not None}


def _answer(update: Update, words: Text) -> Outcome:
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words),))


# The open question


def _to_question(scene: Scene, ask: Ask, person: Person, draft: Draft) -> Outcome | None:
    """None when the words are no answer to it, and may be a sentence."""
    match draft.open:
        case "pupil" | "who":
            return _which(scene, ask, person, draft)
        case "temperature":
            return _degrees(scene, person, draft)
        case "symptoms" | "where":
            return _about_pupil(scene, person, draft)
        case recheck.KIND:
            return recheck.typed(scene, ask, person, draft)
        case "reason" if draft.entries or draft.kind == "correction":
            return _reason(scene, ask, person, draft)
        case _:
            return None


def _which(scene: Scene, ask: Ask, person: Person, draft: Draft) -> Outcome | None:
    words = scene.update.text
    if words.strip() in ("发送", "send") and draft.open == "pupil":
        return take(scene, ask, person, draft, "send", "")
    if draft.open == "pupil" and _tells(_read(scene, words)):
        return None
    found = find(words, scene.view.pupils) if len(words) <= 20 else None
    if found is None or not found.pupils:
        reading = _read(scene, words)
        if reading.is_report or draft.open != "pupil":
            return None
        return _moved(scene, person, turned(draft, note="walk.nobody_found"))
    if found.exact:
        return take(scene, ask, person, draft, "pick", found.pupils[0].id)
    choices = tuple(pupil.id for pupil in found.pupils)
    if draft.open == "who" and draft.pending:
        entry, _, said_words = draft.pending[0]
        return _moved(scene, person, turned(draft, pending=((entry, choices, said_words), *draft.pending[1:])))
    return _moved(scene, person, turned(draft, open="who", choices=choices))


def _tells(reading: Reading) -> bool:
    """More than who it is: 3号38.5咳嗽在家 is a sentence."""
    return any(
        line.temperature is not None or line.symptoms or line.attendance or line.where or line.afebrile
        for line in reading.lines
    )


def _about_pupil(scene: Scene, person: Person, draft: Draft) -> Outcome:
    """流鼻涕 at the symptoms, 在家 at the place: read as of the pupil who is open. Nothing entered is ever lost."""
    entry = draft.current
    if entry is None:
        return _moved(scene, person, turned(draft, open="pupil"))
    seat = scene.seats.get(entry.pupil, 0)
    lines = [line for line in _read(scene, f"{seat}号{scene.update.text}").lines if line.pupil == entry.pupil]
    symptoms = tuple(code for line in lines for code in line.symptoms if code is not Symptom.FEVER)
    where = next((line.where for line in lines if line.where is not None), None)
    if draft.open == "symptoms" and symptoms:
        known = replace(entry, symptoms=tuple(dict.fromkeys((*entry.symptoms, *symptoms))))
        return _moved(scene, person, turned(draft, current=known))
    if draft.open == "where" and where is not None:
        away = Attendance.PRESENT if where is Where.SCHOOL else Attendance.SICK
        return _moved(scene, person, listed(draft, replace(entry, where=where, attendance=away)))
    return _moved(scene, person, turned(draft, note=f"walk.{draft.open}_unread"))


def _degrees(scene: Scene, person: Person, draft: Draft) -> Outcome | None:
    match read_temperature(scene.update.text):
        case Temperature(tenths):
            return _moved(scene, person, measured(draft, tenths))
        case Problem(kind) if kind != "none" or not _read(scene, scene.update.text).is_report:
            return _moved(scene, person, turned(draft, note=f"walk.temperature_{kind}"))
        case _:
            return None


def _reason(scene: Scene, ask: Ask, person: Person, draft: Draft) -> Outcome:
    return _moved(scene, person, turned(draft, note="walk.reason_by_button"))


def _moved(scene: Scene, person: Person, draft: Draft) -> Outcome:
    return Outcome(says=(show_walk(scene, draft, person),), drafts=(draft,))


# A sentence


def _read(scene: Scene, words: str) -> Reading:
    return _reading(scene, words, {scene.view.klass.name: scene.view.klass.id})


def _reading(scene: Scene, words: str, classes: Mapping[str, str]) -> Reading:
    fever_from = min(scene.rules.fever.values())
    return read(words, scene.view.pupils, today=scene.day, classes=classes, fever_from=fever_from)


def _sentence(update: Update, ask: Ask, person: Person, scenes: Mapping[str, Scene]) -> Outcome:
    if not scenes:
        return _answer(update, text("typed.no_class"))
    names = {scene.view.klass.name: class_id for class_id, scene in scenes.items()}
    readings = {class_id: _reading(scene, update.text, names) for class_id, scene in scenes.items()}
    first = next(iter(readings.values()))
    if not first.is_report:
        return _answer(update, text("typed.not_understood", words=Typed(update.text[:100], person.id)))
    class_id = first.class_id if first.class_id in scenes else None
    if class_id is None and first.class_said is not None:
        return _answer(update, text("typed.other_class", klass=first.class_said))
    if class_id is None and len(scenes) > 1:
        classes = [literal(scene.view.klass.name) for scene in scenes.values()]
        return _answer(update, text("typed.which_class", n=len(classes), first=classes[0]))
    scene = scenes[class_id or next(iter(scenes))]
    return _propose(scene, ask, person, readings[scene.view.klass.id])


def _propose(scene: Scene, ask: Ask, person: Person, reading: Reading) -> Outcome:
    """A new message with what was read, to be sent by one tap."""
    of_another_day = next((doubt for doubt in reading.doubts if doubt.kind in OF_ANOTHER_DAY), None)
    if of_another_day or (reading.day is not None and reading.day != scene.day):
        return _answer(scene.update, text("typed.other_day", today=day_short(scene.day)))
    if scene.view.off is not None:
        return _answer(scene.update, text("card.off_short", klass=scene.view.klass.name))
    kind = "report" if scene.report is None else "supplement"
    if kind == "supplement" and not reading.lines:
        return _answer(scene.update, text("typed.reported_already", klass=scene.view.klass.name))
    if not reading.zero and not reading.lines and reading.present is None:
        key = "typed.staff" if reading.staff_absent is not None else "typed.not_understood"
        return _answer(scene.update, text(key, words=Typed(scene.update.text[:100], person.id)))
    key = f"said:{scene.update.id}"
    draft = open_walk(scene, ask, person, kind, _open_entries(scene, ask, person, kind), key)
    draft = replace(_fill(scene, draft, reading), said_expected=reading.expected, said_present=reading.present)
    if kind == "supplement":
        draft = replace(draft, said_expected=None, said_present=None)
    elif reading.zero and not draft.entries and draft.said_present is None:
        draft = replace(draft, said_present=scene.expected)
    message = show_walk(scene, draft, person)
    return Outcome(says=(replace(message, in_place=False, fresh=True),), drafts=(draft,))


def _fill(scene: Scene, draft: Draft, reading: Reading) -> Draft:
    entries: list[Entry] = []
    pending: list[tuple[Entry, tuple[str, ...], str]] = []
    for place, line in enumerate(reading.lines):
        entry = _entry(scene, line, draft.method)
        doubts = {doubt.kind: doubt for doubt in reading.doubts if doubt.line == place}
        if line.pupil is None:
            pending.append((entry, line.candidates or _candidates(doubts), line.words))
        elif "seat_or_date" in doubts:
            pending.append((entry, (line.pupil,), line.words))
        elif "temperature" in doubts:
            pending.append((entry, (), line.words))
        elif not _well(scene, entry):
            entries.append(entry)
    named = [item for item in pending if item[1] or item[0].pupil]
    lost = [words for entry, candidates, words in pending if not candidates and not entry.pupil]
    rest = [doubt.said for doubt in reading.doubts if doubt.line is None and doubt.kind not in ASKED_OTHERWISE]
    unread = tuple(dict.fromkeys([*lost, *rest, *reading.unread]))
    note = "walk.health_unsaid" if any(doubt.kind == "health" for doubt in reading.doubts) else None
    listed = tuple(_once([*draft.entries, *entries]))
    filled = replace(draft, entries=listed, pending=tuple(named), unread=unread, note=note)
    return next_open(filled)


def _open_entries(scene: Scene, ask: Ask, person: Person, kind: str) -> tuple[Entry, ...]:
    """What was entered in the walk that is open goes on in the new message."""
    known = ask(DraftOf(person.id, scene.view.klass.id, scene.day, scene.round.id))
    return known.entries if known is not None and known.kind == kind and known.base == scene.rev else ()


ASKED_OTHERWISE = {"sum", "present_above_expected", "health"}


def _well(scene: Scene, entry: Entry) -> bool:
    """36.5 in a 接龙: accounted for, and nothing to list."""
    return entry.attendance is Attendance.PRESENT and entry.where is None and not is_unwell(entry, scene.rules.fever)


def _candidates(doubts: Mapping[str, Doubt]) -> tuple[str, ...]:
    """The pupils that a doubt about a name or a number offers; its other choice may be a day."""
    for kind in ("pupil", "unknown_name", "seat_or_date"):
        if kind in doubts:
            pupils = doubts[kind].choices if kind != "seat_or_date" else doubts[kind].choices[:1]
            return tuple(pupil for pupil in pupils if pupil)
    return ()


def _once(entries: list[Entry]) -> list[Entry]:
    return list({entry.pupil: entry for entry in entries}.values())


def _entry(scene: Scene, line: Line, method: Method) -> Entry:
    attendance = line.attendance
    if attendance is None:
        away = line.where is not None and line.where != "school"
        attendance = Attendance.SICK if away else Attendance.PRESENT
    symptoms = line.symptoms
    if line.temperature is not None:
        # the number says it, by the line of its method
        symptoms = tuple(code for code in symptoms if code is not Symptom.FEVER)
    return Entry(
        pupil=line.pupil or "",
        attendance=attendance,
        temperature=line.temperature,
        method=(line.method or method) if line.temperature is not None else None,
        afebrile=line.afebrile,
        symptoms=symptoms,
        where=line.where,
    )


# What is no text


def unreadable(update: Update, ask: Ask, person: Person) -> Outcome:
    """A sticker, a voice message, a photo: the bot reads typed words and its own buttons."""
    return _answer(update, text("typed.unreadable"))


def forwarded(update: Update, ask: Ask, person: Person) -> Outcome:
    return _answer(update, text("typed.forwarded"))


def edited(update: Update, ask: Ask, person: Person) -> Outcome:
    """An edited message changes nothing: what was read of it stands until it is corrected."""
    return _answer(update, text("typed.edited"))


def forged(update: Update, ask: Ask, person: Person) -> Outcome:
    return pop_up(text("answer.unknown_button"))
