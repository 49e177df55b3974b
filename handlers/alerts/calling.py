"""Calls for help: an alert has not arrived, or nobody acknowledges it. Each stays true: once somebody has seen to it,
it says so, and its button is gone; whom it has not reached by then it does not reach at all."""

from collections.abc import Sequence

from handlers.alerts.hearers import Hearers
from handlers.alerts.showing import called, group_words, members, state
from handlers.model import LEADERS, Choices, Message, Text, ToGroup, ToPerson, Update, Urgency, Value, choice, text
from handlers.questions import AlertView, Told
from handlers.rulebook import Rules
from handlers.words import duty_and_title, listed


def unanswered(update: Update, rules: Rules, alert: AlertView, there: Hearers) -> tuple[Message, ...]:
    """The last step's time is up: the group is told aloud, the district's office in private with the phones."""
    if not called(rules, alert) or alert.passed_at is None:
        return ()
    words = text(
        "alert.unanswered" if alert.waiting else "alert.unanswered_over",
        school=alert.school.short,
        klass=alert.klass.name,
        seat=alert.seat,
        minutes=int((alert.passed_at - alert.at).total_seconds() // 60),
        phone=rules.office_phone,
        state=state(update, rules, alert, in_group=True),
    )
    key = f"unanswered:{alert.id}"
    aloud = (
        (Message(key, ToGroup(LEADERS), words, _ack(alert), Urgency.ALERT, over=not alert.waiting),)
        if there.group
        else ()
    )
    phones = listed([_phone(told) for told in alert.told if told.person.school == alert.school.id])
    if alert.waiting and phones:
        words = Text("alert.unanswered_private", {**words.values, "words": words, "who": phones})
    return (*aloud, *_to_office(there, key, words, _ack(alert), over=not alert.waiting))


def lost(
    update: Update, rules: Rules, alert: AlertView, today: Sequence[AlertView], there: Hearers, *, rings: bool = False
) -> tuple[Message, ...]:
    """To the district's office: all whom this alert has not reached, in one message; it rings for each further one."""
    unheard = [told for told in alert.told if not told.reached]
    now = "undelivered" if alert.waiting and unheard else "arrived" if alert.waiting else "undelivered_over"
    card = group_words(update, rules, [alert], today, there)
    words = text(f"alert.{now}", who=listed([_phone(told) for told in unheard]), card=card, **_in_short(card, [alert]))
    return _to_office(there, f"undelivered:{alert.id}", words, _ack(alert), fresh=rings, over=not alert.waiting)


def late_post(update: Update, rules: Rules, today: Sequence[AlertView], id: str, there: Hearers) -> tuple[Message, ...]:
    """To the district's office: the post is not in the leaders' group."""
    shown = members(today, id)
    waiting = any(alert.waiting for alert in shown)
    card = group_words(update, rules, shown, today, there)
    words = text("alert.late_post" if waiting else "alert.undelivered_over", card=card, **_in_short(card, shown))
    button = choice(text("button.ack"), "seen", id, len(shown))
    return _to_office(there, f"late_post:{id}", words, ((button,),) if waiting else (), over=not waiting)


def _in_short(card: Text, alerts: Sequence[AlertView]) -> dict[str, Value]:
    """What of it there is room for on a small card: its lines, or of whom they are."""
    which = listed([text("alert.of_whom", klass=alert.klass.name, seat=alert.seat) for alert in alerts])
    return {"school": alerts[0].school.short, "lines": card.values["lines"], "which": which}


def _ack(alert: AlertView) -> Choices:
    return ((choice(text("button.ack"), "ack", alert.id),),) if alert.waiting else ()


def _phone(told: Told) -> Text:
    phone = told.person.phone or text("phone.unknown")
    return text("alert.phone", who=duty_and_title(told.person, told.duty), phone=phone)


def _to_office(
    there: Hearers, key: str, words: Text, choices: Choices, *, fresh: bool = False, over: bool
) -> tuple[Message, ...]:
    return tuple(
        Message(f"{key}:{one.id}", ToPerson(one.id), words, choices, Urgency.ALERT, fresh=fresh, over=over)
        for one in there.office
    )
