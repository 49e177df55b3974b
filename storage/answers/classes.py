"""One class's day: its teachers and what it has reported."""

from collections.abc import Mapping
from datetime import date

from handlers import questions as q
from handlers.model import Klass, Person, Report, Value, text
from handlers.rulebook import Round
from storage.answers.expected import expected_in, of_boarders
from storage.answers.people import PERSON, people_from
from storage.answers.reports import latest_report
from storage.answers.schools import school_of
from storage.calendar import Calendar, calendar_of
from storage.transaction import Row, Tx

TEACHES = """p.id IN (SELECT person FROM duty WHERE class = :class AND since <= :day AND :day < until)
             ORDER BY p.id, d.duty, d.class"""
CLASS = """
SELECT c.id, c.school, n.name, n.grade, n.number FROM class c JOIN class_name n ON n.class = c.id
WHERE n.since <= :day AND :day < n.until AND """


def klass_from(row: Row) -> Klass:
    return Klass(row["id"], row["school"], row["name"], row["grade"], row["number"])


def class_by(tx: Tx, question: q.ClassBy) -> Klass | None:
    row = tx.one(CLASS + "c.id = :class", day=question.day.isoformat(), **{"class": question.id})
    return klass_from(row) if row else None


def classes(tx: Tx, question: q.Classes) -> tuple[Klass, ...]:
    where = {"school": question.school, "day": question.day.isoformat()}
    return tuple(map(klass_from, tx.all(CLASS + "c.school = :school ORDER BY n.grade, n.number, c.id", **where)))


def teachers_of(tx: Tx, class_id: str, day: str) -> tuple[Person, ...]:
    """Its 班主任, 任课教师, and who stands in for one."""
    return people_from(tx.all(PERSON + TEACHES, day=day, **{"class": class_id}))


def class_day(tx: Tx, question: q.ClassDay) -> q.ClassDayView | None:
    day = question.day.isoformat()
    row = tx.one(CLASS + "c.id = :class", day=day, **{"class": question.class_id})
    if row is None:
        return None
    klass, calendar = klass_from(row), calendar_of(tx, question.day, question.day)
    round = calendar.rules.round(question.round)
    boarders = {klass.id: expected_in(tx, klass.id, day, boarders=True)} if of_boarders(round) else None
    school = school_of(tx, q.SchoolOf(klass.school))
    assert school is not None  # noqa: S101 - a class row without its school breaks a foreign reference
    return q.ClassDayView(
        klass=klass,
        school=school,
        off=off(calendar, question.day, klass, question.round, boarders),
        teachers=teachers_of(tx, klass.id, day),
        report=latest_report(tx, question.class_id, day, question.round),
        earlier=_earlier(tx, calendar, klass, day, round) if round else None,
    )


def off(calendar: Calendar, day: date, klass: Klass, round_id: str, boarders: Mapping[str, int] | None) -> Value | None:
    """A class without boarders has nothing to say of them. `boarders`: how many by class, in a round of theirs."""
    why = calendar.off(day, klass, round_id)
    return text("card.no_boarders") if why is None and boarders is not None and not boarders.get(klass.id) else why


def _earlier(tx: Tx, calendar: Calendar, klass: Klass, day: str, round: Round) -> Report | None:
    """What the class has last reported of this day, in an earlier round."""
    reports = (latest_report(tx, klass.id, day, one.id) for one in calendar.rules.earlier(round, klass.school))
    return next((report for report in reports if report is not None), None)


def listed_before(tx: Tx, question: q.ListedBefore) -> tuple[str, ...]:
    rows = tx.all(
        """SELECT e.pupil FROM entry e JOIN report r
             ON r.day = e.day AND r.round = e.round AND r.class = e.class AND r.rev = e.rev AND r.latest = 1
           WHERE e.class = :class AND e.day = (
             SELECT b.day FROM report b
             WHERE b.class = :class AND b.day < :day AND (:rehearsal = 1 OR COALESCE(
               (SELECT value FROM rule WHERE key = 'rehearsal' AND valid_from <= b.day
                ORDER BY valid_from DESC LIMIT 1), 'false') = 'false')
             ORDER BY b.day DESC LIMIT 1)
           ORDER BY e.place""",
        day=question.day.isoformat(),
        rehearsal=int(calendar_of(tx, question.day, question.day).rehearsal(question.day)),
        **{"class": question.class_id},
    )
    return tuple(row["pupil"] for row in rows)
