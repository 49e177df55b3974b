"""How processes that share a database wake each other: a word from one that has written to those that wait for it."""

import asyncio
from collections.abc import Callable
from typing import Protocol


class Calls(Protocol):
    """A call that is lost costs time, never a row: whoever waits looks for itself every few seconds."""

    def call(self, whom: str) -> None:
        """After the commit. Several soon after one another are one."""

    async def run(self, called: Callable[[str], None]) -> None:
        """For ever: hands on what other processes call."""


class Alone:
    """Of SQLite, on which one process does all."""

    def call(self, whom: str) -> None:
        pass

    async def run(self, called: Callable[[str], None]) -> None:
        await asyncio.Event().wait()


def calls(url: str) -> Calls:
    if url.startswith("sqlite:"):
        return Alone()
    from storage.postgres_calls import PostgresCalls

    return PostgresCalls(url)
