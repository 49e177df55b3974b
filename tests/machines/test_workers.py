"""Several workers on one PostgreSQL database: each update is decided once, and a person's in the order they came in."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram import Telegram
from bot.meters import Meters
from bot.turn import Turn
from storage import Row, Storage, Tx, inbox, open_storage
from storage.inbox import Arrival, lane_of
from tests.databases import Server
from tests.small_district import PHONES, STRANGER
from tests.stack import ZONE, Stack

WORKERS = 4
EACH = 12  # times everybody changes their language
WORDS = ("/language en", "/language zh")


@pytest.fixture
async def stack(postgres: Server) -> AsyncIterator[Stack]:
    stack = Stack(postgres.empty())
    await stack.furnish()
    for row in await stack.rows("SELECT id, name, school FROM person"):
        number = str(PHONES[row["name"]])
        await stack.machine("member", "telegram", number, row["id"], lane=row["school"] or inbox.DISTRICT)
    yield stack
    await stack.close()


def written(stack: Stack) -> list[tuple[str, str, str]]:
    """Native id, sender and body of each update, everybody writing in turn."""
    people = [number for name, number in PHONES.items() if name != STRANGER]
    found = []
    for place, (count, number) in enumerate((count, number) for count in range(EACH) for number in people):
        said = {
            "message_id": place,
            "date": int(stack.clock.now().timestamp()),
            "from": {"id": number, "is_bot": False, "first_name": "x"},
            "chat": {"id": number, "type": "private"},
            "text": WORDS[count % 2],
        }
        found.append((str(10_000 + place), str(number), json.dumps({"update_id": 10_000 + place, "message": said})))
    return found


def put_all(tx: Tx, stack: Stack) -> int:
    arrivals = [
        Arrival(lane_of(tx, "telegram", sender, None), "telegram", native, body, bytes(16))
        for native, sender, body in written(stack)
    ]
    return inbox.put(tx, arrivals, stack.clock.now())


def worker(storage: Storage, stack: Stack, meters: Meters | None = None) -> Turn:
    telegram = Telegram("123456:made-up", "http://127.0.0.1:9/bot", stack.clock)
    return Turn(storage, stack.clock, ZONE, {"telegram": telegram}, lambda: None, lambda: None, meters)


async def drain(storage: Storage, stack: Stack, until: asyncio.Event) -> float:
    """As a worker does, rung or not; how many rows it took."""
    meters = Meters()
    turn = worker(storage, stack, meters)
    while not until.is_set():
        await turn.drain()
        await asyncio.sleep(0)
        if not await storage.read(inbox.lanes):
            until.set()
    return meters.registry.get_sample_value("zero_report_rows_total") or 0


async def test_four_workers_decide_each_update_once_and_everybodys_in_their_order(
    stack: Stack, postgres: Server
) -> None:
    storages = [await open_storage(stack.url) for _ in range(WORKERS)]
    put = await stack.storage.run(lambda tx: put_all(tx, stack))
    done = asyncio.Event()
    async with asyncio.timeout(60):
        taken = await asyncio.gather(*(drain(storage, stack, done) for storage in storages))
    rows = await stack.rows(
        """SELECT i.lane, i.place, i.state, f.n, f.actor, f.body FROM inbox i LEFT JOIN fact f ON f.cause = i.id
           WHERE i.channel = 'telegram' ORDER BY i.received, length(i.native), i.native"""
    )
    assert [row["state"] for row in rows] == ["done"] * put
    assert sum(rows > 0 for rows in taken) > 1, "one worker had all of it"
    for who in {row["actor"] for row in rows}:
        own = [row for row in rows if row["actor"] == who]
        assert [json.loads(row["body"])["language"] for row in own] == ["en", "zh"] * (EACH // 2)
        assert _rising(own, "n")
    for lane in {row["lane"] for row in rows}:
        assert _rising([row for row in rows if row["lane"] == lane], "place")
    for storage in storages:
        await storage.close()


def _rising(rows: list[Row], column: str) -> bool:
    numbers = [row[column] for row in rows]
    return numbers == sorted(set(numbers))


async def test_a_row_that_stopped_a_worker_is_taken_alone_by_whoever_starts_next(stack: Stack) -> None:
    """At the fourth it is set aside, be the three that it stopped the same process or not; the rest is done."""
    await stack.storage.run(lambda tx: put_all(tx, stack))
    poison = (await stack.rows("SELECT id FROM inbox WHERE state = 'open' ORDER BY id LIMIT 1"))[0]["id"]
    for _ in range(3):
        await stack.storage.run(lambda tx: inbox.begin(tx, poison))
    storage = await open_storage(stack.url)
    await worker(storage, stack).recover()
    states = await stack.rows("SELECT state, count(*) AS n FROM inbox WHERE channel = 'telegram' GROUP BY state")
    assert {row["state"]: row["n"] for row in states} == {"done": len(written(stack)) - 1, "aside": 1}
    await storage.close()


async def test_who_recovers_leaves_alone_what_another_is_at(stack: Stack) -> None:
    """Else an update would be decided twice."""
    await stack.storage.run(lambda tx: put_all(tx, stack))
    storages = [await open_storage(stack.url) for _ in range(2)]
    turns = [worker(storage, stack) for storage in storages]
    await asyncio.gather(turns[0].recover(), turns[1].drain())
    await turns[1].drain()
    facts = await stack.rows(
        "SELECT count(*) AS n, count(DISTINCT cause) AS causes FROM fact WHERE kind = 'LanguageChosen'"
    )
    assert (facts[0]["n"], facts[0]["causes"]) == (len(written(stack)), len(written(stack)))
    for storage in storages:
        await storage.close()
