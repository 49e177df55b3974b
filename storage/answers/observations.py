"""医学观察: who may not be at school yet, after having been elsewhere."""

from datetime import date

from handlers import questions as q
from handlers.model import Observation, Sure
from handlers.plain import day_or_none
from storage.answers.cases import same_kind
from storage.transaction import Row, Tx

# with the class and the seat of that day
OBSERVATION = """
SELECT o.*, e.class AS class_now, COALESCE(e.seat, 0) AS seat FROM observation o
LEFT JOIN enrolment e ON e.pupil = o.pupil AND e.since <= :day AND :day < e.until
WHERE """
# or released before its last day is over
OPEN = f"(o.released_on IS NULL OR (o.how = 'completed' AND o.until >= :day)) AND {same_kind('o.declared_on')}"
BARS = f"{OPEN} AND (o.left_on IS NULL OR o.left_on <= :day)"  # not before they leave


def observations(tx: Tx, question: q.Observations) -> tuple[Observation, ...]:
    rows = tx.all(
        f"{OBSERVATION} o.school = :school AND {OPEN} ORDER BY e.class, e.seat, o.id",
        school=question.school,
        day=question.day.isoformat(),
    )
    return tuple(map(_observation, rows))


def observed(tx: Tx, question: q.Observed) -> tuple[Observation, ...]:
    rows = tx.all(
        f"{OBSERVATION} e.class = :class AND {BARS} ORDER BY e.seat, o.id",
        day=question.day.isoformat(),
        **{"class": question.class_id},
    )
    return tuple(map(_observation, rows))


def observation_by(tx: Tx, question: q.ObservationBy) -> Observation | None:
    row = tx.one(f"{OBSERVATION} o.id = :id", id=question.id, day=question.day.isoformat())
    return _observation(row) if row else None


def _observation(row: Row) -> Observation:
    return Observation(
        id=row["id"],
        school=row["school"],
        class_id=row["class_now"],
        pupil=row["pupil"],
        seat=row["seat"],
        person=row["person"],
        since=day_or_none(row["since"]),
        until=day_or_none(row["until"]),
        left=day_or_none(row["left_on"]),
        destination=row["destination"],
        risk=Sure(row["risk"]),
        contact=Sure(row["contact"]),
        declared_by=row["declared_by"],
        declared_on=date.fromisoformat(row["declared_on"]),
        how=row["how"],
        released_on=day_or_none(row["released_on"]),
    )
