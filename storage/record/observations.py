"""医学观察: who was away, and what follows from it until it is released."""

from datetime import date

from handlers import facts as f
from handlers.plain import stamp
from storage.transaction import Tx


def travelled(tx: Tx, fact: f.TravelDeclared) -> None:
    tx.run(
        """INSERT INTO travel
             (id, school, class, pupil, person, left_on, destination, returned_on, contact, risk, declared_by, at)
           VALUES (:id, :school, CAST(:class AS TEXT), CAST(:pupil AS TEXT), CAST(:person AS TEXT),
             CAST(:left AS TEXT), :destination, CAST(:returned AS TEXT), :contact, :risk, :by, :at)""",
        id=fact.id,
        school=fact.school,
        pupil=fact.pupil,
        person=fact.person,
        left=_day(fact.left),
        destination=fact.destination,
        returned=_day(fact.returned),
        contact=fact.contact,
        risk=fact.risk,
        by=fact.by,
        at=stamp(fact.at),
        **{"class": fact.class_id},
    )


def opened(tx: Tx, fact: f.ObservationOpened) -> None:
    tx.run(
        """INSERT INTO observation (id, travel, since, until, opened_at)
           VALUES (:id, :travel, CAST(:since AS TEXT), CAST(:until AS TEXT), :at)
           ON CONFLICT (id) DO UPDATE SET travel = excluded.travel, since = excluded.since, until = excluded.until""",
        id=fact.id,
        travel=fact.travel,
        since=_day(fact.since),
        until=_day(fact.until),
        at=stamp(fact.at),
    )


def released(tx: Tx, fact: f.ObservationReleased) -> None:
    tx.run(
        "UPDATE observation SET how = :how, released_on = :day, released_by = :by WHERE id = :id",
        id=fact.id,
        how=fact.how,
        day=fact.day.isoformat(),
        by=fact.by,
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
