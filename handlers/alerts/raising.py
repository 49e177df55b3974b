"""A flagged pupil is told of at once: to whom, in which post of the group, and who answers for it first."""

from handlers.alerts.chain import onward, wait
from handlers.alerts.continuing import Before, before, continues
from handlers.alerts.hearers import Hearers, hearers
from handlers.alerts.showing import THIRD, members, post, private, told_today
from handlers.facts import Acknowledged, Alerted, Telling
from handlers.ids import new_id
from handlers.model import Duty, Entry, Message, Person
from handlers.outcome import Outcome
from handlers.questions import AlertView, Ask, Told
from handlers.rulebook import Rules
from handlers.rules.fever import is_fever
from handlers.scene import Scene
from handlers.values import replace

MOST = 12  # in one post: it must fit a screen, and an edit of it one message


def raise_alerts(
    scene: Scene, ask: Ask, person: Person, flagged: tuple[str, ...]
) -> tuple[Outcome, tuple[AlertView, ...]]:
    """Tells each flagged pupil who was not told of yet today; gives back all alerts of the class as they are then."""
    known = {alert.pupil for alert in scene.alerts if alert.withdrawn_at is None}
    report = scene.report
    entries = report.entries if report else ()
    fresh = [one for one in entries if one.pupil in flagged and one.pupil not in known and not _told(scene, one)]
    if not fresh:
        return Outcome(), scene.alerts
    known_before = before(scene, ask)
    news = [entry for entry in fresh if not continues(scene, entry, known_before)]
    today = told_today(ask, scene.view.school.id, scene.day, scene.alerts)
    first = (_joined(scene, today, len(news)) or _id(scene, news[0])) if news else None
    there = hearers(ask, scene.view.school.id, scene.day)
    alerts = [
        _news(scene, person, entry, first, there)
        if entry in news
        else _continued(scene, person, entry, known_before, there)
        for entry in fresh
    ]
    outcome = Outcome(facts=tuple(_alerted(alert) for alert in alerts), says=_says(scene, person, today, alerts, there))
    for alert in alerts:
        if alert.waiting:
            outcome += Outcome(puts=wait(scene.update, scene.rules, alert))
        elif alert.acked_by is not None:
            outcome += Outcome(facts=(Acknowledged(alert.id, person.id, scene.update.at),))
    return outcome, (*scene.alerts, *alerts)


def _told(scene: Scene, entry: Entry) -> bool:
    """In an earlier round of the day, and nothing has come to it since: no fever, and no other symptom that alarms."""
    before = scene.told.get(entry.pupil)
    if before is None:
        return False
    lines, alarming = scene.rules.fever, set(scene.rules.alarming)
    hotter = is_fever(entry, lines) and not is_fever(before, lines)
    return not hotter and set(entry.symptoms) & alarming <= set(before.symptoms)


def _joined(scene: Scene, today: tuple[AlertView, ...], news: int) -> str | None:
    """The school's newest post while it is young. A class's third child of the day begins a new one: it rings."""
    of_class = sum(one.klass.id == scene.view.klass.id and one.withdrawn_at is None for one in today)
    if not today or of_class < THIRD <= of_class + news:
        return None
    there = members(today, today[-1].post)
    young = scene.update.at - there[0].at < scene.rules.share
    return there[0].post if young and len(there) + news <= MOST else None


def _id(scene: Scene, entry: Entry) -> str:
    return new_id(scene.update.seed, "alert", entry.pupil)


def _alert(scene: Scene, person: Person, entry: Entry, step: int, told: tuple[Told, ...]) -> AlertView:
    return AlertView(
        id=_id(scene, entry),
        day=scene.day,
        round=scene.round.id,
        school=scene.view.school,
        klass=scene.view.klass,
        pupil=entry.pupil,
        seat=scene.seat(entry.pupil),
        entry=entry,
        by=person,
        at=scene.update.at,
        post=None,
        step=step,
        told=told,
    )


def _continued(scene: Scene, person: Person, entry: Entry, known: Before | None, there: Hearers) -> AlertView:
    """Asks nobody to acknowledge it: it only informs whoever would be asked first."""
    step, asked = onward(scene.rules, there, -1)
    alert = _alert(scene, person, entry, step, tuple(one for one in asked if one.reached))
    return replace(alert, continues=known.day if known else None)


def _news(scene: Scene, person: Person, entry: Entry, first: str | None, there: Hearers) -> AlertView:
    """A fever that the 疫情报告人 reports is known to the one who answers for it; from a deputy they still hear it."""
    step, asked = onward(scene.rules, there, -1)
    alert = replace(_alert(scene, person, entry, step, _at_once(scene.rules, there, asked)), post=first)
    if person.school == alert.school.id and person.has(Duty.REPORTER):
        return replace(alert, acked_by=person, acked_at=scene.update.at)
    return alert


def _at_once(rules: Rules, there: Hearers, asked: tuple[Told, ...]) -> tuple[Told, ...]:
    """Whom the rules name, each once; and whoever of the chain had to be asked beyond them."""
    named = [Told(one, duty, one.reachable) for duty in rules.told for one in there.of(duty)]
    once: dict[str, Told] = {}
    for told in (*named, *asked):
        once.setdefault(told.person.id, told)
    return tuple(once.values())


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
        post=alert.post,
        continues=alert.continues,
        step=alert.step,
        told=tuple(Telling(one.person.id, one.duty, one.reached) for one in alert.told),
    )


def _says(
    scene: Scene, person: Person, today: tuple[AlertView, ...], alerts: list[AlertView], there: Hearers
) -> tuple[Message, ...]:
    """The group's post, then each officer's card. Who reported it has the receipt, and a card only where it is for
    them to acknowledge it."""
    news = tuple(alert for alert in alerts if alert.post is not None)
    group = post(scene.update, scene.rules, (*today, *news), news[0].post or news[0].id, there) if news else ()
    cards = tuple(
        private(scene.update, scene.rules, alert, told, there)
        for alert in alerts
        for told in alert.told
        if told.person.id != person.id or (alert.waiting and person.id in there.holding(scene.rules.chain, alert.step))
    )
    return (*group, *cards)
