"""What was read of a line becomes a walk: pupils listed, to be asked about, or quoted as not taken in."""

from collections.abc import Iterable, Mapping
from datetime import date

from handlers.drafts import STILL_OPEN, known_of, next_open, overtaken_note, without
from handlers.following.yesterday import away_since, known_why
from handlers.model import Attendance, Draft, Entry, Method, Symptom, Unsure, Where
from handlers.rules.fever import is_unwell
from handlers.rules.lexicon import SIGNS
from handlers.rules.news import laid_over
from handlers.rules.onset import said_onset
from handlers.rules.reading import Doubt, Line, Reading, read
from handlers.rules.reading.settled import HOW_TODAY, of_today
from handlers.rules.vocabulary import disease_as_typed
from handlers.scene import Scene
from handlers.values import replace

ASKED_OTHERWISE = {"sum", "present_above_expected", "health"}


def reading_of(scene: Scene, words: str) -> Reading:
    """What was typed, as of this class's pupils."""
    classes = {scene.view.klass.name: scene.view.klass.id}
    fever_from = min(scene.rules.fever.values())
    return read(words, scene.everybody, today=scene.day, classes=classes, fever_from=fever_from)


def filled(scene: Scene, draft: Draft, reading: Reading) -> Draft:
    """The walk with what was read of each pupil: listed, to be asked about, or quoted as not taken in."""
    before = draft
    for place, line in enumerate(reading.lines):
        doubts = {doubt.kind: doubt for doubt in reading.doubts if doubt.line == place}
        draft = _with(scene, draft, line, doubts)
    rest = [doubt.said for doubt in reading.doubts if doubt.line is None and doubt.kind not in ASKED_OTHERWISE]
    unread = tuple(dict.fromkeys((*draft.unread, *rest, *reading.unread, *_not_taken_in(draft, reading))))
    note = "walk.health_unsaid" if any(doubt.kind == "health" for doubt in reading.doubts) else overtaken_note(draft)
    if note is None and any(doubt.kind == "history" for doubt in reading.doubts):
        note = "walk.history"
    if note is None and before.pending and draft.entries != before.entries:
        note = STILL_OPEN
    return next_open(replace(draft, unread=unread, note=note))


def _with(scene: Scene, draft: Draft, line: Line, doubts: Mapping[str, Doubt]) -> Draft:
    if not HOW_TODAY.isdisjoint(doubts):
        line = of_today(line)
    entry = scene.placed(entry_of(scene, line, draft.method))
    placed = line.attendance is not None or line.where is not None
    listed = known_of(draft, entry.pupil)
    here = _is_here(scene, line, entry)
    since = away_since(scene, draft, entry.pupil) if listed is None and not here else None
    known = listed or since
    if entry.pupil and known is None and entry.pupil not in scene.present and "seat_or_date" not in doubts:
        return replace(draft, on_leave=(*draft.on_leave, entry.pupil))
    if "reason" in doubts and listed is not None and is_unwell(listed, scene.rules.fever):
        # who is listed as ill and is on leave is on sick leave: there is nothing to ask
        entry, doubts = replace(entry, attendance=Attendance.SICK), _without_reason(doubts)
    elif since is not None and since.attendance is not Attendance.UNKNOWN:
        entry, doubts = known_why(since, entry), _without_reason(doubts)
    unsure = _unsure(entry, line, doubts)
    if unsure is not None:
        return replace(draft, pending=(*draft.pending, replace(unsure, placed=placed)))
    if here and entry.pupil in draft.unanswered:
        draft = replace(draft, back=(*draft.back, entry.pupil))
    came = (line.returned or line.attending is True) and scene.observation_of(entry.pupil) is not None
    if known is None and _well(scene, entry) and not came:
        return draft
    entry = entry if known is None else laid_over(known, entry, placed=placed)
    return replace(draft, entries=(*without(draft.entries, entry.pupil), entry))


