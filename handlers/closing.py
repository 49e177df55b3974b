"""The day's close, at which each class's standing is written for ever; and what an outage adds to it afterwards."""

from datetime import date

from handlers import ledger, unsent
from handlers.cards import refresh
from handlers.facts import Settled
from handlers.late_list import late_list_again
from handlers.model import Person, Update
from handlers.outages import SYSTEM, beside_deadline, could_report
from handlers.outcome import Outcome
from handlers.questions import Ask, ClassRow, SchoolMorningView
from handlers.rulebook import Round
from handlers.scene import look, school_round
from handlers.schools import own_lines_again
from handlers.words import NOTHING


def close(update: Update, ask: Ask, round: Round, view: SchoolMorningView, day: date) -> Outcome:
    """Late and missing are kept apart for ever."""
    settled = _settled(update, ask, round, view, day)
    answered_for = ledger.at_close(update, ask, round, view, day, settled.standings)
    return Outcome(facts=(settled,)) + answered_for + unsent.at_close(update, ask, view)


def _settled(update: Update, ask: Ask, round: Round, view: SchoolMorningView, day: date) -> Settled:
    beside = beside_deadline(update, ask, round, day)
    standings = tuple((row.klass.id, _standing(row), _cause(row, beside=beside)) for row in view.rows)
    return Settled(day, round.id, view.school.id, standings)


def _cause(row: ClassRow, *, beside: bool) -> str:
    return SYSTEM if beside and _standing(row) in ("late", "missing") and could_report(row.asked) else NOTHING


def _standing(row: ClassRow) -> str:
    if row.off is not None:
        return "excused"
    if row.report is None:
        return "missing"
    return "on_time" if row.report.timely else "late"


def disturbed(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`disturbed DAY ROUND`, when an outage is over: receipts, list and standings of this school say that it was."""
    found = school_round(update, ask)
    if found is None:
        return Outcome()
    day, round, view = found
    settled = _settled(update, ask, round, view, day)
    known_late = round.closed(update.now, day, update.zone) and any(cause for _, _, cause in settled.standings)
    known = Outcome(facts=(settled,)) if known_late else Outcome()
    if known_late:
        known += ledger.excused_by_system(update, ask, view.school.id, day, round.id, settled.standings)
    if day != update.today:
        return known
    late = [row.klass.id for row in view.rows if row.report is not None and not row.report.timely]
    scenes = [scene for one in late if (scene := look(update, ask, one, day, round.id)) is not None]
    receipts = tuple(message for scene in scenes for message in refresh(scene, ask))
    shown = late_list_again(update, ask, person) + own_lines_again(update, ask, person)
    return known + Outcome(says=receipts) + shown
