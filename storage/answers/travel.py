"""Who is out of town."""

from handlers import questions as q
from handlers.model import Sure, Trip
from handlers.plain import day_or_none
from storage.transaction import Row, Tx

# the last word about a pupil, by the class that they are in on that day
OUT = """
SELECT t.* FROM travel t JOIN enrolment e ON e.pupil = t.pupil AND e.since <= :day AND :day < e.until
WHERE t.school = :school AND t.day <= :day AND t.away = 1 AND (t.until IS NULL OR t.until >= :day)
  AND NOT EXISTS (SELECT 1 FROM travel n WHERE n.pupil = t.pupil AND n.day <= :day AND n.at > t.at)"""


def trips_of(tx: Tx, question: q.TripsOf) -> tuple[Trip, ...]:
    where = {"school": question.school, "day": question.day.isoformat()}
    if question.class_id is None:
        return tuple(map(_trip, tx.all(OUT + " ORDER BY e.class, e.seat, t.pupil", **where)))
    rows = tx.all(OUT + " AND e.class = :class ORDER BY e.seat, t.pupil", **where, **{"class": question.class_id})
    return tuple(map(_trip, rows))


def _trip(row: Row) -> Trip:
    return Trip(
        pupil=row["pupil"],
        away=bool(row["away"]),
        destination=row["destination"],
        until=day_or_none(row["until"]),
        contact=Sure(row["contact"]),
        risk=Sure(row["risk"]),
        by=row["person"],
    )
