"""How an open walk looks: one message that is edited as it goes, always with back and cancel."""

from dataclasses import replace

from handlers.model import (
    Attendance,
    Choice,
    Choices,
    Draft,
    Entry,
    Message,
    Method,
    Person,
    PupilRef,
    Symptom,
    Text,
    ToPerson,
    Typed,
    Where,
    choice,
    text,
)
from handlers.rules.names import Pupil
from handlers.scene import Scene
from handlers.words import NOTHING, away, day_short, degrees, entry_lines, findings, literal, symptoms, temperature

A_PAGE = 45
ONE_PAGE = 60  # up to so many the whole class is on one keyboard
DEGREES = (373, 375, 378, 380, 383, 385, 388, 390, 393, 395, 400, 405)
ASKED = tuple(code for code in Symptom if code not in (Symptom.FEVER, Symptom.COUGH_2W, Symptom.HEMOPTYSIS))
AWAY = (Attendance.SICK, Attendance.PERSONAL, Attendance.UNKNOWN, Attendance.LATE)
HOW = ("phone", "in_person", "paper")
REASONS = ("mistake", "rechecked", "parent", "other")


def show_walk(scene: Scene, draft: Draft, person: Person) -> Message:
    """The message of this walk, showing its open question."""
    words, choices = screen(scene, draft)
    return Message(draft.key, ToPerson(person.id), words, choices, about=scene.subject, in_place=True)


