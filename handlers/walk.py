"""How an open walk looks: one message that is edited as it goes, always with back and cancel."""

from handlers import travelling
from handlers.cards import show
from handlers.following import yesterday
from handlers.frame import button, foot, head, note, read_meanwhile
from handlers.hearing import health, heard, how
from handlers.model import (
    Attendance,
    Choices,
    Draft,
    Message,
    Person,
    PupilRef,
    Symptom,
    Text,
    ToPerson,
    Urgency,
    Where,
    in_rows,
    text,
)
from handlers.picker import names, who
from handlers.rulebook import Kind
from handlers.scene import Scene
from handlers.values import replace
from handlers.what_for import what_for
from handlers.words import DEGREES, NOTHING, degrees, literal, symptoms, temperature

ASKED = tuple(code for code in Symptom if code not in (Symptom.FEVER, Symptom.COUGH_2W, Symptom.HEMOPTYSIS))
AWAY = (Attendance.SICK, Attendance.PERSONAL, Attendance.UNKNOWN, Attendance.LATE)
REASONS = ("mistake", "rechecked", "parent", "other")


def show_walk(scene: Scene, draft: Draft, person: Person) -> Message:
    """The message of this walk, showing its open question."""
    words, choices = screen(scene, draft)
    return Message(draft.key, ToPerson(person.id), words, choices, about=scene.subject, in_place=True)


def shown_again(scene: Scene, draft: Draft) -> Message:
    """The message of somebody else's walk, as it goes on now; an edit without a sound."""
    words, choices = screen(scene, draft)
    addressed = ToPerson(draft.person)
    return Message(draft.key, addressed, words, choices, Urgency.BROADCAST, about=scene.subject, only_if_shown=True)


def left(scene: Scene, person: Person, known: Draft | None, key: str) -> tuple[Message, ...]:
    """A walk that goes on in the message `key`: the one that showed it shows the card again."""
    if known is None or known.key == key:
        return ()
    return (replace(show(scene, person, known.key), in_place=False, only_if_shown=True),)


def screen(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    match draft.open:
        case "how":
            return how(scene, draft)
        case "heard":
            return heard(scene, draft)
        case "health":
            return health(scene, draft)
        case "temperature":
            return _temperature(scene, draft)
        case "symptoms":
            return _symptoms(scene, draft)
        case "where":
            return _where(scene, draft)
        case "who":
            return who(scene, draft)
        case "what_for":
            return what_for(scene, draft)
        case "reason":
            return _reason(scene, draft)
        case yesterday.WARMTH | yesterday.RETURN | yesterday.CAUSE:
            return yesterday.screen(scene, draft)
        case _ if draft.open in (travelling.HOW, *travelling.QUESTIONS):
            return travelling.screen(scene, draft)
        case _:
            return names(scene, draft)


# One pupil


def _subject(scene: Scene, draft: Draft) -> PupilRef:
    pupil = draft.current.pupil if draft.current else ""
    return PupilRef(pupil, scene.seat(pupil))


def _temperature(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    words = text(
        "walk.temperature",
        head=head(scene, draft),
        lines=read_meanwhile(scene, draft),
        pupil=_subject(scene, draft),
        method=text(f"method.{draft.method}"),
        note=note(scene, draft),
    )
    values = [button(scene, draft, literal(degrees(value)), "temp", value, number=0) for value in DEGREES]
    rows = [*in_rows(values, 4)]
    rows.append(
        (
            button(scene, draft, text("button.afebrile"), "temp", "normal"),
            button(scene, draft, text("button.untaken"), "temp", "none"),
        )
    )
    if scene.round.kind is not Kind.HOME:
        absences = [button(scene, draft, text(f"attendance.{kind}"), "away", kind) for kind in AWAY]
        rows += [tuple(absences[:2]), tuple(absences[2:])]
    rows.append(
        (button(scene, draft, text("button.method", method=text(f"method.{draft.method}")), "method"),)
        + (
            (button(scene, draft, text("button.drop"), "drop"),)
            if draft.current and any(entry.pupil == draft.current.pupil for entry in draft.entries)
            else ()
        )
    )
    rows.append(foot(scene, draft))
    return words, tuple(rows)


def _so_far(draft: Draft) -> Text | str:
    entry = draft.current
    return (temperature(entry) or text("temperature.untaken")) if entry else NOTHING


def _symptoms(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    chosen = draft.current.symptoms if draft.current else ()
    offered = [(code, button(scene, draft, text(f"symptom.{code}"), "sym", code)) for code in ASKED]
    buttons = [replace(one, ticked=code in chosen) for code, one in offered]
    rows = [*in_rows(buttons, 3)]
    done = text("button.symptoms_done") if chosen else text("button.no_symptoms")
    rows.append((button(scene, draft, done, "sym_done"),))
    rows.append(foot(scene, draft))
    words = text(
        "walk.symptoms",
        head=head(scene, draft),
        lines=read_meanwhile(scene, draft),
        pupil=_subject(scene, draft),
        so_far=_so_far(draft),
        note=note(scene, draft),
    )
    return words, tuple(rows)


def _where(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    entry = draft.current
    places = travelling.PLACES if scene.round.kind is Kind.HOME else tuple(Where)
    buttons = [button(scene, draft, text(f"where.{place}"), "where", place) for place in places]
    words = text(
        "walk.where",
        head=head(scene, draft),
        lines=read_meanwhile(scene, draft),
        pupil=_subject(scene, draft),
        so_far=_so_far(draft),
        symptoms=(symptoms(entry) or text("alert.no_symptoms")) if entry else NOTHING,
        note=note(scene, draft),
    )
    return words, (tuple(buttons[:2]), tuple(buttons[2:]), foot(scene, draft))


# Why


def _reason(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    buttons = [button(scene, draft, text(f"reason.{why}"), "reason", why) for why in REASONS]
    return text("walk.reason", head=head(scene, draft), note=note(scene, draft)), (
        tuple(buttons[:2]),
        tuple(buttons[2:]),
        foot(scene, draft),
    )
