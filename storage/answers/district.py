"""The whole district: its school days and rules, the figures of days gone by, the last summary."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from handlers import questions as q
from handlers.plain import stamp, unstamp
from handlers.rulebook import Rules
from storage.answers.classes import klass_from, off
from storage.answers.expected import NOT_REPORTED, boarders_in, of_boarders
from storage.calendar import calendar_of
from storage.dated_rules import rules_of
from storage.settled import settled
from storage.transaction import Row, Tx

REPORTED = """
SELECT school, day, classes AS reported, expected, sick, fever FROM school_sums
WHERE round = :round AND day >= :first AND day <= :last"""
# Of these, those that the day does not end with: closed in the course of it. A closed class never opens again.
CLOSED = """
SELECT r.school, r.day, count(*) AS closed
FROM (SELECT class, max(until) AS until FROM class_name GROUP BY class HAVING max(until) <= :last) n
JOIN report r ON r.class = n.class AND r.day >= n.until
WHERE r.latest = 1 AND r.round = :round AND r.day >= :first AND r.day <= :last GROUP BY r.school, r.day"""
CLASSES = """
SELECT c.school, n.since, n.until, count(*) AS classes FROM class c JOIN class_name n ON n.class = c.id
WHERE n.since <= :last AND :first < n.until GROUP BY c.school, n.since, n.until"""
STILL_DUE = f"""
SELECT c.id, c.school, n.name, n.grade, n.number FROM class c JOIN class_name n ON n.class = c.id
WHERE n.since <= :day AND :day < n.until AND {NOT_REPORTED}"""  # noqa: S608


def history(tx: Tx, question: q.History) -> tuple[q.HistoryRow, ...]:
    span = {"first": min(question.days).isoformat(), "last": max(question.days).isoformat()}
    reported = {(row["school"], row["day"]): row for row in tx.all(REPORTED, round=question.round, **span)}
    closed = {(row["school"], row["day"]): row["closed"] for row in tx.all(CLOSED, round=question.round, **span)}
    still = {where: int(row["reported"]) - int(closed.get(where, 0)) for where, row in reported.items()}
    classes = tx.all(CLASSES, **span)
    missing = {
        (school, day.isoformat()): n
        for day in question.days
        for school, n in _missing(tx, question.round, day, classes, still).items()
    }
    return tuple(
        q.HistoryRow(
            school=school,
            day=date.fromisoformat(day),
            due=missing.get((school, day), 0) + (int(row["reported"]) if row else 0),
            reported=int(row["reported"]) if row else 0,
            expected=int(row["expected"]) if row else 0,
            sick=int(row["sick"]) if row else 0,
            fever=int(row["fever"]) if row else 0,
        )
        for school, day in sorted(missing.keys() | reported.keys())
        for row in (reported.get((school, day)),)
    )


def _missing(
    tx: Tx, round_id: str, day: date, classes: Iterable[Row], still: Mapping[tuple[str, str], int]
) -> Mapping[str, int]:
    """By school, the classes that are due and have not reported; a school without any is not there. They are counted
    one by one only where the day is not the same for all classes of a school."""
    calendar, on = calendar_of(tx, day, day), day.isoformat()
    round = calendar.rules.round(round_id)
    missing: Counter[str] = Counter()
    boarders = boarders_in(tx, on) if of_boarders(round) else None
    if boarders is not None or calendar.in_part(day):
        for klass in map(klass_from, tx.all(STILL_DUE, day=on, round=round_id)):
            missing[klass.school] += off(calendar, day, klass, round_id, boarders) is None
    else:
        for row in classes:
            if row["since"] <= on < row["until"] and calendar.school_off(day, row["school"], round_id) is None:
                missing[row["school"]] += int(row["classes"])
        for school in missing:
            missing[school] -= still.get((school, on), 0)
    return +missing


def sick_on(tx: Tx, question: q.SickOn) -> tuple[int, int]:
    days = [
        row
        for day in question.days
        for row in tx.all(
            """SELECT COALESCE(sum(sick), 0) AS sick, COALESCE(sum(expected), 0) AS expected
               FROM school_sums WHERE round = :round AND day = :day""",
            round=question.round,
            day=day.isoformat(),
        )
    ]
    return sum(int(row["sick"]) for row in days), sum(int(row["expected"]) for row in days)


def school_days(tx: Tx, question: q.SchoolDays) -> q.SchoolDaysView:
    first = question.last - timedelta(days=question.count * 2 + 90)
    calendar = calendar_of(tx, first, question.today)
    real = not calendar.rehearsal(question.today)
    days: list[date] = []
    gaps: list[tuple[date, str]] = []
    day, name = question.last, ""
    while len(days) < question.count and day >= first and calendar.begun(day):
        view = calendar.district(day)
        if view.school_day and not (real and calendar.rehearsal(day)):
            if name and days:
                gaps.append((day, name))
            name = ""
            days.append(day)
        elif not view.school_day and isinstance(view.name, str):
            name = view.name or name
        day -= timedelta(days=1)
    return q.SchoolDaysView(tuple(reversed(days)), tuple(reversed(gaps)))


def last_summary(tx: Tx, question: q.LastSummary) -> q.SummaryView | None:
    row = tx.one(
        """SELECT version, body, at FROM summary WHERE day = :day AND round = :round
           ORDER BY version DESC LIMIT 1""",
        day=question.day.isoformat(),
        round=question.round,
    )
    return q.SummaryView(row["version"], row["body"], unstamp(row["at"])) if row else None


def first_summary(tx: Tx, question: q.FirstSummary) -> tuple[str, ...]:
    row = tx.one(
        "SELECT shown FROM summary WHERE day = :day AND round = :round AND version = 1",
        day=question.day.isoformat(),
        round=question.round,
    )
    return tuple(row["shown"].split("\n")) if row else ()


def day_of(tx: Tx, question: q.DayOf) -> q.DayView:
    return calendar_of(tx, question.day, question.day).district(question.day)


def part_days(tx: Tx, question: q.PartDays) -> tuple[q.PartDay, ...]:
    rows = tx.all(
        """SELECT scope, day, school_day, name FROM calendar
           WHERE day >= :first AND day <= :last AND scope NOT IN ('country', 'district') ORDER BY scope, day""",
        first=question.first.isoformat(),
        last=question.last.isoformat(),
    )
    return tuple(
        q.PartDay(row["scope"], date.fromisoformat(row["day"]), q.DayView(bool(row["school_day"]), row["name"]))
        for row in rows
    )


def announced(tx: Tx, question: q.Announced) -> bool:
    row = tx.one(
        "SELECT count(*) AS n FROM calendar WHERE scope = 'country' AND day >= :first AND day <= :last",
        first=f"{question.year}-01-01",
        last=f"{question.year}-12-31",
    )
    return bool(row and row["n"])


def outages(tx: Tx, question: q.Outages) -> tuple[q.OutageView, ...]:
    rows = tx.all(
        "SELECT began, ended FROM outage WHERE ended > :since AND began < :until ORDER BY began, channel",
        since=stamp(question.since),
        until=stamp(question.until),
    )
    return tuple(q.OutageView(unstamp(row["began"]), unstamp(row["ended"])) for row in rows)


def rules_on(tx: Tx, question: q.RulesOn) -> Rules:
    return settled(tx, question, lambda: _rules_on(tx, question))


def _rules_on(tx: Tx, question: q.RulesOn) -> Rules:
    rows = tx.all(
        "SELECT key, value, source FROM rule WHERE valid_from <= :day ORDER BY key, valid_from",
        day=question.day.isoformat(),
    )
    return rules_of(rows)
