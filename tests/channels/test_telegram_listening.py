"""The long poll: what is confirmed to Telegram and when, and how trouble is sat out."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import pytest

from bot.channels import Raw, Unauthorized
from bot.channels.telegram import Telegram
from bot.clock import SteppedClock
from sandbox import Fault, Sandbox
from tests.channels.conftest import LEADERS, TEACHER, until
from tests.clocks import LeapingClock


class Inbox:
    """Takes what is heard; with `gate` cleared it does not get done."""

    def __init__(self, telegram: Telegram) -> None:
        self.taken: list[Raw] = []
        self.batches: list[Sequence[Raw]] = []
        self.gaps: list[datetime | None] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.reached = asyncio.Event()
        self._telegram = telegram

    async def take(self, batch: Sequence[Raw]) -> None:
        self.reached.set()
        await self.gate.wait()
        self.taken += batch
        self.batches.append(batch)
        self.gaps.append(self._telegram.out_since)

    @property
    def texts(self) -> list[str]:
        return [json.loads(raw.body)["message"]["text"] for raw in self.taken]


@asynccontextmanager
async def listening(
    telegram: Telegram, inbox: Inbox, out_since: datetime | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(telegram.listen(inbox.take, out_since))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def heard(inbox: Inbox, count: int) -> None:
    await until(lambda: len(inbox.taken) >= count)


def confirmed(sandbox: Sandbox) -> bool:
    """Nothing waits any more."""
    return not sandbox._updates.waiting()


def offsets(sandbox: Sandbox) -> list[object]:
    return [call.params.get("offset") for call in sandbox.journal if call.method == "getUpdates"]


async def test_updates_arrive_in_order_each_by_itself(sandbox: Sandbox, telegram: Telegram) -> None:
    inbox = Inbox(telegram)
    async with listening(telegram, inbox):
        for words in ("三号", "38.5", "😀"):
            sandbox.write(TEACHER, TEACHER, words)
        await until(lambda: len(inbox.taken) >= 4 and confirmed(sandbox))
    assert inbox.texts == ["/start", "三号", "38.5", "😀"]
    numbers = [int(raw.native) for raw in inbox.taken]
    assert numbers == list(range(numbers[0], numbers[0] + 4))
    assert all(raw.body.isascii() for raw in inbox.taken)


async def test_an_update_is_confirmed_only_after_it_was_taken(sandbox: Sandbox, telegram: Telegram) -> None:
    inbox = Inbox(telegram)
    inbox.gate.clear()
    async with listening(telegram, inbox):
        await inbox.reached.wait()
    assert not confirmed(sandbox)
    assert inbox.taken == []

    inbox.gate.set()
    async with listening(telegram, inbox):
        await until(lambda: confirmed(sandbox))
    assert inbox.texts == ["/start"]


async def test_what_could_not_be_taken_is_not_confirmed(sandbox: Sandbox, telegram: Telegram) -> None:
    async def fail(batch: Sequence[Raw]) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        await telegram.listen(fail)
    assert not confirmed(sandbox)


async def test_the_offset_is_the_last_answers_and_none_after_an_empty_one(
    sandbox: Sandbox, telegram: Telegram, clock: SteppedClock
) -> None:
    inbox = Inbox(telegram)
    async with listening(telegram, inbox):
        await until(lambda: confirmed(sandbox))
        first = int(inbox.taken[0].native)
        await clock.advance_to(clock.now() + timedelta(seconds=51))
        await until(lambda: len(offsets(sandbox)) >= 2)
        await clock.advance_to(clock.now() + timedelta(seconds=51))
        await until(lambda: len(offsets(sandbox)) >= 3)
    assert offsets(sandbox)[:3] == [None, str(first + 1), None]


async def test_numbers_that_begin_anew_lose_nothing(sandbox: Sandbox, telegram: Telegram, clock: LeapingClock) -> None:
    """Of all numbers the worst is one just below the last: an offset of the week before would confirm it unseen."""
    inbox = Inbox(telegram)
    async with listening(telegram, inbox):
        await until(lambda: confirmed(sandbox))
        for count, words in enumerate(("一", "二", "三"), start=2):
            clock.leap(clock.now() + timedelta(days=8))
            await clock.advance_to(clock.now() + timedelta(minutes=10))
            sandbox.restart_ids(int(inbox.taken[-1].native) - 5)
            sandbox.write(TEACHER, TEACHER, words)
            await heard(inbox, count)
    assert inbox.texts == ["/start", "一", "二", "三"]


async def test_only_the_kinds_that_are_read_are_asked_for(
    sandbox: Sandbox, telegram: Telegram, clock: SteppedClock
) -> None:
    inbox = Inbox(telegram)
    async with listening(telegram, inbox):
        await until(lambda: confirmed(sandbox))
        sent = sandbox.write(TEACHER, TEACHER, "38.5")
        sandbox.edit(TEACHER, TEACHER, sent.id, "36.5")
        sandbox.tap(TEACHER, TEACHER, sent.id, "zero:k1:2")
        sandbox.kick_bot(LEADERS, TEACHER)
        await heard(inbox, 6)
    read = [telegram.read(raw.body) for raw in inbox.taken]
    assert [one and one.verb for one in read] == ["start", "text", "edited", "zero", None, "removed"]


async def sit_out(clock: SteppedClock, seconds: float) -> None:
    """The listener waits so long from now; then that time is over."""
    end = clock.now() + timedelta(seconds=seconds)
    await until(lambda: clock.next_event() == end)
    await clock.advance_to(end)


async def test_trouble_is_sat_out_ever_longer_and_the_gap_is_known(
    sandbox: Sandbox, telegram: Telegram, clock: SteppedClock, caplog: pytest.LogCaptureFixture
) -> None:
    begun = clock.now()
    inbox = Inbox(telegram)
    sandbox.faults.append(Fault("drop", method="getUpdates", times=7))
    with caplog.at_level(logging.INFO, "bot.channels.telegram"):
        async with listening(telegram, inbox):
            for seconds in (1, 2, 4, 8, 16, 30, 30):
                assert inbox.taken == []
                await sit_out(clock, seconds)
            await until(lambda: confirmed(sandbox))
            sandbox.write(TEACHER, TEACHER, "later")
            await heard(inbox, 2)
    assert inbox.gaps == [begun, None]
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def patience(sandbox: Sandbox) -> list[object]:
    """How long Telegram was asked to wait for something to tell."""
    return [call.params.get("timeout") for call in sandbox.journal if call.method == "getUpdates"]


async def test_at_the_start_and_after_trouble_it_asks_without_patience(
    sandbox: Sandbox, telegram: Telegram, clock: SteppedClock
) -> None:
    inbox = Inbox(telegram)
    async with listening(telegram, inbox):
        await until(lambda: confirmed(sandbox))
        sandbox.faults.append(Fault("drop", method="getUpdates", times=1))
        sandbox.write(TEACHER, TEACHER, "38.5")
        await heard(inbox, 2)
        await sit_out(clock, 1)
        await until(lambda: len(patience(sandbox)) >= 4)
    assert patience(sandbox)[:4] == ["0", "50", "50", "0"]


async def test_a_gap_from_before_the_start_ends_with_the_first_answer_even_an_empty_one(
    sandbox: Sandbox, telegram: Telegram, clock: SteppedClock
) -> None:
    inbox, since = Inbox(telegram), clock.now() - timedelta(minutes=5)
    async with listening(telegram, inbox):
        await until(lambda: confirmed(sandbox))
    async with listening(telegram, inbox, since):
        await sit_out(clock, 3)  # Telegram's least patience, where the same is asked again so soon
        await until(lambda: len(inbox.gaps) >= 2)
        sandbox.write(TEACHER, TEACHER, "38.5")
        await heard(inbox, 2)
    assert inbox.gaps == [None, since, None]
    assert [len(batch) for batch in inbox.batches] == [1, 0, 1]


async def test_a_long_backlog_is_all_from_the_gap(sandbox: Sandbox, telegram: Telegram, clock: SteppedClock) -> None:
    for n in range(229):
        sandbox.write(TEACHER, TEACHER, str(n))
    inbox, since = Inbox(telegram), clock.now() - timedelta(minutes=5)
    async with listening(telegram, inbox, since):
        await heard(inbox, 230)
        sandbox.write(TEACHER, TEACHER, "38.5")
        await heard(inbox, 231)
    assert [(len(batch), gap) for batch, gap in zip(inbox.batches, inbox.gaps, strict=True)] == [
        (100, since),
        (100, since),
        (30, since),
        (1, None),
    ]


async def test_while_an_answer_is_being_taken_nobody_listens(
    sandbox: Sandbox, telegram: Telegram, clock: LeapingClock
) -> None:
    """The database is away for ten minutes: who taps meanwhile is heard ten minutes late."""
    begun = clock.now()

    class Slow(Inbox):
        async def take(self, batch: Sequence[Raw]) -> None:
            await super().take(batch)
            if len(self.taken) == 1:
                clock.leap(begun + timedelta(minutes=10))

    inbox = Slow(telegram)
    async with listening(telegram, inbox):
        await heard(inbox, 1)
        sandbox.write(TEACHER, TEACHER, "38.5")
        await heard(inbox, 2)
    assert inbox.gaps[:2] == [None, begun]


async def test_telegrams_own_wait_is_kept(sandbox: Sandbox, telegram: Telegram, clock: SteppedClock) -> None:
    inbox = Inbox(telegram)
    sandbox.faults.append(Fault("429", method="getUpdates", times=1, retry_after=20))
    async with listening(telegram, inbox):
        await sit_out(clock, 20)
        await heard(inbox, 1)


async def test_an_unknown_token_ends_the_listening(sandbox: Sandbox, telegram: Telegram) -> None:
    sandbox.faults.append(Fault("401", times=1))
    with pytest.raises(Unauthorized):
        await telegram.listen(Inbox(telegram).take)


async def test_another_poller_is_outlasted(sandbox: Sandbox, telegram: Telegram, clock: SteppedClock) -> None:
    inbox = Inbox(telegram)
    sandbox.faults.append(Fault("409", method="getUpdates", times=3))
    async with listening(telegram, inbox):
        for _ in range(3):
            await sit_out(clock, 5)
        await heard(inbox, 1)


async def test_a_webhook_left_from_earlier_is_taken_away(
    sandbox: Sandbox, telegram: Telegram, clock: SteppedClock
) -> None:
    await telegram._bot.set_webhook("http://127.0.0.1:9/nobody")
    inbox = Inbox(telegram)
    async with listening(telegram, inbox):
        await sit_out(clock, 5)
        await heard(inbox, 1)
    assert "deleteWebhook" in [call.method for call in sandbox.journal]


async def test_a_batch_given_twice_is_handed_on_twice(sandbox: Sandbox, telegram: Telegram) -> None:
    """Repeats are judged by what is stored, not here."""
    inbox = Inbox(telegram)
    sandbox.faults.append(Fault("duplicate", times=1))
    async with listening(telegram, inbox):
        sandbox.write(TEACHER, TEACHER, "38.5")
        await heard(inbox, 3)
    assert [raw.native for raw in inbox.taken].count(inbox.taken[0].native) == 2


async def test_time_stands_still_until_what_was_heard_is_taken(
    sandbox: Sandbox, telegram: Telegram, clock: SteppedClock
) -> None:
    inbox = Inbox(telegram)
    inbox.gate.clear()
    begun = clock.now()
    async with listening(telegram, inbox):
        await inbox.reached.wait()
        moving = asyncio.create_task(clock.advance_to(begun + timedelta(minutes=1)))
        for _ in range(50):
            await asyncio.sleep(0)
        assert clock.now() == begun
        inbox.gate.set()
        await moving
    assert clock.now() == begun + timedelta(minutes=1)
