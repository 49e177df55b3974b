"""What people type into an open walk: the answer to its open question, a button's words, or a sentence about somebody
else. Nothing entered is ever lost, and nothing is taken of one pupil that was said of another."""

from enum import Enum, auto
from typing import Final

from handlers import recheck, travelling, what_for
from handlers.drafts import RECHECK, at_place, listed, may_send, overtaken_note, parked, turned
from handlers.following import yesterday
from handlers.hearing import TYPED_HOW, begun, typed_when
from handlers.model import Attendance, Draft, Person, Symptom
from handlers.outcome import Outcome
from handlers.proposal import filled, reading_of
from handlers.questions import Ask
from handlers.rules.names import find
from handlers.rules.reading import Line, Reading
from handlers.rules.temperature import Problem, Temperature, read_temperature
from handlers.scene import Scene
from handlers.sending import heard
from handlers.sentence import aloud
from handlers.spoken import UNWELL, bare, is_as_before
from handlers.steps import identified, measured, moved_on, opened, take
from handlers.values import replace
from handlers.walk import show_walk

LONGEST_NAME = 20
PICKS = frozenset({"pupil", "review", "who"})  # a name is asked for: a sentence is told from it by what it says
NO_WAY_BACK = frozenset({"pupil", "review", RECHECK})
# The words of a walk's buttons → what they do there, where they stand.
PRESSED: Final = {
    **dict.fromkeys(("发送", "send"), "send"),
    **dict.fromkeys(("取消", "cancel"), "cancel"),
    **dict.fromkeys(("返回", "back"), "back"),
    **dict.fromkeys(("没有其他症状", "没有", "选好了", "no other symptoms", "done"), "sym_done"),
    **dict.fromkeys(("未测", "没量", "not taken"), "none"),
    **dict.fromkeys(UNWELL, "some_ill"),
}


def to_question(scene: Scene, ask: Ask, person: Person, draft: Draft) -> Outcome | None:
    """None when the words are no answer to it, and may be a sentence."""
    pressed = _pressed(scene, ask, person, draft)
    if pressed is not None:
        return pressed
    reading = reading_of(scene, scene.update.text)
    if draft.trip is not None and not any(line.pupil for line in reading.lines):
        return _moved(scene, person, travelling.typed(scene, draft, scene.update.text))
    if _of_another_class(reading):
        return None
    if draft.open in PICKS:
        return _which(scene, person, draft, reading)
    if draft.open == "heard" and (told := typed_when(scene, draft, scene.update.text)).heard_at is not None:
        return heard(scene, ask, person, told)
    match _of_whom(scene, draft, reading):
        case Whose.ANOTHER:
            return _sentence(scene, person, draft, reading)
        case Whose.UNCLEAR if draft.open == RECHECK:
            return recheck.ask_again(scene, ask, draft, "walk.whose")
        case Whose.UNCLEAR:
            return _moved(scene, person, turned(draft, note="walk.whose"))
        case Whose.THEIRS:
            return _answer(scene, ask, person, draft, reading)


def _answer(scene: Scene, ask: Ask, person: Person, draft: Draft, reading: Reading) -> Outcome | None:
    match draft.open:
        case "temperature":
            return _degrees(scene, ask, person, draft, reading)
        case yesterday.WARMTH:
            return _warmed(scene, ask, person, draft)
        case "symptoms" | "where":
            return _about_pupil(scene, person, draft)
        case "what_for":
            return _moved(scene, person, what_for.typed(scene, draft))
        case "how" if (said := TYPED_HOW.get(bare(scene.update.text))) is not None:
            return take(scene, ask, person, draft, "how", said)
        case "heard":
            return heard(scene, ask, person, typed_when(scene, draft, scene.update.text))
        case recheck.KIND:
            return recheck.typed(scene, ask, person, draft, _line_of(scene, _subject(draft)))
        case "reason":
            return _moved(scene, person, turned(draft, note="walk.reason_by_button"))
        case _:
            return None


