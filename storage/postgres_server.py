"""Reaching the PostgreSQL server: a connection that gives up in time, to a database that sorts as SQLite does."""

from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

from storage.errors import Unreadable

Connection = psycopg.Connection[dict[str, Any]]

ADDRESS = (
    "[storage] url must read like postgresql://user:password@host:5432/name, "
    "with %40 for an @ and %2F for a / in the password."
)
# Whatever the address sets itself goes before these. A server that has vanished from the network is noticed within
# half a minute, not after the two hours that are the system's default.
DEFAULTS = {
    "application_name": "zero-report",
    "client_encoding": "utf8",
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "tcp_user_timeout": 30_000,
}
# The same for what a server or role sets: a wait for a lock ends, and a commit that no disk has seen is none.
SETTINGS = (
    b"SELECT set_config('lock_timeout', '5s', false) WHERE current_setting('lock_timeout') = '0'",
    b"SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
    b"SELECT set_config('datestyle', 'ISO', false)",
)
# Of one that has lanes and leases: whoever falls asleep or is cut off in the middle of a transaction lets go of those
# that it holds there, as it lets go of a lease between them (storage/lease.py).
LETS_GO = b"SELECT set_config('idle_in_transaction_session_timeout', '6s', false)"


class PlainNumber(Loader):
    """We store no NUMERIC, but PostgreSQL sums BIGINT to one: an int again, as from SQLite, and an average a float."""

    def load(self, data: Buffer) -> int | float:
        digits = bytes(data)
        return float(digits) if b"." in digits else int(digits)


def connect(url: str, *, lets_go: bool) -> Connection:
    """`lets_go`: the server ends a transaction in which nothing was asked for a lease's length.

    Raises psycopg's own errors: what they mean depends on whether the server has been there before."""
    connection: Connection = psycopg.connect(**wanted(url), autocommit=True, row_factory=dict_row)
    try:
        connection.adapters.register_loader("numeric", PlainNumber)
        for statement in (*SETTINGS, *([LETS_GO] if lets_go else [])):
            connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


def wanted(url: str) -> dict[str, Any]:
    """A password with a bare `/` or `@` spills over into port or host, which errors repeat: such an address is
    refused in words of ours alone."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise Unreadable(ADDRESS) from None  # its words hold the address
    if "@" in str(parts.get("host", "")) or str(parts.get("port", "")).strip("0123456789,"):
        raise Unreadable(ADDRESS)
    return {**DEFAULTS, **parts}


def examine(connection: Connection) -> None:
    """Text must be UTF-8, and be compared by code point: days, instants and keys are text."""
    found = connection.execute("SELECT current_setting('server_encoding') = 'UTF8' AND 'Z' < 'a' AS fit").fetchone()
    if not found or not found["fit"]:
        raise Unreadable(
            "The PostgreSQL database is not UTF-8 in C order. Make one that is: "
            "createdb --template=template0 --encoding=UTF8 --locale=C NAME"
        )
