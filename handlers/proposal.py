"""What was read of a line becomes a walk: pupils listed, to be asked about, or quoted as not taken in."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from handlers.drafts import known_of, next_open, overtaken_note, without
from handlers.model import Attendance, Draft, Entry, Method, Symptom, Unsure
from handlers.rules.fever import is_unwell
from handlers.rules.news import laid_over
from handlers.rules.reading import Doubt, Line, Reading, read
from handlers.scene import Scene

ASKED_OTHERWISE = {"sum", "present_above_expected", "health"}


def reading_of(scene: Scene, words: str) -> Reading:
    """What was typed, as of this class's pupils."""
    classes = {scene.view.klass.name: scene.view.klass.id}
    fever_from = min(scene.rules.fever.values())
    return read(words, scene.everybody, today=scene.day, classes=classes, fever_from=fever_from)


def filled(scene: Scene, draft: Draft, reading: Reading) -> Draft:
    """The walk with what was read of each pupil: listed, to be asked about, or quoted as not taken in."""
    for place, line in enumerate(reading.lines):
        doubts = {doubt.kind: doubt for doubt in reading.doubts if doubt.line == place}
        draft = _with(scene, draft, line, doubts)
    rest = [doubt.said for doubt in reading.doubts if doubt.line is None and doubt.kind not in ASKED_OTHERWISE]
    unread = tuple(dict.fromkeys((*draft.unread, *rest, *reading.unread)))
    note = "walk.health_unsaid" if any(doubt.kind == "health" for doubt in reading.doubts) else overtaken_note(draft)
    return next_open(replace(draft, unread=unread, note=note))


def _with(scene: Scene, draft: Draft, line: Line, doubts: Mapping[str, Doubt]) -> Draft:
    entry = _entry(line, draft.method)
    placed = line.attendance is not None or line.where is not None
    unsure = _unsure(entry, line, doubts)
    if unsure is not None:
        return replace(draft, pending=(*draft.pending, replace(unsure, placed=placed)))
    known = known_of(draft, entry.pupil)
    if known is None and entry.pupil not in scene.present:
        return replace(draft, on_leave=(*draft.on_leave, entry.pupil))
    if known is None and _well(scene, entry):
        return draft
    now = entry if known is None else laid_over(known, entry, placed=placed)
    return replace(draft, entries=(*without(draft.entries, entry.pupil), now))


def _unsure(entry: Entry, line: Line, doubts: Mapping[str, Doubt]) -> Unsure | None:
    """None where it is sure of whom it was said, and how warm they are."""
    remeasure = "temperature" in doubts
    if "seat_or_date" in doubts:
        *pupils, day = doubts["seat_or_date"].choices
        known = (line.pupil,) if line.pupil else ()
        who = tuple(dict.fromkeys(pupil for pupil in (*known, *pupils) if pupil))
        # 张三5号发烧: of 张三, and 5号 a day; or of the pupil of seat 5
        as_day = date.fromisoformat(day) if day and not known else None
        return Unsure(entry, who, line.words, as_day, remeasure)
    if line.pupil is None:
        asked = doubts.get("pupil") or doubts.get("unknown_name")
        who = line.candidates or (tuple(filter(None, asked.choices)) if asked else ())
        return Unsure(entry, who, line.words, remeasure=remeasure)
    return Unsure(entry, (), line.words) if remeasure else None


def _well(scene: Scene, entry: Entry) -> bool:
    """36.5 in a 接龙: accounted for, and nothing to list."""
    return entry.attendance is Attendance.PRESENT and entry.where is None and not is_unwell(entry, scene.rules.fever)


def _entry(line: Line, method: Method) -> Entry:
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
