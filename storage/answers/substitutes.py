"""代班: who stands in for whom, and who answered for a class at an instant."""

from datetime import date, timedelta

from handlers import questions as q
from handlers.model import Duty, Person
from handlers.plain import day_or_none, instant_or_none, stamp, unstamp
from storage.answers.classes import CLASS, klass_from, teachers_of
from storage.answers.people import anybody
from storage.transaction import Row, Tx

STAND_IN = "SELECT * FROM substitute WHERE "


def stand_in_by(tx: Tx, question: q.StandInBy) -> q.StandIn | None:
    row = tx.one(STAND_IN + "id = :id", id=question.id)
    return _stand_in(tx, row) if row else None


def stand_ins_of(tx: Tx, question: q.StandInsOf) -> tuple[q.StandIn, ...]:
    rows = tx.all(
        STAND_IN
        + "school = :school AND :day < COALESCE(ended, until) AND since < COALESCE(ended, until) ORDER BY since, id",
        school=question.school,
        day=question.day.isoformat(),
    )
    found = (_stand_in(tx, row) for row in rows if question.class_id in (None, row["class"]))
    return tuple(one for one in found if one is not None)


def _stand_in(tx: Tx, row: Row) -> q.StandIn | None:
    """None where the class has left the school before it begins."""
    since = date.fromisoformat(row["since"])
    klass = tx.one(CLASS + "c.id = :class", day=row["since"], **{"class": row["class"]})
    if klass is None:
        return None
    return q.StandIn(
        id=row["id"],
        klass=klass_from(klass),
        absent=anybody(tx, row["absent"], since) if row["absent"] else None,
        person=anybody(tx, row["person"], since),
        since=since,
        until=date.fromisoformat(row["until"]) - timedelta(days=1),
        by=anybody(tx, row["named_by"], since),
        named_at=unstamp(row["named_at"]),
        accepted_at=instant_or_none(row["accepted_at"]),
        declined_at=instant_or_none(row["declined_at"]),
        ended=day_or_none(row["ended"]),
    )


def responsible(tx: Tx, question: q.Responsible) -> q.Answerable | None:
    """A substitute who was handed the class after `at`, or had not accepted by then, did not answer for it yet."""
    own = _own_teacher(teachers_of(tx, question.class_id, question.day.isoformat()), question.class_id)
    row = tx.one(
        STAND_IN
        + """class = :class AND (absent = :own OR absent IS NULL) AND since <= :day AND :day < until
             AND named_at <= :at AND (ended IS NULL OR :day < ended OR :at < ended_at)
             ORDER BY named_at DESC, id LIMIT 1""",
        own=own.id if own else "",
        day=question.day.isoformat(),
        at=stamp(question.at),
        **{"class": question.class_id},
    )
    if row is not None and _accepted(row, stamp(question.at)):
        return q.Answerable(anybody(tx, row["person"], question.day), absent=own)
    return q.Answerable(own, vacant=row is not None) if own else None


def _accepted(row: Row, at: str) -> bool:
    return (row["accepted_at"] or at + "~") <= at and (row["declined_at"] is None or at < row["declined_at"])


def _own_teacher(teachers: tuple[Person, ...], class_id: str) -> Person | None:
    """The class's 班主任, else the first of its teachers; never who stands in for one."""
    for duty in (Duty.HOMEROOM, Duty.TEACHER):
        for one in teachers:
            if any(held.duty is duty and held.class_id == class_id for held in one.duties):
                return one
    return None
