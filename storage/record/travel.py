"""Who left town, or is back."""

from handlers import facts as f
from handlers.plain import stamp
from storage.transaction import Tx


def declared(tx: Tx, fact: f.TravelDeclared) -> None:
    trip = fact.trip
    tx.run(
        """INSERT INTO travel (pupil, at, day, round, school, class, away, destination, until, contact, risk, person)
           VALUES (:pupil, :at, :day, :round, :school, :class, :away, :destination, :until, :contact, :risk, :person)
           ON CONFLICT (pupil, at) DO UPDATE SET away = excluded.away, destination = excluded.destination,
             until = excluded.until, contact = excluded.contact, risk = excluded.risk, person = excluded.person""",
        pupil=trip.pupil,
        at=stamp(fact.at),
        day=fact.day.isoformat(),
        round=fact.round,
        school=fact.school,
        away=int(trip.away),
        destination=trip.destination,
        until=trip.until.isoformat() if trip.until else None,
        contact=trip.contact,
        risk=trip.risk,
        person=trip.by,
        **{"class": fact.class_id},
    )
