"""复测: 疫情报告人 and 校医 answer an alert with a second temperature. It is a revision of the class's report; the
first value stays on record, and everybody whom the alert reached hears both."""

from handlers.alerts import seen
from handlers.alerts.showing import first_value
from handlers.drafts import RECHECK, following, listed_in, next_n, turned
from handlers.model import (
    Answer,
    Choices,
    Draft,
    Entry,
    Forget,
    Message,
    Method,
    Person,
    Symptom,
    Text,
    ToPerson,
    Update,
    choice,
    in_rows,
    text,
)
from handlers.outcome import Outcome, pop_up
from handlers.questions import AlertBy, AlertView, Ask, DraftOf
from handlers.report import Making, recorded
from handlers.rulebook import Rules
from handlers.rules.fever import is_fever, is_flagged
from handlers.rules.reading import Line
from handlers.rules.temperature import Problem, Temperature, read_temperature
from handlers.scene import Scene, look
from handlers.values import replace
from handlers.views import looked_at
from handlers.words import NOTHING, day_short, degrees, literal, temperature

KIND = RECHECK
DEGREES = (360, 365, 368, 370, 372, 373, 375, 378, 380, 385, 390, 395)  # a fever that has gone, or has not
A_ROW = 4


def recheck(update: Update, ask: Ask, person: Person) -> Outcome:
    """填复测: asks how warm, measured at the armpit unless it is said otherwise."""
    alert = ask(AlertBy(update.args[0])) if update.args else None
    scene = look(update, ask, alert.klass.id, alert.day, alert.round) if alert else None
    if alert is None or scene is None:
        return pop_up(text("answer.unknown_button"))
    if alert.day != update.today:
        return pop_up(text("answer.alert_over", day=day_short(alert.day)))
    if _listed(scene, alert) is None:
        return pop_up(text("answer.alert_corrected"))
    known = ask(DraftOf(person.id, alert.klass.id, alert.day, alert.round))
    if known is not None and known.kind != KIND and known.begun:
        return pop_up(text("answer.walk_open"))
    draft = Draft(
        person=person.id,
        class_id=alert.klass.id,
        day=alert.day,
        round=alert.round,
        kind=KIND,
        base=scene.rev,
        n=next_n(scene, known),
        key=f"{KIND}:{alert.id}:{person.id}",
        open=KIND,
        current=Entry(alert.pupil),
        method=Method.AXILLARY,
        alert=alert.id,
    )
    asked = replace(_shown(update, draft, alert), fresh=True, in_place=False)  # the alert stays to be acknowledged
    facts = looked_at(scene, person, "recheck", (alert.pupil,))
    return Outcome(facts, (*_put_by(ask, known, alert), asked), drafts=(draft,), answer=Answer())


def _put_by(ask: Ask, known: Draft | None, alert: AlertView) -> tuple[Message, ...]:
    """One 复测 of a class at a time: the question about another child says so, and is asked again by its button."""
    other = ask(AlertBy(known.alert)) if known and known.alert and known.alert != alert.id else None
    if known is None or other is None:
        return ()
    words = text("walk.recheck_put_by", klass=other.klass.name, seat=other.seat, other=alert.seat)
    button = ((choice(text("button.recheck"), "recheck", other.id),),)
    return (replace(_message(known, words, button), in_place=False, only_if_shown=True),)


def measured(update: Update, ask: Ask, person: Person) -> Outcome:
    """A button of that question: a value, another way of measuring, or never mind."""
    alert = ask(AlertBy(update.args[0])) if len(update.args) == 3 else None
    scene = look(update, ask, alert.klass.id, alert.day, alert.round) if alert else None
    if alert is None or scene is None:
        return pop_up(text("answer.unknown_button"))
    draft = ask(DraftOf(person.id, alert.klass.id, alert.day, alert.round))
    if draft is None or draft.alert != alert.id or update.args[1] != str(draft.n):
        return pop_up(text("answer.no_walk"))
    match update.args[2]:
        case "cancel":
            return cancelled(draft)
        case "method":
            other = turned(draft, method=following(draft.method))
            return Outcome(says=(_shown(update, other, alert),), drafts=(other,))
        case value if value in map(str, DEGREES):
            return _record(scene, ask, person, draft, alert, int(value), draft.method)
        case _:
            return pop_up(text("answer.unknown_button"))


def cancelled(draft: Draft) -> Outcome:
    words = text("answer.cancelled")
    gone = Forget(draft.person, draft.class_id, draft.day, draft.round)
    return Outcome(says=(_message(draft, words),), drafts=(gone,), answer=Answer(words, shown=True))


