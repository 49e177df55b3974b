"""Chats: whose each is, which group, whether it can be written to."""

from datetime import datetime

from handlers import facts as f
from handlers.plain import stamp
from storage.record.lane import Cause
from storage.transaction import Tx

ADDRESS = """
INSERT INTO address (id, channel, native, private, person, name, deaf, state, since)
VALUES (:id, :channel, :native, :private, :person, :name, :deaf, :state, :since)
ON CONFLICT (channel, native) DO UPDATE SET """


def address_of(tx: Tx, channel: str, native: str, private: bool, now: datetime) -> str:
    """The address row of a chat; made when a chat is first written to."""
    row = tx.one("SELECT id FROM address WHERE channel = :channel AND native = :native", channel=channel, native=native)
    if row is not None:
        return str(row["id"])
    tx.run(
        ADDRESS + "state = address.state",
        id=f"{channel}:{native}",
        channel=channel,
        native=native,
        private=int(private),
        person=None,
        name=None,
        deaf=0,
        state="unknown",
        since=stamp(now),
    )
    return f"{channel}:{native}"


def bound(tx: Tx, fact: f.Bound, cause: Cause) -> None:
    """Whoever had the chat before is not said there what was still to be said to them."""
    if fact.code_hash is not None:
        tx.run("UPDATE invite SET state = 'used' WHERE code_hash = :hash", hash=fact.code_hash)
    tx.run(
        """UPDATE message SET state = 'withdrawn' WHERE state = 'due' AND person <> :person
           AND address = (SELECT id FROM address WHERE channel = :channel AND native = :native)""",
        person=fact.person,
        channel=fact.channel,
        native=fact.native,
    )
    tx.run(
        ADDRESS + "person = excluded.person, state = 'bound', since = excluded.since",
        id=f"{fact.channel}:{fact.native}",
        channel=fact.channel,
        native=fact.native,
        private=1,
        person=fact.person,
        name=None,
        deaf=0,
        state="bound",
        since=stamp(cause.at),
    )
    tx.run(
        """UPDATE address SET person = NULL, state = 'unbound'
           WHERE person = :person AND channel = :channel AND native <> :native""",
        person=fact.person,
        channel=fact.channel,
        native=fact.native,
    )


def unbound(tx: Tx, fact: f.Unbound) -> None:
    """The chat is nobody's, and what was still to be said to the person there is not said."""
    where = {"channel": fact.channel, "native": fact.native}
    tx.run(
        """UPDATE message SET state = 'withdrawn' WHERE state = 'due'
           AND address = (SELECT id FROM address WHERE channel = :channel AND native = :native)""",
        **where,
    )
    tx.run("UPDATE address SET person = NULL, state = 'unbound' WHERE channel = :channel AND native = :native", **where)


def moved_along(tx: Tx, fact: f.StaffMoved) -> None:
    """The chats are the same person's in the other school; on a channel where they have bound one there by now, the
    old one is nobody's."""
    tx.run(
        """UPDATE address SET person = NULL, state = 'unbound' WHERE person = :old AND EXISTS (
             SELECT 1 FROM address o WHERE o.person = :new AND o.channel = address.channel)""",
        old=fact.person,
        new=fact.to,
    )
    tx.run("UPDATE address SET person = :new WHERE person = :old", old=fact.person, new=fact.to)


def group_bound(tx: Tx, fact: f.GroupBound, cause: Cause) -> None:
    """One of each name on a channel."""
    group_unbound(tx, f.GroupUnbound(fact.name, fact.channel))
    tx.run(
        ADDRESS + "name = excluded.name, deaf = excluded.deaf, state = 'bound', since = excluded.since",
        id=f"{fact.channel}:{fact.native}",
        channel=fact.channel,
        native=fact.native,
        private=0,
        person=None,
        name=fact.name,
        deaf=int(fact.deaf),
        state="bound",
        since=stamp(cause.at),
    )


def group_unbound(tx: Tx, fact: f.GroupUnbound) -> None:
    tx.run(
        "UPDATE address SET name = NULL, state = 'unbound' WHERE name = :name AND channel = :channel",
        name=fact.name,
        channel=fact.channel,
    )


def group_moved(tx: Tx, fact: f.GroupMoved) -> None:
    """The old row moves, so that every message and the group's name follow; a row of the new id steps aside."""
    known = tx.one(
        "SELECT id FROM address WHERE channel = :channel AND native = :native", channel=fact.channel, native=fact.native
    )
    if known is None:
        return
    tx.run(
        "DELETE FROM address WHERE channel = :channel AND native = :to AND name IS NULL",
        channel=fact.channel,
        to=fact.to,
    )
    tx.run(
        "UPDATE address SET native = :to, state = 'bound' WHERE channel = :channel AND native = :native",
        channel=fact.channel,
        native=fact.native,
        to=fact.to,
    )


def address_state(tx: Tx, channel: str, native: str, state: str, cause: Cause) -> None:
    tx.run(
        """UPDATE address SET state = :state, since = :since WHERE channel = :channel AND native = :native
           AND (person IS NOT NULL OR name IS NOT NULL)""",
        channel=channel,
        native=native,
        state=state,
        since=stamp(cause.at),
    )
