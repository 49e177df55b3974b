"""SQLite: one file, one writing connection and one that reads. Statements run in the event loop, and on a thread of
aiosqlite's what waits: for another program's lock, and for the disk."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from storage import sqlite_file
from storage.connected import committed, savepoint, the_only, transact, worked
from storage.errors import Busy
from storage.migrate import migrate
from storage.running import Inline, seen
from storage.sqlite_errors import translate
from storage.transaction import Param, Row, Storage, Tx

T = TypeVar("T")


class Sqlite:
    """A connection as a transaction. `begins`: a writer takes the lock at once, so that no work fails half-way."""

    def __init__(self, connection: sqlite3.Connection, path: Path, begins: str) -> None:
        self.connection = connection
        self._path = path
        self._begins = begins

    def all(self, sql: str, /, **params: Param) -> list[Row]:
        try:
            cursor = self._execute(sql, params)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, values, strict=True)) for values in cursor]
        except sqlite3.Error as error:
            translate(self._path, error)

    def one(self, sql: str, /, **params: Param) -> Row | None:
        return the_only(self.all(sql, **params), sql)

    def locked(self, sql: str, /, *, skip: bool = False, **params: Param) -> list[Row]:
        return self.all(sql, **params)

    def run(self, sql: str, /, **params: Param) -> int:
        before = self.connection.total_changes
        try:
            touched = self._execute(sql, params).rowcount
        except sqlite3.Error as error:
            translate(self._path, error)
        # sqlite3 does not count a statement that opens with WITH
        return touched if touched >= 0 else self.connection.total_changes - before

    def many(self, sql: str, rows: Iterable[Mapping[str, Param]]) -> None:
        self._insist()
        try:
            self.connection.executemany(sql, rows)
        except sqlite3.Error as error:
            translate(self._path, error)

    def savepoint(self) -> AbstractContextManager[None]:
        return savepoint(self)

    def begin(self) -> None:
        self._control(self._begins)

    def wait_for_locks(self, seconds: float) -> None:
        """From now on, until another program's is given up and the work is Busy."""
        self._control(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")

    def commit(self) -> None:
        self._insist()
        self._control("COMMIT")

    def rollback(self) -> None:
        if self.alive():
            self.connection.rollback()

    def alive(self) -> bool:
        return self.connection.in_transaction

    def close(self) -> None:
        self.connection.close()

    def _execute(self, sql: str, params: Mapping[str, Param]) -> sqlite3.Cursor:
        self._insist()
        return self.connection.execute(sql, params)

    def _insist(self) -> None:
        """After a full disk SQLite may have undone the transaction by itself: what follows would commit singly."""
        if not self.connection.in_transaction:
            raise Busy(f"{self._path}: the transaction was undone by an earlier error")

    def _control(self, sql: str) -> None:
        try:
            self.connection.execute(sql)
        except sqlite3.Error as error:
            translate(self._path, error)


class Thread(aiosqlite.Connection):
    """aiosqlite's connection and thread, for whatever is to be done there.

    Rests on the protected `_execute(function)` of aiosqlite 0.22, which runs any function on the connection's thread
    in the order of the calls, and on `_thread`."""

    def __init__(self, open_: Callable[[], Sqlite]) -> None:
        super().__init__(self._open, iter_chunk_size=64)
        self._open_sqlite = open_
        # a program that fails before it closes us must be able to end
        self._thread.daemon = True

    async def opened(self) -> Sqlite:
        try:
            await self
        except BaseException:
            # aiosqlite stops the thread without waiting for it: the loop could be closed under it
            self._thread.join()
            raise
        return self._sqlite

    async def call(self, function: Callable[[], None]) -> None:
        execute: Callable[..., Awaitable[None]] = self._execute  # untyped over there
        await execute(function)

    def _open(self) -> sqlite3.Connection:
        self._sqlite = self._open_sqlite()
        return self._sqlite.connection


class Near:
    """A turn's thirty statements take a millisecond. On a thread beside the event loop each of them would give the
    interpreter away and wait for it again, which costs half as much once more."""

    def __init__(self, thread: Thread, writer: Sqlite, reader: Sqlite) -> None:
        self._thread = thread
        self._writer = writer
        self._reader = reader
        self._last: asyncio.Future[Any] | None = None  # of the works handed over
        writer.wait_for_locks(0)

    async def run(self, work: Callable[[Tx], T]) -> T:
        handed_over = asyncio.ensure_future(self._transact(work, self._last))
        handed_over.add_done_callback(seen)  # whoever asked may have been cancelled meanwhile
        self._last = handed_over
        return await asyncio.shield(handed_over)

    async def read(self, work: Callable[[Tx], T]) -> T:
        return transact(self._reader, work)

    async def close(self) -> None:
        await ended(self._last)
        self._reader.close()
        await self._thread.close()  # last: the last to leave an SQLite file empties its journal

    async def _transact(self, work: Callable[[Tx], T], before: asyncio.Future[Any] | None) -> T:
        await ended(before)
        await self._begin()
        changes = self._writer.connection.total_changes
        result = worked(self._writer, work)
        if self._writer.connection.total_changes == changes:
            committed(self._writer)  # nothing for the disk
        else:
            await self._thread.call(partial(committed, self._writer))
        return result

    async def _begin(self) -> None:
        try:
            self._writer.begin()
        except Busy:
            await self._thread.call(self._begin_with_patience)

    def _begin_with_patience(self) -> None:
        self._writer.wait_for_locks(sqlite_file.PATIENCE)
        try:
            self._writer.begin()
        finally:
            self._writer.wait_for_locks(0)


async def ended(work: asyncio.Future[Any] | None) -> None:
    """However it ended."""
    if work is not None and not work.done():
        await asyncio.wait([work])


def open_writer(path: Path) -> Sqlite:
    """Makes the file if there is none, and brings its tables up to this version."""
    sqlite = Sqlite(sqlite_file.connect_writer(path), path, "BEGIN IMMEDIATE")
    try:
        migrate(sqlite)
    except BaseException:
        sqlite.close()
        raise
    return sqlite


def open_reader(path: Path) -> Sqlite:
    return Sqlite(sqlite_file.connect_reader(path), path, "BEGIN")


async def open_sqlite(path: Path, *, inline: bool) -> Storage:
    if inline:
        return Inline(open_writer(path), open_reader(path))
    thread = Thread(partial(open_writer, path))
    writer = await thread.opened()
    try:
        return Near(thread, writer, open_reader(path))
    except BaseException:
        await thread.close()
        raise
