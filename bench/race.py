"""One bot, the same platform, the same teachers: what it takes and what it costs. Each in processes of their own."""

import asyncio
import json
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from bench.district import EVE, OPENS, prepare
from bot.clock import SystemClock
from tests.ports import free_port

ROOT: Final = Path(__file__).parents[1]
PEERS: Final = ROOT / ".venv-peers" / "bin" / "python"
READY: Final = 40.0  # seconds until a bot must have sent its cards
LIMIT: Final = 300.0  # of a race
FAREWELL: Final = 20.0


@dataclass(frozen=True)
class Racer:
    """`command` is followed by the platform's address and a database. `script`: of bench.teachers. `cards`: whether it
    sends each teacher a card of itself. `district`: whether its database is a district's, which is there before it."""

    name: str
    command: tuple[str, ...]
    script: str
    cards: bool = False
    district: bool = False


OURS: Final = Racer("ours", (sys.executable, "-m", "bench.ours"), "ours", cards=True, district=True)
PTB: Final = Racer("ptb", (str(PEERS), "bench/peers/ptb.py"), "peers")
AIOGRAM: Final = Racer("aiogram", (str(PEERS), "bench/peers/with_aiogram.py"), "peers")
FLOOR: Final = Racer("floor", (sys.executable, "-m", "bench.floor"), "ours", cards=True)


@dataclass(frozen=True)
class Crowd:
    """`ill`: the share of classes with somebody ill. `latency`: seconds between us and the platform. `rate`: updates a
    second; 0: each teacher acts as soon as she may. `charts`: seconds between two summary pictures; 0: none."""

    teachers: int = 1000
    ill: float = 0.1
    latency: float = 0.0
    rate: float = 0.0
    charts: float = 0.0


@dataclass(frozen=True)
class Run:
    """`cpu`: processor seconds of the bot a report. `p99`: seconds from an update to what it is answered with. `calls`:
    by method, a report. `cpu_a_call`: what a call costs the platform."""

    updates_per_s: float
    p50: float
    p99: float
    cpu: float
    calls: dict[str, float]
    cpu_a_call: float


class Stable:
    """Where the races of one run take place; a district of that many classes is made once and copied for each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def district(self, classes: int) -> Path:
        path = self._folder / f"district-{classes}.db"
        if not path.exists():
            await prepare(path, classes, EVE)
        return path

    async def race(self, racer: Racer, crowd: Crowd, told: Callable[[Process], None] = lambda bot: None) -> Run:
        """`told` is called with the bot as the race begins, and when it is over."""
        self._count += 1
        database = self._folder / f"race-{self._count}.db"
        if racer.district:
            shutil.copy(await self.district(crowd.teachers), database)
        async with platform(racer, crowd) as (stand_in, port), program(racer, port, database, crowd) as bot:
            await said(stand_in, READY)
            watched = psutil.Process(bot.pid)
            before = cpu_of(watched)
            assert stand_in.stdin is not None
            told(bot)
            stand_in.stdin.write(b"begin\n")
            figures = json.loads(await said(stand_in, LIMIT))
            used = cpu_of(watched) - before
            told(bot)
        return Run(
            updates_per_s=figures["updates"] / figures["seconds"],
            p50=figures["p50"],
            p99=figures["p99"],
            cpu=used / crowd.teachers,
            calls={name: n / crowd.teachers for name, n in figures["calls"].items()},
            cpu_a_call=figures["cpu_a_call"],
        )


@asynccontextmanager
async def stable() -> AsyncIterator[Stable]:
    """On the disk: a commit waits for it, as in a school."""
    with tempfile.TemporaryDirectory(prefix="zero-report-bench-") as folder:
        yield Stable(Path(folder))


@asynccontextmanager
async def platform(racer: Racer, crowd: Crowd) -> AsyncIterator[tuple[Process, int]]:
    port = free_port()
    ahead = OPENS.timestamp() - SystemClock().now().timestamp() if racer.cards else 0.0
    options: dict[str, Any] = {
        "port": port,
        "script": racer.script,
        "teachers": crowd.teachers,
        "ill": crowd.ill,
        "latency": crowd.latency,
        "rate": crowd.rate,
        "charts": crowd.charts,
        "ahead": ahead,
    }
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    words += ["--cards"] if racer.cards else []
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.stand_in", *words, cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    try:
        yield process, port
    finally:
        await ended(process)


@asynccontextmanager
async def program(racer: Racer, port: int, database: Path, crowd: Crowd) -> AsyncIterator[Process]:
    said = database.with_suffix(".txt").open("wb")
    process = await asyncio.create_subprocess_exec(
        *racer.command,
        f"http://127.0.0.1:{port}/bot",
        str(database),
        *([str(crowd.teachers)] if racer is FLOOR else []),
        cwd=ROOT,
        stdout=said,
        stderr=said,
    )
    try:
        yield process
    finally:
        await ended(process)
        said.close()


async def said(process: Process, within: float) -> str:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), within)
    if not line:
        raise RuntimeError(f"the platform ended with {await process.wait()}")
    return line.decode().strip()


async def ended(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), FAREWELL)
    except TimeoutError:
        process.kill()
        await process.wait()


def cpu_of(process: psutil.Process) -> float:
    """Seconds, with what it has started."""
    each = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return float(sum(one.user + one.system for one in each))
