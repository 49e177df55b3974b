"""A school's morning: every class with its report, its draft, its teachers and how often they were reminded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from handlers import questions as q
from handlers.model import Draft, Person, Report
from handlers.plain import instant_or_none, read, unstamp
from handlers.rulebook import Round, Rules
from handlers.values import replace
from storage.answers.classes import CLASS, klass_from, off
from storage.answers.expected import BOARDS, EXPECTED, NOT_REPORTED, of_boarders
from storage.answers.people import staff
from storage.answers.reports import REPORT, report_from
from storage.answers.schools import school_of
from storage.calendar import calendar_of
from storage.transaction import Row, Tx


def school_morning(tx: Tx, question: q.SchoolMorning) -> q.SchoolMorningView:
    params = {"school": question.school, "day": question.day.isoformat()}
    school = school_of(tx, q.SchoolOf(question.school))
    assert school is not None  # noqa: S101 - asked with an id that `schools` gave
    classes = tuple(klass_from(row) for row in tx.all(CLASS + "c.school = :school ORDER BY n.number, c.id", **params))
    calendar = calendar_of(tx, question.day, question.day)
    round = calendar.rules.round(question.round)
    reports = _school_reports(tx, question)
    boarders = _boarders(tx, question) if of_boarders(round) else None
    earlier = _earlier(tx, question, calendar.rules, round) if round else {}
    people = staff(tx, q.Staff(question.school, question.day))
    teachers = _teachers(people)
    reminded = _reminded(tx, question)
    drafts = _drafts(tx, question)
    rows = tuple(
        q.ClassRow(
            klass=klass,
            off=None if klass.id in reports else off(calendar, question.day, klass, question.round, boarders),
            report=reports.get(klass.id),
            teachers=teachers.get(klass.id, ()),
            reminded=reminded.get(klass.id, 0),
            drafts=drafts.get(klass.id, ()),
            earlier=earlier.get(klass.id),
        )
        for klass in sorted(classes, key=lambda klass: (_grade_order(klass.grade), klass.number, klass.id))
    )
    return q.SchoolMorningView(school, rows, people)


def list_turn(tx: Tx, question: q.ListTurn) -> q.TurnView | None:
    row = tx.one(
        """SELECT person, since, taken_at FROM list_turn
           WHERE day = :day AND round = :round AND school = :school AND kind = :kind""",
        day=question.day.isoformat(),
        round=question.round,
        school=question.school,
        kind=question.kind,
    )
    if row is None:
        return None
    return q.TurnView(row["person"], unstamp(row["since"]), instant_or_none(row["taken_at"]))


GRADES = "一二三四五六七八九"


def _grade_order(grade: str) -> tuple[int, str]:
    return (GRADES.find(grade[-1:]) if grade[-1:] in GRADES else len(GRADES), grade)


def _teachers(people: Iterable[Person]) -> Mapping[str, tuple[Person, ...]]:
    found: dict[str, tuple[Person, ...]] = {}
    for person in people:
        for class_id in dict.fromkeys(person.classes):
            found[class_id] = (*found.get(class_id, ()), person)
    return found


def _boarders(tx: Tx, question: q.SchoolMorning) -> Mapping[str, int]:
    """By class, of those that have not reported: how many sleep at the school."""
    rows = tx.all(
        f"""SELECT e.class, count(*) AS n FROM enrolment e JOIN class c ON c.id = e.class
            WHERE c.school = :school AND {NOT_REPORTED} AND {EXPECTED}{BOARDS} GROUP BY e.class""",  # noqa: S608
        school=question.school,
        day=question.day.isoformat(),
        round=question.round,
    )
    return {row["class"]: row["n"] for row in rows}


def _drafts(tx: Tx, question: q.SchoolMorning) -> Mapping[str, tuple[Draft, ...]]:
    found: dict[str, tuple[Draft, ...]] = {}
    for row in tx.all(
        """SELECT d.class, d.body FROM draft d JOIN class c ON c.id = d.class
           WHERE c.school = :school AND d.day = :day AND d.round = :round ORDER BY d.changed_at DESC, d.person""",
        school=question.school,
        day=question.day.isoformat(),
        round=question.round,
    ):
        found[row["class"]] = (*found.get(row["class"], ()), read(Draft, row["body"]))
    return found


def _school_reports(tx: Tx, question: q.SchoolMorning) -> Mapping[str, Report]:
    params = {"school": question.school, "day": question.day.isoformat(), "round": question.round}
    entries: dict[str, list[Row]] = defaultdict(list)
    for row in tx.all(
        """SELECT e.* FROM report r JOIN entry e
             ON e.day = r.day AND e.round = r.round AND e.class = r.class AND e.rev = r.rev
           WHERE r.school = :school AND r.day = :day AND r.round = :round AND r.latest = 1 ORDER BY e.place""",
        **params,
    ):
        entries[row["class"]].append(row)
    rows = tx.all(REPORT + "r.school = :school AND r.day = :day AND r.round = :round AND r.latest = 1", **params)
    return {row["class"]: report_from(row, entries[row["class"]]) for row in rows}


def _earlier(tx: Tx, question: q.SchoolMorning, rules: Rules, round: Round) -> Mapping[str, Report]:
    """By class, what it has last reported of this day, in an earlier round."""
    found: dict[str, Report] = {}
    for one in reversed(rules.earlier(round, question.school)):
        found |= _school_reports(tx, replace(question, round=one.id))
    return found


def _reminded(tx: Tx, question: q.SchoolMorning) -> Mapping[str, int]:
    """By class, how often it was reminded: the steps of which a reminder was shown, found by what they are about."""
    steps: dict[str, set[str]] = defaultdict(set)
    for row in tx.all(
        """SELECT key FROM message
           WHERE about IN (SELECT 'report:' || id || ':' || :day || ':' || :round FROM class WHERE school = :school)
             AND shown > 0 AND key >= 'remind' AND key < 'remine'""",
        school=question.school,
        day=f"{question.day:%Y%m%d}",
        round=question.round,
    ):
        step, class_id, *_ = row["key"].split(":")
        steps[class_id].add(step)
    return {class_id: len(found) for class_id, found in steps.items()}
