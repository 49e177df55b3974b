"""What one process alone may do, in several: begun where the lease is, ended where it is no more."""

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest

from bot import leases
from bot.channels import Conflict
from bot.clock import SystemClock
from bot.leases import Leases
from storage import Busy, Storage, Tx, open_storage
from storage.lease import LENGTH, Superseded
from storage.postgres_calls import PostgresCalls
from tests.databases import Server

T = TypeVar("T")
TICK = "tick"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "BEAT", 0.02)


class Process:
    """Leases, and one work that is theirs to give. `away`: the database, for this one."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.away = False
        self.leases = Leases(self, SystemClock())
        self.at_work = False
        self.begun = 0
        self.given: Storage | None = None
        self.ends: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    async def run(self, work: Callable[[Tx], T]) -> T:
        if self.away:
            raise Busy("the connection is cut")
        return await self._storage.run(work)

    async def read(self, work: Callable[[Tx], T]) -> T:
        return await self._storage.read(work)

    async def close(self) -> None: ...

    async def work(self, storage: Storage) -> None:
        self.at_work, self.given = True, storage
        self.begun += 1
        try:
            await asyncio.shield(self.ends)
        finally:
            self.at_work = False

    @asynccontextmanager
    async def alive(self) -> AsyncIterator["asyncio.Task[None]"]:
        holding = asyncio.create_task(self.leases.hold(TICK, self.work))
        renewing = asyncio.create_task(self.leases.run())
        self._tasks = (holding, renewing)
        try:
            yield holding
        finally:
            self.stop()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - it watches several at once
            await asyncio.sleep(0.005)


async def test_the_second_begins_when_the_first_lets_go(storage: Storage) -> None:
    one, other = Process(storage), Process(storage)
    async with other.alive(), one.alive():
        await until(lambda: one.at_work or other.at_work)
        await asyncio.sleep(0.1)
        first, second = (one, other) if one.at_work else (other, one)
        assert not second.at_work
        first.stop()
        await first.leases.release(clean=True)
        await until(lambda: second.at_work)


async def test_who_is_cut_off_stops_by_itself_before_another_may_begin(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "LENGTH", LENGTH / 20)
    one = Process(storage)
    async with one.alive():
        await until(lambda: one.at_work)
        one.away = True
        await until(lambda: not one.at_work)
        one.away = False
        await until(lambda: one.at_work)
    assert one.begun == 2


async def test_what_ends_the_work_of_who_is_stopped_twice_is_complained_of_to_nobody(storage: Storage) -> None:
    """Found by the simulation, seed 3252. The work itself ends in its own time."""
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context["message"]))
    leases, begun, ended = Leases(storage, SystemClock()), asyncio.Event(), asyncio.Event()

    async def work(_: Storage) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)
            ended.set()
            raise Superseded("taken over by another process")

    holding = asyncio.create_task(leases.hold(TICK, work))
    await begun.wait()
    for _ in range(2):
        holding.cancel()
        await asyncio.sleep(0.01)
    assert holding.cancelled()
    await ended.wait()
    await asyncio.sleep(0.01)
    del holding  # it knows how it ended, and so what it worked on
    gc.collect()
    assert complaints == []


async def test_whose_late_work_is_refused_steps_back(storage: Storage) -> None:
    one, other = Process(storage), Process(storage)
    async with one.alive():
        await until(lambda: one.at_work)
        asleep, one.away = one.given, True
        await storage.run(lambda tx: tx.run("UPDATE lease SET until = '2000-01-01T00:00:00.000000Z'"))
        async with other.alive():
            await until(lambda: other.at_work)
            one.away = False
            assert asleep is not None
            try:
                await asleep.run(lambda tx: tx.all("SELECT 1"))
            except Superseded as refused:
                one.ends.set_exception(refused)
            await until(lambda: not one.at_work)
            await asyncio.sleep(0.1)
            assert (one.at_work, other.at_work) == (False, True)


async def test_whom_a_platform_throws_out_ends_only_while_the_lease_is_theirs(storage: Storage) -> None:
    one, other = Process(storage), Process(storage)
    async with one.alive() as holding:
        await until(lambda: one.at_work)
        await storage.run(lambda tx: tx.run("UPDATE lease SET holder = 'another', epoch = 7"))
        one.ends.set_exception(Conflict("another connection"))
        await until(lambda: not one.at_work)
        assert not holding.done()
    async with other.alive() as holding:
        await storage.run(lambda tx: tx.run("UPDATE lease SET until = '2000-01-01T00:00:00.000000Z'"))
        await until(lambda: other.at_work)
        other.ends.set_exception(Conflict("another program with our token"))
        with pytest.raises(Conflict):
            await asyncio.wait_for(holding, 10)


async def test_a_dead_process_of_this_machine_is_known_at_once(storage: Storage) -> None:
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE)
    one, other = Process(storage), Process(storage)
    here, _, _ = one.leases.holder.partition("/")
    one.leases.holder = f"{here}/{child.pid}/x"
    await one.leases.register("work")
    assert not await other.leases.bury("work")
    child.kill()
    await child.wait()
    assert await other.leases.bury("work")
    assert here, "this machine tells its processes apart"
    assert str(os.getpid()) in other.leases.holder


async def test_processes_on_one_server_wake_each_other_and_not_themselves(postgres: Server) -> None:
    """Also after the connection was cut."""
    address = postgres.empty()
    await (await open_storage(address)).close()
    one, other = PostgresCalls(address), PostgresCalls(address)
    heard: list[str] = []
    own: list[str] = []
    tasks = [asyncio.create_task(one.run(own.append)), asyncio.create_task(other.run(heard.append))]

    async def calls_until_heard() -> None:
        async with asyncio.timeout(20):
            while "turn" not in heard:
                one.call("turn")
                await asyncio.sleep(0.05)

    await calls_until_heard()
    postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
    heard.clear()
    await calls_until_heard()
    assert own == []
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
