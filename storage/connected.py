"""One connection of either database, and how a transaction runs on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from storage.transaction import Row, Tx

T = TypeVar("T")


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
    result = worked(connected, work)
    committed(connected)
    return result


def worked(connected: Connected, work: Callable[[Tx], T]) -> T:
    """In a transaction that has begun and goes on, unless the work fails."""
    try:
        return work(connected)
    except StopIteration as error:
        connected.rollback()
        # no future can carry it, so the caller would wait for ever
        raise RuntimeError("the work let a StopIteration out") from error
    except BaseException:
        connected.rollback()
        raise


def committed(connected: Connected) -> None:
    try:
        connected.commit()
    except BaseException:
        connected.rollback()
        raise


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
