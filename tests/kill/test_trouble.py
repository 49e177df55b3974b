"""The real program while the machine does to it what no exception can: it is stopped in its tracks, its disk is full,
its line is cut and slow. What somebody taps meanwhile is reported once, and shown once."""

import asyncio
import os
import resource
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.clock import AffineClock, SystemClock
from bot.simulate.town import GROUPS, Member, Town
from bot.simulate.world import TUESDAY, at, image
from handlers.model import Duty
from sandbox import Message, Sandbox
from tests.kill.platforms import TELEGRAM
from tests.kill.program import Program

START = at(TUESDAY, 7, 29, 54)
WHILE = 4.0  # real seconds of trouble
LIMIT = 60.0  # real seconds until all must be well
CARD, RECEIPT = "请于08:30前报告", "✅ 已报 · "


class Proxy:
    """Stands in the line between the program and the platform. `delay`: seconds before what comes is handed on."""

    def __init__(self) -> None:
        self.delay = 0.0
        self.to = 0
        self._cut = False
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])

    def cut(self, cut: bool) -> None:
        """Whoever is connected is thrown out, and whoever comes."""
        self._cut = cut
        for writer in self._writers if cut else ():
            writer.transport.abort()

    async def stop(self) -> None:
        self._server.close()
        self.cut(True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        back, forth = await asyncio.open_connection("127.0.0.1", self.to)
        self._writers |= {writer, forth}
        try:
            await asyncio.gather(self._carry(reader, forth), self._carry(back, writer))
        except OSError:
            pass
        finally:
            for one in (writer, forth):
                self._writers.discard(one)
                one.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65536):
            await asyncio.sleep(self.delay)
            writer.write(chunk)
            await writer.drain()
        writer.transport.abort()


@dataclass
class Morning:
    """The cards of half past seven have come."""

    program: Program
    database: Path
    sandbox: Sandbox
    proxy: Proxy
    teachers: tuple[Member, ...]

    def chat(self, teacher: Member, words: str) -> list[Message]:
        return [one for one in self.sandbox.chat(teacher.id) if one.sender == 0 and words in one.text]

    def tap(self, teacher: Member) -> None:
        [card] = self.chat(teacher, CARD)
        self.sandbox.tap(teacher.id, teacher.id, card.id, card.button("全员正常").data)

    def reported(self) -> list[int]:
        with closing(sqlite3.connect(self.database)) as connection:
            return [row[0] for row in connection.execute("SELECT rev FROM report")]

    async def ends_well(self) -> None:
        """Everybody who tapped reads that it is reported, once, and it is stored once."""
        tapped = self.teachers[:3]
        await self.sandbox.until(lambda: all(self.chat(one, RECEIPT) for one in tapped), LIMIT)
        assert self.reported() == [1, 1, 1]
        for one in tapped:
            assert len(self.chat(one, RECEIPT)) == 1
            assert not self.chat(one, CARD)
        assert self.program.alive


@pytest.fixture
async def morning(tmp_path: Path) -> AsyncIterator[Morning]:
    town = Town()
    made = await asyncio.to_thread(image, town)
    anchor = SystemClock().now().timestamp()
    sandbox, proxy = Sandbox(AffineClock(START, 1.0, anchor)), Proxy()
    await sandbox.start()
    await proxy.start()
    proxy.to = int(sandbox.page_url.rstrip("/").rpartition(":")[2])
    for one in town.members:
        sandbox.add_person(one.id, one.name)
        sandbox.world.started.add(one.id)
    sandbox.add_group(GROUPS["telegram"], "学区领导群", [one.id for one in town.members if one.school is None])
    settings = TELEGRAM.format(sandbox=sandbox).replace(f":{proxy.to}/", f":{proxy.port}/")
    program, database = Program(tmp_path), tmp_path / "day.db"
    database.write_bytes(made)
    teachers = town.holders(Duty.HOMEROOM, "育才小学")
    try:
        await program.begin(settings, START, 1.0, anchor)
        here = Morning(program, database, sandbox, proxy, teachers)
        await sandbox.until(lambda: all(here.chat(one, CARD) for one in teachers), LIMIT)
        yield here
    finally:
        if program.alive:
            os.kill(program.pid, signal.SIGCONT)
        await program.stop()
        await proxy.stop()
        await sandbox.stop()


async def passes() -> None:
    """Real time: it is a real machine's trouble."""
    await asyncio.sleep(WHILE)


@pytest.mark.timeout(240)
async def test_a_program_that_is_stopped_in_its_tracks_goes_on_where_it_was(morning: Morning) -> None:
    morning.tap(morning.teachers[0])
    os.kill(morning.program.pid, signal.SIGSTOP)
    morning.tap(morning.teachers[1])
    await passes()
    morning.tap(morning.teachers[2])
    assert not morning.chat(morning.teachers[2], RECEIPT)
    os.kill(morning.program.pid, signal.SIGCONT)

    await morning.ends_well()


@pytest.mark.timeout(240)
async def test_a_disk_that_is_full_loses_nothing(morning: Morning) -> None:
    """A quota on the size of a file: no write of the database's takes hold until it is raised."""
    unlimited = resource.prlimit(morning.program.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(morning.program.pid, resource.RLIMIT_FSIZE, (1, unlimited[1]))
    for teacher in morning.teachers[:3]:
        morning.tap(teacher)
    await passes()
    assert not any(morning.chat(one, RECEIPT) for one in morning.teachers)
    assert morning.reported() == []
    resource.prlimit(morning.program.pid, resource.RLIMIT_FSIZE, unlimited)

    await morning.ends_well()


@pytest.mark.timeout(240)
async def test_a_line_that_is_cut_and_slow_loses_nothing(morning: Morning) -> None:
    morning.tap(morning.teachers[0])
    morning.proxy.cut(True)
    morning.tap(morning.teachers[1])
    await passes()
    morning.proxy.cut(False)
    morning.proxy.delay = 0.3
    morning.tap(morning.teachers[2])

    await morning.ends_well()
