"""The webhook from the bot's side: what is taken, what is refused, and when Telegram is out of touch."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
from aiohttp import ClientSession

from bot.channels import Conflict, Raw, door
from bot.channels.telegram import Telegram, Webhook
from bot.channels.telegram.webhook import SECRET
from sandbox import Fault, Sandbox
from tests.clocks import LeapingClock
from tests.ports import free_port
from tests.stack import hour

TEACHER = 700_001
WORD = "a-long-word-that-nobody-guesses"


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - of two programs that know nothing of each other
            await asyncio.sleep(0.01)


class Door:
    """A bot behind the address that its platform was told, and what it took."""

    def __init__(self, sandbox: Sandbox, telegram: Telegram, url: str) -> None:
        self.sandbox = sandbox
        self.telegram = telegram
        self.url = url
        self.taken: list[str] = []
        self.gaps: list[datetime | None] = []
        self.away = asyncio.Event()
        self.away.set()

    async def take(self, raws: Sequence[Raw]) -> None:
        await self.away.wait()
        self.taken += [raw.native for raw in raws]
        self.gaps.append(self.telegram.out_since)

    async def until(self, many: int) -> None:
        await until(lambda: len(self.sandbox._updates) == 0 and len(self.taken) >= many)

    async def post(self, body: object, secret: str | None = WORD, *, path: str = "/telegram", how: str = "POST") -> int:
        headers = {} if secret is None else {SECRET: secret}
        url = self.url.replace("/telegram", path)
        async with ClientSession() as session, session.request(how, url, json=body, headers=headers) as answer:
            return answer.status


@asynccontextmanager
async def opened(sandbox: Sandbox, clock: LeapingClock, *, out_since: datetime | None = None) -> AsyncIterator[Door]:
    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram"
    telegram = Telegram(sandbox.token, sandbox.base_url, clock, webhook=Webhook(url, WORD, "127.0.0.1", port))
    await telegram.open()
    there = Door(sandbox, telegram, url)
    task = asyncio.create_task(telegram.listen(there.take, out_since))
    try:
        await until(lambda: bool(there.gaps) or task.done())
        yield there
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await telegram.close()


@pytest.fixture
async def clock() -> AsyncIterator[LeapingClock]:
    stepped = LeapingClock(hour("07:30"))
    driving = asyncio.create_task(stepped.run())
    yield stepped
    driving.cancel()
    await asyncio.gather(driving, return_exceptions=True)


@pytest.fixture
async def sandbox(clock: LeapingClock) -> AsyncIterator[Sandbox]:
    made = Sandbox(clock)
    await made.start()
    made.add_person(TEACHER, "张敏")
    yield made
    await made.stop()


async def test_what_is_written_is_taken_once_and_in_order(sandbox: Sandbox, clock: LeapingClock) -> None:
    async with opened(sandbox, clock) as there:
        for words in ("一", "二", "三"):
            sandbox.write(TEACHER, TEACHER, words)
        await there.until(3)
        assert there.taken == sorted(there.taken)
        assert len(there.taken) == 3


async def test_nothing_is_acknowledged_before_it_is_taken(sandbox: Sandbox, clock: LeapingClock) -> None:
    async with opened(sandbox, clock) as there:
        there.away.clear()
        asking = asyncio.create_task(there.post({"update_id": 1, "message": {}}))
        await asyncio.wait({asking}, timeout=0.2)
        assert not asking.done()
        there.away.set()
        assert await asking == 200


async def test_what_takes_too_long_is_not_acknowledged_and_not_taken_twice(
    sandbox: Sandbox, clock: LeapingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "PATIENCE", 0.05)
    async with opened(sandbox, clock) as there:
        there.away.clear()
        assert await there.post({"update_id": 1, "message": {}}) == 503
        there.away.set()
        assert await there.post({"update_id": 1, "message": {}}) == 200
        assert there.taken in (["1"], ["1", "1"])


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ({"update_id": 1}, {"secret": "a-long-word-that-nobody-guesseS"}),
        ({"update_id": 1}, {"secret": None}),
        ({"update_id": 1}, {"secret": "也"}),
        ({"update_id": 1}, {"path": "/telegram/x"}),
        ({"update_id": 1}, {"how": "PUT"}),
        ({"update": 1}, {}),
        ([1], {}),
    ],
)
async def test_what_is_not_telegrams_is_refused_in_one_way(
    sandbox: Sandbox, clock: LeapingClock, body: object, how: dict[str, str]
) -> None:
    async with opened(sandbox, clock) as there:
        if how.get("secret") == "也":
            how = {"secret": "\u00e4" * 31}  # a header holds no Chinese
        assert await there.post(body, **how) == 403
        assert there.taken == []


async def test_telegram_is_told_address_secret_and_kinds_at_the_start(sandbox: Sandbox, clock: LeapingClock) -> None:
    async with opened(sandbox, clock) as there:
        told = next(entry for entry in sandbox.journal if entry.method == "setWebhook")
        assert told.params["url"] == there.url
        assert told.params["secret_token"] == WORD
        assert "callback_query" in json.dumps(told.params["allowed_updates"])


async def test_a_second_process_may_say_the_same_and_a_poll_may_follow(sandbox: Sandbox, clock: LeapingClock) -> None:
    async with opened(sandbox, clock):
        pass
    clock.leap(clock.now() + (hour("07:31") - hour("07:30")))
    polling = Telegram(sandbox.token, sandbox.base_url, clock)
    await polling.open()
    sandbox.write(TEACHER, TEACHER, "在吗")
    heard: list[str] = []

    async def take(raws: Sequence[Raw]) -> None:
        heard.extend(raw.native for raw in raws)

    task = asyncio.create_task(polling.listen(take))
    advance = asyncio.ensure_future(clock.advance_to(hour("07:33")))
    await until(lambda: bool(heard))
    assert any(entry.method == "deleteWebhook" for entry in sandbox.journal)
    task.cancel()
    advance.cancel()
    await asyncio.gather(task, advance, return_exceptions=True)
    await polling.close()


async def test_a_gap_ends_when_telegram_has_nothing_left(sandbox: Sandbox, clock: LeapingClock) -> None:
    """What waited is older than it seems; what comes afterwards is not."""
    began = hour("07:20")
    sandbox.write(TEACHER, TEACHER, "等着的")
    async with opened(sandbox, clock, out_since=began) as there:
        await there.until(1)
        await clock.advance_to(hour("07:30:10"))
        assert there.telegram.out_since is None
        assert set(there.gaps[:1]) == {began}
        sandbox.write(TEACHER, TEACHER, "现在的")
        await there.until(2)
        assert there.gaps[-1] is None


async def test_telegram_is_out_of_touch_while_it_does_not_answer(sandbox: Sandbox, clock: LeapingClock) -> None:
    async with opened(sandbox, clock) as there:
        await clock.advance_to(hour("07:30:10"))
        fault = Fault("drop", "getWebhookInfo")
        sandbox.faults.append(fault)
        await clock.advance_to(hour("07:32"))
        assert there.telegram.out_since is not None
        sandbox.faults.clear()
        await clock.advance_to(hour("07:33"))
        assert there.telegram.out_since is None


async def test_an_address_that_is_taken_is_named(sandbox: Sandbox, clock: LeapingClock) -> None:
    async with opened(sandbox, clock) as there:
        assert there.telegram.hook is not None
        port = there.telegram.hook.port
        second = Telegram(sandbox.token, sandbox.base_url, clock, webhook=Webhook(there.url, WORD, "127.0.0.1", port))
        await second.open()
        with pytest.raises(Conflict, match=rf"telegram.webhook_listen: nothing can listen at 127.0.0.1:{port}"):
            await second.listen(there.take)
        await second.close()
