"""Two whole programs on one PostgreSQL database: one does what one alone may do, the other takes over when it must."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from bot.clock import AffineClock, SystemClock
from bot.seed import FIRST_START
from bot.ticker import TICKED
from handlers.model import Duty
from handlers.plain import stamp
from sandbox import Sandbox
from storage import connected, open_storage, progress
from tests.databases import Server
from tests.kill import books
from tests.kill.office import prepare
from tests.kill.platforms import TELEGRAM
from tests.kill.program import Program
from tests.kill.town import Town, at

START = at(7, 29)
SPEED = 4.0
SOCKET = ".s.PGSQL.5432"
SECONDS = 60.0  # real ones, on a machine that is busy with other things
TAKEN_OVER = 12.0  # the same; eight on one that is not


class Wire:
    """The way of one program to the database, which may be cut: nothing comes through, and nobody is told."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._server = f"{parse_qs(urlsplit(url).query)['host'][0]}/{SOCKET}"
        self._whole = asyncio.Event()
        self._whole.set()
        self._pumps: set[asyncio.Task[None]] = set()
        self.url = url.replace(quote(self._server.removesuffix(f"/{SOCKET}"), safe="/"), str(folder))

    async def start(self) -> None:
        self._folder.mkdir()
        self._listening = await asyncio.start_unix_server(self._joined, self._folder / SOCKET)

    def cut(self) -> None:
        self._whole.clear()

    def mend(self) -> None:
        self._whole.set()

    async def stop(self) -> None:
        self._listening.close()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._server)
        for pump in (self._pump(reader, back), self._pump(there, writer)):
            task = asyncio.create_task(pump)
            self._pumps.add(task)
            task.add_done_callback(self._pumps.discard)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while said := await reader.read(65536):
                await self._whole.wait()
                writer.write(said)
                await writer.drain()
        writer.close()


class Machines:
    """Two programs with all roles, each with a wire of its own."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = url
        self.wires = {name: Wire(folder / name, url) for name in ("a", "b")}
        self.programs = {name: Program(folder, url=wire.url, name=f"said-{name}") for name, wire in self.wires.items()}

    def holder(self, name: str = "post:telegram") -> str:
        """Which of the two has it."""
        pids = {program.pid: name for name, program in self.programs.items()}
        return pids.get(books.holder(self.url, name), "")

    def all_written_down(self) -> bool:
        """What is on a phone is known to be there; what is not may be shown twice."""
        with closing(connected(self.url, writes=False)) as reading:
            reading.begin()
            return not reading.all("SELECT key FROM message WHERE state = 'due'")

    def said(self, name: str) -> str:
        return self.programs[name].said.read_text(encoding="utf-8")


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not await asyncio.to_thread(true):  # noqa: ASYNC110 - it happens in other processes
            await asyncio.sleep(0.1)


async def taken_over(machines: Machines, by: str) -> None:
    """Within seconds the lease is in those hands."""
    async with asyncio.timeout(TAKEN_OVER):
        await until(lambda: machines.holder() == by)


async def has_run_before(url: str) -> None:
    """So that the first card is sent however long the programs take to start."""
    storage = await open_storage(url)
    for name in (FIRST_START, TICKED):
        await storage.run(lambda tx, name=name: progress.keep(tx, name, stamp(START)))  # type: ignore[misc]
    await storage.close()


@pytest.mark.timeout(300)
async def test_one_has_the_roles_the_other_takes_over_and_what_was_said_twice_is_nothing(
    postgres: Server, tmp_path: Path
) -> None:
    """Asleep, cut off, killed: whoever is left goes on within seconds, and whoever comes back steps back."""
    town, url = Town(1), postgres.empty()
    teacher = next(one for one in town.members if one.duty is Duty.HOMEROOM)
    codes = await prepare(url, town, START, {})
    await has_run_before(url)
    anchor = SystemClock().now().timestamp()
    sandbox = Sandbox(AffineClock(START, SPEED, anchor))
    await sandbox.start()
    sandbox.add_person(teacher.id, teacher.name)
    machines = Machines(tmp_path, url)

    def texts() -> list[str]:
        return [one.text for one in sandbox.chat(teacher.id) if one.sender == 0]

    async def answered(words: str) -> None:
        before = len(texts())
        sandbox.write(teacher.id, teacher.id, words)
        await until(lambda: len(texts()) > before and machines.all_written_down())

    try:
        for name in ("a", "b"):
            await machines.wires[name].start()
            await machines.programs[name].begin(TELEGRAM.format(sandbox=sandbox), START, SPEED, anchor)
        await answered(f"/start {codes[teacher.id]}")
        await until(lambda: any("请于08:30前报告" in text for text in texts()) and machines.all_written_down())
        first = machines.holder()
        other = {"a": "b", "b": "a"}[first]

        machines.programs[first].signal(signal.SIGSTOP)
        await taken_over(machines, other)
        await answered("/status")
        machines.programs[first].signal(signal.SIGCONT)
        await until(lambda: "no longer this process's" in machines.said(first))
        await answered("/status")

        machines.wires[other].cut()
        await taken_over(machines, first)
        await answered("/status")
        assert "left to others" in machines.said(other)

        machines.programs[first].kill()
        machines.wires[other].mend()
        await taken_over(machines, other)
        await answered("/status")
    finally:
        for name in ("a", "b"):
            machines.wires[name].mend()
            await machines.programs[name].stop()
            await machines.wires[name].stop()
        await sandbox.stop()
    said = texts()
    assert sum("请于08:30前报告" in text for text in said) == 1, "two clocks, one tick; two postmen, one send"
    assert sum("已绑定" in text for text in said) == 1
    assert len(said) == 2 + 4
