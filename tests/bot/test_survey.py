"""What looks at the whole district is found out apart: schools go on meanwhile, and it is written down once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

import pytest

import bot.surveys
from bot.surveys import Found, Question, Survey, beside
from bot.turn import Turn
from handlers import decide
from handlers.model import Update
from handlers.outcome import Outcome
from handlers.questions import Ask
from storage import Row, Storage, Tx, inbox, open_storage
from tests.clocks import LeapingClock
from tests.handlers.world import World
from tests.stack import ZONE

T = TypeVar("T")
NOW = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
SURVEY = inbox.own("district", "lane", "a survey", "summary_again", ("2026-09-01", "am"), "", bytes(16))
ELSEWHERE = inbox.own("school", "machine", "elsewhere", "link", ("telegram", "https://t.me/x"), "", bytes(16))
IN_THE_DISTRICT = inbox.own("district", "machine", "another", "link", ("wecom", "https://t.me/x"), "", bytes(16))


@dataclass
class Between:
    """Who looks; after the first look something happens, before what was found is written down."""

    storage: Storage
    then: Callable[[], Awaitable[None]]
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)
    looks: int = 0

    async def __call__(self, question: Question) -> Found | None:
        found = await beside(self.storage)(question)
        await asyncio.wait_for(self.goes_on.wait(), 10)
        self.looks += 1
        if self.looks == 1:
            await self.then()
        return found


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    storage = await open_storage(f"sqlite:///{tmp_path / 'zero.db'}")
    await World(storage).begin_rules()
    yield storage
    await storage.close()


async def nothing() -> None: ...


def turn(storage: Storage, survey: Survey | None = None) -> Turn:
    return Turn(storage, LeapingClock(NOW), ZONE, {}, lambda: None, lambda: None, survey=survey)


async def put(storage: Storage, *arrivals: inbox.Arrival) -> None:
    await storage.run(lambda tx: inbox.put(tx, arrivals, NOW))


async def row(storage: Storage, native: str) -> Row:
    (found,) = await storage.read(lambda tx: tx.all("SELECT * FROM inbox WHERE native = :native", native=native))
    return found


async def done(storage: Storage, native: str) -> None:
    async with asyncio.timeout(10):
        while (await row(storage, native))["state"] == "open":  # noqa: ASYNC110 - nothing rings outside of the turn
            await asyncio.sleep(0.01)


@contextmanager
def decisions() -> Iterator[list[str]]:
    seen: list[str] = []

    def counted(update: Update, ask: Ask) -> Outcome:
        seen.append(update.verb)
        return decide(update, ask)

    with patch.object(bot.surveys, "decide", counted):
        yield seen


async def test_a_school_goes_on_while_the_district_is_looked_at(storage: Storage) -> None:
    slow = Between(storage, nothing)
    await put(storage, SURVEY, ELSEWHERE)
    one = turn(storage, slow)
    one.ring()
    running = asyncio.create_task(one.run())
    await done(storage, "elsewhere")
    assert (await row(storage, "a survey"))["state"] == "open"
    slow.goes_on.set()
    await done(storage, "a survey")
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def going(storage: Storage, then: Callable[[], Awaitable[None]]) -> Between:
    one = Between(storage, then)
    one.goes_on.set()
    return one


async def test_it_is_decided_once(storage: Storage) -> None:
    await put(storage, SURVEY)
    with decisions() as seen:
        await turn(storage, going(storage, nothing)).drain()
    assert seen == ["summary_again"]
    assert (await row(storage, "a survey"))["state"] == "done"


async def test_what_a_school_states_meanwhile_changes_nothing_in_it(storage: Storage) -> None:
    async def reports() -> None:
        await put(storage, ELSEWHERE)
        await storage.run(lambda tx: turn(storage)._lane(tx, "school"))

    await put(storage, SURVEY)
    with decisions() as seen:
        await turn(storage, going(storage, reports)).drain()
    assert seen == ["summary_again", "link"]
    placed = {(await row(storage, native))["place"] for native in ("a survey", "elsewhere")}
    assert len(placed) == 1  # neither has seen the other


async def test_it_is_decided_anew_where_the_district_has_moved_on(storage: Storage) -> None:
    async def moves_on() -> None:
        def another(tx: Tx) -> None:
            (one,) = (row for row in inbox.take(tx, "district", 9) if row.native == "another")
            turn(storage).take(tx, one)

        await put(storage, IN_THE_DISTRICT)
        await storage.run(another)

    await put(storage, SURVEY)
    with decisions() as seen:
        await turn(storage, going(storage, moves_on)).drain()
    assert seen == ["summary_again", "link", "summary_again"]


async def test_what_another_process_has_taken_is_not_taken_again(storage: Storage) -> None:
    async def other() -> None:
        await turn(storage).drain()
        taken.append(await row(storage, "a survey"))

    taken: list[Row] = []
    await put(storage, SURVEY)
    one = going(storage, other)
    await turn(storage, one).drain()
    assert one.looks == 1
    assert [await row(storage, "a survey")] == taken


async def test_where_the_district_goes_on_and_on_it_is_looked_at_once(storage: Storage) -> None:
    async def moves_on() -> None:
        await put(storage, IN_THE_DISTRICT)

    await put(storage, SURVEY)
    one = going(storage, moves_on)
    await turn(storage, one).drain()
    assert one.looks == 1
    assert (await row(storage, "a survey"))["state"] == "done"


async def test_what_is_no_survey_is_decided_where_it_is_written_down(storage: Storage) -> None:
    await put(storage, IN_THE_DISTRICT)
    one = going(storage, nothing)
    with decisions() as seen:
        await turn(storage, one).drain()
    assert seen == ["link"]
    assert one.looks == 0
