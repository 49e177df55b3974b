"""The real program as a child process on the test's own clock: started, killed, started again."""

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tests.kill import books
from tests.kill.town import ZONE

READY = 60.0  # real seconds
ROOT = Path(__file__).parents[2]
STORAGE = """
[storage]
url = "{url}"
files = "{files}"
"""
STANDING_BY = "standing by"
STANDS_BY = f"""
import runpy, sys
import bot.app
print("{STANDING_BY}")
if command := sys.stdin.readline():
    sys.argv[1:] = command.split()
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""


class Program:
    """`python -m bot run --rehearse …`, on the database of this url, else on a file in the folder. What
    it says goes into a file there. The next one may stand by with all that it imports, and become the program at its
    start: what an import takes is a minute of the played day, and on a busy machine ten."""

    def __init__(self, folder: Path, *, url: str = "", roles: Sequence[str] = (), name: str = "said") -> None:
        self.said = folder / f"{name}.txt"
        self._url = url or f"sqlite:///{folder / 'day.db'}"
        self._files = folder / "files"
        self._roles = "".join(f" --{role}" for role in roles)
        self._config = folder / f"{name}.toml"
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
        self._config.write_text(settings + STORAGE.format(url=self._url, files=self._files), encoding="utf-8")
        local = start.astimezone(ZONE).replace(tzinfo=None)
        practice = f"--rehearse {local:%Y-%m-%dT%H:%M:%S} --speed {speed} --anchor {anchor!r}{self._roles}"
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
    def pid(self) -> int:
        return self._process.pid if self._process is not None else 0

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def kill(self, lease: str = "") -> None:
        """kill -9, this instant: it has every lease."""
        self.signal(signal.SIGKILL)

    def signal(self, which: signal.Signals) -> None:
        if self._process is not None and self.alive:
            self._process.send_signal(which)

    async def ended(self) -> int:
        """The exit code, when it has one."""
        return await self._process.wait() if self._process is not None else 0

    async def stop(self) -> int:
        """As a service manager does it."""
        if self._next is not None:
            self._next.kill()
            await self._next.wait()
        self.signal(signal.SIGTERM)
        return await self.ended()


class Fleet:
    """Several processes of the same bot on one database: of which any may be killed, while the others go on."""

    def __init__(self, programs: Sequence[Program], url: str, seed: int) -> None:
        self._programs = programs
        self._url = url
        self._dice = random.Random(f"fleet {seed}")

    @property
    def alive(self) -> bool:
        return all(one.alive for one in self._programs)

    async def stand_by(self) -> None:
        for one in self._programs:
            await one.stand_by()

    async def begin(self, settings: str, start: datetime, speed: float, anchor: float) -> None:
        for one in self._programs:
            await one.begin(settings, start, speed, anchor)

    async def start(self) -> None:
        """Those that are not alive."""
        for one in self._programs:
            if not one.alive:
                await one.start()

    def kill(self, lease: str = "") -> None:
        """kill -9 of whoever has this lease, else of any one of them, this instant."""
        pid = books.holder(self._url, lease) if lease else 0
        holding = [one for one in self._programs if one.pid == pid]
        self._dice.choice(holding or self._programs).kill()

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
