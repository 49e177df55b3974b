"""Chats: groups, codes and guesses at them, links, and messages that were shown."""

from collections.abc import Mapping

from handlers import questions as q
from handlers.plain import stamp, unstamp
from storage.transaction import Tx


def chats_of(tx: Tx, question: q.ChatsOf) -> tuple[q.ChatView, ...]:
    rows = tx.all(
        """SELECT native, person, state FROM address
           WHERE channel = :channel AND private = 1 AND state <> 'unknown' ORDER BY native""",
        channel=question.channel,
    )
    return tuple(q.ChatView(row["native"], row["person"], row["state"]) for row in rows)


def group(tx: Tx, question: q.Group) -> q.GroupView | None:
    """Of several the one that can be written to."""
    row = tx.one(
        """SELECT channel, native, state FROM address WHERE name = :name
           ORDER BY CASE state WHEN 'bound' THEN 0 ELSE 1 END, id LIMIT 1""",
        name=question.name,
    )
    return q.GroupView(row["channel"], row["native"], row["state"]) if row else None


def deaf_group(tx: Tx, question: q.DeafGroup) -> str | None:
    row = tx.one(
        "SELECT native FROM address WHERE channel = :channel AND deaf = 1 AND name IS NOT NULL AND state = 'bound'",
        channel=question.channel,
    )
    return str(row["native"]) if row else None


def group_here(tx: Tx, question: q.GroupHere) -> str | None:
    row = tx.one(
        "SELECT name FROM address WHERE channel = :channel AND native = :native AND private = 0",
        channel=question.channel,
        native=question.native,
    )
    return row["name"] if row else None


def invite_by(tx: Tx, question: q.InviteBy) -> q.InviteView | None:
    row = tx.one("SELECT person, expires, state FROM invite WHERE code_hash = :hash", hash=question.code_hash)
    return q.InviteView(row["person"], unstamp(row["expires"]), row["state"]) if row else None


def open_invites(tx: Tx, question: q.OpenInvites) -> Mapping[str, str]:
    where = "p.school IS NULL" if question.school is None else "p.school = :school"
    params = {} if question.school is None else {"school": question.school}
    rows = tx.all(
        f"""SELECT i.person, i.code_hash FROM invite i JOIN person p ON p.id = i.person
            WHERE {where} AND i.state = 'open' AND i.expires > :at ORDER BY i.person""",  # noqa: S608
        at=stamp(question.at),
        **params,
    )
    return {row["person"]: row["code_hash"] for row in rows}


def guesses(tx: Tx, question: q.Guesses) -> int:
    row = tx.one(
        "SELECT count(*) AS n FROM guess WHERE channel = :channel AND native = :native AND at >= :since",
        channel=question.channel,
        native=question.native,
        since=stamp(question.since),
    )
    return int(row["n"]) if row else 0


def deep_links(tx: Tx, question: q.DeepLinks) -> Mapping[str, str]:
    rows = tx.all("SELECT name, value FROM progress WHERE name >= 'link:' AND name < 'link;'")
    return {row["name"].removeprefix("link:"): row["value"] for row in rows}


def shown_about(tx: Tx, question: q.ShownAbout) -> tuple[q.ShownView, ...]:
    rows = tx.all(
        """SELECT key, min(person) AS person FROM message
           WHERE about = :subject AND person IS NOT NULL AND (shown > 0 OR state = 'due') GROUP BY key ORDER BY key""",
        subject=question.subject,
    )
    return tuple(q.ShownView(row["key"], row["person"]) for row in rows)
