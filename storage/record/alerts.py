"""Alerts: told, passed on, acknowledged by the first who does, revised."""

from collections.abc import Iterable

from handlers import facts as f
from handlers.plain import canonical, stamp
from storage.transaction import Tx


def alerted(tx: Tx, fact: f.Alerted) -> None:
    tx.run(
        """INSERT INTO alert (id, day, round, school, class, pupil, seat, body, person, at, post, continues, step)
           VALUES (:id, :day, :round, :school, :class, :pupil, :seat, :body, :person, :at, :post, :continues,
             :step)""",
        id=fact.id,
        day=fact.day.isoformat(),
        round=fact.round,
        school=fact.school,
        pupil=fact.entry.pupil,
        seat=fact.seat,
        body=canonical(fact.entry),
        person=fact.by,
        at=stamp(fact.at),
        post=fact.post,
        continues=fact.continues.isoformat() if fact.continues else None,
        step=fact.step,
        **{"class": fact.class_id},
    )
    _tell(tx, fact.id, fact.told)


def passed_on(tx: Tx, fact: f.PassedOn) -> None:
    tx.run(
        "UPDATE alert SET step = :step, passed_at = :at WHERE id = :id",
        id=fact.alert,
        step=fact.step,
        at=stamp(fact.at),
    )
    _tell(tx, fact.alert, fact.told)


def _tell(tx: Tx, alert: str, told: Iterable[f.Telling]) -> None:
    """Who hears of it a second time keeps the place of the first."""
    for place, one in enumerate(told, _known(tx, alert)):
        tx.run(
            """INSERT INTO alert_told (alert, person, place, duty, reached)
               VALUES (:alert, :person, :place, :duty, :reached)
               ON CONFLICT (alert, person) DO UPDATE SET reached = excluded.reached""",
            alert=alert,
            person=one.person,
            place=place,
            duty=one.duty,
            reached=int(one.reached),
        )


def _known(tx: Tx, alert: str) -> int:
    row = tx.one("SELECT count(*) AS n FROM alert_told WHERE alert = :alert", alert=alert)
    return int(row["n"]) if row else 0


def unheard(tx: Tx, fact: f.Unheard) -> None:
    tx.run(
        "UPDATE alert_told SET reached = 0 WHERE alert = :alert AND person = :person",
        alert=fact.alert,
        person=fact.person,
    )


def heard(tx: Tx, fact: f.Heard) -> None:
    tx.run(
        "UPDATE alert_told SET reached = 1 WHERE alert = :alert AND person = :person",
        alert=fact.alert,
        person=fact.person,
    )


def acknowledged(tx: Tx, fact: f.Acknowledged) -> None:
    tx.run(
        "UPDATE alert SET acked_by = :by, acked_at = :at WHERE id = :id AND acked_by IS NULL",
        id=fact.alert,
        by=fact.by,
        at=stamp(fact.at),
    )


def revised(tx: Tx, fact: f.AlertRevised) -> None:
    tx.run(
        """UPDATE alert SET revised_at = :at, revised_by = :by, revised_body = :body,
             withdrawn_at = CASE WHEN :holds = 1 THEN withdrawn_at ELSE :at END WHERE id = :id""",
        id=fact.alert,
        at=stamp(fact.at),
        by=fact.by,
        body=canonical(fact.entry) if fact.entry else None,
        holds=int(fact.holds),
    )
