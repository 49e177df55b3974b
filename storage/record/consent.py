"""同意书: given and taken back."""

from handlers import facts as f
from handlers.plain import stamp
from storage.record.lane import Cause
from storage.transaction import Tx


def given(tx: Tx, fact: f.ConsentGiven, cause: Cause) -> None:
    """A newer one stands beside the older; one of the same day replaces it."""
    tx.many(
        """INSERT INTO consent (pupil, since, version, person, at) VALUES (:pupil, :since, :version, :person, :at)
           ON CONFLICT (pupil, since) DO UPDATE
           SET version = excluded.version, person = excluded.person, at = excluded.at, withdrawn = NULL""",
        [
            {
                "pupil": one,
                "since": fact.day.isoformat(),
                "version": fact.version,
                "person": fact.by,
                "at": stamp(cause.at),
            }
            for one in fact.pupils
        ],
    )


def withdrawn(tx: Tx, fact: f.ConsentWithdrawn) -> None:
    tx.many(
        "UPDATE consent SET withdrawn = :day WHERE pupil = :pupil AND withdrawn IS NULL",
        [{"pupil": one, "day": fact.day.isoformat()} for one in fact.pupils],
    )
