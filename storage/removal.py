"""What is to be taken out of a chat again, theirs or ours: written by a turn, done by the remover, each a row until it
is settled."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from handlers.model import Urgency
from handlers.plain import stamp
from storage.transaction import Tx

ALLOWED: Final = timedelta(hours=48)  # by Telegram; what was not reached by then stays


class Removal(Struct, frozen=True):
    channel: str
    native: str
    ref: str


def put(tx: Tx, channel: str, native: str, ref: str, now: datetime) -> None:
    """Once more for a new version of the same message."""
    tx.run(
        """INSERT INTO removal (channel, native, ref, put_at, due_at, state)
           VALUES (:channel, :native, :ref, :now, :now, 'due')
           ON CONFLICT (channel, ref) DO UPDATE
           SET put_at = excluded.put_at, due_at = excluded.due_at, state = 'due', problem = NULL""",
        channel=channel,
        native=native,
        ref=ref,
        now=stamp(now),
    )


def put_shown(tx: Tx, subject: str, now: datetime) -> None:
    """Of ours: every message about this subject."""
    rows = tx.all(
        """SELECT m.key, m.address, m.ref, m.pages, a.channel, a.native
           FROM message m JOIN address a ON a.id = m.address WHERE m.about = :subject""",
        subject=subject,
    )
    for row in rows:
        for ref in (*row["pages"].split(), row["ref"]):
            if ref is not None:
                put(tx, row["channel"], row["native"], ref, now)
        tx.run(
            """UPDATE message SET about = NULL, state = CASE WHEN state = 'due' THEN 'withdrawn' ELSE state END
               WHERE key = :key AND address = :address""",
            key=row["key"],
            address=row["address"],
        )


def due(tx: Tx, now: datetime, limit: int) -> list[Removal]:
    """Only when what was read has been shown in that chat: nobody's words vanish before they have their answer."""
    rows = tx.all(
        """SELECT r.channel, r.native, r.ref FROM removal r WHERE r.state = 'due' AND r.due_at <= :now
             AND NOT EXISTS (SELECT 1 FROM message m JOIN address a ON a.id = m.address
               WHERE a.channel = r.channel AND a.native = r.native AND m.state = 'due' AND m.urgency <= :reply)
           ORDER BY r.due_at, r.ref LIMIT :limit""",
        now=stamp(now),
        reply=int(Urgency.REPLY),
        limit=limit,
    )
    return [Removal(row["channel"], row["native"], row["ref"]) for row in rows]


def waiting(tx: Tx) -> bool:
    """Whether anything is still to be taken out, now or later."""
    return bool(tx.all("SELECT 1 FROM removal WHERE state = 'due' LIMIT 1"))


def done(tx: Tx, removal: Removal) -> None:
    _settle(tx, removal, "done", None)


def never(tx: Tx, removal: Removal, problem: str) -> None:
    _settle(tx, removal, "never", problem)


def _settle(tx: Tx, removal: Removal, state: str, problem: str | None) -> None:
    tx.run(
        "UPDATE removal SET state = :state, problem = :problem WHERE channel = :channel AND ref = :ref",
        state=state,
        problem=problem,
        channel=removal.channel,
        ref=removal.ref,
    )


def later(tx: Tx, removal: Removal, until: datetime, problem: str) -> None:
    """Tried again at `until`, while it is still allowed."""
    tx.run(
        """UPDATE removal SET due_at = :until, problem = :problem,
             state = CASE WHEN put_at < :allowed THEN 'never' ELSE state END
           WHERE channel = :channel AND ref = :ref""",
        until=stamp(until),
        allowed=stamp(until - ALLOWED),
        problem=problem,
        channel=removal.channel,
        ref=removal.ref,
    )
