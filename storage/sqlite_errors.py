"""SQLite's errors in our words."""

import sqlite3
from pathlib import Path
from typing import NoReturn

from storage.errors import Busy, Conflict, Corrupt, Full, StorageError, Unreadable

# SQLite calls a disk full in one place only (ENOSPC at a write). A quota, a file size limit and a file that cannot
# grow come as these.
REFUSED_WRITES = frozenset(
    {
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_SHMMAP,
    }
)


def translate(path: Path, error: sqlite3.Error) -> NoReturn:
    """What is a bug in a statement passes as it is."""
    if isinstance(error, sqlite3.IntegrityError):
        raise Conflict(str(error)) from error
    known = _known(path, error, getattr(error, "sqlite_errorcode", 0))
    if known is None:
        raise error
    raise known from error


def _known(path: Path, error: sqlite3.Error, code: int) -> StorageError | None:
    if code in REFUSED_WRITES:
        return Full(f"{path}: the disk refused a write ({error}). Free space or raise the quota on that disk.")
    if code == sqlite3.SQLITE_READONLY:
        return None  # work that writes in `read`
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Busy(f"{path} is locked by another program. Does a second copy of the bot run?")
        case sqlite3.SQLITE_FULL:
            return Full(f"{path}: no room to write. Free space on that disk.")
        case sqlite3.SQLITE_CORRUPT:
            return Corrupt(f"{path} is damaged ({error}). Keep it aside and put back the last copy.")
        case sqlite3.SQLITE_NOTADB:
            return Unreadable(f"{path} is not an SQLite database. Name another file in [storage] url.")
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_IOERR:
            return Unreadable(f"{path} cannot be used ({error}). Look at the rights of the file and its folder.")
        case _:
            return None
