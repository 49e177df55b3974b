"""两处记录不一致: a class's report beside what others saw of the same day. It is listed and asks for a look; what it
means is a person's to find."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from handlers.facts import Evidence, LedgerSettled
from handlers.ledger.opening import ClassOf, keeps_ledger, opened
from handlers.ledger.showing import told_again
from handlers.model import Attendance, Entry, Report
from handlers.outcome import Outcome
from handlers.questions import Ask, ClassDay, LedgerOn, LedgerView, Settlement, SightingsOf, SightingView
from handlers.rules.fever import Lines, is_unwell
from handlers.scene import Scene
from handlers.values import replace

CONTRADICTION = "contradiction"
WITHDRAWN, LISTED = "withdrawn", "listed"


def compared(scene: Scene, ask: Ask, *news: SightingView) -> Outcome:
    """The class's day as it is now, with what is being written down of it. Who is listed after all is taken off, but
    not where it was seen before the class reported: that the report was made without it stays to be looked at."""
    if not keeps_ledger(scene.rules, scene.day):
        return Outcome()
    seen = (*ask(SightingsOf(scene.view.klass.id, scene.day)), *news)
    reports = reports_of(scene, ask) if seen else ()
    if not reports:
        return Outcome()
    entries = ask(LedgerOn(scene.view.school.id, scene.day, scene.view.klass.id))
    outcome = Outcome()
    for one in seen:
        if says_something(one, scene.rules.fever):
            outcome += _one(scene, ask, one, reports, _of(entries, one))
    return outcome


def reports_of(scene: Scene, ask: Ask) -> tuple[Report, ...]:
    """What the class has reported on this day, in any round."""
    others = (one.id for one in scene.rules.rounds if one.id != scene.round.id)
    views = (ask(ClassDay(scene.view.klass.id, scene.day, one)) for one in others)
    found = (scene.report, *(view.report for view in views if view is not None))
    return tuple(one for one in found if one is not None)


def says_something(seen: SightingView, lines: Lines) -> bool:
    """A fever, an illness, or not at school; a visit of a child who is well contradicts nothing."""
    return _away(seen.entry) or is_unwell(seen.entry, lines)


def is_listed(seen: SightingView, reports: Sequence[Report], lines: Lines) -> bool:
    """As unwell or away, in any of them."""
    entries = (entry for report in reports for entry in report.entries if entry.pupil == seen.entry.pupil)
    return any(_away(entry) or is_unwell(entry, lines) for entry in entries)


def _away(entry: Entry) -> bool:
    return entry.attendance not in (Attendance.PRESENT, Attendance.LATE)


def _of(entries: Sequence[LedgerView], seen: SightingView) -> LedgerView | None:
    """The newest entry about it."""
    return next((one for one in reversed(entries) if one.evidence.sighting == seen.id), None)


def _one(scene: Scene, ask: Ask, seen: SightingView, reports: Sequence[Report], known: LedgerView | None) -> Outcome:
    listed = is_listed(seen, reports, scene.rules.fever)
    if listed:
        later = known is not None and known.settled is None and seen.at >= _first(reports)
        return withdrawn(scene, known, LISTED) if known is not None and later else Outcome()
    if known is not None and not _taken_off(known):
        return Outcome()
    of = ClassOf(scene.view.school, scene.view.klass, scene.day, scene.round.id)
    return opened(scene.update, ask, of, CONTRADICTION, _evidence(seen, reports), sighting=seen)[1]


def _first(reports: Sequence[Report]) -> datetime:
    return min(report.first_at or report.at for report in reports)


def _taken_off(entry: LedgerView) -> bool:
    return entry.settled is not None and (entry.settled.state, entry.settled.why) == (WITHDRAWN, LISTED)


def _evidence(seen: SightingView, reports: Sequence[Report]) -> Evidence:
    newest = max(reports, key=lambda report: report.at)
    first = newest.first_at or newest.at
    return Evidence(first, first, newest.rev, seen.entry.pupil, seen.seat, sighting=seen.id)


def withdrawn(scene: Scene, entry: LedgerView, why: str) -> Outcome:
    """By the system itself."""
    update = scene.update
    fact = LedgerSettled(entry.id, WITHDRAWN, why, None, update.now)
    now = replace(entry, settled=Settlement(WITHDRAWN, why, None, update.now))
    return Outcome((fact,), (told_again(update, scene.rules, now),))


def entries_about(scene: Scene, ask: Ask, seen: SightingView) -> Iterator[LedgerView]:
    """What stands open of it."""
    for entry in ask(LedgerOn(scene.view.school.id, scene.day, scene.view.klass.id)):
        if entry.evidence.sighting == seen.id and entry.settled is None:
            yield entry
