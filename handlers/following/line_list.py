"""追踪 as a sheet: a row a case, by class and seat, without a name: the four times, who was asked, cause, return."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from handlers.following.showing import cause_name
from handlers.model import Attendance, Case, Cell, Observation, Text, Update, text
from handlers.questions import Ask, CasesBetween, Classes, Observations, RulesOn, SchoolOf, WhoIs
from handlers.rules.returning import Registered, first_day, registered, under_observation

NAME: Final = "追踪"
_COLUMNS: Final = (
    *("school", "klass", "seat", "kind", "onset", "reported", "isolated", "visited"),
    *("contacts", "contacted", "cause", "isolation", "state", "earliest", "basis"),
    *("certified", "review", "reviewed", "reviewed_by", "ended", "ended_on"),
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
        observed = {one.pupil: one for one in ask(Observations(id, last)) if one.pupil is not None}
        for case in cases:
            line = _registered(update, ask, case, observed.get(case.pupil), last)
            found.append((place, names.get(case.class_id), *_case(update, ask, case, line, last)))
    return tuple(found)


def _case(update: Update, ask: Ask, case: Case, line: Registered | None, day: date) -> Cells:
    reviewer = ask(WhoIs(case.reviewed_by, day)) if case.reviewed_by else None
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
        text(f"isolation.{line.kind}") if line else None,
        text(f"isolation.state.{line.state}") if line else None,
        _first_day(update, ask, line, day),
        line.rule.row.source if line and line.rule and line.rule.row else None,
        _at(update, case.certified_at),
        text(f"isolation.review.{case.review}") if case.review else None,
        _at(update, case.reviewed_at),
        reviewer.title if reviewer else None,
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


def _registered(update: Update, ask: Ask, case: Case, kept: Observation | None, day: date) -> Registered | None:
    """Of one who is observed at home that observation, else by the table of returns."""
    rules = ask(RulesOn(day))
    if kept is not None and kept.bars(day):
        return under_observation(kept, day, update.zone)
    return registered(case, rules.returns, update.now, update.zone, rules.morning)


def _first_day(update: Update, ask: Ask, line: Registered | None, day: date) -> str | None:
    if line is None or line.earliest is None:
        return None
    return first_day(line.earliest, update.zone, ask(RulesOn(day)).morning).isoformat()