def _pressed(scene: Scene, ask: Ask, person: Person, draft: Draft) -> Outcome | None:
    """The words of a button that stands under the open question do what it does."""
    verb = "as_before" if is_as_before(scene.update.text) else PRESSED.get(bare(scene.update.text))
    match verb:
        case "cancel" if draft.kind == RECHECK:
            return aloud(scene.update, recheck.cancelled(draft))
        case "cancel":
            return aloud(scene.update, take(scene, ask, person, draft, verb, ""))
        case "send" if draft.open in ("pupil", "review"):
            if not may_send(scene, draft):
                return _moved(scene, person, turned(draft, note="walk.not_yet"))
            return take(scene, ask, person, draft, verb, "")
        case "sym_done" if draft.open == "symptoms":
            return take(scene, ask, person, draft, verb, "")
        case "none" if draft.open == "temperature":
            return take(scene, ask, person, draft, "temp", verb)
        case "as_before" if draft.unanswered and not _half_entered(draft):
            return aloud(scene.update, take(scene, ask, person, draft, verb, ""))
        case "some_ill" if draft.open == "health":
            return take(scene, ask, person, draft, verb, "")
        case "back" if draft.open not in NO_WAY_BACK and (draft.open != "how" or begun(draft)):
            return take(scene, ask, person, draft, verb, "")
        case _:
            return None


def _half_entered(draft: Draft) -> bool:
    """Somebody of whom 都同昨日 would lose what was said."""
    asked = draft.open in (yesterday.WARMTH, yesterday.RETURN, yesterday.CAUSE)
    return bool(draft.pending) or (draft.current is not None and not asked)


# Of whom


class Whose(Enum):
    """Of whom something is said while a question about a pupil, or about the report, is open."""

    THEIRS = auto()  # an answer to the question
    ANOTHER = auto()  # a sentence about another pupil or class
    UNCLEAR = auto()


def _of_whom(scene: Scene, draft: Draft, reading: Reading) -> Whose:
    """林书源38.9 at the question about 王小明 is a sentence; a bare 38.9 is an answer. 刚测38.5 is one, too."""
    subject = _subject(draft)
    telling = [(place, line) for place, line in enumerate(reading.lines) if _says_something(line)]
    if subject is None:
        return Whose.ANOTHER if telling else Whose.THEIRS
    strange = {doubt.line for doubt in reading.doubts if doubt.kind == "unknown_name"}
    named = [{line.pupil} if line.pupil else set(line.candidates) for place, line in telling if place not in strange]
    others = [who for who in named if who and subject not in who]
    if others:
        return Whose.ANOTHER if not any(subject in who for who in named) and not strange else Whose.UNCLEAR
    if any(subject in who and len(who) > 1 for who in named):
        return Whose.UNCLEAR
    return Whose.UNCLEAR if strange and not _is_theirs(scene, subject) else Whose.THEIRS


def _of_another_class(reading: Reading) -> bool:
    return reading.class_said is not None and reading.class_id is None


def _subject(draft: Draft) -> str | None:
    """Whom the open question is about."""
    if draft.open == "what_for":
        return draft.pending[0].entry.pupil
    return draft.current.pupil if draft.current else None


def _is_theirs(scene: Scene, subject: str) -> bool:
    """An unknown word after the pupil's own seat is taken for a name only if it looks like one."""
    reading = reading_of(scene, f"{scene.seat(subject)}号{scene.update.text}")
    return all(line.pupil == subject for line in reading.lines)


def _line_of(scene: Scene, subject: str | None) -> Line | None:
    """What was typed, as said of this pupil."""
    reading = reading_of(scene, f"{scene.seat(subject or '')}号，{scene.update.text}")
    return next((line for line in reading.lines if line.pupil == subject), None)


def _sentence(scene: Scene, person: Person, draft: Draft, reading: Reading) -> Outcome | None:
    """In a correction, and in a 代报 of a day gone by, it is of that day's report."""
    if draft.kind != "correction" and not scene.past:
        return None
    if scene.past and (reading.class_said is not None or "今" in scene.update.text):
        return None  # of today, unless the walk of the day gone by is answered without a class
    return _moved(scene, person, filled(scene, turned(parked(draft), note=overtaken_note(draft)), reading))


# Answers


def _which(scene: Scene, person: Person, draft: Draft, reading: Reading) -> Outcome | None:
    words = scene.update.text
    on_list = draft.open != "who"
    asked = draft.pending[0].pupils if draft.open == "who" and draft.pending else ()
    told = [line for line in reading.lines if _says_something(line)]
    if told and (on_list or any(line.pupil not in asked for line in told)):
        return _sentence(scene, person, draft, reading)
    found = find(words, scene.everybody) if len(words) <= LONGEST_NAME else None
    if found is None or not found.pupils:
        if not on_list or reading.is_report:
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


