"""追踪 as a sheet: a row a case, by class and seat, without a name: the four times, who was asked, cause, return."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from handlers.following.showing import cause_name
from handlers.model import Attendance, Case, Cell, Text, Update, text
from handlers.questions import Ask, CasesBetween, Classes, RulesOn, SchoolOf
from handlers.rules.returning import earliest, first_day, rule_of

NAME: Final = "追踪"
_COLUMNS: Final = (
    *("school", "klass", "seat", "kind", "onset", "reported", "isolated", "visited"),
    *("contacts", "contacted", "cause", "earliest", "ended", "ended_on"),
)
HEADERS: Final = tuple(f"export.case.{one}" for one in _COLUMNS)
Cells = tuple[Cell, ...]


def case_rows(update: Update, ask: Ask, schools: Sequence[str], first: date, last: date) -> tuple[Cells, ...]:
    """The cases of these schools that were opened from one day to another, or are still open then."""
    found: list[Cells] = []
    for id in schools:
        school = ask(SchoolOf(id))
        names = {klass.id: klass.name for klass in ask(Classes(id, last))}
        cases = ask(CasesBetween(id, first, last))
        place = school.name if school else id
        found += [(place, names.get(case.class_id), *_case(update, ask, case, last)) for case in cases]
    return tuple(found)


def _case(update: Update, ask: Ask, case: Case, day: date) -> Cells:
    return (
        case.seat,
        _kind(case),
        case.onset.isoformat(),
        _at(update, case.reported_at),
        _at(update, case.isolated_at),
        _at(update, case.visited_at),
        case.contacts,
        _at(update, case.contacted_at),
        _cause(ask, case, day),
        _earliest(update, ask, case, day),
        text(f"case.ended.{case.ended}") if case.ended else None,
        case.ended_on.isoformat() if case.ended_on else None,
    )


def _kind(case: Case) -> Text:
    watched = case.fever_at is not None and case.entry.attendance is Attendance.PRESENT
    return text("symptom.FEVER") if watched else text(f"attendance.{case.entry.attendance}")


def _at(update: Update, at: datetime | None) -> str | None:
    return at.astimezone(update.zone).strftime("%Y-%m-%d %H:%M") if at else None


def _cause(ask: Ask, case: Case, day: date) -> Text | None:
    return cause_name(ask(RulesOn(day)), case.cause) if case.cause else None


def _earliest(update: Update, ask: Ask, case: Case, day: date) -> str | None:
    rules = ask(RulesOn(day))
    soonest = earliest(case, rule_of(case, rules.returns), update.zone)
    if soonest is None or not rules.rounds:
        return None
    return first_day(soonest, update.zone, rules.rounds[0].deadline).isoformat()
