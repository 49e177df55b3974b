"""The real program as a child process on the test's own clock: started, killed, started again."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import Process
from datetime import datetime
from pathlib import Path

from tests.kill.town import ZONE

ROOT = Path(__file__).parents[2]
STORAGE = """
[storage]
url = "sqlite:///{database}"
"""


def free_port() -> int:
    """One of which this program lets go at once."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """`python -m bot run --rehearse …`; `settings` are its platform's. What it says goes into a file beside its
    database."""

    def __init__(self, folder: Path, settings: str, *, start: datetime, speed: float, anchor: float) -> None:
        self.database = folder / "day.db"
        self.said = folder / "said.txt"
        self._config = folder / "config.toml"
        self._config.write_text(settings + STORAGE.format(database=self.database), encoding="utf-8")
        local = start.astimezone(ZONE).replace(tzinfo=None)
        self._practice = ("--rehearse", f"{local:%Y-%m-%dT%H:%M:%S}", "--speed", str(speed), "--anchor", repr(anchor))
        self._process: Process | None = None

    async def start(self) -> None:
        with self.said.open("ab") as said:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--config", str(self._config), *self._practice),
                cwd=ROOT,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
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
        if self._process is not None and self.alive:
            self._process.terminate()
        return await self.ended()
