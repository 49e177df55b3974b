"""发热提醒: who hears of a fever at once, what they see, and 已知悉."""

from dataclasses import replace

from handlers.cards import OFFICES, acknowledged, at_school, office_of, refresh
from handlers.facts import Acknowledged, Alerted, AlertWithdrawn
from handlers.ids import new_id
from handlers.model import (
    DISTRICT_OFFICE,
    LEADERS,
    SCHOOL_OFFICE,
    Answer,
    Choices,
    Duty,
    Entry,
    Message,
    Person,
    PupilRef,
    Text,
    ToGroup,
    ToPerson,
    Update,
    Urgency,
    Value,
    choice,
    text,
)
from handlers.outcome import Outcome, pop_up
from handlers.questions import AlertBy, AlertView, Ask, MessageAt, Staff
from handlers.scene import Scene, look, posted_again
from handlers.words import NOTHING, listed, symptoms, temperature


def raise_alerts(
    scene: Scene, ask: Ask, person: Person, fevers: tuple[str, ...]
) -> tuple[Outcome, tuple[AlertView, ...]]:
    """Tells each fever that was not told yet today; gives back all alerts of the class as they are then."""
    known = {alert.pupil for alert in scene.alerts if alert.withdrawn_at is None}
    report = scene.report
    fresh = [entry for entry in report.entries if entry.pupil in fevers and entry.pupil not in known] if report else []
    if not fresh:
        return Outcome(), scene.alerts
    officers = _officers(scene, ask)
    outcome, alerts = Outcome(), scene.alerts
    for entry in fresh:
        alert = _alert(scene, person, entry, officers)
        alerts = (*alerts, alert)
        outcome += Outcome(facts=(_alerted(alert),), says=_messages(scene, alert, officers))
    return outcome, alerts


def _officers(scene: Scene, ask: Ask) -> tuple[Person, ...]:
    """Of the school, those whom the rules name; where no 疫情报告人 can be reached, the deputy too."""
    people = ask(Staff(scene.view.school.id, scene.day))
    told = [person for person in people if person.has(*scene.rules.told)]
    if not any(person.has(Duty.REPORTER) and person.reachable for person in told):
        told += [person for person in people if person.has(Duty.DEPUTY) and person not in told]
    return tuple(sorted(told, key=_rank))


def _rank(person: Person) -> int:
    """The place of a person's first office among the offices."""
    return min(OFFICES.index(held.duty) for held in person.duties)


def _alert(scene: Scene, person: Person, entry: Entry, officers: tuple[Person, ...]) -> AlertView:
    return AlertView(
        id=new_id(scene.update.seed, "alert", entry.pupil),
        day=scene.day,
        round=scene.round.id,
        school=scene.view.school,
        klass=scene.view.klass,
        pupil=entry.pupil,
        seat=scene.seats.get(entry.pupil, 0),
        entry=entry,
        by=person,
        at=scene.update.at,
        told=tuple(officer.id for officer in officers),
        acked_by=None,
        acked_at=None,
        withdrawn_at=None,
        now=None,
    )


def _alerted(alert: AlertView) -> Alerted:
    return Alerted(
        id=alert.id,
        day=alert.day,
        round=alert.round,
        school=alert.school.id,
        class_id=alert.klass.id,
        seat=alert.seat,
        entry=alert.entry,
        by=alert.by.id,
        at=alert.at,
        told=alert.told,
    )


def withdraw_alerts(
    scene: Scene, ask: Ask, person: Person, alerts: tuple[AlertView, ...], fevers: tuple[str, ...]
) -> tuple[Outcome, tuple[AlertView, ...]]:
    """A correction took a fever back: everybody whom it reached hears so, with both values."""
    report = scene.report
    listed_now = {entry.pupil: entry for entry in report.entries} if report else {}
    outcome, kept = Outcome(), []
    officers: tuple[Person, ...] | None = None
    for alert in alerts:
        if alert.withdrawn_at is not None or alert.pupil in fevers:
            kept.append(alert)
            continue
        gone = replace(alert, withdrawn_at=scene.update.at, now=listed_now.get(alert.pupil))
        kept.append(gone)
        officers = officers or ask(Staff(scene.view.school.id, scene.day))
        outcome += Outcome(
            facts=(AlertWithdrawn(alert.id, gone.now, person.id, scene.update.at),),
            says=(*_messages(scene, gone, _told(gone, officers), again=True), *_corrections(scene, gone, officers)),
        )
    return outcome, tuple(kept)


