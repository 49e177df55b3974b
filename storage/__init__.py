"""REMEMBERS. Every SQL statement of the project; `open_storage` is the way in."""

from functools import partial
from pathlib import Path

from storage import sqlite
from storage.connected import Connected, transact
from storage.errors import Busy, Conflict, Corrupt, Full, StorageError, TooNew, Unreadable
from storage.moving import Moved, Unmoved, copy
from storage.sqlite import open_sqlite
from storage.transaction import Param, Row, Storage, Tx

__all__ = [
    "Busy",
    "Conflict",
    "Corrupt",
    "Full",
    "Moved",
    "Param",
    "Row",
    "Storage",
    "StorageError",
    "TooNew",
    "Tx",
    "Unmoved",
    "Unreadable",
    "connected",
    "copy_storage",
    "open_storage",
    "transact",
]


async def open_storage(url: str, *, inline: bool = False, lets_go: bool = False) -> Storage:
    """`sqlite:///relative/path`, `sqlite:////absolute/path` or `postgresql://…`. Brings the tables up to date.

    `inline`: work runs in the caller, for simulation. `lets_go`: a server ends a transaction of ours that has fallen
    asleep for a lease's length, so that others get what it holds. Raises Unreadable, TooNew, Busy, Full."""
    path = _file(url)
    if path is not None:
        return await open_sqlite(path, inline=inline)
    # a school on SQLite neither loads nor needs the client library
    from storage.postgres import open_postgres

    return await open_postgres(url, inline=inline, lets_go=lets_go)


def copy_storage(source: str, target: str) -> Moved:
    """Takes its time, and a thread. Raises Unmoved, and what open_storage raises."""
    return copy(partial(connected, source, writes=False), partial(connected, target, writes=True))


def connected(url: str, *, writes: bool) -> Connected:
    """One connection for the caller's own thread."""
    path = _file(url)
    if path is not None:
        return sqlite.open_writer(path) if writes else sqlite.open_reader(path)
    from storage import postgres

    return postgres.open_writer(url) if writes else postgres.open_reader(url)


def _file(url: str) -> Path | None:
    """SQLite's; None for a server. Raises Unreadable for what is neither."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and rest != "/":
        return Path(rest[1:])
    if scheme in ("postgresql", "postgres"):
        return None
    # the address may hold a password, so it is not repeated
    raise Unreadable("[storage] url must read like sqlite:///zero.db or postgresql://user@host/name.")
