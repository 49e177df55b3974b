"""PostgreSQL: a writing connection and one that reads, each on a thread of its own."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import MappingProxyType
from typing import Self, TypeVar

import psycopg

from storage.connected import transact
from storage.errors import Unreadable
from storage.migrate import migrate
from storage.postgres_connection import Postgres
from storage.postgres_errors import said
from storage.running import Inline, seen, threaded
from storage.transaction import Storage, Tx

T = TypeVar("T")

# as wide as SQLite's own
WORDS: Mapping[str, str] = MappingProxyType({"BLOB": "BYTEA", "INTEGER": "BIGINT", "REAL": "DOUBLE PRECISION"})
# the number only has to be the same in every process that migrates
LOCK = "SELECT pg_advisory_xact_lock(1514491440)"


class Thread:
    """A connection and the one thread that uses it, which takes work in the order of the calls."""

    def __init__(self, open_: Callable[[], Postgres]) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="postgres")
        self._open = open_

    async def opened(self) -> Self:
        try:
            self._postgres = await self._call(self._open)
        except BaseException:
            self._executor.shutdown(wait=False)
            raise
        return self

    async def transact(self, work: Callable[[Tx], T]) -> T:
        return await self._call(partial(transact, self._postgres, work))

    async def close(self) -> None:
        await self._call(self._postgres.close)
        self._executor.shutdown()

    async def _call(self, function: Callable[[], T]) -> T:
        done = asyncio.get_running_loop().run_in_executor(self._executor, function)
        done.add_done_callback(seen)  # whoever asked may have been cancelled meanwhile
        return await asyncio.shield(done)


def open_writer(url: str, *, lets_go: bool = False) -> Postgres:
    """Brings the tables up to this version."""
    postgres = _open(url, writes=True, lets_go=lets_go)
    try:
        postgres.examine()
        migrate(postgres, words=WORDS, lock=LOCK)
    except BaseException:
        postgres.close()
        raise
    return postgres


def open_reader(url: str) -> Postgres:
    return _open(url, writes=False, lets_go=False)


def _open(url: str, *, writes: bool, lets_go: bool) -> Postgres:
    try:
        return Postgres(url, writes=writes, lets_go=lets_go)
    except psycopg.Error as error:
        raise Unreadable(f"The database server does not let us in: {said(error)}. Look at [storage] url.") from error


async def open_postgres(url: str, *, inline: bool, lets_go: bool) -> Storage:
    if inline:
        return Inline(open_writer(url, lets_go=lets_go), open_reader(url))
    writer = Thread(partial(open_writer, url, lets_go=lets_go))
    return await threaded(writer, Thread(partial(open_reader, url)))