def _told(alert: AlertView, people: tuple[Person, ...]) -> tuple[Person, ...]:
    return tuple(sorted((person for person in people if person.id in alert.told), key=_rank))


def _corrections(scene: Scene, alert: AlertView, people: tuple[Person, ...]) -> tuple[Message, ...]:
    """更正, as a new message: an edit would pass unseen."""
    words = text(
        "alert.withdrawn_group",
        school=alert.school.short,
        klass=alert.klass.name,
        seat=alert.seat,
        first_time=scene.update.local(alert.at),
        first=temperature(alert.entry) or text("temperature.fever_said"),
        time=scene.update.local(alert.withdrawn_at or alert.at),
        now=(temperature(alert.now) if alert.now else None) or text("temperature.not_listed"),
    )
    key = f"taken_back:{alert.id}"
    return (
        Message(key, ToGroup(LEADERS), words, urgency=Urgency.REPLY),
        *(Message(key, ToPerson(person.id), words, urgency=Urgency.REPLY) for person in _told(alert, people)),
    )


# What an alert looks like


def _messages(
    scene: Scene, alert: AlertView, officers: tuple[Person, ...], *, again: bool = False
) -> tuple[Message, ...]:
    """The group's card (class and seat, never a name) and each officer's own; said again, they are edited."""
    choices = ack_choices(alert)
    urgency = Urgency.REPLY if again else Urgency.ALERT
    group = Message(
        f"alert:{alert.id}",
        ToGroup(LEADERS),
        group_card(scene, alert, officers),
        choices,
        urgency=urgency,
        only_if_shown=again,
    )
    private = [
        Message(
            f"alert:{alert.id}:{person.id}",
            ToPerson(person.id),
            private_card(scene, alert),
            choices,
            urgency=urgency,
            only_if_shown=again,
        )
        for person in officers
    ]
    return (group, *private)


def ack_choices(alert: AlertView) -> Choices:
    if alert.acked_by is not None or alert.withdrawn_at is not None:
        return ()
    return ((choice(text("button.ack"), "ack", alert.id),),)


def group_card(scene: Scene, alert: AlertView, officers: tuple[Person, ...]) -> Text:
    return text(
        "alert.group",
        school=alert.school.short,
        klass=alert.klass.name,
        seat=alert.seat,
        temperature=temperature(alert.entry) or text("temperature.fever_said"),
        time=scene.update.local(alert.at),
        symptoms=symptoms(alert.entry) or text("alert.no_symptoms"),
        where=text(f"where.{alert.entry.where}") if alert.entry.where else text("where.unsaid"),
        told=_told_line(officers),
        state=_state(scene, alert),
        phone=scene.rules.office_phone,
    )


def private_card(scene: Scene, alert: AlertView) -> Text:
    return text(
        "alert.private",
        klass=alert.klass.name,
        seat=alert.seat,
        pupil=PupilRef(alert.pupil, alert.seat),
        temperature=temperature(alert.entry) or text("temperature.fever_said"),
        symptoms=symptoms(alert.entry) or text("alert.no_symptoms"),
        where=text(f"where.{alert.entry.where}") if alert.entry.where else text("where.unsaid"),
        time=scene.update.local(alert.at),
        by=alert.by.title,
        phone=alert.by.phone or text("phone.unknown"),
        state=_state(scene, alert),
        next=text("alert.recheck" if at_school(alert.entry) else "alert.ask_parents"),
    )


def _told_line(officers: tuple[Person, ...]) -> Text:
    """Who was told, and whom somebody must phone: those who cannot be written to."""
    reached = [duty_name(person) for person in officers if person.reachable]
    lost = [duty_name(person) for person in officers if not person.reachable]
    if not officers:
        return text("alert.told_nobody")
    return text(
        "alert.told",
        reached=listed(reached) or text("alert.none_reached"),
        lost=text("alert.phone_them", who=listed(lost)) if lost else NOTHING,
    )


