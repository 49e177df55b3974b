"""Where work runs: on a thread of each connection's own, or in the caller. See also storage.sqlite.Near."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any, Protocol, Self, TypeVar

from storage.connected import Connected, transact
from storage.transaction import Tx

T = TypeVar("T")


class OwnThread(Protocol):
    """A connection with the thread that alone uses it."""

    async def opened(self) -> Self: ...

    async def transact(self, work: Callable[[Tx], T]) -> T:
        """In the order of the calls; not stopped by cancelling the caller."""

    async def close(self) -> None: ...


class Threaded:
    def __init__(self, writer: OwnThread, reader: OwnThread) -> None:
        self._writer = writer
        self._reader = reader

    async def run(self, work: Callable[[Tx], T]) -> T:
        return await self._writer.transact(work)

    async def read(self, work: Callable[[Tx], T]) -> T:
        return await self._reader.transact(work)

    async def close(self) -> None:
        await self._reader.close()
        await self._writer.close()  # last: the last to leave an SQLite file empties its journal


async def threaded(writer: OwnThread, reader: OwnThread) -> Threaded:
    """Opens them, the writer first, which is closed where the other cannot be."""
    async with AsyncExitStack() as opened:
        for one in (writer, reader):
            await one.opened()
            opened.push_async_callback(one.close)
        opened.pop_all()
    return Threaded(writer, reader)


def seen(done: asyncio.Future[Any]) -> None:
    """Its error, if there is one, is nobody's surprise."""
    if not done.cancelled():
        done.exception()


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
