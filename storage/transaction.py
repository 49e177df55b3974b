"""The port: what a transaction offers to work, what a storage offers to the bot, and how a transaction runs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol, TypeVar

Param = str | int | float | bytes | None
Row = Mapping[str, Any]
T = TypeVar("T")


class Tx(Protocol):
    """An open transaction. Every statement takes its values by name, `:name`; errors are those of storage.errors."""

    def all(self, sql: str, /, **params: Param) -> list[Row]: ...

    def one(self, sql: str, /, **params: Param) -> Row | None:
        """The only row, or None. More than one is a bug in the statement: LookupError."""

    def run(self, sql: str, /, **params: Param) -> int:
        """How many rows were touched."""

    def many(self, sql: str, rows: Iterable[Mapping[str, Param]]) -> None: ...

    def savepoint(self) -> AbstractContextManager[None]:
        """What was done inside is undone by an exception, which passes on. The only way to go on after an error."""


class Storage(Protocol):
    async def run(self, work: Callable[[Tx], T]) -> T:
        """Runs `work` whole in one writing transaction on the database's own thread.

        Cancelling the caller does not stop work that was handed over: it ends, and is committed."""

    async def read(self, work: Callable[[Tx], T]) -> T:
        """The same on a read-only connection of its own, over one snapshot, so that it never holds up a tap."""

    async def close(self) -> None:
        """Waits for the work already handed over."""


class Connected(Tx, Protocol):
    """One connection, used by one thread at a time."""

    def begin(self) -> None: ...

    def commit(self) -> None: ...

    def rollback(self) -> None:
        """Never raises: a transaction that cannot be rolled back went with its connection."""

    def alive(self) -> bool:
        """False once the database itself has given the transaction up: a full disk, a lost connection."""

    def close(self) -> None: ...


def transact(connected: Connected, work: Callable[[Tx], T]) -> T:
    connected.begin()
    try:
        result = work(connected)
        connected.commit()
    except StopIteration as error:
        connected.rollback()
        # no future can carry it, so the caller would wait for ever
        raise RuntimeError("the work let a StopIteration out") from error
    except BaseException:
        connected.rollback()
        raise
    return result


def the_only(rows: list[Row], sql: str) -> Row | None:
    if len(rows) > 1:
        raise LookupError(f"{len(rows)} rows where one at most was expected: {sql}")
    return rows[0] if rows else None


@contextmanager
def savepoint(tx: Connected) -> Iterator[None]:
    """One name for all: an inner savepoint hides the outer until it is released, on both databases."""
    tx.run("SAVEPOINT step")
    try:
        yield
    except BaseException:
        if tx.alive():
            tx.run("ROLLBACK TO SAVEPOINT step")
            tx.run("RELEASE SAVEPOINT step")
        raise
    tx.run("RELEASE SAVEPOINT step")


class Inline:
    """Runs work in the caller. For simulation, where nothing else is waiting for the event loop."""

    def __init__(self, writer: Connected, reader: Connected) -> None:
        self._writer = writer
        self._reader = reader

    async def run(self, work: Callable[[Tx], T]) -> T:
        return transact(self._writer, work)

    async def read(self, work: Callable[[Tx], T]) -> T:
        return transact(self._reader, work)

    async def close(self) -> None:
        self._reader.close()
        self._writer.close()
