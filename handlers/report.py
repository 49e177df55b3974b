"""A class is reported: the facts, the fevers that are told at once, and every card that now shows it."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from handlers import ledger
from handlers.alerts import raise_alerts, revise_alerts
from handlers.cards import refresh, show
from handlers.drafts import overtaken, rebased
from handlers.facts import Reported, TravelDeclared
from handlers.following.course import follow, held_back, known_after
from handlers.following.lists import after_report
from handlers.model import Answer, Draft, Entry, Forget, Message, Person, Report, Trip, text
from handlers.numbers import groups_of
from handlers.observing.early import came_early
from handlers.observing.opening import of_trips
from handlers.outcome import Outcome
from handlers.questions import AddedView, Ask, DraftsFor
from handlers.returning.asking import ask_about
from handlers.rules.fever import is_fever, is_flagged
from handlers.scene import Scene, look, posted_again
from handlers.values import replace
from handlers.walk import shown_again


class Making(Struct, frozen=True):
    """How a report comes about."""

    kind: str  # report | correction | supplement | behalf | recheck
    key: str  # the message that becomes the receipt
    behalf: str | None = None
    heard_at: datetime | None = None
    reason: str | None = None
    trips: tuple[Trip, ...] = ()  # who left town, or is back


def commit(scene: Scene, ask: Ask, person: Person, entries: tuple[Entry, ...], making: Making) -> Outcome:
    """A new revision of the class's report, and its receipt."""
    outcome, now = recorded(scene, ask, person, entries, making)
    answer = Answer(text("answer.reported" if scene.report is None else "answer.revised"))
    return Outcome(says=(show(now, person, making.key),), answer=answer) + outcome


def recorded(
    scene: Scene, ask: Ask, person: Person, entries: tuple[Entry, ...], making: Making
) -> tuple[Outcome, Scene]:
    """The same without a receipt; and the class's day as it is then. What is said of a day gone by alerts nobody."""
    before = scene.report
    entries = held_back(scene, tuple(map(scene.placed, entries)))
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
    drafts = ask(DraftsFor(scene.view.klass.id, scene.day, scene.round.id))
    followed = follow(scene, person.id, fact)
    cases = tuple(known_after(scene.cases, followed.facts, scene.seat))
    now = replace(scene.with_report(report, scene.alerts), cases=cases)
    revised, alerts = revise_alerts(now, ask, person, scene.alerts, fact.flagged)
    news = () if scene.past else fact.flagged
    told, alerts = raise_alerts(now.with_report(report, alerts), ask, person, news)
    now = _with_added(replace(now.with_report(report, alerts), trips=_trips(scene, making.trips)), fact)
    outcome = Outcome(
        facts=(fact, *_declared(scene, fact, making.trips), *of_trips(scene, making.trips, person.id)),
        says=(*refresh(now, ask, besides=making.key, by=person), *_later_cards(now, ask)),
        drafts=_ended(scene, person, drafts),
        puts=posted_again(now),
    )
    lists = Outcome(says=after_report(scene.update, ask, fact.school, cases) if followed.facts else ())
    course = (
        outcome
        + followed
        + lists
        + ask_about(scene, now, ask)
        + came_early(scene, now, ask)
        + _go_on(now, person, drafts)
    )
    return course + revised + told + ledger.compared(now, ask), now


def _with_added(now: Scene, fact: Reported) -> Scene:
    """Who is taken off the list again is not asked about."""
    listed = {entry.pupil for entry in fact.entries}
    new = (AddedView(fact.day, fact.round, fact.class_id, pupil, fact.at, fact.first_at) for pupil in fact.added)
    known = {one.pupil: one for one in (*now.added, *new)}
    return now.with_added(one for one in known.values() if one.pupil in listed)


def _declared(scene: Scene, fact: Reported, trips: tuple[Trip, ...]) -> tuple[TravelDeclared, ...]:
    return tuple(TravelDeclared(fact.day, fact.round, fact.school, fact.class_id, one, fact.at) for one in trips)


def _trips(scene: Scene, new: tuple[Trip, ...]) -> tuple[Trip, ...]:
    known = {one.pupil: one for one in (*scene.trips, *new)}
    return tuple(one for one in known.values() if one.away)


def _later_cards(now: Scene, ask: Ask) -> tuple[Message, ...]:
    """Of later rounds of the day that are not reported yet: they begin with whom this report lists."""
    later = [one for one in now.rules.rounds_of(now.view.school.id) if one.of_classes and one.opens > now.round.opens]
    scenes = (look(now.update, ask, now.view.klass.id, now.day, one.id) for one in later)
    return tuple(
        message
        for scene in scenes
        if scene is not None and scene.report is None and _follows(now, scene)
        for message in refresh(replace(scene, view=replace(scene.view, earlier=now.report)), ask)
    )


def _follows(now: Scene, later: Scene) -> bool:
    """No round between them has been reported."""
    earlier = later.view.earlier
    return earlier is None or earlier.round == now.round.id


def _ended(scene: Scene, person: Person, drafts: Sequence[Draft]) -> tuple[Forget, ...]:
    """One's own walk, and those of others in which nothing is left to be said."""
    gone = {draft.person for draft in drafts if not draft.outlives_report} | {person.id}
    return tuple(Forget(one, scene.view.klass.id, scene.day, scene.round.id) for one in sorted(gone))


def _go_on(now: Scene, person: Person, drafts: Sequence[Draft]) -> Outcome:
    """What others were filling in goes on as news of this report, and its message says by whom and when it was made."""
    others = [
        draft for draft in drafts if draft.outlives_report and draft.person != person.id and overtaken(now, draft)
    ]
    walks = tuple(rebased(now, draft) for draft in others)
    return Outcome(says=tuple(shown_again(now, walk) for walk in walks), drafts=walks)


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
        flagged=tuple(entry.pupil for entry in entries if is_flagged(entry, scene.rules.fever, scene.rules.alarming)),
        sums=sums,
        groups=groups_of(entries, scene.rules.fever),
        by=person.id,
        at=scene.update.at,
        first_at=(before.first_at or before.at) if before else scene.update.at,
        timely=before.timely if before else _timely(scene),
        kind=making.kind,
        behalf=before.behalf if before else making.behalf,
        heard_at=before.heard_at if before else making.heard_at,
        reason=making.reason,
        added=ledger.newly_added(scene, entries),
    )


def _timely(scene: Scene) -> bool:
    """Before the first day nobody is asked, so nobody is late."""
    asked = scene.rules.begun(scene.day)
    return not asked or scene.round.on_time(scene.update.at, scene.day, scene.update.zone)


def merged(entries: tuple[Entry, ...], news: tuple[Entry, ...], at: datetime) -> tuple[Entry, ...]:
    """补报: what is new about a pupil replaces what was listed, and carries its own time."""
    fresh = {entry.pupil: replace(entry, added=at) for entry in news}
    return (*(fresh.pop(entry.pupil, entry) for entry in entries), *fresh.values())
