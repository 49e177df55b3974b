"""A second value: everybody whom an alert reached hears both, and what was told first stays on record."""

from handlers.alerts.again import said_again
from handlers.alerts.continuing import Before, before, continues
from handlers.alerts.hearers import hearers
from handlers.alerts.showing import ended_anew, first_value, now_value, to_leaders
from handlers.facts import AlertRevised
from handlers.model import Entry, Message, Person, Text, ToPerson, Urgency, text
from handlers.outcome import Outcome
from handlers.questions import AlertView, Ask, LastSummary
from handlers.rules.fever import is_fever
from handlers.rules.news import measured, same
from handlers.scene import Scene
from handlers.values import replace
from handlers.words import NOTHING, day_short, hour_of


def revise_alerts(
    scene: Scene, ask: Ask, person: Person, alerts: tuple[AlertView, ...], flagged: tuple[str, ...]
) -> tuple[Outcome, tuple[AlertView, ...]]:
    """Compares what was told with the report that now stands; gives back the class's alerts as they are then."""
    report = scene.report
    listed_now = {entry.pupil: entry for entry in report.entries} if report else {}
    known = before(scene, ask) if any(alert.post is None for alert in alerts) else None
    now = [_revised(scene, alert, listed_now.get(alert.pupil), flagged, known) for alert in alerts]
    changed = [alert for alert, was in zip(now, alerts, strict=True) if alert != was]
    facts = tuple(
        AlertRevised(alert.id, alert.now, alert.withdrawn_at is None, person.id, scene.update.at) for alert in changed
    )
    news = tuple(
        message
        for alert, was in zip(now, alerts, strict=True)
        if _other_value(scene, alert, was)
        for message in _tell(scene, ask, person, alert)
    )
    return Outcome(facts, (*said_again(scene.update, ask, scene.rules, changed), *news)), tuple(now)


def _revised(
    scene: Scene, alert: AlertView, entry: Entry | None, flagged: tuple[str, ...], known: Before | None
) -> AlertView:
    """A 续 holds only while it is one: else it ends, and the child is told of in full."""
    holds = alert.pupil in flagged and (alert.post is not None or continues(scene, entry, known))
    if alert.withdrawn_at is not None or (holds and same(alert.latest, entry)):
        return alert
    at = scene.update.at
    return replace(alert, now=entry, revised_at=at, withdrawn_at=None if holds else at)


def _other_value(scene: Scene, alert: AlertView, was: AlertView) -> bool:
    """Worth a message that rings: another temperature, or no longer one to be told of. What was a 续 rings as news."""
    if alert == was or ended_anew(scene.rules, alert):
        return False
    if alert.withdrawn_at is not None or alert.now is None or was.latest is None:
        return True
    return measured(alert.now) != measured(was.latest)


def _tell(scene: Scene, ask: Ask, person: Person, alert: AlertView) -> tuple[Message, ...]:
    """更正, as a new message: an edit would pass unseen. The group hears only what is no longer to be told of; who
    revised it knows."""
    words = _words(scene, ask, alert)
    key = f"revised:{alert.id}:{scene.rev}"
    group: tuple[Message, ...] = ()
    if alert.withdrawn_at is not None and alert.post:
        group = to_leaders(hearers(ask, alert.school.id, alert.day), key, words, urgency=Urgency.REPLY)
    heard = {told.person.id for told in alert.told if told.reached}
    people = tuple(
        Message(f"{key}:{one}", ToPerson(one), words, urgency=Urgency.REPLY) for one in sorted(heard - {person.id})
    )
    return (*group, *people)


def _words(scene: Scene, ask: Ask, alert: AlertView) -> Text:
    return text(
        f"alert.correction.{_kind(scene, alert)}",
        day=text("alert.correction.day", day=day_short(scene.day)) if scene.gone else NOTHING,
        school=alert.school.short,
        klass=alert.klass.name,
        seat=alert.seat,
        first_time=scene.update.local(alert.at),
        first=first_value(alert),
        time=hour_of(scene.update, alert.revised_at or alert.at, scene.day),
        now=now_value(alert),
        summary=_summary(scene, ask),
    )


def _kind(scene: Scene, alert: AlertView) -> str:
    """What it is headed by: 复测 only where somebody measured again."""
    if alert.withdrawn_at is None:
        return "rechecked" if scene.report and scene.report.reason == "rechecked" else "still"
    if not is_fever(alert.entry, scene.rules.fever):
        return "symptom"
    return "fever" if alert.now is not None else "unlisted"


def _summary(scene: Scene, ask: Ask) -> Text:
    """What becomes of the leaders' post: nothing is promised of one that is not there."""
    update, round, post = scene.update, scene.round, scene.rules.post_of(scene.round)
    if post is None or ask(LastSummary(scene.day, post.id)) is None:
        if post is None or post.summed(update.now, scene.day, update.zone):
            return text("alert.correction.no_summary")
        return text("alert.correction.coming", hour=f"{round.posted:%H:%M}")
    if not scene.kept_true:
        return text("alert.correction.too_old", n=scene.rules.summary_days)
    return text("alert.correction.followed_that_day" if scene.gone else "alert.correction.followed")