def put_off(scene: Scene, draft: Draft) -> tuple[Message, ...]:
    """A sentence about the same class comes first: the question leads back to itself."""
    seat = scene.seat(draft.current.pupil) if draft.current else 0
    words = text("walk.recheck_put_off", klass=scene.view.klass.name, seat=seat)
    again = ((choice(text("button.recheck"), "recheck", draft.alert or NOTHING),),)
    return (replace(_message(draft, words, again), in_place=False),)


def typed(scene: Scene, ask: Ask, person: Person, draft: Draft, line: Line | None) -> Outcome:
    """A temperature as it is typed, and how it was taken; anything else is asked again. `line`: what was read of the
    pupil."""
    alert = _alert(ask, draft)
    own = line.temperature if line is not None else None
    match read_temperature(scene.update.text) if own is None else Temperature(own):
        case Temperature() if line is not None and _says_more(line):
            return ask_again(scene, ask, draft, "walk.recheck_only")
        case Temperature(tenths):
            method = (line.method if line else None) or draft.method
            return _record(scene, ask, person, draft, alert, tenths, method)
        case Problem(kind):
            return ask_again(scene, ask, draft, f"walk.temperature_{kind}")


def ask_again(scene: Scene, ask: Ask, draft: Draft, why: str) -> Outcome:
    alert = _alert(ask, draft)
    again = turned(draft, note=why)
    return Outcome(says=(_shown(scene.update, again, alert),), drafts=(again,))


def _alert(ask: Ask, draft: Draft) -> AlertView:
    alert = ask(AlertBy(draft.alert or NOTHING))
    if alert is None:
        raise ValueError(f"the walk of {draft.person} is of no alert")
    return alert


def _says_more(line: Line) -> bool:
    """A cough or 已接回 is no second temperature, and has no place in it."""
    return bool(set(line.symptoms) - {Symptom.FEVER} or line.disease or line.where or line.attendance)


def _record(
    scene: Scene, ask: Ask, person: Person, draft: Draft, alert: AlertView, tenths: int, method: Method
) -> Outcome:
    """Whoever measures again has taken note, too."""
    before = _listed(scene, alert)
    if before is None or scene.report is None:
        return pop_up(text("answer.alert_corrected"))
    now = replace(
        before,
        temperature=tenths,
        method=method,
        afebrile=False,
        symptoms=tuple(code for code in before.symptoms if code is not Symptom.FEVER),
    )
    entries = tuple(now if entry.pupil == alert.pupil else entry for entry in scene.report.entries)
    outcome = Outcome()
    if alert.waiting:
        outcome = seen(scene.update, ask, person, (alert,))
        scene = scene.with_alerts(replace(alert, acked_by=person, acked_at=scene.update.at))
    making = Making(KIND, draft.key, reason="rechecked")
    revised, after = recorded(scene, ask, person, entries, making)
    done = _message(draft, _done(after, alert, now))
    return outcome + revised + Outcome(says=(done,), answer=Answer(text("answer.revised")))


def _listed(scene: Scene, alert: AlertView) -> Entry | None:
    """The pupil as the report has them now; None when there is nothing to measure again."""
    if alert.withdrawn_at is not None or scene.report is None:
        return None
    return listed_in(scene.report.entries, alert.pupil)


# How it looks


def _message(draft: Draft, words: Text, choices: Choices = ()) -> Message:
    return Message(draft.key, ToPerson(draft.person), words, choices, in_place=True)


def _shown(update: Update, draft: Draft, alert: AlertView) -> Message:
    words = text(
        "walk.recheck",
        klass=alert.klass.name,
        seat=alert.seat,
        time=update.local(alert.at),
        first=first_value(alert),
        method=text(f"method.{draft.method}"),
        note=text(draft.note) if draft.note else NOTHING,
    )
    values = [
        replace(choice(literal(degrees(value)), "measured", alert.id, draft.n, value), number=0) for value in DEGREES
    ]
    rows = [*in_rows(values, A_ROW)]
    method = text("button.method", method=text(f"method.{draft.method}"))
    rows.append((choice(method, "measured", alert.id, draft.n, "method"),))
    rows.append((choice(text("button.cancel"), "measured", alert.id, draft.n, "cancel"),))
    return _message(draft, words, tuple(rows))


def _verdict(rules: Rules, now: Entry) -> str:
    """A severe symptom is told of whatever the temperature."""
    if is_fever(now, rules.fever):
        return "fever"
    return "still" if is_flagged(now, rules.fever, rules.alarming) else "no_fever"


def _done(scene: Scene, alert: AlertView, now: Entry) -> Text:
    return text(
        "walk.recheck_done",
        klass=alert.klass.name,
        seat=alert.seat,
        first=first_value(alert),
        now=temperature(now) or NOTHING,
        verdict=text(f"walk.recheck_{_verdict(scene.rules, now)}"),
    )
