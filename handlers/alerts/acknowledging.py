"""已知悉: who and when, shown on every card of the alert: the group's, the officers', the teacher's receipt."""

from handlers.alerts.again import said_again
from handlers.alerts.showing import members, told_today
from handlers.cards import office_of, refresh
from handlers.facts import Acknowledged
from handlers.model import Answer, Message, Person, Text, Update, text
from handlers.outcome import Outcome, pop_up
from handlers.questions import AlertBy, AlertView, Ask, RulesOn
from handlers.scene import look, posted_again
from handlers.values import replace


def acknowledge(update: Update, ask: Ask, person: Person) -> Outcome:
    """On an officer's own card, or on the group's last call."""
    alert = ask(AlertBy(update.args[0])) if update.args else None
    if alert is None:
        return pop_up(text("answer.unknown_button"))
    return seen(update, ask, person, (alert,))


def acknowledge_post(update: Update, ask: Ask, person: Person) -> Outcome:
    """In the group: all that the post showed. One more may have joined it since: then it is shown, and nothing done."""
    first = ask(AlertBy(update.args[0])) if len(update.args) == 2 else None
    if first is None or first.post != first.id:
        return pop_up(text("answer.unknown_button"))
    today = told_today(ask, first.school.id, first.day)
    there = members(today, first.id)
    if str(len(there)) != update.args[1]:
        return Outcome(
            says=said_again(update, ask, ask(RulesOn(first.day)), there),
            answer=Answer(text("answer.post_grown"), loud=True),
        )
    return seen(update, ask, person, there)


def seen(update: Update, ask: Ask, person: Person, alerts: tuple[AlertView, ...]) -> Outcome:
    """The first 已知悉 counts; a later one hears whose it was."""
    done = tuple(replace(alert, acked_by=person, acked_at=update.at) if alert.waiting else alert for alert in alerts)
    facts = tuple(Acknowledged(alert.id, person.id, update.at) for alert in alerts if alert.waiting)
    rules = ask(RulesOn(alerts[0].day))
    outcome = Outcome(facts, said_again(update, ask, rules, done), Answer(_answer(alerts)))
    return outcome + _receipts(update, ask, done) if facts else outcome


def _answer(alerts: tuple[AlertView, ...]) -> Text:
    if any(alert.waiting for alert in alerts):
        return text("answer.acked")
    last = alerts[-1].acked_by
    return (
        text("answer.acked_before", who=office_of(last, alerts[-1].school.id)) if last else text("answer.acked_nothing")
    )


def _receipts(update: Update, ask: Ask, alerts: tuple[AlertView, ...]) -> Outcome:
    """Of each class whose pupils these are; and what is posted of the morning counts them."""
    outcome = Outcome()
    for klass, round_id in dict.fromkeys((alert.klass.id, alert.round) for alert in alerts):
        scene = look(update, ask, klass, alerts[0].day, round_id)
        if scene is not None:
            scene = scene.with_alerts(*alerts)
            outcome += Outcome(says=_besides(update, refresh(scene, ask)), puts=posted_again(scene))
    return outcome


def _besides(update: Update, messages: tuple[Message, ...]) -> tuple[Message, ...]:
    return tuple(message for message in messages if message.key != update.on)
