"""/intervals, 四时: onset, report, isolation, doctor: how long it took at each school in the last weeks."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from handlers.model import DISTRICT_OFFICE, Attendance, Case, Message, Person, School, Text, ToHere, Update, text
from handlers.outcome import Outcome
from handlers.questions import Ask, CasesBetween, RulesOn, Schools
from handlers.rules.intervals import Spread, after_report, reported_after, spread
from handlers.rules.returning import OBSERVATION

SPAN = timedelta(days=30)


def intervals(update: Update, ask: Ask, person: Person) -> Outcome:
    """The caller's own school, or the district's schools by right, each by itself: in their own order, never ranked."""
    schools = [one for one in ask(Schools(update.today)) if person.has(*DISTRICT_OFFICE) or one.id == person.school]
    lines = tuple(_school(update, ask, one) for one in schools)
    words = text("intervals.all", days=SPAN.days, schools=lines)
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words),))


def _school(update: Update, ask: Ask, school: School) -> Text:
    known = ask(CasesBetween(school.id, update.today - SPAN, update.today))
    cases = _ill(ask, update, known)
    return text(
        "intervals.school",
        school=school.name,
        n=len(cases),
        reported=_line("reported", spread([reported_after(case, update.zone) for case in cases])),
        isolated=_line("isolated", spread(_known(after_report(case, case.isolated_at) for case in cases))),
        visited=_line("visited", spread(_known(after_report(case, case.visited_at) for case in cases))),
    )


def _ill(ask: Ask, update: Update, cases: Iterable[Case]) -> Sequence[Case]:
    """事假 and 医学观察 of who is well are no illness."""
    rule = ask(RulesOn(update.today)).returns.get(OBSERVATION)
    kept = rule.term if rule else None
    return [
        case
        for case in cases
        if case.cause != kept and (case.fever_at is not None or case.entry.attendance is not Attendance.PERSONAL)
    ]


def _known(hours: Iterable[float | None]) -> list[float]:
    return [one for one in hours if one is not None]


def _line(what: str, found: Spread) -> Text:
    if found.median is None or found.p90 is None:
        return text("intervals.none", what=text(f"intervals.{what}"))
    return text(
        "intervals.line",
        what=text(f"intervals.{what}"),
        median=f"{found.median:.1f}",
        p90=f"{found.p90:.1f}",
        n=found.n,
    )
