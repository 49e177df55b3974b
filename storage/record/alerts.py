"""Alerts of fever: raised, acknowledged by the first who does, withdrawn."""

from handlers import facts as f
from handlers.plain import canonical, stamp
from storage.transaction import Tx


def alerted(tx: Tx, fact: f.Alerted) -> None:
    tx.run(
        """INSERT INTO alert (id, day, round, school, class, pupil, seat, body, person, at, told)
           VALUES (:id, :day, :round, :school, :class, :pupil, :seat, :body, :person, :at, :told)""",
        id=fact.id,
        day=fact.day.isoformat(),
        round=fact.round,
        school=fact.school,
        pupil=fact.entry.pupil,
        seat=fact.seat,
        body=canonical(fact.entry),
        person=fact.by,
        at=stamp(fact.at),
        told=" ".join(fact.told),
        **{"class": fact.class_id},
    )


def acknowledged(tx: Tx, fact: f.Acknowledged) -> None:
    tx.run(
        "UPDATE alert SET acked_by = :by, acked_at = :at WHERE id = :id AND acked_by IS NULL",
        id=fact.alert,
        by=fact.by,
        at=stamp(fact.at),
    )


def withdrawn(tx: Tx, fact: f.AlertWithdrawn) -> None:
    tx.run(
        "UPDATE alert SET withdrawn_at = :at, withdrawn_body = :body, withdrawn_by = :by WHERE id = :id",
        id=fact.alert,
        at=stamp(fact.at),
        body=canonical(fact.entry) if fact.entry else None,
        by=fact.by,
    )
