"""The leaders' group of a platform on which the machine makes or names it."""

from storage.transaction import Tx


def is_bound(tx: Tx, name: str, channel: str) -> bool:
    """Whether a group of that platform goes by that name."""
    found = tx.one(
        "SELECT 1 AS found FROM address WHERE channel = :channel AND name = :name AND state = 'bound'",
        channel=channel,
        name=name,
    )
    return found is not None


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
