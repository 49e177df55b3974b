"""The lanes: every fact as it was decided, numbered, salted, with what caused it."""

import hashlib
from datetime import date, datetime

from msgspec import Struct

from handlers.facts import Fact
from handlers.plain import canonical, stamp
from handlers.seals import fact_digest
from storage.transaction import Tx


class Cause(Struct, frozen=True):
    """The inbox row behind a fact. `day`: the district's day of `at`. `seed`: its 16 random bytes, from which the salts
    derive."""

    id: str
    lane: str
    actor: str
    at: datetime
    day: date
    channel: str
    seed: bytes


def append(tx: Tx, fact: Fact, cause: Cause) -> None:
    """To a lane that is ours (`inbox.claim`)."""
    row = tx.one("UPDATE lane SET n = n + 1 WHERE name = :lane RETURNING n", lane=cause.lane)
    n = int(row["n"]) if row else 0
    body = canonical(fact)
    salt = hashlib.sha256(cause.seed + f"salt:{n}".encode()).digest()[:16]
    tx.run(
        """INSERT INTO fact (id, lane, n, kind, body, salt, digest, actor, at, channel, cause)
           VALUES (:id, :lane, :n, :kind, :body, :salt, :digest, :actor, :at, :channel, :cause)""",
        id=f"{cause.lane}:{n}",
        lane=cause.lane,
        n=n,
        kind=type(fact).__name__,
        body=body,
        salt=salt,
        digest=fact_digest(salt, body),
        actor=cause.actor,
        at=stamp(cause.at),
        channel=cause.channel,
        cause=cause.id,
    )
