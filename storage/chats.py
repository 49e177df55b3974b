"""Chats, where it is the program that must know of them and no handler."""

from storage.transaction import Tx


def group_of(tx: Tx, name: str, channel: str) -> str | None:
    """The native id of the group of that platform that goes by that name; None where there is none."""
    found = tx.one(
        "SELECT native FROM address WHERE channel = :channel AND name = :name AND state = 'bound'",
        channel=channel,
        name=name,
    )
    return str(found["native"]) if found else None


def leaders_on(tx: Tx, channel: str, day: str) -> list[str]:
    """The chats of each 学区领导 on that platform."""
    rows = tx.all(
        """SELECT DISTINCT a.native FROM address a JOIN duty d ON d.person = a.person
           WHERE a.channel = :channel AND a.private = 1 AND a.state = 'bound' AND d.duty = 'leader'
             AND d.since <= :day AND :day < d.until ORDER BY a.native""",
        channel=channel,
        day=day,
    )
    return [str(row["native"]) for row in rows]


def unheard(tx: Tx, day: str) -> int:
    """How many people of that day can be written to nowhere, because a platform wants them to write first."""
    row = tx.one(
        """SELECT count(DISTINCT a.person) AS n FROM address a JOIN person p ON p.id = a.person
           WHERE a.state = 'unheard' AND p.since <= :day AND :day < p.until AND NOT EXISTS (
             SELECT 1 FROM address o WHERE o.person = a.person AND o.state = 'bound')""",
        day=day,
    )
    return int(row["n"]) if row else 0
