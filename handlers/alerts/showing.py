"""How an alert looks: one post of the leaders' group for a school's flagged (class and seat, never a name), and each
officer's own card."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from handlers.alerts.hearers import Hearers, may_measure
from handlers.cards import acknowledged, at_school
from handlers.model import (
    LEADERS,
    Choices,
    Entry,
    Message,
    Person,
    PupilRef,
    Symptom,
    Text,
    ToGroup,
    ToPerson,
    Update,
    Urgency,
    Value,
    choice,
    text,
)
from handlers.questions import AlertsOn, AlertView, Ask, Told
from handlers.rulebook import Rules
from handlers.rules.fever import is_fever, is_flagged
from handlers.rules.news import measured
from handlers.words import NOTHING, day_short, duty_and_title, hour_of, listed, symptoms, temperature

THIRD = 3  # of one class on one day: so many are said aloud


def told_today(ask: Ask, school: str, day: date, known: Iterable[AlertView] = ()) -> tuple[AlertView, ...]:
    """All that the group was told of a school on a day, `known` as they are now; the newest last."""
    now = {one.id: one for one in known}
    there = [now.pop(one.id, one) for one in ask(AlertsOn(day, school))]
    return tuple(one for one in (*there, *now.values()) if one.post is not None)


def members(today: Iterable[AlertView], post: str | None) -> tuple[AlertView, ...]:
    """Those that stand in one post of the group."""
    return tuple(one for one in today if one.post == post)


# The group's


def post(update: Update, rules: Rules, today: Sequence[AlertView], id: str, there: Hearers) -> tuple[Message, ...]:
    """Said again, it is edited. Its button names how many it shows: one more may have come since."""
    shown = members(today, id)
    waiting = any(alert.waiting for alert in shown)
    button = choice(text("button.ack"), "seen", id, len(shown))
    words = group_words(update, rules, shown, today, there)
    return to_leaders(there, f"alert:{id}", words, ((button,),) if waiting else (), urgency=Urgency.ALERT)


def to_leaders(
    there: Hearers, key: str, words: Text, choices: Choices = (), *, urgency: Urgency
) -> tuple[Message, ...]:
    """Into their group; where none is bound, to each 学区联络员 and 管理员 in private."""
    if there.group:
        return (Message(key, ToGroup(LEADERS), words, choices, urgency=urgency),)
    return tuple(
        Message(f"office:{key}:{one.id}", ToPerson(one.id), words, choices, urgency=urgency) for one in there.office
    )


def group_words(
    update: Update, rules: Rules, shown: Sequence[AlertView], today: Sequence[AlertView], there: Hearers
) -> Text:
    """Of one school's alerts; class and seat, never a name."""
    return text(
        "alert.group" if there.group else "alert.office",
        kind=_kind(rules, shown),
        school=shown[0].school.short,
        many=text("alert.many", n=len(shown)) if len(shown) > 1 else NOTHING,
        lines=tuple(_apart([_line(update, rules, alert) for alert in shown])),
        clusters=tuple(_clusters(shown, today)),
        told=_told_line(shown),
        lost=_lost_line(shown),
        phone=rules.office_phone,
    )


def _apart(lines: Sequence[Text]) -> Iterator[Text]:
    """With a blank line between two children."""
    for place, line in enumerate(lines):
        yield text("alert.next_line", line=line) if place else line


def _kind(rules: Rules, alerts: Iterable[AlertView]) -> Text:
    """🔴 发热提醒, 急症提醒, or both, of those that still hold; ✅ when none does."""
    kinds = {is_fever(alert.latest or alert.entry, rules.fever) for alert in alerts if alert.withdrawn_at is None}
    if not kinds:
        return text("alert.over")
    kind = "both" if len(kinds) > 1 else "fever" if True in kinds else "symptom"
    return text("alert.open", kind=text(f"alert.kind.{kind}"))


def _clusters(there: Iterable[AlertView], today: Iterable[AlertView]) -> Iterator[Text]:
    """The classes of this post that have three or more told of on the whole day."""
    counted = Counter(alert.klass.name for alert in today if alert.withdrawn_at is None)
    for klass in dict.fromkeys(alert.klass.name for alert in there):
        if counted[klass] >= THIRD:
            yield text("alert.cluster", klass=klass, n=counted[klass])


def _line(update: Update, rules: Rules, alert: AlertView) -> Text:
    return text(
        "alert.line",
        klass=alert.klass.name,
        seat=alert.seat,
        temperature=first_value(alert),
        time=update.local(alert.at),
        symptoms=_symptoms(alert.latest or alert.entry),
        where=_where(alert.latest or alert.entry),
        revised=_revised(update, alert),
        state=state(update, rules, alert, in_group=True),
    )


def _told_line(there: Iterable[AlertView]) -> Value:
    duties = dict.fromkeys(told.duty for alert in there for told in alert.told if told.reached)
    return text("alert.told", who=listed([text(f"duty.{duty}") for duty in duties])) if duties else NOTHING


def _lost_line(there: Iterable[AlertView]) -> Value:
    """Somebody must phone, while nobody has acknowledged: whom the bot cannot reach."""
    open_ones = [alert for alert in there if alert.waiting]
    if not open_ones:
        return NOTHING
    if not any(alert.told for alert in open_ones):
        return text("alert.told_nobody")
    lost = dict.fromkeys(told.duty for alert in open_ones for told in alert.told if not told.reached)
    if not lost:
        return NOTHING
    return text("alert.phone_them", who=listed([text(f"duty.{duty}") for duty in lost]))


# An officer's


