"""Where work runs: on a thread of each connection's own, or in the caller."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from storage.connected import Connected, transact
from storage.transaction import Tx, at_once

T = TypeVar("T")
U = TypeVar("U")


class OwnThread(Protocol):
    """A connection with the thread that alone uses it."""

    async def transact(self, work: Callable[[Tx], T]) -> T:
        """In the order of the calls; not stopped by cancelling the caller."""

    async def close(self) -> None: ...


class Threaded:
    """`apart`: the connection of what takes long. `in_one`: it writes too, so that looking and writing are one
    transaction there."""

    def __init__(self, writer: OwnThread, reader: OwnThread, apart: OwnThread, *, in_one: bool) -> None:
        self._writer = writer
        self._reader = reader
        self._apart = apart
        self._in_one = in_one

    async def run(self, work: Callable[[Tx], T]) -> T:
        return await self._writer.transact(work)

    async def read(self, work: Callable[[Tx], T]) -> T:
        return await self._reader.transact(work)

    async def apart(self, look: Callable[[Tx], T | None], write: Callable[[Tx, T], U]) -> U | None:
        if self._in_one:
            return await self._apart.transact(at_once(look, write))
        found = await self._apart.transact(look)
        return None if found is None else await self._writer.transact(lambda tx: write(tx, found))

    async def close(self) -> None:
        await self._apart.close()
        await self._reader.close()
        await self._writer.close()  # last: the last to leave an SQLite file empties its journal


class Inline:
    """Runs work in the caller. For simulation, where nothing else is waiting for the event loop."""

    def __init__(self, writer: Connected, reader: Connected) -> None:
        self._writer = writer
        self._reader = reader

    async def run(self, work: Callable[[Tx], T]) -> T:
        return transact(self._writer, work)

    async def read(self, work: Callable[[Tx], T]) -> T:
        return transact(self._reader, work)

    async def apart(self, look: Callable[[Tx], T | None], write: Callable[[Tx, T], U]) -> U | None:
        return transact(self._writer, at_once(look, write))

    async def close(self) -> None:
        self._reader.close()
        self._writer.close()
