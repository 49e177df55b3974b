"""The real program as a child process on the test's own clock: started, killed, started again."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import PIPE, Process
from datetime import datetime
from pathlib import Path

from tests.kill.town import ZONE

ROOT = Path(__file__).parents[2]
STORAGE = """
[storage]
url = "sqlite:///{database}"
"""
STANDS_BY = """
import runpy, sys
import bot.app, bot.charts
if sys.stdin.readline():
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""


def free_port() -> int:
    """One of which this program lets go at once."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """`python -m bot run --rehearse …`; `settings` are its platform's. What it says goes into a file beside its
    database. The next one stands by with all that it imports, and becomes the program at its start: what an import
    takes is a minute of the played day, and on a busy machine ten."""

    def __init__(self, folder: Path, settings: str, *, start: datetime, speed: float, anchor: float) -> None:
        self.database = folder / "day.db"
        self.said = folder / "said.txt"
        config = folder / "config.toml"
        config.write_text(settings + STORAGE.format(database=self.database), encoding="utf-8")
        local = start.astimezone(ZONE).replace(tzinfo=None)
        practice = ("--rehearse", f"{local:%Y-%m-%dT%H:%M:%S}", "--speed", str(speed), "--anchor", repr(anchor))
        self._command = (sys.executable, "-c", STANDS_BY, "run", "--config", str(config), *practice)
        self._process: Process | None = None
        self._next: Process | None = None

    async def start(self) -> None:
        self._process, self._next = self._next or await self._standing_by(), None
        if self._process.stdin is not None:
            self._process.stdin.write(b"\n")
        self._next = await self._standing_by()

    async def _standing_by(self) -> Process:
        with self.said.open("ab") as said:
            return await asyncio.create_subprocess_exec(
                *self._command,
                cwd=ROOT,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
                stdin=PIPE,
                stdout=said,
                stderr=said,
            )

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def kill(self) -> None:
        """kill -9, this instant."""
        if self._process is not None and self.alive:
            self._process.kill()

    async def ended(self) -> int:
        """The exit code, when it has one."""
        return await self._process.wait() if self._process is not None else 0

    async def stop(self) -> int:
        """As a service manager does it."""
        if self._next is not None:
            self._next.kill()
            await self._next.wait()
        if self._process is not None and self.alive:
            self._process.terminate()
        return await self.ended()
