"""Which lane is taken next: a person waits for nobody's tick, and the clock is not forgotten while people come."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels import Heard
from bot.channels.telegram import Telegram
from bot.turn import AT_A_TIME, Turn
from storage import Storage, inbox, open_storage
from storage.inbox import Arrival
from tests.clocks import LeapingClock
from tests.stack import ZONE

NOW = datetime(2026, 9, 1, 0, 15, tzinfo=UTC)
LANES = [f"school{n:02}" for n in range(40)]


class Ear(Telegram):
    """Notes when each update is read, in lanes that were taken before."""

    def __init__(self, clock: LeapingClock) -> None:
        super().__init__("123456:made-up", "http://127.0.0.1:9/bot", clock)
        self.taken = 0
        self.read_after: dict[str, int] = {}

    def read(self, body: str) -> Heard | None:
        self.read_after[body] = self.taken
        return None

    def took(self) -> None:
        self.taken += 1


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    storage = await open_storage(f"sqlite:///{tmp_path / 'zero.db'}", inline=True)
    yield storage
    await storage.close()


def turn(storage: Storage, ear: Ear) -> Turn:
    return Turn(storage, LeapingClock(NOW), ZONE, {"telegram": ear}, ear.took, lambda: None, begins=LANES[20])


def said(lane: str, body: str) -> Arrival:
    return Arrival(lane, "telegram", f"{lane} {body}", body, bytes(16))


def tick(lane: str) -> Arrival:
    """Anything of ours will do."""
    return inbox.own(lane, "clock", f"tick:x:{lane}", "link", ("telegram", "https://t.me/x"), "", bytes(16))


async def test_a_tap_amid_a_tick_waits_for_no_school_but_its_own(storage: Storage) -> None:
    ear = Ear(LeapingClock(NOW))
    await storage.run(lambda tx: inbox.put(tx, [*map(tick, LANES), said(LANES[3], "a tap")], NOW))
    await turn(storage, ear).drain()
    assert ear.read_after == {"a tap": 0}
    assert ear.taken == len(LANES)


async def test_a_tap_that_comes_amid_a_tick_waits_for_a_few_schools(storage: Storage) -> None:
    ear = Ear(LeapingClock(NOW))
    one = turn(storage, ear)
    await storage.run(lambda tx: inbox.put(tx, list(map(tick, LANES)), NOW))
    lanes = await storage.read(lambda tx: one._next(tx, ()))
    await storage.run(lambda tx: inbox.put(tx, [said(LANES[3], "a tap")], NOW))
    assert len(lanes) == AT_A_TIME
    assert (await storage.read(lambda tx: one._next(tx, ())))[0] == LANES[3]


async def test_while_everybody_taps_the_clock_has_its_turn(storage: Storage) -> None:
    ear = Ear(LeapingClock(NOW))
    await storage.run(lambda tx: inbox.put(tx, [*(said(lane, lane) for lane in LANES[1:]), tick(LANES[0])], NOW))
    first = await storage.read(lambda tx: turn(storage, ear)._next(tx, ()))
    assert first == [*LANES[21 : 21 + AT_A_TIME - 1], LANES[0]]
