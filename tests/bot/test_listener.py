"""Commit 1, and what is remembered of our listening: since when nobody has listened, and what was heard first after."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

import pytest

from bot.channels import Heard, Raw, WayIn
from bot.channels.telegram import Telegram
from bot.listener import Listener
from handlers.plain import unstamp
from handlers.values import replace
from storage import Busy, Row, Storage, Tx, progress
from tests.bot.test_ticker import HandClock
from tests.handlers.world import clock

T = TypeVar("T")
Take = Callable[[Sequence[Raw]], Awaitable[None]]


class Line:
    """A channel that hears what a test lets it hear."""

    name = "telegram"
    can = Telegram.can
    way_in = WayIn.ALONE
    username = "bot"
    ahead = None

    def __init__(self) -> None:
        self.out_since: datetime | None = None
        self.take: Take | None = None
        self.listening = asyncio.Event()

    async def listen(self, take: Take, out_since: datetime | None, went_round: Callable[[], None]) -> None:
        self.out_since, self.take = out_since, take
        self.listening.set()
        await asyncio.Event().wait()

    def read(self, body: str) -> Heard | None:
        return Heard("101", "101", True, "text", text=body)

    async def hears(self, *natives: str, full: bool = False) -> None:
        assert self.take is not None
        await self.take([Raw(native, json.dumps(native)) for native in natives])
        if not full:
            self.out_since = None


class Failing:
    """A database that is away until an hour; each try takes ten minutes."""

    def __init__(self, storage: Storage, clock: HandClock, until: datetime) -> None:
        self._storage = storage
        self._clock = clock
        self._until = until

    async def run(self, work: Callable[[Tx], T]) -> T:
        if self._clock.now() < self._until:
            self._clock.go(self._clock.now() + timedelta(minutes=10))
            raise Busy("away")
        return await self._storage.run(work)

    async def read(self, work: Callable[[Tx], T]) -> T:
        return await self._storage.read(work)

    async def close(self) -> None:
        await self._storage.close()


class Post:
    """A listener that can be started and stopped, and the inbox behind it."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.clock = HandClock(clock(8))
        self.answered = 0
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> Line:
        line = Line()
        listener = Listener(self.storage, self.clock, line, lambda: None, self._count)  # type: ignore[arg-type]
        self._task = asyncio.create_task(listener.run())
        await line.listening.wait()
        return line

    def _count(self) -> None:
        self.answered += 1

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def die(self) -> None:
        """Without a word: what `kill -9` leaves."""
        touch = await self.touch()
        await self.stop()
        await self.storage.run(lambda tx: progress.keep(tx, "touch:telegram", touch or ""))

    async def touch(self) -> str | None:
        return await self.storage.read(lambda tx: progress.known(tx, "touch:telegram"))

    async def touched(self) -> datetime | None:
        touch = await self.touch()
        return unstamp(touch) if touch else None

    async def inbox(self) -> list[Row]:
        return await self.storage.read(lambda tx: tx.all("SELECT * FROM inbox ORDER BY received, native"))

    async def since(self) -> dict[str, str | None]:
        return {row["native"]: row["since"] and row["since"][11:16] for row in await self.inbox() if not row["ours"]}

    async def gaps(self) -> list[tuple[str, str]]:
        """From and to, in UTC."""
        return [(began[11:16], ended[11:16]) for _, began, ended, _ in await self._gaps()]

    async def written(self) -> list[str]:
        """What became of what was written in each of the gaps."""
        return [written for *_, written in await self._gaps()]

    async def _gaps(self) -> list[list[str]]:
        return [json.loads(row["body"])["args"] for row in await self.inbox() if row["ours"]]


@pytest.fixture
async def post(storage: Storage) -> AsyncIterator[Post]:
    made = Post(storage)
    yield made
    await made.stop()


async def test_at_the_very_first_start_there_is_no_gap(post: Post) -> None:
    line = await post.start()
    assert line.out_since is None
    await line.hears("1")
    assert (await post.since(), await post.gaps()) == ({"1": None}, [])


