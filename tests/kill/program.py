"""The real program as a child process on the test's own clock: started, killed, started again."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from datetime import datetime
from pathlib import Path

from tests.kill.town import ZONE

READY = 60.0  # real seconds
ROOT = Path(__file__).parents[2]
STORAGE = """
[storage]
url = "sqlite:///{database}"
"""
STANDING_BY = "standing by"
STANDS_BY = f"""
import runpy, sys
import bot.app, bot.charts
print("{STANDING_BY}")
if command := sys.stdin.readline():
    sys.argv[1:] = command.split()
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""


class Program:
    """`python -m bot run --rehearse …`. What it says goes into a file beside its database. The next one may stand by
    with all that it imports, and become the program at its start: what an import takes is a minute of the played day,
    and on a busy machine ten."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "day.db"
        self.said = folder / "said.txt"
        self._config = folder / "config.toml"
        self._command = ""
        self._process: Process | None = None
        self._next: Process | None = None

    async def stand_by(self) -> None:
        """The first one does, and from then on there is a next one. Raises TimeoutError."""
        self._next = await self._spawned()
        async with asyncio.timeout(READY):
            while STANDING_BY not in self.said.read_text(encoding="utf-8"):  # noqa: ASYNC110 - it rings no bell
                await asyncio.sleep(0.05)  # real time: a program is starting

    async def begin(self, settings: str, start: datetime, speed: float, anchor: float) -> None:
        """`settings` are its platform's; it is `start` at the real instant `anchor`, now and whenever it starts."""
        self._config.write_text(settings + STORAGE.format(database=self.database), encoding="utf-8")
        local = start.astimezone(ZONE).replace(tzinfo=None)
        practice = f"--rehearse {local:%Y-%m-%dT%H:%M:%S} --speed {speed} --anchor {anchor!r}"
        self._command = f"run --config {self._config} {practice}\n"
        await self.start()

    async def start(self) -> None:
        stands_by = self._next is not None
        self._process = self._next or await self._spawned()
        if self._process.stdin is not None:
            self._process.stdin.write(self._command.encode())
        self._next = await self._spawned() if stands_by else None

    async def _spawned(self) -> Process:
        with self.said.open("ab") as said:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", STANDS_BY),
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