def duty_name(person: Person) -> Text:
    held = sorted((held.duty for held in person.duties), key=OFFICES.index)
    return text(f"duty.{held[0]}") if held else text("literal", words=person.title)


def _state(scene: Scene, alert: AlertView) -> Text:
    if alert.withdrawn_at is not None:
        now = temperature(alert.now) if alert.now else None
        return text(
            "alert.taken_back",
            time=scene.update.local(alert.withdrawn_at),
            now=now or text("temperature.not_listed"),
        )
    return acknowledged(scene, alert)


# 已知悉


def acknowledge(update: Update, ask: Ask, person: Person) -> Outcome:
    """Records who and when, and shows it on every card of this alert: group, officers, the teacher's receipt."""
    alert = ask(AlertBy(update.args[0])) if update.args else None
    if alert is None:
        return pop_up(text("answer.unknown_button"))
    if not may_acknowledge(person, alert):
        return pop_up(text("answer.not_yours"))
    scene = look(update, ask, alert.klass.id, alert.day, alert.round)
    if scene is None:
        return pop_up(text("answer.unknown_button"))
    done = alert
    facts: tuple[Acknowledged, ...] = ()
    answer = text("answer.acked_before", who=office_of(alert.acked_by)) if alert.acked_by else text("answer.acked")
    if alert.acked_by is None:
        done = replace(alert, acked_by=person, acked_at=update.at)
        facts = (Acknowledged(alert.id, person.id, update.at),)
    others = tuple(done if one.id == alert.id else one for one in scene.alerts)
    scene = replace(scene, alerts=others)
    officers = _told(done, ask(Staff(alert.school.id, alert.day)))
    says: tuple[Message, ...] = _messages(scene, done, officers, again=True)
    return Outcome(facts, (*says, *refresh(scene, ask)), Answer(answer), puts=posted_again(scene) if facts else ())


def may_acknowledge(person: Person, alert: AlertView) -> bool:
    """The school's office, and the district's."""
    return (person.school == alert.school.id and person.has(*SCHOOL_OFFICE)) or person.has(*DISTRICT_OFFICE)


# An alert that did not arrive


def undelivered(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """Two minutes and not shown: the next of the school's office, and the district's, hear that somebody must phone."""
    key, address = update.args[0], update.args[1]
    message = ask(MessageAt(key, address, update.today))
    alert = ask(AlertBy(key.split(":")[1])) if key.startswith("alert:") else None
    if alert is None:
        return Outcome()
    scene = look(update, ask, alert.klass.id, alert.day, alert.round)
    if scene is None:
        return Outcome()
    people = ask(Staff(alert.school.id, alert.day))
    lost: Value = text("alert.the_group")
    if message is not None and message.person is not None:
        lost = office_of(message.person)
    next_ones = [
        one
        for duty in (Duty.REPORTER, Duty.DEPUTY, Duty.PRINCIPAL, Duty.NURSE)
        for one in people
        if one.has(duty) and one.reachable and one.id not in alert.told
    ][:1]
    office = [one for one in ask(Staff(None, alert.day)) if one.has(Duty.LIAISON, Duty.ADMIN) and one.reachable]
    phone: Value = text("phone.unknown")
    if message is not None and message.person is not None and message.person.phone:
        phone = message.person.phone
    words = text("alert.undelivered", card=private_card(scene, alert), who=lost, phone=phone)
    plain = text("alert.undelivered", card=group_card(scene, alert, _told(alert, people)), who=lost, phone=phone)
    says = [
        Message(f"undelivered:{alert.id}:{one.id}", ToPerson(one.id), words, ack_choices(alert), Urgency.ALERT)
        for one in next_ones
    ]
    says += [
        Message(f"undelivered:{alert.id}:{one.id}", ToPerson(one.id), plain, ack_choices(alert), Urgency.ALERT)
        for one in office
    ]
    return Outcome(says=tuple(says))
