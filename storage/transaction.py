"""The port: what a transaction offers to work, and a storage to the bot."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

Param = str | int | float | bytes | None
Row = Mapping[str, Any]
T = TypeVar("T")


class Tx(Protocol):
    """An open transaction. Every statement takes its values by name, `:name`; errors are those of storage.errors."""

    def all(self, sql: str, /, **params: Param) -> list[Row]: ...

    def one(self, sql: str, /, **params: Param) -> Row | None:
        """The only row, or None. More than one is a bug in the statement: LookupError."""

    def locked(self, sql: str, /, *, skip: bool = False, **params: Param) -> list[Row]:
        """The rows of one table, which nobody else changes until this transaction ends: seen as they are then. Those
        that another holds are waited for, or with `skip` left out. SQLite has one writer at a time: none is held."""

    def run(self, sql: str, /, **params: Param) -> int:
        """How many rows were touched."""

    def many(self, sql: str, rows: Iterable[Mapping[str, Param]]) -> None: ...

    def savepoint(self) -> AbstractContextManager[None]:
        """What was done inside is undone by an exception, which passes on. The only way to go on after an error."""


class Storage(Protocol):
    async def run(self, work: Callable[[Tx], T]) -> T:
        """Runs `work` whole in one writing transaction, after those handed over before it.

        Cancelling the caller does not stop work that was handed over: it ends, and is committed."""

    async def read(self, work: Callable[[Tx], T]) -> T:
        """The same on a read-only connection of its own, over one snapshot, which waits for no writer. On SQLite either
        holds up the event loop for as long as it takes."""

    async def close(self) -> None:
        """Waits for the work already handed over."""