def private(update: Update, rules: Rules, alert: AlertView, told: Told, there: Hearers) -> Message:
    """Said again, it is edited."""
    person = told.person
    return Message(
        f"alert:{alert.id}:{person.id}",
        ToPerson(person.id),
        private_words(update, rules, alert, told, there) if alert.post else _continued(update, rules, alert),
        _choices(alert, person),
        urgency=Urgency.ALERT if alert.post else Urgency.REPLY,
    )


def _choices(alert: AlertView, person: Person) -> Choices:
    if alert.withdrawn_at is not None or alert.post is None:
        return ()
    acks = [choice(text("button.ack"), "ack", alert.id)] if alert.waiting else []
    measures = [choice(text("button.recheck"), "recheck", alert.id)] if may_measure(person, alert) else []
    return (tuple(acks + measures),) if acks or measures else ()


def private_words(update: Update, rules: Rules, alert: AlertView, told: Told, there: Hearers) -> Text:
    return text(
        "alert.private",
        **_as_reported(update, alert, alert.latest or alert.entry),
        kind=_kind(rules, [alert]),
        phone=alert.by.phone or text("phone.unknown"),
        revised=_revised(update, alert),
        state=state(update, rules, alert),
        todo=_todo(alert, told.person),
        next=_next(rules, alert, there),
    )


def _todo(alert: AlertView, person: Person) -> Value:
    """What the officer does now; who does not measure sees to it that somebody does."""
    if alert.withdrawn_at is not None or alert.latest is None:
        return NOTHING
    here, measures = at_school(alert.latest), may_measure(person, alert)
    step = ("recheck" if here else "ask_parents") if measures else ("see_to_it" if here else "see_to_asking")
    return text("alert.todo" if alert.waiting else "alert.todo_acknowledged", step=text(f"alert.{step}"))


def _next(rules: Rules, alert: AlertView, there: Hearers) -> Value:
    """Who will be told when nobody acknowledges it in time; nobody more after the last call."""
    if not alert.waiting or called(rules, alert):
        return NOTHING
    minutes = int(rules.patience.total_seconds() // 60)
    held = there.holding(rules.chain, alert.step)
    for duty in rules.chain[alert.step + 1 :]:
        for person in there.of(duty):
            if person.reachable and person.id not in held:
                return text("alert.next", minutes=minutes, who=duty_and_title(person, duty))
    return text("alert.next_group" if there.group else "alert.next_office", minutes=minutes)


def _continued(update: Update, rules: Rules, alert: AlertView) -> Text:
    """续: flagged on the school day before and still at home. One that has ended shows what it was."""
    over = alert.withdrawn_at is not None
    return text(
        "alert.continued",
        **_as_reported(update, alert, alert.entry if over else alert.latest or alert.entry),
        day=day_short(alert.continues or alert.day),
        revised=_revised(update, alert),
        state=_ended(update, rules, alert) if over else NOTHING,
    )


def _ended(update: Update, rules: Rules, alert: AlertView) -> Text:
    if alert.withdrawn_at is not None and ended_anew(rules, alert):
        return text("alert.continued_anew", time=update.local(alert.withdrawn_at))
    return state(update, rules, alert)


def ended_anew(rules: Rules, alert: AlertView) -> bool:
    """A 续 that has ended because the child is told of in full: at school, in hospital, or with something new."""
    ended = alert.post is None and alert.withdrawn_at is not None
    return ended and alert.now is not None and is_flagged(alert.now, rules.fever, rules.alarming)


def _as_reported(update: Update, alert: AlertView, entry: Entry) -> dict[str, Value]:
    return {
        "klass": alert.klass.name,
        "seat": alert.seat,
        "pupil": PupilRef(alert.pupil, alert.seat),
        "temperature": first_value(alert),
        "symptoms": _symptoms(entry),
        "where": _where(entry),
        "time": update.local(alert.at),
        "by": alert.by.title,
    }


# Of both


def called(rules: Rules, alert: AlertView) -> bool:
    """The last step's time was up, and whoever could still help was called."""
    return alert.step >= len(rules.chain) and alert.passed_at is not None


def state(update: Update, rules: Rules, alert: AlertView, *, in_group: bool = False) -> Text:
    if alert.withdrawn_at is not None:
        return text("alert.taken_back", time=hour_of(update, alert.withdrawn_at, alert.day), now=now_value(alert))
    if not alert.waiting or alert.passed_at is None:
        return acknowledged(update, alert, in_group=in_group)
    if called(rules, alert):
        return text("alert.unanswered_yet")
    return text("alert.passed", time=update.local(alert.passed_at), who=text(f"duty.{rules.chain[alert.step]}"))


def _revised(update: Update, alert: AlertView) -> Value:
    """The second value, where it is still one to be told of."""
    if alert.revised_at is None or alert.withdrawn_at is not None or alert.now is None:
        return NOTHING
    if measured(alert.now) == measured(alert.entry):
        return NOTHING
    return text("alert.revised", time=hour_of(update, alert.revised_at, alert.day), now=now_value(alert))


def now_value(alert: AlertView) -> Text:
    return _said(alert.latest) if alert.latest else text("temperature.not_listed")


def first_value(alert: AlertView) -> Text:
    return _said(alert.entry)


def _said(entry: Entry) -> Text:
    fever = Symptom.FEVER in entry.symptoms
    return temperature(entry) or text("temperature.fever_said" if fever else "temperature.untaken")


def _symptoms(entry: Entry) -> Value:
    return symptoms(entry) or text("alert.no_symptoms")


def _where(entry: Entry) -> Text:
    return text(f"where.{entry.where}") if entry.where else text("where.unsaid")
