"""医学观察: who may not be at school, or at work, until it is released."""

from datetime import date

from handlers import facts as f
from storage.transaction import Tx


def opened(tx: Tx, fact: f.ObservationOpened) -> None:
    one = fact.observation
    tx.run(
        """INSERT INTO observation (id, school, class, pupil, person, left_on, destination, risk, contact, since, until,
             declared_by, declared_on)
           VALUES (:id, :school, CAST(:class AS TEXT), CAST(:pupil AS TEXT), CAST(:person AS TEXT),
             CAST(:left AS TEXT), :destination, :risk, :contact, CAST(:since AS TEXT), CAST(:until AS TEXT), :by, :on)
           ON CONFLICT (id) DO UPDATE SET left_on = excluded.left_on, destination = excluded.destination,
             risk = excluded.risk, contact = excluded.contact, since = excluded.since, until = excluded.until,
             declared_by = excluded.declared_by, declared_on = excluded.declared_on""",
        id=one.id,
        school=one.school,
        pupil=one.pupil,
        person=one.person,
        left=_day(one.left),
        destination=one.destination,
        risk=one.risk,
        contact=one.contact,
        since=_day(one.since),
        until=_day(one.until),
        by=one.declared_by,
        on=one.declared_on.isoformat(),
        **{"class": one.class_id},
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
