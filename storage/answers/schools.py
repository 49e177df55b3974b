"""The district's schools."""

from handlers import questions as q
from handlers.model import School
from storage.transaction import Row, Tx


def schools(tx: Tx, question: q.Schools) -> tuple[School, ...]:
    return tuple(
        school_from(row)
        for row in tx.all(
            """SELECT s.id, s.name, s.short, s.place FROM school s
               WHERE EXISTS (SELECT 1 FROM class c JOIN class_name n ON n.class = c.id
                             WHERE c.school = s.id AND n.since <= :day AND :day < n.until)
               ORDER BY s.place, s.id""",
            day=question.day.isoformat(),
        )
    )


def school_of(tx: Tx, question: q.SchoolOf) -> School | None:
    row = tx.one(
        """SELECT id, name, short, place FROM school
           WHERE id = :id OR name = :id OR id = (SELECT school FROM class WHERE id = :id)""",
        id=question.id,
    )
    return school_from(row) if row else None


def school_from(row: Row) -> School:
    return School(row["id"], row["name"], row["short"], row["place"])
