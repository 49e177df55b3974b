"""代班, dated: the arrangement, and the duty that it gives."""

from datetime import date, timedelta

from handlers import facts as f
from handlers.plain import stamp
from storage.transaction import Tx


def named(tx: Tx, fact: f.SubstituteNamed) -> None:
    until = (fact.until + timedelta(days=1)).isoformat()
    tx.run(
        """INSERT INTO substitute (id, school, class, absent, person, since, until, named_by, named_at)
           VALUES (:id, :school, :class, :absent, :person, :since, :until, :by, :at)""",
        id=fact.id,
        school=fact.school,
        absent=fact.absent,
        person=fact.person,
        since=fact.since.isoformat(),
        until=until,
        by=fact.by,
        at=stamp(fact.at),
        **{"class": fact.class_id},
    )
    tx.run(
        """INSERT INTO duty (person, duty, class, since, until) VALUES (:person, 'substitute', :class, :since, :until)
           ON CONFLICT (person, duty, class, since) DO UPDATE SET until = excluded.until""",
        person=fact.person,
        since=fact.since.isoformat(),
        until=until,
        **{"class": fact.class_id},
    )


def accepted(tx: Tx, fact: f.SubstituteAccepted) -> None:
    tx.run("UPDATE substitute SET accepted_at = :at WHERE id = :id", id=fact.id, at=stamp(fact.at))


def declined(tx: Tx, fact: f.SubstituteDeclined) -> None:
    tx.run("UPDATE substitute SET declined_at = :at WHERE id = :id", id=fact.id, at=stamp(fact.at))
    _end_duty(tx, fact.id, fact.day)


def ended(tx: Tx, fact: f.SubstituteEnded) -> None:
    tx.run(
        "UPDATE substitute SET ended = :day, ended_at = :at WHERE id = :id",
        id=fact.id,
        day=fact.day.isoformat(),
        at=stamp(fact.at),
    )
    _end_duty(tx, fact.id, fact.day)


def _end_duty(tx: Tx, id: str, day: date) -> None:
    """From this day on; one that has not begun by then has never held."""
    row = tx.one("SELECT person, class, since FROM substitute WHERE id = :id", id=id)
    if row is None:
        return
    of = {"person": row["person"], "class": row["class"], "since": row["since"]}
    if day.isoformat() <= row["since"]:
        tx.run(
            "DELETE FROM duty WHERE duty = 'substitute' AND person = :person AND class = :class AND since = :since",
            **of,
        )
        return
    tx.run(
        """UPDATE duty SET until = :day
           WHERE duty = 'substitute' AND person = :person AND class = :class AND since = :since""",
        day=day.isoformat(),
        **of,
    )
