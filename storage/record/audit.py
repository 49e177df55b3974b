"""What becomes of facts themselves: sealed, and some of them erased."""

from handlers import facts as f
from handlers.plain import canonical, stamp
from storage.transaction import Tx


def sealed(tx: Tx, fact: f.Sealed) -> None:
    tx.run(
        """INSERT INTO seal (n, day, previous, hash, lanes, at) VALUES (:n, :day, :previous, :hash, :lanes, :at)""",
        n=fact.n,
        day=fact.day.isoformat(),
        previous=fact.previous,
        hash=fact.hash,
        lanes=canonical(fact.lanes),
        at=stamp(fact.at),
    )
    tx.many(
        "UPDATE lane SET sealed = :last WHERE name = :lane",
        [{"lane": one.lane, "last": one.last} for one in fact.lanes],
    )


def erased(tx: Tx, fact: f.Erased) -> None:
    """Body and salt go; the digest stays, so that the seals still hold."""
    tx.many(
        "UPDATE fact SET body = '', salt = :nothing WHERE id = :id",
        [{"id": one, "nothing": b""} for one in fact.facts],
    )


def viewed(tx: Tx, fact: f.Viewed) -> None:
    tx.many(
        """INSERT INTO viewed (pupil, at, person, what) VALUES (:pupil, :at, :person, :what)
           ON CONFLICT (pupil, at, person, what) DO NOTHING""",
        [{"pupil": one, "at": stamp(fact.at), "person": fact.by, "what": fact.what} for one in fact.pupils],
    )
