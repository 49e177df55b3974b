"""LISTEN and NOTIFY, beside the transactions: in one, each commit would wait for the one before it."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

import psycopg

from storage.postgres_server import wanted

log = logging.getLogger(__name__)

CHANNEL: Final = "zero_report"
TOGETHER: Final = 0.01  # real seconds: what is called within them goes as one
PATIENCE: Final = 1.0
Line = psycopg.AsyncConnection[Any]


class PostgresCalls:
    """Two connections of its own. Where the database is away nobody is called, and nobody could do anything."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: set[str] = set()
        self._some = asyncio.Event()
        self._own = 0

    def call(self, whom: str) -> None:
        self._waiting.add(whom)
        self._some.set()

    async def run(self, called: Callable[[str], None]) -> None:
        while True:
            try:
                async with await self._line() as ear, await self._line() as mouth:
                    self._own = mouth.info.backend_pid
                    async with asyncio.TaskGroup() as both:
                        both.create_task(self._hear(ear, called))
                        both.create_task(self._speak(mouth))
            except* psycopg.Error as lost:
                log.warning("calls between processes: %s", type(lost.exceptions[0]).__name__)
            await asyncio.sleep(PATIENCE)

    async def _line(self) -> Line:
        line = await psycopg.AsyncConnection.connect(**wanted(self._url), autocommit=True)
        await line.execute("SET synchronous_commit = off")  # nothing of it is to last
        return line

    async def _hear(self, line: Line, called: Callable[[str], None]) -> None:
        await line.execute(f"LISTEN {CHANNEL}")
        async for note in line.notifies():
            if note.pid != self._own:
                called(note.payload)

    async def _speak(self, line: Line) -> None:
        while True:
            await self._some.wait()
            self._some.clear()
            whom, self._waiting = self._waiting, set()
            for one in whom:
                await line.execute("SELECT pg_notify(%s, %s)", (CHANNEL, one))
            await asyncio.sleep(TOGETHER)
