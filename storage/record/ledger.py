"""台账: who was added later, what others have seen, and the entries of the ledger with what came to each."""

from handlers import facts as f
from handlers.plain import canonical, stamp
from storage.transaction import Tx


def added(tx: Tx, fact: f.Reported) -> None:
    """Who was taken from the list and put back is asked about once."""
    tx.many(
        """INSERT INTO added (day, round, class, pupil, school, at, first_at)
           VALUES (:day, :round, :class, :pupil, :school, :at, :first_at)
           ON CONFLICT (day, round, class, pupil) DO NOTHING""",
        [
            {
                "day": fact.day.isoformat(),
                "round": fact.round,
                "class": fact.class_id,
                "pupil": pupil,
                "school": fact.school,
                "at": stamp(fact.at),
                "first_at": stamp(fact.first_at),
            }
            for pupil in fact.added
        ],
    )


def known_when(tx: Tx, fact: f.KnownWhen) -> None:
    tx.run(
        """UPDATE added SET known = :known, known_by = :by, known_at = :at
           WHERE day = :day AND round = :round AND class = :class AND pupil = :pupil""",
        known=fact.when,
        by=fact.by,
        at=stamp(fact.at),
        day=fact.day.isoformat(),
        round=fact.round,
        pupil=fact.pupil,
        **{"class": fact.class_id},
    )


def sighted(tx: Tx, fact: f.Sighted) -> None:
    tx.run(
        """INSERT INTO sighting (id, kind, school, class, pupil, seat, day, until, body, person, at)
           VALUES (:id, :kind, :school, :class, :pupil, :seat, :day, :until, :body, :person, :at)""",
        id=fact.id,
        kind=fact.kind,
        school=fact.school,
        pupil=fact.entry.pupil,
        seat=fact.seat,
        day=fact.day.isoformat(),
        until=fact.until.isoformat(),
        body=canonical(fact.entry),
        person=fact.by,
        at=stamp(fact.at),
        **{"class": fact.class_id},
    )


def opened(tx: Tx, fact: f.LedgerOpened) -> None:
    key = {"day": fact.day.isoformat(), "round": fact.round, "class": fact.class_id}
    evidence = fact.evidence
    tx.run(
        """INSERT INTO ledger (id, kind, day, round, school, class, person, told, heard, pupil, sighting, body,
             opened_at, found_by)
           VALUES (:id, :kind, :day, :round, :school, :class, :person, :told, :heard, :pupil, :sighting, :body,
             :at, :found_by)""",
        id=fact.id,
        kind=fact.kind,
        school=fact.school,
        person=fact.person,
        told=int(fact.told),
        heard=fact.heard.isoformat(),
        pupil=evidence.pupil,
        sighting=evidence.sighting,
        body=canonical(evidence),
        at=stamp(fact.at),
        found_by=fact.found_by,
        **key,
    )
    if evidence.added_at is not None:
        tx.run(
            """UPDATE added SET ledger = :entry
               WHERE day = :day AND round = :round AND class = :class AND pupil = :pupil""",
            entry=fact.id,
            pupil=evidence.pupil,
            **key,
        )


def explained(tx: Tx, fact: f.Explained) -> None:
    """Nothing that was said before is overwritten."""
    tx.run(
        """INSERT INTO explanation (id, ledger, at, person, reason, words)
           VALUES (:id, :ledger, :at, :person, :reason, :words)""",
        id=fact.id,
        ledger=fact.entry,
        at=stamp(fact.at),
        person=fact.by,
        reason=fact.reason,
        words=fact.words,
    )


def settled(tx: Tx, fact: f.LedgerSettled) -> None:
    tx.run(
        """UPDATE ledger SET state = :state, why = :why, settled_by = :by, settled_at = :at WHERE id = :id""",
        id=fact.entry,
        state=fact.state,
        why=fact.why,
        by=fact.by,
        at=stamp(fact.at),
    )
