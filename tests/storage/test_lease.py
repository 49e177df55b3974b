"""One holder at a time, by the database's clock; lanes that several processes share."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.clock import SystemClock
from handlers.plain import stamp, unstamp
from storage import Storage, Tx, inbox, lease, open_storage
from storage.lease import LENGTH, Guarded, Superseded
from tests.databases import Server

POST = "post:telegram"


def alive(_: str) -> bool:
    return False


async def keep(storage: Storage, holder: str) -> int | None:
    return await storage.run(lambda tx: lease.keep(tx, POST, holder, lease.clock(tx), alive))


async def run_out(storage: Storage) -> None:
    """As if its holder had been silent for a lease's length."""
    gone = stamp(await storage.read(lease.clock) - timedelta(seconds=1))
    await storage.run(lambda tx: tx.run("UPDATE lease SET until = :gone", gone=gone))


async def test_one_has_it_until_it_is_silent_for_too_long(storage: Storage) -> None:
    assert await keep(storage, "a") == 1
    assert await keep(storage, "b") is None
    assert await keep(storage, "a") == 1
    await run_out(storage)
    assert await keep(storage, "b") == 2
    assert await keep(storage, "a") is None


async def test_who_gave_it_up_for_lost_has_it_in_the_same_epoch_while_nobody_took_it(storage: Storage) -> None:
    await keep(storage, "a")
    await run_out(storage)
    assert await keep(storage, "a") == 1
    await run_out(storage)
    await keep(storage, "b")
    await run_out(storage)
    assert await keep(storage, "a") == 3


async def test_who_is_known_to_be_dead_is_not_waited_for(storage: Storage) -> None:
    await keep(storage, "a")
    assert await storage.run(lambda tx: lease.keep(tx, POST, "b", lease.clock(tx), lambda holder: holder == "a")) == 2


async def test_what_was_let_go_is_anybodys_at_once(storage: Storage) -> None:
    await keep(storage, "a")
    await storage.run(lambda tx: lease.let_go(tx, POST, 1))
    assert await keep(storage, "b") == 2


async def test_its_time_is_the_databases(storage: Storage) -> None:
    """Of two machines neither knows the time better than the database, which both ask."""
    await keep(storage, "a")
    row = await storage.read(lambda tx: tx.one("SELECT until FROM lease"))
    assert row is not None
    asked, ours = await storage.read(lease.clock), SystemClock().now()
    assert timedelta(seconds=-1) <= asked + LENGTH - unstamp(row["until"]) < timedelta(seconds=2)
    assert abs(asked - ours) < timedelta(seconds=2)


async def test_the_late_commit_of_an_old_holder_is_refused(storage: Storage) -> None:
    await keep(storage, "a")
    old = Guarded(storage, POST, 1)
    await old.run(lambda tx: tx.run("INSERT INTO progress (name, value) VALUES ('of', 'a')"))
    await run_out(storage)
    assert await keep(storage, "b") == 2
    with pytest.raises(Superseded):
        await old.run(lambda tx: tx.run("UPDATE progress SET value = 'late'"))
    with pytest.raises(Superseded):
        await old.read(lambda tx: tx.all("SELECT value FROM progress"))
    new = Guarded(storage, POST, 2)
    assert await new.read(lambda tx: tx.all("SELECT value FROM progress WHERE name = 'of'")) == [{"value": "a"}]


async def test_who_died_is_counted_once(storage: Storage) -> None:
    for who in ("a", "b"):
        await storage.run(lambda tx, who=who: lease.keep(tx, f"work:{who}", who, lease.clock(tx), alive))  # type: ignore[misc]
    assert await storage.read(lambda tx: lease.others(tx, "work", "a"))
    assert await storage.run(lambda tx: lease.bury(tx, "work", lambda holder: holder == "b")) == 1
    assert await storage.run(lambda tx: lease.bury(tx, "work", lambda holder: holder == "b")) == 0
    assert not await storage.read(lambda tx: lease.others(tx, "work", "a"))
    await storage.run(lambda tx: lease.ended(tx, "work:a"))
    assert not await storage.read(lease.alive)


# Two processes on one PostgreSQL


@pytest.fixture
async def two(postgres: Server) -> AsyncIterator[tuple[Storage, Storage]]:
    address = postgres.empty()
    one, other = await open_storage(address), await open_storage(address)
    yield one, other
    await one.close()
    await other.close()


@asynccontextmanager
async def in_the_middle_of(storage: Storage | Guarded, work: Callable[[Tx], object]) -> AsyncIterator[None]:
    """A transaction that has done this and is not committed yet."""
    begun, over = threading.Event(), threading.Event()

    def hold(tx: Tx) -> None:
        work(tx)
        begun.set()
        assert over.wait(30)

    task = asyncio.create_task(storage.run(hold))
    assert await asyncio.to_thread(begun.wait, 30)
    try:
        yield
    finally:
        over.set()
        await task


@pytest.mark.parametrize("known", [False, True], ids=["a new lane", "a known one"])
async def test_no_two_have_one_lane_and_none_waits_for_it(two: tuple[Storage, Storage], known: bool) -> None:
    one, other = two
    if known:
        await one.run(lambda tx: inbox.claim(tx, "school"))

    def taken_and_written(tx: Tx) -> None:
        assert inbox.claim(tx, "school")
        tx.run("UPDATE lane SET n = n + 1 WHERE name = 'school'")

    async with in_the_middle_of(one, taken_and_written):
        assert await other.run(lambda tx: inbox.claim(tx, "another"))
        if known:
            async with asyncio.timeout(3):
                assert not await other.run(lambda tx: inbox.claim(tx, "school"))
    assert await other.run(lambda tx: inbox.claim(tx, "school"))


async def test_nobody_takes_over_while_the_holder_commits(two: tuple[Storage, Storage]) -> None:
    """What it was told it may do it has done when the other begins."""
    one, other = two
    await keep(one, "a")
    await run_out(one)
    insert = "INSERT INTO progress (name, value) VALUES ('shown', '1')"
    async with in_the_middle_of(Guarded(one, POST, 1), lambda tx: tx.run(insert)):
        taking = asyncio.create_task(keep(other, "b"))
        await asyncio.wait({taking}, timeout=0.2)
        assert not taking.done()
    assert await taking == 2
    assert await other.read(lambda tx: tx.all("SELECT name FROM progress")) == [{"name": "shown"}]
