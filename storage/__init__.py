"""REMEMBERS. Every SQL statement of the project; `open_storage` is the way in."""

from pathlib import Path

from storage.errors import Busy, Conflict, Corrupt, Full, StorageError, TooNew, Unreadable
from storage.sqlite import open_sqlite
from storage.transaction import Param, Row, Storage, Tx

__all__ = [
    "Busy",
    "Conflict",
    "Corrupt",
    "Full",
    "Param",
    "Row",
    "Storage",
    "StorageError",
    "TooNew",
    "Tx",
    "Unreadable",
    "open_storage",
]


async def open_storage(url: str, *, inline: bool = False) -> Storage:
    """`sqlite:///relative/path`, `sqlite:////absolute/path` or `postgresql://…`. Brings the tables up to date.

    `inline`: work runs in the caller, for simulation. Raises Unreadable, TooNew, Busy, Full."""
    scheme, _, rest = url.partition("://")
    match scheme:
        case "sqlite" if rest.startswith("/") and rest != "/":
            return await open_sqlite(Path(rest[1:]), inline=inline)
        case "postgresql" | "postgres":
            # a school on SQLite neither loads nor needs the client library
            from storage.postgres import open_postgres

            return await open_postgres(url, inline=inline)
        case _:
            # the address may hold a password, so it is not repeated
            raise Unreadable("[storage] url must read like sqlite:///zero.db or postgresql://user@host/name.")
