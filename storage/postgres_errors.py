"""PostgreSQL's errors in our words, by SQLSTATE: its sentences come in the server's language."""

from typing import NoReturn

import psycopg

from storage.errors import Busy, Conflict, Corrupt, Full, StorageError, Unreadable

# a lock waited for too long, a deadlock, a server that stops or starts, no connection free, no memory
BUSY = frozenset({"55P03", "40001", "40P01", "57014", "57P01", "57P02", "57P03", "57P05", "53300", "53200"})
FULL = "53100"
NO_RIGHT = "42501"
DAMAGED = frozenset({"XX001", "XX002"})


def translate(error: psycopg.Error, *, lost: bool) -> NoReturn:
    """`lost`: the connection is gone, whatever the error says. What is a bug in a statement passes as it is."""
    known = _known(error, error.sqlstate or "", lost)
    if known is None:
        raise error
    raise known from error


def _known(error: psycopg.Error, state: str, lost: bool) -> StorageError | None:
    if lost or state in BUSY or state.startswith("08"):
        return Busy(f"The database server is away or busy ({said(error)}).")
    if state.startswith("23"):
        return Conflict(error.diag.message_primary or state)
    if state == FULL:
        return Full(f"The database server has no room to write ({said(error)}). Free space on its disk.")
    if state == NO_RIGHT:
        return Unreadable(f"The database user lacks a right ({said(error)}). Make it the owner of its database.")
    if state in DAMAGED:
        return Corrupt(f"The database is damaged ({said(error)}). Keep it aside and put back the last copy.")
    return None


def said(error: psycopg.Error) -> str:
    """In one line. The server repeats neither a password nor, in its first sentence, a value of a row."""
    return " ".join((error.diag.message_primary or str(error)).split())
