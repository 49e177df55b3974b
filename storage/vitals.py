"""What an operator would look at first, counted from the rows: the same in whichever process is asked."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from handlers.model import Urgency
from handlers.plain import stamp, unstamp
from storage.progress import BACKED_UP, TOUCH, known
from storage.transaction import Tx


class Waiting(Struct, frozen=True):
    """How many, and since when the oldest."""

    many: int
    since: datetime | None


class Vitals(Struct, frozen=True):
    """`touched`: channel → when its platform last answered. `alerts`: today's that nobody has acknowledged."""

    touched: Mapping[str, datetime]
    inbox: Waiting
    due: Mapping[Urgency, Waiting]
    alerts: Waiting
    set_aside: int
    backed_up: datetime | None


def vitals(tx: Tx, now: datetime, today: date) -> Vitals:
    backed_up = known(tx, BACKED_UP)
    return Vitals(
        touched=touched(tx),
        inbox=_waiting(tx, "SELECT count(*) AS n, min(received) AS since FROM inbox WHERE state = 'open'"),
        due=_due(tx, now),
        alerts=_waiting(
            tx,
            """SELECT count(*) AS n, min(at) AS since FROM alert WHERE day = :day
               AND post IS NOT NULL AND acked_at IS NULL AND withdrawn_at IS NULL""",
            day=today.isoformat(),
        ),
        set_aside=_waiting(tx, "SELECT count(*) AS n, NULL AS since FROM inbox WHERE state = 'aside'").many,
        backed_up=unstamp(backed_up) if backed_up else None,
    )


def touched(tx: Tx) -> Mapping[str, datetime]:
    """When each platform was last heard."""
    rows = tx.all(
        "SELECT name, value FROM progress WHERE name >= :from AND name < :to", **{"from": TOUCH, "to": "touch;"}
    )
    return {row["name"].removeprefix(TOUCH): unstamp(row["value"]) for row in rows}


def _due(tx: Tx, now: datetime) -> Mapping[Urgency, Waiting]:
    """Of an edit its `due_at` is the age, for it is the message that is old; of what nobody has seen yet, when it was
    written, however often it was tried since."""
    rows = tx.all(
        """SELECT urgency, count(*) AS n, min(CASE WHEN shown = 0 THEN put_at ELSE due_at END) AS since FROM message
           WHERE state = 'due' AND due_at <= :now OR state = 'due' AND tries > 0 GROUP BY urgency""",
        now=stamp(now),
    )
    found = {Urgency(row["urgency"]): Waiting(row["n"], unstamp(row["since"])) for row in rows}
    return {urgency: found.get(urgency, Waiting(0, None)) for urgency in Urgency}


def _waiting(tx: Tx, sql: str, **params: str) -> Waiting:
    row = tx.all(sql, **params)[0]
    return Waiting(row["n"], unstamp(row["since"]) if row["since"] else None)