def screen(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    match draft.open:
        case "how":
            return _how(scene, draft)
        case "health":
            return _health(scene, draft)
        case "temperature":
            return _temperature(scene, draft)
        case "symptoms":
            return _symptoms(scene, draft)
        case "where":
            return _where(scene, draft)
        case "who":
            return _who(scene, draft)
        case "reason":
            return _reason(scene, draft)
        case _:
            return _list(scene, draft)


def button(scene: Scene, draft: Draft, label: Text, verb: str, *more: str | int) -> Choice:
    """Names the class-day and the walk's revision: a tap on an older one shows the present card."""
    return choice(label, verb, *scene.args(draft.n, *more))


def _head(scene: Scene, draft: Draft) -> Text:
    return text(
        f"walk.head_{draft.kind}",
        klass=scene.view.klass.name,
        day=day_short(scene.day),
        round=text(f"round.{scene.round.id}"),
    )


def _foot(scene: Scene, draft: Draft, *, back: bool = True) -> tuple[Choice, ...]:
    cancel = button(scene, draft, text("button.cancel"), "cancel")
    return (button(scene, draft, text("button.back"), "back"), cancel) if back else (cancel,)


def _note(draft: Draft) -> Text | str:
    return text(draft.note) if draft.note else NOTHING


# Which pupil; also the review: what is listed stands above the names


def _list(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    sums = scene.sums(draft.entries) if draft.kind != "supplement" else None
    words = text(
        "walk.list",
        head=_head(scene, draft),
        lines=entry_lines(draft.entries, scene.seats, {}),
        sums=text("walk.sums", expected=sums.expected, present=sums.present, away=away(sums), found=findings(sums))
        if sums and (draft.entries or may_send(scene, draft))
        else NOTHING,
        mismatch=_mismatch(scene, draft),
        unread=_unread(draft),
        note=_note(draft),
        ask=text("walk.ask_more" if may_send(scene, draft) else "walk.ask_first"),
    )
    rows: list[tuple[Choice, ...]] = []
    if may_send(scene, draft):
        rows.append((button(scene, draft, text("button.send"), "send"),))
    elif _differs(scene, draft):
        rows.append((button(scene, draft, text("button.as_listed"), "as_listed"),))
    rows += _pupils(scene, draft)
    rows.append(_foot(scene, draft, back=False))
    return words, tuple(rows)


def may_send(scene: Scene, draft: Draft) -> bool:
    """There is something to send, and it agrees with the numbers that were typed."""
    return (bool(draft.entries) or draft.kind == "correction" or draft.said_present is not None) and not _differs(
        scene, draft
    )


def _differs(scene: Scene, draft: Draft) -> bool:
    if draft.said_present is None and draft.said_expected is None:
        return False
    sums = scene.sums(draft.entries)
    return draft.said_present not in (None, sums.present) or draft.said_expected not in (None, sums.expected)


def _mismatch(scene: Scene, draft: Draft) -> Text | str:
    if not _differs(scene, draft):
        return NOTHING
    sums = scene.sums(draft.entries)
    said_expected = sums.expected if draft.said_expected is None else draft.said_expected
    if draft.said_present is not None and draft.said_present > said_expected:
        return text("walk.present_above_expected", expected=said_expected, present=draft.said_present)
    return text(
        "walk.mismatch",
        said_expected=sums.expected if draft.said_expected is None else draft.said_expected,
        said_present=sums.present if draft.said_present is None else draft.said_present,
        expected=sums.expected,
        present=sums.present,
    )


def _unread(draft: Draft) -> Text | str:
    if not draft.unread:
        return NOTHING
    return text("walk.unread", words=Typed("”“".join(draft.unread), draft.person))


def _pupils(scene: Scene, draft: Draft) -> list[tuple[Choice, ...]]:
    """Three a row, yesterday's listed pupils first; pages only above 60."""
    order = [*(pupil for pupil in scene.view.pupils if pupil.id in scene.view.before)]
    order += [pupil for pupil in scene.view.pupils if pupil.id not in scene.view.before]
    shown, pages = order, 1
    if len(order) > ONE_PAGE:
        pages = -(-len(order) // A_PAGE)
        shown = order[draft.page * A_PAGE : (draft.page + 1) * A_PAGE]
    listed = {entry.pupil for entry in draft.entries}
    buttons = [_pupil(scene, draft, pupil, pupil.id in listed) for pupil in shown]
    rows = [tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3)]
    if pages > 1:
        rows.append(
            tuple(
                button(scene, draft, text("button.page", n=page + 1, of=pages), "page", page)
                for page in range(pages)
                if page != draft.page
            )
        )
    return rows


def _pupil(scene: Scene, draft: Draft, pupil: Pupil, listed: bool) -> Choice:
    label = text("button.listed" if listed else "button.pupil", pupil=PupilRef(pupil.id, pupil.seat, alone=True))
    return button(scene, draft, label, "pick", pupil.id)


def _who(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    """A name that fits several, or nobody: always asked."""
    seats = scene.seats
    candidates: tuple[str, ...] = draft.choices
    words: Text | str = NOTHING
    if draft.pending:
        _, candidates, said = draft.pending[0]
        words = text("walk.said", words=Typed(said, draft.person))
    rows: list[tuple[Choice, ...]] = [
        (button(scene, draft, text("button.pupil", pupil=PupilRef(one, seats.get(one, 0), alone=True)), "pick", one),)
        for one in candidates
    ]
    rows.append((button(scene, draft, text("button.nobody"), "nobody"),))
    rows.append(_foot(scene, draft))
    return text("walk.who", head=_head(scene, draft), said=words, note=_note(draft)), tuple(rows)


# One pupil


def _subject(scene: Scene, draft: Draft) -> PupilRef:
    pupil = draft.current.pupil if draft.current else ""
    return PupilRef(pupil, scene.seats.get(pupil, 0))


def _temperature(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    words = text(
        "walk.temperature",
        head=_head(scene, draft),
        pupil=_subject(scene, draft),
        method=text(f"method.{draft.method}"),
        note=_note(draft),
    )
    values = [button(scene, draft, literal(degrees(value)), "temp", value) for value in DEGREES]
    rows = [tuple(values[at : at + 4]) for at in range(0, len(values), 4)]
    rows.append(
        (
            button(scene, draft, text("button.afebrile"), "temp", "normal"),
            button(scene, draft, text("button.untaken"), "temp", "none"),
        )
    )
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
    rows.append(_foot(scene, draft))
    return words, tuple(rows)


def _so_far(draft: Draft) -> Text | str:
    entry = draft.current
    return (temperature(entry) or text("temperature.untaken")) if entry else NOTHING


def _symptoms(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    chosen = draft.current.symptoms if draft.current else ()
    buttons = [
        button(
            scene,
            draft,
            text("button.chosen", label=text(f"symptom.{code}")) if code in chosen else text(f"symptom.{code}"),
            "sym",
            code,
        )
        for code in ASKED
    ]
    rows = [tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3)]
    done = text("button.symptoms_done") if chosen else text("button.no_symptoms")
    rows.append((button(scene, draft, done, "sym_done"),))
    rows.append(_foot(scene, draft))
    words = text(
        "walk.symptoms",
        head=_head(scene, draft),
        pupil=_subject(scene, draft),
        so_far=_so_far(draft),
        note=_note(draft),
    )
    return words, tuple(rows)


def _where(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    entry = draft.current
    buttons = [button(scene, draft, text(f"where.{place}"), "where", place) for place in Where]
    words = text(
        "walk.where",
        head=_head(scene, draft),
        pupil=_subject(scene, draft),
        so_far=_so_far(draft),
        symptoms=(symptoms(entry) or text("alert.no_symptoms")) if entry else NOTHING,
        note=_note(draft),
    )
    return words, (tuple(buttons[:2]), tuple(buttons[2:]), _foot(scene, draft))


# Why and how


def _reason(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    buttons = [button(scene, draft, text(f"reason.{why}"), "reason", why) for why in REASONS]
    return text("walk.reason", head=_head(scene, draft), note=_note(draft)), (
        tuple(buttons[:2]),
        tuple(buttons[2:]),
        _foot(scene, draft),
    )


def _how(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    buttons = tuple(button(scene, draft, text(f"how.{how}"), "how", how) for how in HOW)
    return text("walk.how", head=_head(scene, draft), note=_note(draft)), (buttons, _foot(scene, draft, back=False))


def _health(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    return text("walk.health", head=_head(scene, draft), n=scene.expected, note=_note(draft)), (
        (button(scene, draft, text("button.zero"), "all_well"),),
        (button(scene, draft, text("button.ill"), "some_ill"),),
        _foot(scene, draft),
    )


def following(method: Method) -> Method:
    """The next way of measuring: one button goes through them all."""
    methods = list(Method)
    return methods[(methods.index(method) + 1) % len(methods)]


def turned(draft: Draft, **changes: object) -> Draft:
    """The next revision of a walk; what was wrong before is forgotten."""
    return replace(draft, n=draft.n + 1, **{"note": None, **changes})  # type: ignore[arg-type]


def without(entries: tuple[Entry, ...], pupil: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.pupil != pupil)