def _says_something(line: Line) -> bool:
    """More than who it is: 3号38.5咳嗽在家 is a sentence."""
    said = line.symptoms or line.earlier or line.disease or line.attendance or line.where or line.afebrile
    return bool(said) or line.temperature is not None


def _about_pupil(scene: Scene, person: Person, draft: Draft) -> Outcome:
    """流鼻涕 at the symptoms, 在家 at the place: read as of the pupil who is open."""
    entry = draft.current
    if entry is None:
        return _moved(scene, person, turned(draft, open="pupil"))
    seat = scene.seat(entry.pupil)
    lines = [line for line in reading_of(scene, f"{seat}号{scene.update.text}").lines if line.pupil == entry.pupil]
    symptoms = tuple(code for line in lines for code in line.symptoms if code is not Symptom.FEVER)
    where = next((line.where for line in lines if line.where is not None), None)
    if draft.open == "symptoms" and symptoms:
        known = replace(entry, symptoms=tuple(dict.fromkeys((*entry.symptoms, *symptoms))))
        return _moved(scene, person, turned(draft, current=known))
    if draft.open == "where" and where is not None:
        return _moved(scene, person, listed(draft, at_place(entry, where)))
    return _moved(scene, person, turned(draft, note=f"walk.{draft.open}_unread"))


def _degrees(scene: Scene, ask: Ask, person: Person, draft: Draft, reading: Reading) -> Outcome | None:
    """腋温37.4, 38.6咳嗽在家; 病假, 不发热 and 咳嗽 without a temperature are answers too."""
    line = _line_of(scene, _subject(draft))
    match _warmth(scene, draft, reading):
        case Temperature(tenths):
            method = line.method if line else None
            return _moved(scene, person, _with_the_rest(measured(draft, tenths, afebrile=False, method=method), line))
        case Problem(kind) if kind != "none":
            return _moved(scene, person, turned(draft, note=f"walk.temperature_{kind}"))
    if line is None or draft.current is None:
        if reading.is_report:
            return None
        return _moved(scene, person, turned(draft, note="walk.temperature_none"))
    known = replace(draft.current, symptoms=tuple(dict.fromkeys((*draft.current.symptoms, *line.symptoms))))
    if line.attendance is Attendance.PERSONAL:
        return take(scene, ask, person, draft, "away", Attendance.PERSONAL)
    if line.attendance not in (None, Attendance.PRESENT, Attendance.UNKNOWN):
        return _moved(scene, person, listed(draft, replace(known, attendance=line.attendance, where=line.where)))
    if line.afebrile:
        return _moved(scene, person, _with_the_rest(measured(draft, None, afebrile=True), line))
    return _moved(scene, person, turned(draft, current=known, note="walk.temperature_none"))


def _warmed(scene: Scene, ask: Ask, person: Person, draft: Draft) -> Outcome:
    """A fever that is followed: today's temperature, and nothing else."""
    match read_temperature(scene.update.text):
        case Temperature(tenths):
            warm = yesterday.warm(scene, draft, tenths, afebrile=False)
            return aloud(scene.update, moved_on(scene, ask, person, warm))
        case Problem(kind):
            return _moved(scene, person, turned(draft, note=f"walk.temperature_{kind}"))


def _warmth(scene: Scene, draft: Draft, reading: Reading) -> Temperature | Problem:
    """17号38.5 at the question about No. 17: the seat is no second number, and 17号咳嗽 none at all."""
    own = next((line for line in reading.lines if line.pupil and line.pupil == _subject(draft)), None)
    if own is None:
        return read_temperature(scene.update.text)
    return Problem("none", scene.update.text) if own.temperature is None else Temperature(own.temperature)


def _with_the_rest(draft: Draft, line: Line | None) -> Draft:
    """What was typed beside the temperature. The number says whether it is a fever."""
    if line is None or draft.current is None:
        return draft
    said = (code for code in line.symptoms if code is not Symptom.FEVER)
    known = replace(draft.current, symptoms=tuple(dict.fromkeys((*draft.current.symptoms, *said))))
    return replace(draft, current=known) if line.where is None else listed(draft, at_place(known, line.where))


def _moved(scene: Scene, person: Person, draft: Draft) -> Outcome:
    return Outcome(says=(show_walk(scene, draft, person),), drafts=(draft,))
