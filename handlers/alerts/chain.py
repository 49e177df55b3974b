"""Who answers for an alert: 疫情报告人 → 副报告人 → 校长 → 学区联络员, each for ten minutes, until somebody has
acknowledged it. A step that nobody can be reached at is passed over, and somebody must phone."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.alerts.showing import everybody, post_words, private, said_again, told_today
from handlers.cards import office_of, refresh
from handlers.facts import PassedOn, Telling, Unheard
from handlers.model import (
    LEADERS,
    Duty,
    Message,
    Person,
    Put,
    Text,
    ToGroup,
    ToPerson,
    Update,
    Urgency,
    Value,
    choice,
    text,
)
from handlers.outcome import Outcome
from handlers.questions import AlertBy, AlertView, Ask, MessageAt, RulesOn, Staff, Told
from handlers.rulebook import Rules
from handlers.scene import look
from handlers.words import listed

PASS_ON = "pass_on"  # noqa: S105 - a verb


def onward(rules: Rules, staff: Sequence[Person], step: int) -> tuple[int, tuple[Told, ...]]:
    """The first step from this one on at which somebody can be reached, and everybody asked on the way there; past the
    last step when nobody can."""
    asked: list[Told] = []
    for place in range(step, len(rules.chain)):
        here = [Told(one, rules.chain[place], one.reachable) for one in staff if one.has(rules.chain[place])]
        asked += here
        if any(told.reached for told in here):
            return place, tuple(asked)
    return len(rules.chain), tuple(asked)


def wait(update: Update, rules: Rules, alert: AlertView) -> tuple[Put, ...]:
    """Comes back when the step's time is up."""
    native = f"{PASS_ON}:{alert.id}:{alert.step}"
    return (Put(alert.school.id, native, PASS_ON, (alert.id, str(alert.step)), at=update.now + rules.patience),)


def pass_on(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """The time of a step is up: the next one is told, once for each step. One that was seen to states nothing."""
    alert = ask(AlertBy(update.args[0]))
    if alert is None or not alert.waiting or str(alert.step) != update.args[1]:
        return Outcome()
    rules = ask(RulesOn(alert.day))
    if alert.step >= len(rules.chain):
        return Outcome(says=_unanswered(update, ask, rules, alert))
    return to_next(update, ask, rules, alert)


def to_next(update: Update, ask: Ask, rules: Rules, alert: AlertView) -> Outcome:
    staff = everybody(ask, alert.school.id, alert.day)
    step, asked = onward(rules, staff, alert.step + 1)
    now = replace(alert, step=step, passed_at=update.now, told=_added(alert.told, asked))
    ring = tuple(
        replace(private(update, rules, now, told, staff), fresh=True)
        for told in now.told
        if told.reached and any(told.person == one.person for one in asked)
    )
    ringing = {message.key for message in ring}
    again = tuple(one for one in said_again(update, ask, rules, [now]) if one.key not in ringing)
    fact = PassedOn(now.id, step, tuple(Telling(one.person.id, one.duty, one.reached) for one in asked), update.now)
    return Outcome(facts=(fact,), says=(*ring, *again, *_receipts(update, ask, now)), puts=wait(update, rules, now))


def _added(told: tuple[Told, ...], asked: tuple[Told, ...]) -> tuple[Told, ...]:
    """Who is asked a second time keeps the place and the duty of the first."""
    again = {one.person.id: one for one in asked}
    kept = tuple(replace(one, reached=again.pop(one.person.id, one).reached) for one in told)
    return (*kept, *again.values())


def _receipts(update: Update, ask: Ask, alert: AlertView) -> tuple[Message, ...]:
    scene = look(update, ask, alert.klass.id, alert.day, alert.round)
    return refresh(scene.with_alerts(alert), ask) if scene else ()


def _unanswered(update: Update, ask: Ask, rules: Rules, alert: AlertView) -> tuple[Message, ...]:
    """The last step's time is up too: the group is told aloud, the district's office in private with phone numbers."""
    minutes = int((update.now - alert.at).total_seconds() // 60)
    words = text(
        "alert.unanswered",
        school=alert.school.short,
        klass=alert.klass.name,
        seat=alert.seat,
        minutes=minutes,
        phone=rules.office_phone,
    )
    button = ((choice(text("button.ack"), "ack", alert.id),),)
    aloud = Message(f"unanswered:{alert.id}", ToGroup(LEADERS), words, button, Urgency.ALERT)
    phones = listed([_phone(told.person) for told in alert.told if told.person.school == alert.school.id])
    with_phones = text("alert.unanswered_private", words=words, who=phones)
    return (aloud, *_to_office(ask, alert, f"unanswered:{alert.id}", with_phones))


def _phone(person: Person) -> Text:
    return text("alert.phone", who=office_of(person), phone=person.phone or text("phone.unknown"))


def _to_office(ask: Ask, alert: AlertView, key: str, words: Text) -> tuple[Message, ...]:
    """The 学区联络员 and 管理员 who can be reached, without a name."""
    button = ((choice(text("button.ack"), "ack", alert.id),),) if alert.waiting else ()
    return tuple(
        Message(f"{key}:{one.id}", ToPerson(one.id), words, button, Urgency.ALERT)
        for one in ask(Staff(None, alert.day))
        if one.has(Duty.LIAISON, Duty.ADMIN) and one.reachable
    )


def undelivered(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """An alert has not arrived in two minutes, or never will: the district's office hears that somebody must phone;
    and where nobody of its step has heard, the next step is asked now."""
    message = ask(MessageAt(update.args[0], update.args[1], update.today))
    alert = ask(AlertBy(update.args[0].split(":")[1])) if update.args[0].startswith("alert:") else None
    if alert is None or alert.post is None:
        return Outcome()
    rules = ask(RulesOn(alert.day))
    lost = message.person if message else None
    who: Value = office_of(lost) if lost else text("alert.the_group")
    phone: Value = (lost.phone if lost else None) or text("phone.unknown")
    today = told_today(ask, alert.school.id, alert.day)
    card = post_words(update, rules, today, alert.post)
    words = text("alert.undelivered", card=card, who=who, phone=phone)
    outcome = Outcome(says=_to_office(ask, alert, f"undelivered:{alert.id}", words))
    return outcome + _without(update, ask, rules, alert, lost) if lost else outcome


def _without(update: Update, ask: Ask, rules: Rules, alert: AlertView, lost: Person) -> Outcome:
    told = tuple(replace(one, reached=one.reached and one.person.id != lost.id) for one in alert.told)
    if told == alert.told:
        return Outcome()
    now = replace(alert, told=told)
    fact = Outcome(facts=(Unheard(alert.id, lost.id, update.now),))
    here = rules.chain[alert.step : alert.step + 1]
    if not alert.waiting or any(one.reached and one.person.has(*here) for one in told):
        return fact + Outcome(says=said_again(update, ask, rules, [now]))
    return fact + to_next(update, ask, rules, now)
