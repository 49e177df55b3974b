"""Who comes back, or is bound at last, in the middle of an alert hears it now."""

from handlers.alerts.chain import shown
from handlers.alerts.hearers import hearers
from handlers.alerts.showing import private
from handlers.facts import Heard
from handlers.model import Person, Put, Update
from handlers.outcome import Outcome
from handlers.questions import AlertBy, Ask, MissedBy, RulesOn, WhoIs
from handlers.values import replace


def missed(update: Update, ask: Ask, person: str) -> tuple[Put, ...]:
    """For each alert of the day that was told to this person and did not reach them: it is looked at in its school's
    lane, once the chat is known."""
    return tuple(
        Put(school, f"came_back:{alert}:{update.id}", "came_back", (alert, person))
        for alert, school in ask(MissedBy(person, update.today))
    )


def came_back(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`came_back ALERT PERSON`: one that still waits is sent, and they count as reached."""
    alert = ask(AlertBy(update.args[0]))
    who = ask(WhoIs(update.args[1], update.today))
    if alert is None or not alert.waiting or who is None or not who.reachable:
        return Outcome()
    told = tuple(replace(one, reached=True, person=who) if one.person.id == who.id else one for one in alert.told)
    now, rules = replace(alert, told=told), ask(RulesOn(alert.day))
    there = hearers(ask, alert.school.id, alert.day)
    ring = tuple(
        replace(private(update, rules, now, one, there), fresh=True) for one in told if one.person.id == who.id
    )
    fact = Heard(alert.id, who.id, update.now)
    return Outcome(facts=(fact,), says=ring) + shown(update, ask, rules, now, ring)