async def test_every_answer_is_written_down_an_empty_one_too(post: Post) -> None:
    line = await post.start()
    assert await post.touched() is None
    for hour in (9, 10):
        post.clock.go(clock(hour))
        await line.hears()
        assert await post.touched() == clock(hour)
    assert await post.inbox() == []


async def test_what_is_heard_first_after_a_gap_carries_its_beginning(post: Post) -> None:
    line = await post.start()
    await line.hears()
    line.out_since = clock(8, 28)
    post.clock.go(clock(8, 33))
    await line.hears("1", "2")
    await line.hears("3")
    assert await post.since() == {"1": "00:28", "2": "00:28", "3": None}
    assert await post.gaps() == [("00:28", "00:33")]


async def test_a_backlog_of_many_answers_is_all_from_the_gap_and_the_first_ends_it(post: Post) -> None:
    line = await post.start()
    await line.hears()
    line.out_since = clock(8, 28)
    post.clock.go(clock(8, 33))
    await line.hears("1", full=True)
    post.clock.go(clock(8, 34))
    await line.hears("2", full=True)
    await line.hears("3")
    assert await post.since() == {"1": "00:28", "2": "00:28", "3": "00:28"}
    assert await post.gaps() == [("00:28", "00:33")]


async def test_a_gap_without_a_word_is_a_gap_all_the_same(post: Post) -> None:
    line = await post.start()
    line.out_since = clock(8, 28)
    post.clock.go(clock(8, 33))
    await line.hears()
    assert await post.gaps() == [("00:28", "00:33")]


@pytest.mark.parametrize(("keeps", "written"), [(True, "kept"), (False, "lost")])
async def test_a_gap_says_whether_what_was_written_in_it_comes_later(post: Post, keeps: bool, written: str) -> None:
    line = await post.start()
    line.can = replace(Telegram.can, keeps_input=keeps)
    line.out_since = clock(8, 28)
    post.clock.go(clock(8, 33))
    await line.hears()
    assert await post.written() == [written]


async def test_after_a_clean_stop_the_gap_begins_with_it(post: Post) -> None:
    line = await post.start()
    await line.hears()
    post.clock.go(clock(8, 20))
    await post.stop()
    post.clock.go(clock(8, 25))
    line = await post.start()
    assert line.out_since == clock(8, 20)
    await line.hears("1")
    assert await post.since() == {"1": "00:20"}
    assert await post.gaps() == [("00:20", "00:25")]


async def test_after_a_kill_the_gap_begins_with_the_last_answer(post: Post) -> None:
    line = await post.start()
    post.clock.go(clock(8, 19))
    await line.hears("1")
    post.clock.go(clock(8, 20))
    await post.die()
    post.clock.go(clock(8, 25))
    assert (await post.start()).out_since == clock(8, 19)


async def test_a_stop_while_out_of_touch_hides_no_gap(post: Post) -> None:
    line = await post.start()
    await line.hears()
    line.out_since = clock(8, 5)
    post.clock.go(clock(8, 20))
    await post.stop()
    assert (await post.start()).out_since == clock(8)


async def test_a_clock_that_was_set_back_makes_no_gap_of_the_future(post: Post) -> None:
    line = await post.start()
    post.clock.go(clock(12))
    await line.hears()
    await post.stop()
    post.clock.jump(clock(9))
    assert (await post.start()).out_since == clock(9)


async def test_the_first_answer_of_a_start_is_told_once(post: Post) -> None:
    line = await post.start()
    assert post.answered == 0
    await line.hears()
    await line.hears("1")
    assert post.answered == 1


async def test_what_was_heard_while_the_database_was_away_was_heard_then(post: Post) -> None:
    failing = Failing(post.storage, post.clock, until=clock(8, 40))
    listener = Listener(failing, post.clock, Line(), lambda: None, lambda: None)  # type: ignore[arg-type]
    post.clock.go(clock(8, 29))
    await listener.take([Raw("1", "x")])
    assert post.clock.now() >= clock(8, 40)
    assert [unstamp(row["received"]) for row in await post.inbox()] == [clock(8, 29)]
