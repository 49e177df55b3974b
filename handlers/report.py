"""A class is reported: the facts, the fevers that are told at once, and every card that now shows it."""

from dataclasses import dataclass, replace
from datetime import datetime

from handlers.alerts import raise_alerts, withdraw_alerts
from handlers.cards import refresh, show
from handlers.facts import Reported
from handlers.model import Answer, Entry, Forget, Person, Report, text
from handlers.outcome import Outcome
from handlers.questions import Ask, DraftsFor
from handlers.rules.fever import is_fever
from handlers.scene import Scene, posted_again


@dataclass(frozen=True)
class Making:
    """How a report comes about."""

    kind: str  # report | correction | supplement | behalf
    key: str  # the message that becomes the receipt
    behalf: str | None = None
    heard_at: datetime | None = None
    reason: str | None = None


def commit(scene: Scene, ask: Ask, person: Person, entries: tuple[Entry, ...], making: Making) -> Outcome:
    """A new revision of the class's report, and what comes of it. What is said of a day gone by alerts nobody."""
    before = scene.report
    fact = _fact(scene, person, entries, making)
    report = Report(
        day=fact.day,
        round=fact.round,
        class_id=fact.class_id,
        rev=fact.rev,
        expected=fact.expected,
        entries=fact.entries,
        by=fact.by,
        at=fact.at,
        timely=fact.timely,
        behalf=fact.behalf,
        heard_at=fact.heard_at,
        reason=fact.reason,
        first_at=fact.first_at,
        by_title=person.title,
        first_by_title=before.first_by_title if before else person.title,
    )
    now = scene.with_report(report, scene.alerts)
    told, alerts = raise_alerts(now, ask, person, () if scene.past else fact.fevers)
    taken_back, alerts = withdraw_alerts(now, ask, person, alerts, fact.fevers)
    now = now.with_report(report, alerts)
    outcome = Outcome(
        facts=(fact,),
        says=(show(now, person, making.key), *refresh(now, ask, besides=making.key, by=person)),
        answer=Answer(text("answer.reported" if before is None else "answer.revised")),
        drafts=_ended(scene, ask, person),
        puts=posted_again(now),
    )
    return outcome + told + taken_back


def _ended(scene: Scene, ask: Ask, person: Person) -> tuple[Forget, ...]:
    """One's own walk, and those of others in which nobody was entered yet."""
    drafts = ask(DraftsFor(scene.view.klass.id, scene.day, scene.round.id))
    gone = {draft.person for draft in drafts if not draft.begun} | {person.id}
    return tuple(Forget(one, scene.view.klass.id, scene.day, scene.round.id) for one in sorted(gone))


def _fact(scene: Scene, person: Person, entries: tuple[Entry, ...], making: Making) -> Reported:
    before, sums = scene.report, scene.sums(entries)
    return Reported(
        day=scene.day,
        round=scene.round.id,
        class_id=scene.view.klass.id,
        school=scene.view.school.id,
        rev=scene.rev + 1,
        expected=sums.expected,
        entries=entries,
        fevers=tuple(entry.pupil for entry in entries if is_fever(entry, scene.rules.fever)),
        sums=sums,
        by=person.id,
        at=scene.update.at,
        first_at=(before.first_at or before.at) if before else scene.update.at,
        timely=before.timely if before else scene.round.on_time(scene.update.at, scene.day, scene.update.zone),
        kind=making.kind,
        behalf=before.behalf if before else making.behalf,
        heard_at=before.heard_at if before else making.heard_at,
        reason=making.reason,
    )


def merged(entries: tuple[Entry, ...], news: tuple[Entry, ...], at: datetime) -> tuple[Entry, ...]:
    """补报: what is new about a pupil replaces what was listed, and carries its own time."""
    fresh = {entry.pupil: replace(entry, added=at) for entry in news}
    return (*(fresh.pop(entry.pupil, entry) for entry in entries), *fresh.values())
