"""The day's close: who was late, who did not report, and of whom nobody said when it was known."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from handlers.facts import Evidence, LedgerSettled
from handlers.ledger.opening import ClassOf, keeps_ledger, opened, responsible
from handlers.ledger.showing import told_again
from handlers.model import Update
from handlers.outcome import Outcome
from handlers.questions import (
    AddedIn,
    AddedView,
    Ask,
    ClassDay,
    ClassRow,
    LedgerOn,
    Register,
    RulesOn,
    SchoolMorningView,
    Settlement,
)
from handlers.rulebook import Round
from handlers.values import replace

FAULTS = ("late", "missing")  # standings that somebody answers for
EXCUSED, SYSTEM, UNASSIGNED = "excused", "system", "unassigned"
Standings = Sequence[tuple[str, str, str]]


def at_close(
    update: Update, ask: Ask, round: Round, view: SchoolMorningView, day: date, standings: Standings
) -> Outcome:
    """One entry for each class that was late or missing, excused at once where the system was out or nobody stood in
    for who was away; and one for each pupil who was added without a word of when it was known."""
    outcome = Outcome()
    if keeps_ledger(ask(RulesOn(day)), day):
        rows = {row.klass.id: row for row in view.rows}
        for class_id, standing, cause in standings:
            if standing in FAULTS:
                outcome += _fault(update, ask, round, view, day, rows[class_id], standing, cause)
    return outcome + _unanswered(update, ask, view.school.id, day)


def _fault(
    update: Update,
    ask: Ask,
    round: Round,
    view: SchoolMorningView,
    day: date,
    row: ClassRow,
    standing: str,
    cause: str,
) -> Outcome:
    of = ClassOf(view.school, row.klass, day, round.id)
    evidence = _evidence(update, round, day, row)
    entry, outcome = opened(update, ask, of, standing, evidence)
    why = cause or _nobody(ask, of, evidence)
    if entry is None or not why:
        return outcome
    excused = LedgerSettled(entry.id, EXCUSED, why, None, update.now)
    return replace(outcome, facts=(*outcome.facts, excused), says=())


def _nobody(ask: Ask, of: ClassOf, evidence: Evidence) -> str:
    """The teacher was away, and by the deadline nobody had accepted to stand in."""
    found = responsible(ask, of, evidence.due)
    return UNASSIGNED if found is not None and found.vacant else ""


def _evidence(update: Update, round: Round, day: date, row: ClassRow) -> Evidence:
    if row.report is None:
        return Evidence(datetime.combine(day, round.close, update.zone))
    limit = round.limit(day, update.zone) - timedelta(minutes=1)
    return Evidence(limit, row.report.first_at or row.report.at, 1)


def _unanswered(update: Update, ask: Ask, school: str, day: date) -> Outcome:
    """A doubtful one is listed for a person."""
    outcome = Outcome()
    for one in ask(AddedIn(school, day)):
        view = ask(ClassDay(one.class_id, one.day, one.round))
        if view is not None:
            of = ClassOf(view.school, view.klass, one.day, one.round)
            seat = ask(Register(one.class_id, one.day)).seats.get(one.pupil, 0)
            outcome += opened(update, ask, of, "doubtful", evidence_of(one, seat, None))[1]
    return outcome


def evidence_of(added: AddedView, seat: int, known: str | None) -> Evidence:
    """A pupil who was not in the class's report."""
    return Evidence(added.first_at, added.first_at, 1, added.pupil, seat, added.at, known)


def excused_by_system(update: Update, ask: Ask, school: str, day: date, round_id: str, standings: Standings) -> Outcome:
    """When it is known after the close that the system was out: what stands open of it is excused."""
    causes = {class_id for class_id, standing, cause in standings if standing in FAULTS and cause == SYSTEM}
    rules, outcome = ask(RulesOn(update.today)), Outcome()
    for entry in ask(LedgerOn(school, day)) if causes else ():
        concerned = entry.round == round_id and entry.klass.id in causes and entry.kind in FAULTS
        if concerned and entry.settled is None:
            now = replace(entry, settled=Settlement(EXCUSED, SYSTEM, None, update.now))
            fact = LedgerSettled(entry.id, EXCUSED, SYSTEM, None, update.now)
            outcome += Outcome((fact,), (told_again(update, rules, now),))
    return outcome
