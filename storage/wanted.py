"""Files that are to be fetched: written by a turn, done by the keeper, each a row until a turn has what came of it."""

from datetime import datetime

from msgspec import Struct

from handlers.model import Fetch, Update
from handlers.plain import stamp, unstamp
from storage.transaction import Tx


class Wanted(Struct, frozen=True):
    id: str
    channel: str
    remote: str
    native: str
    ref: str | None
    lane: str
    person: str
    verb: str
    caption: str
    most: int
    put_at: datetime


def put(tx: Tx, update: Update, fetch: Fetch) -> None:
    tx.run(
        """INSERT INTO wanted (id, channel, remote, native, ref, lane, person, verb, caption, most, put_at, due_at,
             fetched)
           VALUES (:id, :channel, :remote, :native, :ref, :lane, :person, :verb, :caption, :most, :now, :now, 0)
           ON CONFLICT (id) DO NOTHING""",
        id=fetch.id,
        channel=update.channel,
        remote=fetch.remote,
        native=update.chat,
        ref=update.own,
        lane=update.lane,
        person=fetch.person,
        verb=fetch.verb,
        caption=fetch.caption,
        most=fetch.most,
        now=stamp(update.now),
    )


def due(tx: Tx, now: datetime) -> list[Wanted]:
    rows = tx.all(
        """SELECT id, channel, remote, native, ref, lane, person, verb, caption, most, put_at FROM wanted
           WHERE fetched = 0 AND due_at <= :now ORDER BY due_at, id""",
        now=stamp(now),
    )
    return [Wanted(**{**row, "put_at": unstamp(row["put_at"])}) for row in rows]


def next_due(tx: Tx) -> datetime | None:
    row = tx.one("SELECT min(due_at) AS at FROM wanted WHERE fetched = 0")
    return unstamp(row["at"]) if row and row["at"] else None


def later(tx: Tx, id: str, until: datetime) -> None:
    tx.run("UPDATE wanted SET due_at = :until WHERE id = :id", until=stamp(until), id=id)


def fetched(tx: Tx, id: str) -> None:
    """It lies in its folder; the row goes when a turn has looked at it."""
    tx.run("UPDATE wanted SET fetched = 1, caption = '' WHERE id = :id", id=id)


def given_up(tx: Tx, id: str) -> None:
    tx.run("DELETE FROM wanted WHERE id = :id", id=id)


def kept(tx: Tx) -> frozenset[str]:
    """Every file that is there."""
    rows = tx.all("SELECT id FROM file WHERE gone IS NULL UNION SELECT id FROM wanted WHERE fetched = 1")
    return frozenset(row["id"] for row in rows)


def living(tx: Tx) -> frozenset[str]:
    """Every file that is to be there, or may be there already."""
    rows = tx.all("SELECT id FROM file WHERE gone IS NULL UNION SELECT id FROM wanted")
    return frozenset(row["id"] for row in rows)
