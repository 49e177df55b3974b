"""The real program as a child process on the test's own clock: started, killed, started again."""

import asyncio
import os
import random
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tests.kill.town import ZONE

ROOT = Path(__file__).parents[2]
STORAGE = """
[storage]
url = "{url}"
files = "{files}"
"""


def free_port() -> int:
    """One of which this program lets go at once."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """`python -m bot run --rehearse …`; `settings` are its platform's, `roles` as on the command line. What it says
    goes into a file in the folder."""

    def __init__(
        self,
        folder: Path,
        settings: str,
        *,
        start: datetime,
        speed: float,
        anchor: float,
        url: str = "",
        roles: Sequence[str] = (),
        name: str = "said",
    ) -> None:
        self.url = url or f"sqlite:///{folder / 'day.db'}"
        self.said = folder / f"{name}.txt"
        self._config = folder / f"{name}.toml"
        self._config.write_text(settings + STORAGE.format(url=self.url, files=folder / "files"), encoding="utf-8")
        local = start.astimezone(ZONE).replace(tzinfo=None)
        self._practice = ("--rehearse", f"{local:%Y-%m-%dT%H:%M:%S}", "--speed", str(speed), "--anchor", repr(anchor))
        self._roles = tuple(f"--{role}" for role in roles)
        self._process: Process | None = None

    async def start(self) -> None:
        with self.said.open("ab") as said:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--config", str(self._config), *self._practice, *self._roles),
                cwd=ROOT,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
                stdout=said,
                stderr=said,
            )

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        return self._process.pid if self._process is not None else 0

    def kill(self) -> None:
        """kill -9, this instant."""
        self.signal(signal.SIGKILL)

    def signal(self, which: signal.Signals) -> None:
        if self._process is not None and self.alive:
            self._process.send_signal(which)

    async def ended(self) -> int:
        """The exit code, when it has one."""
        return await self._process.wait() if self._process is not None else 0

    async def stop(self) -> int:
        """As a service manager does it."""
        self.signal(signal.SIGTERM)
        return await self.ended()


class Fleet:
    """Several processes of the same bot on one database: of which any may be killed, while the others go on."""

    def __init__(self, programs: Sequence[Program], seed: int) -> None:
        self._programs = programs
        self._dice = random.Random(f"fleet {seed}")

    @property
    def alive(self) -> bool:
        return all(one.alive for one in self._programs)

    async def start(self) -> None:
        """Those that are not alive."""
        for one in self._programs:
            if not one.alive:
                await one.start()

    def kill(self) -> None:
        """kill -9 of one of them, this instant."""
        self._dice.choice(self._programs).kill()

    async def ended(self) -> int:
        """The exit code of the first that has one."""
        ends = [asyncio.ensure_future(one.ended()) for one in self._programs]
        try:
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            return next(iter(done)).result()
        finally:
            for end in ends:
                end.cancel()

    async def stop(self) -> int:
        return max([await one.stop() for one in self._programs])
