"""Opening the SQLite file: readable by its owner only, ours, and with the promises of durability switched on."""

import os
import sqlite3
import stat
from contextlib import suppress
from errno import EACCES, EISDIR
from pathlib import Path

from storage.errors import Unreadable
from storage.sqlite_errors import translate

APPLICATION_ID = 0x5A455230  # "ZER0" in the file's header: `file` and we tell it from another program's database
PATIENCE = 5.0  # seconds to wait for another program's lock
ATTEMPTS = 10
STATEMENTS_KEPT = 512


def connect_writer(path: Path) -> sqlite3.Connection:
    _prepare(path)
    try:
        return _configured(_connect(path, "rw"), path)
    except sqlite3.Error as error:
        translate(path, error)


def connect_reader(path: Path) -> sqlite3.Connection:
    """Of a file that a writer has opened before."""
    try:
        return _connect(path, "ro")
    except sqlite3.Error as error:
        translate(path, error)


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=PATIENCE,
        isolation_level=None,  # transactions are begun in plain sight, by `transact`
        cached_statements=STATEMENTS_KEPT,
        check_same_thread=False,  # one thread at a time: see storage.sqlite.Near
    )


def _configured(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    try:
        _claim(connection, path)
        _keep_a_journal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _keep_a_journal(connection: sqlite3.Connection) -> None:
    """Switched once in a file's life. Against another program that starts at the same moment SQLite gives this up
    without its usual patience; to have got the lock and to try again is that patience."""
    for attempt in range(ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or attempt == ATTEMPTS - 1:
                raise
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")


def _claim(connection: sqlite3.Connection, path: Path) -> None:
    """Marks an empty database as ours and refuses any other that is not."""
    # in this order: another program of ours may be marking and filling it right now
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    if owner == 0 and tables == 0:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    elif owner != APPLICATION_ID:
        raise Unreadable(f"{path} is the database of another program. Name another file in [storage] url.")


def _prepare(path: Path) -> None:
    """SQLite would make the file readable by everybody. Its journals take over the rights that we give it."""
    try:
        with suppress(FileExistsError):
            # made without being opened: closing any handle on it would drop the locks of this program's connections
            os.mknod(path, 0o600 | stat.S_IFREG)
        if not path.is_file():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        if not os.access(path, os.R_OK | os.W_OK, effective_ids=True):
            raise PermissionError(EACCES, os.strerror(EACCES))
    except FileNotFoundError as error:
        folder = path.absolute().parent
        raise Unreadable(f"There is no folder {folder}. Make it, or name another in [storage] url.") from error
    except OSError as error:
        raise Unreadable(
            f"{path} cannot be opened ({error.strerror}). Look at the rights of the file and its folder."
        ) from error
