"""Who answers for an alert: 疫情报告人 → 副报告人 → 校长 → 学区联络员, each for ten minutes, until somebody has
acknowledged it. A step that nobody can be reached at is passed over, and somebody must phone."""

from handlers.alerts.again import said_again
from handlers.alerts.calling import late_post, lost, unanswered
from handlers.alerts.hearers import Hearers, hearers
from handlers.alerts.showing import called, private, told_today
from handlers.cards import refresh
from handlers.facts import PassedOn, Telling, Unheard
from handlers.model import Message, Person, Put, Update
from handlers.outcome import Outcome
from handlers.questions import AlertBy, AlertView, Ask, RulesOn, Told
from handlers.rulebook import Rules
from handlers.scene import look
from handlers.values import replace

PASS_ON = "pass_on"  # noqa: S105 - a verb


def onward(rules: Rules, there: Hearers, after: int) -> tuple[int, tuple[Told, ...]]:
    """The first step after this one (-1 for none) at which somebody can be reached, and everybody asked on the way;
    past the last step when nobody can. Whoever held that one too has had their time, and is not asked again."""
    held = there.holding(rules.chain, after)
    asked: list[Told] = []
    for place in range(after + 1, len(rules.chain)):
        duty = rules.chain[place]
        here = [Told(one, duty, one.reachable) for one in there.of(duty) if one.id not in held]
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
    now, outcome = _passed(update, rules, hearers(ask, alert.school.id, alert.day), alert)
    return outcome + shown(update, ask, rules, now, outcome.says)


def _passed(update: Update, rules: Rules, there: Hearers, alert: AlertView) -> tuple[AlertView, Outcome]:
    """The next step answers for it; after the last, the district's office and the leaders must phone."""
    step, asked = onward(rules, there, alert.step)
    now = replace(alert, step=step, passed_at=update.now, told=_added(alert.told, asked))
    ring = tuple(
        replace(private(update, rules, now, told, there), fresh=True)
        for told in now.told
        if told.reached and any(told.person == one.person for one in asked)
    )
    fact = PassedOn(now.id, step, tuple(Telling(one.person.id, one.duty, one.reached) for one in asked), update.now)
    puts = () if called(rules, now) else wait(update, rules, now)
    return now, Outcome(facts=(fact,), says=(*ring, *unanswered(update, rules, now, there)), puts=puts)


def _added(told: tuple[Told, ...], asked: tuple[Told, ...]) -> tuple[Told, ...]:
    """Who is asked a second time keeps the place and the duty of the first."""
    again = {one.person.id: one for one in asked}
    kept = tuple(replace(one, reached=again.pop(one.person.id, one).reached) for one in told)
    return (*kept, *again.values())


def shown(update: Update, ask: Ask, rules: Rules, alert: AlertView, ringing: tuple[Message, ...]) -> Outcome:
    """Everything else that shows the alert follows, the class's receipts too."""
    scene = look(update, ask, alert.klass.id, alert.day, alert.round)
    receipts = refresh(scene.with_alerts(alert), ask) if scene else ()
    keys = {message.key for message in ringing}
    again = tuple(one for one in said_again(update, ask, rules, [alert]) if one.key not in keys)
    return Outcome(says=(*again, *receipts))


def undelivered(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`undelivered KEY ADDRESS`: an alert has not arrived in two minutes, or never will. The district's office hears
    that somebody must phone; and where nobody of its step has heard, the next step is asked now."""
    kind, *of = update.args[0].split(":")
    alert = ask(AlertBy(of[0])) if kind == "alert" else None
    if alert is None or alert.post is None:
        return Outcome()
    rules, there = ask(RulesOn(alert.day)), hearers(ask, alert.school.id, alert.day)
    if len(of) == 1:
        today = told_today(ask, alert.school.id, alert.day)
        return Outcome(says=late_post(update, rules, today, alert.post, there))
    told = tuple(replace(one, reached=one.reached and one.person.id != of[1]) for one in alert.told)
    news = told != alert.told
    now, outcome = replace(alert, told=told), Outcome()
    if news:
        outcome = Outcome(facts=(Unheard(alert.id, of[1], update.now),))
        if alert.waiting and not _heard(rules, there, now):
            now, passed = _passed(update, rules, there, now)
            outcome += passed
    if now.waiting:
        today = told_today(ask, alert.school.id, alert.day, [now])
        outcome += Outcome(says=lost(update, rules, now, today, there, rings=news))
    return outcome + shown(update, ask, rules, now, outcome.says)


def _heard(rules: Rules, there: Hearers, alert: AlertView) -> bool:
    """Somebody whose step it is was reached; past the last step there is nobody more to ask."""
    if alert.step >= len(rules.chain):
        return True
    here = there.holding(rules.chain, alert.step)
    return any(told.reached and told.person.id in here for told in alert.told)
