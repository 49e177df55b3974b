"""What people type into an open walk: the answer to its open question. Nothing entered is ever lost."""

from dataclasses import replace

from handlers import recheck
from handlers.drafts import listed, overtaken_note, turned
from handlers.hearing import TYPED_HOW, typed_when
from handlers.model import Attendance, Draft, Person, Symptom, Where
from handlers.outcome import Outcome
from handlers.proposal import filled, reading_of
from handlers.questions import Ask
from handlers.rules.names import find
from handlers.rules.reading import Reading
from handlers.rules.temperature import Problem, Temperature, read_temperature
from handlers.scene import Scene
from handlers.sending import heard
from handlers.steps import identified, measured, opened, take
from handlers.walk import show_walk

SEND = ("发送", "send")
LONGEST_NAME = 20


def to_question(scene: Scene, ask: Ask, person: Person, draft: Draft) -> Outcome | None:
    """None when the words are no answer to it, and may be a sentence."""
    match draft.open:
        case "pupil" | "review" if scene.update.text.strip() in SEND:
            return take(scene, ask, person, draft, "send", "")
        case "pupil" | "review" | "who":
            return _which(scene, person, draft)
        case "temperature":
            return _degrees(scene, person, draft)
        case "symptoms" | "where":
            return _about_pupil(scene, person, draft)
        case "how" if (said := TYPED_HOW.get(scene.update.text.strip())) is not None:
            return take(scene, ask, person, draft, "how", said)
        case "heard":
            return heard(scene, ask, person, typed_when(scene, draft, scene.update.text))
        case recheck.KIND:
            return recheck.typed(scene, ask, person, draft)
        case "reason":
            return _moved(scene, person, turned(draft, note="walk.reason_by_button"))
        case _:
            return None


def _which(scene: Scene, person: Person, draft: Draft) -> Outcome | None:
    words = scene.update.text
    on_list = draft.open != "who"
    if on_list and _tells(reading := reading_of(scene, words)):
        # in a correction it is of the report that is corrected, of whatever day that is
        return (
            _moved(scene, person, filled(scene, turned(draft, note=overtaken_note(draft)), reading))
            if draft.kind == "correction"
            else None
        )
    found = find(words, scene.everybody) if len(words) <= LONGEST_NAME else None
    if found is None or not found.pupils:
        if not on_list or reading_of(scene, words).is_report:
            return None
        return _moved(scene, person, turned(draft, note="walk.nobody_found"))
    if draft.open == "who" and draft.pending:
        if found.exact:
            return _moved(scene, person, identified(scene, draft, found.pupils[0].id))
        unsure = replace(draft.pending[0], pupils=tuple(pupil.id for pupil in found.pupils), day=None)
        return _moved(scene, person, turned(draft, pending=(unsure, *draft.pending[1:])))
    if found.exact:
        return _moved(scene, person, opened(scene, draft, found.pupils[0].id))
    return _moved(scene, person, turned(draft, open="who", choices=tuple(pupil.id for pupil in found.pupils)))


def _tells(reading: Reading) -> bool:
    """More than who it is: 3号38.5咳嗽在家 is a sentence."""
    return any(
        line.temperature is not None or line.symptoms or line.attendance or line.where or line.afebrile
        for line in reading.lines
    )


def _about_pupil(scene: Scene, person: Person, draft: Draft) -> Outcome:
    """流鼻涕 at the symptoms, 在家 at the place: read as of the pupil who is open."""
    entry = draft.current
    if entry is None:
        return _moved(scene, person, turned(draft, open="pupil"))
    seat = scene.seats.get(entry.pupil, 0)
    lines = [line for line in reading_of(scene, f"{seat}号{scene.update.text}").lines if line.pupil == entry.pupil]
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
        case Problem(kind) if kind != "none" or not reading_of(scene, scene.update.text).is_report:
            return _moved(scene, person, turned(draft, note=f"walk.temperature_{kind}"))
        case _:
            return None


def _moved(scene: Scene, person: Person, draft: Draft) -> Outcome:
    return Outcome(says=(show_walk(scene, draft, person),), drafts=(draft,))
