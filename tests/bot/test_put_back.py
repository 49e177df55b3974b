"""A machine's clock is put back: nothing waits for the hour that it had named. Found by the simulation, where
tests/simulate/test_simulation.py plays the whole day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.telegram import Telegram
from bot.clock import SystemClock
from bot.pacer import Pacer
from bot.simulate.memory import Memory
from handlers.plain import stamp
from storage import inbox, mail
from storage.connected import transact

NOON = datetime(2026, 9, 1, 4, tzinfo=UTC)
WRONG = NOON + timedelta(minutes=90)


@pytest.fixture
def memory() -> Iterator[Memory]:
    memory = Memory(lambda: NOON)
    yield memory
    memory.close()


def test_the_pacer_forgets_what_went_out_in_the_future() -> None:
    pacer = Pacer(Telegram.can.pace)
    pacer.took("telegram:1", WRONG)
    pacer.hold("telegram:2", WRONG + timedelta(seconds=30), WRONG)
    assert pacer.ready("telegram:1", True, NOON) > WRONG

    pacer.set_back()

    assert pacer.ready("telegram:1", True, NOON) == pacer.ready("telegram:2", True, NOON) == NOON


def test_what_waits_for_later_waits_no_longer_than_was_meant(memory: Memory) -> None:
    arrival = inbox.own("district", "lane", "pass_on:1:0", "pass_on", (), "", bytes(16))
    begin = memory.writer

    transact(begin, lambda tx: inbox.put_later(tx, arrival, WRONG + timedelta(minutes=10), WRONG))
    transact(begin, lambda tx: inbox.put_ripe(tx, NOON))

    assert transact(begin, inbox.next_ripe) == NOON + timedelta(minutes=10)


def test_a_message_that_was_put_in_the_future_is_due_now(memory: Memory) -> None:
    begin = memory.writer
    transact(begin, lambda tx: tx.run(MESSAGE, put=stamp(WRONG), due=stamp(WRONG)))
    assert transact(begin, lambda tx: mail.next_due(tx, NOON)) == WRONG

    transact(begin, lambda tx: mail.expire(tx, NOON))

    assert transact(begin, lambda tx: mail.next_due(tx, NOON)) is None


def test_what_was_shown_in_the_future_was_shown_by_now(memory: Memory) -> None:
    """Seed 100970: an alert that is added to a group's, where nothing can be edited, waits ten minutes after that."""
    begin = memory.writer
    transact(begin, lambda tx: tx.run(MESSAGE, put=stamp(WRONG), due=stamp(WRONG)))
    transact(begin, lambda tx: tx.run("UPDATE message SET shown_at = :at, asked_at = :at", at=stamp(WRONG)))

    transact(begin, lambda tx: mail.set_back(tx, NOON))

    row = transact(begin, lambda tx: tx.one("SELECT shown_at, asked_at, put_at, due_at FROM message"))
    assert row is not None
    assert set(dict(row).values()) == {stamp(NOON)}


async def test_a_sleep_ends_after_its_span_when_the_clock_is_put_back() -> None:
    class PutBack(SystemClock):
        LONG, LATE = 0.0, 0.0
        ahead = timedelta(hours=1)

        def now(self) -> datetime:
            return super().now() + self.ahead

    clock = PutBack()
    begun = clock.monotonic()

    await clock.sleep_until(clock.now() + timedelta(seconds=0.05))  # its alarm is an hour away by now

    assert clock.monotonic() - begun < 30


MESSAGE = """
INSERT INTO message (key, address, body, want, shown, numbered, typed, loud, urgency, fresh, state, put_at, due_at,
                     place, tries, unknown, told)
VALUES ('m', '', '{}', 1, 0, 0, 0, 1, 0, 0, 'due', :put, :due, 0, 0, 0, 0)
"""