def _is_here(scene: Scene, line: Line, entry: Entry) -> bool:
    """返校了, 迟到, 在校留观, or the 36.5 of a 接龙. That a fever is gone says not where somebody is who was away."""
    said = line.returned or line.attending is True or line.where is Where.SCHOOL
    return said or (_well(scene, entry) and line.temperature is not None)


def _without_reason(doubts: Mapping[str, Doubt]) -> Mapping[str, Doubt]:
    return {kind: doubt for kind, doubt in doubts.items() if kind != "reason"}


def _not_taken_in(draft: Draft, reading: Reading) -> Iterable[str]:
    """Nothing that was read vanishes. Of whom no entry came: what was said, unless it is a 36.5 beside 其余正常, which
    is taken in with the whole class. Of whom one came: a disease that they had and are over."""
    known = {entry.pupil for entry in draft.entered} | {*draft.on_leave, *draft.back}
    of_all = reading.zero or reading.present is not None
    for line in reading.lines:
        if line.pupil is not None and line.pupil not in known:
            if not of_all or line.earlier or line.disease:
                yield line.words
        elif line.disease is not None and line.recovered:
            yield disease_as_typed(line.words, line.disease)


def _unsure(entry: Entry, line: Line, doubts: Mapping[str, Doubt]) -> Unsure | None:
    """None where it is sure of whom it was said, how warm they are, and what they are on leave for."""
    remeasure = "temperature" in doubts or not HOW_TODAY.isdisjoint(doubts)
    why = "reason" in doubts and not remeasure  # after the temperature it is asked where they are, which says it too
    if "seat_or_date" in doubts:
        *pupils, day = doubts["seat_or_date"].choices
        known = (line.pupil,) if line.pupil else ()
        who = tuple(dict.fromkeys(pupil for pupil in (*known, *pupils) if pupil))
        # 张三5号发烧: of 张三, and 5号 a day; or of the pupil of seat 5
        as_day = date.fromisoformat(day) if day and not known else None
        return Unsure(entry, who, line.words, as_day, remeasure, why)
    if line.pupil is None:
        asked = doubts.get("pupil") or doubts.get("unknown_name")
        who = line.candidates or (tuple(filter(None, asked.choices)) if asked else ())
        return Unsure(entry, who, line.words, remeasure=remeasure, why=why)
    return Unsure(entry, (), line.words, why=why) if remeasure or why else None


def _well(scene: Scene, entry: Entry) -> bool:
    """36.5 in a 接龙: accounted for, and nothing to list."""
    silent = entry.where is None and entry.cause is None
    return entry.attendance is Attendance.PRESENT and silent and not is_unwell(entry, scene.rules.fever)


def entry_of(scene: Scene, line: Line, method: Method) -> Entry:
    """What a report lists of a line. `method`: where none was said."""
    attendance = line.attendance
    if attendance is None:
        attendance = Attendance.SICK if line.attending is False else Attendance.PRESENT
    symptoms = (*line.symptoms, *_signs(line))
    if line.temperature is not None:
        # the number says it, by the line of its method
        symptoms = tuple(code for code in symptoms if code is not Symptom.FEVER)
    entry = Entry(
        pupil=line.pupil or "",
        attendance=attendance,
        temperature=line.temperature,
        method=(line.method or method) if line.temperature is not None else None,
        afebrile=line.afebrile,
        symptoms=tuple(dict.fromkeys(symptoms)),
        where=line.where,
        cause=None if line.recovered else line.disease,
        until=line.until,
        onset=said_onset(line.words, scene.day) if attendance is not Attendance.PERSONAL else None,
    )
    # 3号流感 names an ill child, whatever it is ill with
    unnamed = line.disease is not None and not line.recovered and not is_unwell(entry, scene.rules.fever)
    return replace(entry, symptoms=(Symptom.OTHER,)) if unnamed else entry


def _signs(line: Line) -> tuple[Symptom, ...]:
    return () if line.disease is None or line.recovered else SIGNS.get(line.disease, ())
