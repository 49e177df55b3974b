"""Which rows tell of a person, for how long each class of data is kept, and what there is of one pupil.

A new table that holds something about a pupil gets its line in HELD; nothing else has to know of it. `{before}` of a
line is a day; text of an instant compares with it."""

from datetime import date
from typing import Final

from msgspec import Struct

from storage.transaction import Row, Tx

HEALTH, MESSAGES, INBOX, AUDIT = "health", "messages", "inbox", "audit"  # the classes of data


class Held(Struct, frozen=True):
    """Rows of one table. `old`: which of them are past their days (`:before`); None where something else ends them.
    `pupil`: which tell of one (`:pupil`, and `:mention`, a pattern of the id as text); None where none does."""

    table: str
    kind: str
    old: str | None
    pupil: str | None


# the days of what belongs to a case begin when it has ended
CLOSED: Final = """NOT EXISTS (SELECT 1 FROM case_ c WHERE c.pupil = {0}.pupil AND c.opened <= {0}.day
  AND (c.ended_on IS NULL OR c.ended_on >= :before))"""
ABOUT_PUPIL: Final = "SELECT id FROM ledger WHERE pupil IS NOT NULL AND day < :before"
HELD: Final = (
    Held("entry", HEALTH, f"day < :before AND {CLOSED.format('entry')}", "pupil = :pupil"),
    Held(
        "alert_told",
        HEALTH,
        f"alert IN (SELECT id FROM alert WHERE day < :before AND {CLOSED.format('alert')})",  # noqa: S608
        "alert IN (SELECT id FROM alert WHERE pupil = :pupil)",
    ),
    Held("alert", HEALTH, f"day < :before AND {CLOSED.format('alert')}", "pupil = :pupil"),
    Held(  # the bytes go with the row: bot/keeper.py
        "file",
        HEALTH,
        "(case_ IS NULL AND at < :before) OR case_ IN (SELECT id FROM case_ WHERE ended_on < :before)",
        "case_ IN (SELECT id FROM case_ WHERE pupil = :pupil)",
    ),
    Held(
        "contact",
        HEALTH,
        "case_ IN (SELECT id FROM case_ WHERE ended_on < :before)",
        "case_ IN (SELECT id FROM case_ WHERE pupil = :pupil)",
    ),
    Held("observation", HEALTH, "released_on < :before", "pupil = :pupil"),
    Held("case_", HEALTH, "ended_on < :before", "pupil = :pupil"),
    Held("added", HEALTH, "day < :before", "pupil = :pupil"),
    Held("sighting", HEALTH, "until < :before", "pupil = :pupil"),
    # an entry whose evidence is erased cannot stand against anybody; those about no pupil are kept as the audit is
    Held("explanation", HEALTH, f"ledger IN ({ABOUT_PUPIL})", "ledger IN (SELECT id FROM ledger WHERE pupil = :pupil)"),
    Held("ledger", HEALTH, "pupil IS NOT NULL AND day < :before", "pupil = :pupil"),
    Held("explanation", AUDIT, "ledger IN (SELECT id FROM ledger WHERE day < :before)", None),
    Held("ledger", AUDIT, "day < :before", None),
    Held("draft", HEALTH, "day < :before", "body LIKE :mention"),
    Held("viewed", AUDIT, "at < :before", "pupil = :pupil"),
    Held("long_leave", HEALTH, "until < :before", "pupil = :pupil"),
    Held("travel", HEALTH, "day < :before AND COALESCE(until, day) < :before", "pupil = :pupil"),
    Held("staff_health", HEALTH, "day < :before", None),
    Held("consent", "consent", None, "pupil = :pupil"),
    Held("message", MESSAGES, "put_at < :before AND state <> 'due'", "body LIKE :mention AND state <> 'due'"),
)
INBOX_OLD: Final = "received < :before AND state = 'done' AND body <> ''"
# The facts whose bodies say how somebody was: they go with HEALTH. Those of ROLL stay as long as the roll that
# they made, those of CHAIN for ever. All others are the audit trail without names.
OF_HEALTH: Final = (
    "Reported",
    "Alerted",
    "AlertRevised",
    "LeaveSet",
    "LeaveEnded",
    "CaseOpened",
    "CaseSeen",
    "TravelDeclared",
    "Contacted",
    "ObservationOpened",
    "StaffReported",
    "Sighted",
    "KnownWhen",
)
ROLL: Final = ("RollChanged",)
CHAIN: Final = ("Sealed", "Erased", "Pruned")


def count(tx: Tx, kind: str, before: date) -> int:
    """How many rows of a class of data are from before a day."""
    day = before.isoformat()
    if kind == INBOX:
        return _counted(tx, f"SELECT count(*) AS n FROM inbox WHERE {INBOX_OLD}", day)  # noqa: S608
    return sum(
        _counted(tx, f"SELECT count(*) AS n FROM {one.table} WHERE {one.old}", day)  # noqa: S608
        for one in HELD
        if one.kind == kind and one.old is not None
    )


def _counted(tx: Tx, sql: str, day: str) -> int:
    row = tx.one(sql, before=day)
    return int(row["n"]) if row else 0


def prune(tx: Tx, kind: str, before: date) -> None:
    """They go. Of what came in only the body does: facts name the rows."""
    day = before.isoformat()
    if kind == INBOX:
        tx.run(f"UPDATE inbox SET body = '', meant = NULL WHERE {INBOX_OLD}", before=day)  # noqa: S608
    for one in HELD:
        if one.kind == kind and one.old is not None:
            tx.run(f"DELETE FROM {one.table} WHERE {one.old}", before=day)  # noqa: S608


def of_pupil(tx: Tx, pupil: str) -> dict[str, list[Row]]:
    """By table, whatever is kept of one."""
    return {
        one.table: tx.all(f"SELECT * FROM {one.table} WHERE {one.pupil}", **_of(one, pupil))  # noqa: S608
        for one in HELD
        if one.pupil is not None
    }


def forget_pupil(tx: Tx, pupil: str) -> None:
    for one in HELD:
        if one.pupil is not None:
            tx.run(f"DELETE FROM {one.table} WHERE {one.pupil}", **_of(one, pupil))  # noqa: S608


def _of(one: Held, pupil: str) -> dict[str, str]:
    assert one.pupil is not None  # noqa: S101 - asked of such lines alone
    known = {"pupil": pupil, "mention": mention(pupil)}
    return {name: value for name, value in known.items() if f":{name}" in one.pupil}


def mention(id: str) -> str:
    """The pattern that finds an id, which is like nothing else, inside JSON and on buttons."""
    return f"%{id}%"
