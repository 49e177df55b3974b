"""How an alert looks: one post of the leaders' group for a school's flagged (class and seat, never a name), and each
officer's own card."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from handlers.cards import acknowledged, at_school
from handlers.model import (
    DISTRICT_OFFICE,
    LEADERS,
    SCHOOL_OFFICE,
    Choices,
    Duty,
    Entry,
    Message,
    Method,
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
from handlers.questions import AlertsOn, AlertView, Ask, Staff, Told
from handlers.rulebook import Rules
from handlers.rules.fever import is_fever
from handlers.words import NOTHING, duty_and_title, hour_of, listed, symptoms, temperature

THIRD = 3  # of one class on one day: so many are said aloud
MEASURES = (Duty.REPORTER, Duty.DEPUTY, Duty.NURSE)  # who answers with a 复测


def may_acknowledge(person: Person, alert: AlertView) -> bool:
    """The school's office, and the district's."""
    return (person.school == alert.school.id and person.has(*SCHOOL_OFFICE)) or person.has(*DISTRICT_OFFICE)


def may_measure(person: Person, alert: AlertView) -> bool:
    """疫情报告人, 副报告人 and 校医 of the school."""
    return person.school == alert.school.id and person.has(*MEASURES)


def everybody(ask: Ask, school: str, day: date) -> tuple[Person, ...]:
    """Of whom the chain is made: the school's staff and the district's."""
    return (*ask(Staff(school, day)), *ask(Staff(None, day)))


def told_today(ask: Ask, school: str, day: date, known: Iterable[AlertView] = ()) -> tuple[AlertView, ...]:
    """All that the group was told of a school on a day, `known` as they are now; the newest last."""
    now = {one.id: one for one in known}
    there = [now.pop(one.id, one) for one in ask(AlertsOn(day, school))]
    return tuple(one for one in (*there, *now.values()) if one.post is not None)


def members(today: Iterable[AlertView], post: str | None) -> tuple[AlertView, ...]:
    """Those that stand in one post of the group."""
    return tuple(one for one in today if one.post == post)


def said_again(update: Update, ask: Ask, rules: Rules, changed: Sequence[AlertView]) -> tuple[Message, ...]:
    """What is shown of these alerts of one school shows how they are now: the group's posts, every officer's card."""
    if not changed:
        return ()
    school, day = changed[0].school.id, changed[0].day
    today = told_today(ask, school, day, changed)
    posts = dict.fromkeys(alert.post for alert in changed if alert.post is not None)
    groups = [post(update, rules, today, one) for one in posts]
    staff = everybody(ask, school, day)
    cards = [private(update, rules, alert, told, staff) for alert in changed for told in alert.told]
    return tuple(replace(message, urgency=Urgency.REPLY, only_if_shown=True) for message in (*groups, *cards))


# The group's


def post(update: Update, rules: Rules, today: Sequence[AlertView], id: str) -> Message:
    """Said again, it is edited. Its button names how many it shows: one more may have come since."""
    there = members(today, id)
    waiting = any(alert.waiting for alert in there)
    button = choice(text("button.ack"), "seen", id, len(there))
    return Message(
        f"alert:{id}",
        ToGroup(LEADERS),
        post_words(update, rules, today, id),
        ((button,),) if waiting else (),
        urgency=Urgency.ALERT,
    )


def post_words(update: Update, rules: Rules, today: Sequence[AlertView], id: str) -> Text:
    there = members(today, id)
    return text(
        "alert.group",
        kind=_kind(rules, there),
        school=there[0].school.short,
        many=text("alert.many", n=len(there)) if len(there) > 1 else NOTHING,
        lines=tuple(_apart([_line(update, rules, alert) for alert in there])),
        clusters=tuple(_clusters(there, today)),
        told=_told_line(there),
        lost=_lost_line(there, rules),
        phone=rules.office_phone,
    )


def _apart(lines: Sequence[Text]) -> Iterator[Text]:
    """With a blank line between two children."""
    for place, line in enumerate(lines):
        yield text("alert.next_line", line=line) if place else line


def _kind(rules: Rules, alerts: Iterable[AlertView]) -> Text:
    """发热提醒, 急症提醒, or both."""
    kinds = {is_fever(alert.entry, rules.fever) for alert in alerts}
    return text("alert.kind.both" if len(kinds) > 1 else "alert.kind.fever" if True in kinds else "alert.kind.symptom")


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
        symptoms=_symptoms(alert),
        where=_where(alert),
        revised=_revised(update, alert),
        state=state(update, rules, alert, in_group=True),
    )


def _told_line(there: Iterable[AlertView]) -> Value:
    duties = dict.fromkeys(told.duty for alert in there for told in alert.told if told.reached)
    return text("alert.told", who=listed([text(f"duty.{duty}") for duty in duties])) if duties else NOTHING


def _lost_line(there: Iterable[AlertView], rules: Rules) -> Value:
    """Somebody must phone, while nobody has acknowledged: whom the bot cannot reach."""
    open_ones = [alert for alert in there if alert.waiting]
    if not open_ones:
        return NOTHING
    if not any(alert.told for alert in open_ones):
        return text("alert.told_nobody", phone=rules.office_phone)
    lost = dict.fromkeys(told.duty for alert in open_ones for told in alert.told if not told.reached)
    if not lost:
        return NOTHING
    return text("alert.phone_them", who=listed([text(f"duty.{duty}") for duty in lost]), phone=rules.office_phone)


# An officer's


def private(update: Update, rules: Rules, alert: AlertView, told: Told, staff: Sequence[Person]) -> Message:
    """Said again, it is edited."""
    person = told.person
    return Message(
        f"alert:{alert.id}:{person.id}",
        ToPerson(person.id),
        private_words(update, rules, alert, told, staff) if alert.post else _continued(update, alert),
        _choices(alert, person),
        urgency=Urgency.ALERT if alert.post else Urgency.REPLY,
    )


def _choices(alert: AlertView, person: Person) -> Choices:
    if alert.withdrawn_at is not None or alert.post is None:
        return ()
    acks = [choice(text("button.ack"), "ack", alert.id)] if alert.waiting else []
    measures = [choice(text("button.recheck"), "recheck", alert.id)] if may_measure(person, alert) else []
    return (tuple(acks + measures),) if acks or measures else ()


def private_words(update: Update, rules: Rules, alert: AlertView, told: Told, staff: Sequence[Person]) -> Text:
    return text(
        "alert.private",
        **_as_reported(update, alert),
        kind=_kind(rules, [alert]),
        phone=alert.by.phone or text("phone.unknown"),
        revised=_revised(update, alert),
        state=state(update, rules, alert),
        todo=_todo(alert, told.person),
        next=_next(rules, alert, staff),
    )


def _todo(alert: AlertView, person: Person) -> Value:
    """What the officer does now; who does not measure sees to it that somebody does."""
    if alert.withdrawn_at is not None or alert.latest is None:
        return NOTHING
    step = text("alert.recheck" if at_school(alert.latest) else "alert.ask_parents")
    if not may_measure(person, alert):
        step = text("alert.see_to_it")
    return text("alert.todo" if alert.waiting else "alert.todo_acknowledged", step=step)


def _next(rules: Rules, alert: AlertView, staff: Sequence[Person]) -> Value:
    """Who will be told when nobody acknowledges it in time."""
    if not alert.waiting:
        return NOTHING
    minutes = int(rules.patience.total_seconds() // 60)
    for duty in rules.chain[alert.step + 1 :]:
        for person in staff:
            if person.has(duty) and person.reachable:
                return text("alert.next", minutes=minutes, who=duty_and_title(person, duty))
    return text("alert.next_group", minutes=minutes)


def _continued(update: Update, alert: AlertView) -> Text:
    """续: flagged on the school day before and still at home."""
    return text("alert.continued", **_as_reported(update, alert))


def _as_reported(update: Update, alert: AlertView) -> dict[str, Value]:
    return {
        "klass": alert.klass.name,
        "seat": alert.seat,
        "pupil": PupilRef(alert.pupil, alert.seat),
        "temperature": first_value(alert),
        "symptoms": _symptoms(alert),
        "where": _where(alert),
        "time": update.local(alert.at),
        "by": alert.by.title,
    }


# Of both


def state(update: Update, rules: Rules, alert: AlertView, *, in_group: bool = False) -> Text:
    if alert.withdrawn_at is not None:
        return text("alert.taken_back", time=hour_of(update, alert.withdrawn_at, alert.day), now=now_value(alert))
    if not alert.waiting or alert.passed_at is None:
        return acknowledged(update, alert, in_group=in_group)
    if alert.step >= len(rules.chain):
        return text("alert.unanswered_yet")
    return text("alert.passed", time=update.local(alert.passed_at), who=text(f"duty.{rules.chain[alert.step]}"))


def _revised(update: Update, alert: AlertView) -> Value:
    """The second value, where it is still one to be told of."""
    if alert.revised_at is None or alert.withdrawn_at is not None or alert.now is None:
        return NOTHING
    if measured(alert.now) == measured(alert.entry):
        return NOTHING
    return text("alert.revised", time=hour_of(update, alert.revised_at, alert.day), now=now_value(alert))


def measured(entry: Entry) -> tuple[int | None, Method | None, bool]:
    """Of two entries, what makes it another value."""
    return entry.temperature, entry.method, entry.afebrile


def now_value(alert: AlertView) -> Text:
    return _said(alert.latest) if alert.latest else text("temperature.not_listed")


def first_value(alert: AlertView) -> Text:
    return _said(alert.entry)


def _said(entry: Entry) -> Text:
    fever = Symptom.FEVER in entry.symptoms
    return temperature(entry) or text("temperature.fever_said" if fever else "temperature.untaken")


def _symptoms(alert: AlertView) -> Value:
    return symptoms(alert.latest or alert.entry) or text("alert.no_symptoms")


def _where(alert: AlertView) -> Text:
    where = (alert.latest or alert.entry).where
    return text(f"where.{where}") if where else text("where.unsaid")
