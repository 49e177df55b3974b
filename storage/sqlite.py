"""SQLite: one file, one writing connection and one that reads, each on a thread of aiosqlite's."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

import aiosqlite

from storage import sqlite_file
from storage.connected import savepoint, the_only, transact
from storage.errors import Busy
from storage.migrate import migrate
from storage.running import Inline, threaded
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
    """aiosqlite's connection and thread, with whole transactions where it offers single statements.

    Rests on the protected `_execute(function)` of aiosqlite 0.22, which runs any function on the connection's thread
    in the order of the calls, and on `_thread`."""

    def __init__(self, open_: Callable[[], Sqlite]) -> None:
        super().__init__(self._open, iter_chunk_size=64)
        self._open_sqlite = open_
        # a program that fails before it closes us must be able to end
        self._thread.daemon = True

    async def opened(self) -> Self:
        try:
            await self
        except BaseException:
            # aiosqlite stops the thread without waiting for it: the loop could be closed under it
            self._thread.join()
            raise
        return self

    async def transact(self, work: Callable[[Tx], T]) -> T:
        execute: Callable[..., Awaitable[T]] = self._execute  # untyped over there
        return await asyncio.shield(execute(transact, self._sqlite, work))

    def _open(self) -> sqlite3.Connection:
        self._sqlite = self._open_sqlite()
        return self._sqlite.connection


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
    return await threaded(Thread(partial(open_writer, path)), Thread(partial(open_reader, path)))
