"""A second value: everybody whom an alert reached hears both, and what was told first stays on record."""

from dataclasses import replace

from handlers.alerts.showing import first_value, measured, now_value, said_again
from handlers.facts import AlertRevised
from handlers.model import LEADERS, Entry, Message, Person, Text, ToGroup, ToPerson, Urgency, text
from handlers.outcome import Outcome
from handlers.questions import AlertView, Ask, LastSummary
from handlers.rules.fever import is_fever
from handlers.scene import Scene
from handlers.words import NOTHING, day_short, hour_of


def revise_alerts(
    scene: Scene, ask: Ask, person: Person, alerts: tuple[AlertView, ...], flagged: tuple[str, ...]
) -> tuple[Outcome, tuple[AlertView, ...]]:
    """Compares what was told with the report that now stands; gives back the class's alerts as they are then."""
    report = scene.report
    listed_now = {entry.pupil: entry for entry in report.entries} if report else {}
    now = [_revised(scene, alert, listed_now.get(alert.pupil), alert.pupil in flagged) for alert in alerts]
    changed = [alert for alert, before in zip(now, alerts, strict=True) if alert != before]
    facts = tuple(
        AlertRevised(alert.id, alert.now, alert.withdrawn_at is None, person.id, scene.update.at) for alert in changed
    )
    news = tuple(
        message
        for alert, before in zip(now, alerts, strict=True)
        if _other_value(alert, before)
        for message in _tell(scene, ask, person, alert)
    )
    return Outcome(facts, (*said_again(scene.update, ask, scene.rules, changed), *news)), tuple(now)


def _revised(scene: Scene, alert: AlertView, entry: Entry | None, holds: bool) -> AlertView:
    if alert.withdrawn_at is not None or (holds and _same(alert.latest, entry)):
        return alert
    at = scene.update.at
    return replace(alert, now=entry, revised_at=at, withdrawn_at=None if holds else at)


def _same(before: Entry | None, entry: Entry | None) -> bool:
    """But for when it was added, which says nothing of the child."""
    return before is not None and entry is not None and replace(before, added=None) == replace(entry, added=None)


def _other_value(alert: AlertView, before: AlertView) -> bool:
    """Worth a message that rings: another temperature, or no longer one to be told of."""
    if alert == before:
        return False
    if alert.withdrawn_at is not None or alert.now is None or before.latest is None:
        return True
    return measured(alert.now) != measured(before.latest)


def _tell(scene: Scene, ask: Ask, person: Person, alert: AlertView) -> tuple[Message, ...]:
    """更正, as a new message: an edit would pass unseen. The group hears only what is no longer to be told of; who
    revised it knows."""
    words = _words(scene, ask, alert)
    key = f"revised:{alert.id}:{scene.rev}"
    group = (Message(key, ToGroup(LEADERS), words),) if alert.withdrawn_at is not None and alert.post else ()
    return (
        *group,
        *(
            Message(f"{key}:{told.person.id}", ToPerson(told.person.id), words, urgency=Urgency.REPLY)
            for told in alert.told
            if told.reached and told.person.id != person.id
        ),
    )


def _words(scene: Scene, ask: Ask, alert: AlertView) -> Text:
    at = alert.revised_at or alert.at
    kind = "fever" if is_fever(alert.entry, scene.rules.fever) else "symptom"
    return text(
        f"alert.correction.{kind}" if alert.withdrawn_at is not None else "alert.correction.still",
        day=text("alert.correction.day", day=day_short(scene.day)) if scene.gone else NOTHING,
        school=alert.school.short,
        klass=alert.klass.name,
        seat=alert.seat,
        first_time=scene.update.local(alert.at),
        first=first_value(alert),
        time=hour_of(scene.update, at, scene.day),
        now=now_value(alert),
        summary=_summary(scene, ask),
    )


def _summary(scene: Scene, ask: Ask) -> Text:
    """What becomes of the leaders' post: nothing is promised of one that is not there."""
    update, round = scene.update, scene.round
    if ask(LastSummary(scene.day, round.id)) is None:
        before = not round.summed(update.now, scene.day, update.zone)
        return (
            text("alert.correction.coming", hour=f"{round.summary:%H:%M}")
            if before
            else text("alert.correction.no_summary")
        )
    if not scene.kept_true:
        return text("alert.correction.too_old", n=scene.rules.summary_days)
    return text("alert.correction.followed_that_day" if scene.gone else "alert.correction.followed")
