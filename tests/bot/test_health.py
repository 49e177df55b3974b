"""Whether a loop is well: one that hangs, one that waits, and one whose platform is away are three things."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.channels import Channel, Raw, Shown
from bot.channels.telegram import Telegram
from bot.health import Health, Watched, health
from bot.listener import Listener
from bot.postman import Postman
from bot.pulse import Pulse
from bot.refusals import Refusals
from bot.ticker import Ticker
from bot.turn import Turn
from bot.vault import Vault
from handlers.model import Message, ToHere, Update, Urgency
from handlers.words import literal
from sandbox import Fault, Sandbox
from storage import Busy, Storage, Tx, open_storage, saying
from tests.bot.test_ticker import HandClock
from tests.clocks import LeapingClock
from tests.handlers.world import ZONE, World

START = datetime(2026, 9, 7, 0, 0, tzinfo=UTC)
LONG = timedelta(minutes=6)  # longer than any loop may take
LOOPS = ("turn", "postman", "clock", "listener")
T = TypeVar("T")


@dataclass
class Database:
    """A real one that can be told to be away, or not to answer until the test ends."""

    inner: Storage
    away: bool = False
    mute: bool = False
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    tried: Callable[[], None] = lambda: None

    async def run(self, work: Callable[[Tx], T]) -> T:
        await self._fate()
        return await self.inner.run(work)

    async def read(self, work: Callable[[Tx], T]) -> T:
        await self._fate()
        return await self.inner.read(work)

    async def close(self) -> None:
        await self.inner.close()

    async def _fate(self) -> None:
        if self.mute:
            await self.answers.wait()
        if self.away:
            self.tried()
            raise Busy("the database is locked")


@dataclass
class House:
    """One loop of the bot on stepped time, with all that it rests on."""

    clock: LeapingClock
    sandbox: Sandbox
    telegram: Telegram
    database: Database
    ahead: timedelta | None = None
    running: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self, loop: str) -> Pulse:
        made, ring = self.made(loop)
        self.running.append(asyncio.create_task(made.run()))
        ring()
        return made.pulse

    def made(self, loop: str) -> tuple[Turn | Postman | Ticker | Listener, Callable[[], None]]:
        channels: dict[str, Channel] = {"telegram": self.telegram}
        match loop:
            case "turn":
                turn = Turn(self.database, self.clock, ZONE, channels, nothing, nothing)
                return turn, turn.ring
            case "postman":
                refusals = Refusals(self.database, self.clock, channels, nothing)
                common = (self.database, self.clock, channels, {"telegram"}, refusals)
                postman = Postman(*common, {}, ZONE, Vault(Path("none")), nothing)
                return postman, postman.ring
            case "clock":
                ticker = Ticker(self.database, self.clock, ZONE, nothing, lambda: self.ahead)
                return ticker, ticker.ring
        return Listener(self.database, self.clock, self.telegram, nothing, nothing), nothing

    async def go(self, span: timedelta) -> None:
        """In steps in which real HTTP comes round: an empty poll does not hold time still."""
        until = self.clock.now() + span
        async with asyncio.timeout(20):
            while (now := self.clock.now()) < until:
                await self.clock.advance_to(min(until, now + timedelta(seconds=50)))
                await asyncio.sleep(0.01)

    def health(self, loop: str, pulse: Pulse) -> Health:
        """Of a program that has this loop, and nothing else that could be unwell."""
        fine = Pulse(self.clock, timedelta(days=1))
        listener = pulse if loop == "listener" else fine
        loops = {} if loop == "listener" else {loop: pulse}
        watched = Watched(loops, {"telegram": listener}, {"telegram": self.telegram}, {"telegram"}, START)
        with fine.beating():
            return health(watched, self.clock, started=True)


def nothing() -> None:
    pass


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[House]:
    clock = LeapingClock(START)
    driver = asyncio.create_task(clock.run())
    sandbox = Sandbox(clock)
    await sandbox.start()
    storage = await open_storage(f"sqlite:///{folder / 'zero.db'}")
    await World(storage).begin()
    telegram = Telegram(sandbox.token, sandbox.base_url, clock)
    await telegram.open()
    house = House(clock, sandbox, telegram, Database(storage))
    yield house
    house.database.answers.set()
    for task in (*house.running, driver):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await telegram.close()
    await sandbox.stop()
    await storage.close()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(tmp_path) as house:
        yield house


@pytest.mark.parametrize("loop", LOOPS)
async def test_a_loop_that_has_nothing_to_do_goes_round(house: House, loop: str) -> None:
    pulse = house.start(loop)
    await house.go(timedelta(seconds=15))
    assert pulse.begun
    for _ in range(3):
        await house.go(timedelta(minutes=5))
        assert pulse.stopped is None


@pytest.mark.parametrize("loop", LOOPS)
async def test_a_loop_that_the_database_never_answers_hangs(house: House, loop: str) -> None:
    pulse = house.start(loop)
    await house.go(timedelta(seconds=15))
    house.database.mute = True
    await waiting(house, pulse)
    house.clock.leap(house.clock.now() + LONG)
    assert pulse.hangs
    assert str(pulse.stopped).startswith("no round for ")
    found = house.health(loop, pulse)
    named = "listener:telegram" if loop == "listener" else loop
    assert (found.progresses, found.hangs, set(found.stopped)) == (False, True, {named})


async def waiting(house: House, pulse: Pulse) -> None:
    """Until it is in the middle of a round, where its clock stands still, or is not there any more."""
    with suppress(TimeoutError):
        async with asyncio.timeout(0.3):
            await house.clock.advance_to(house.clock.now() + timedelta(minutes=2))


@pytest.mark.parametrize("loop", LOOPS[:-1])
async def test_a_loop_whose_database_is_away_waits_and_no_restart_would_mend_it(house: House, loop: str) -> None:
    pulse = house.start(loop)
    await house.go(timedelta(seconds=15))
    house.database.away = True
    await house.go(timedelta(minutes=2))
    assert not pulse.hangs
    await house.go(timedelta(minutes=10))
    assert not pulse.hangs
    assert "the database is locked" in str(pulse.stopped)
    found = house.health(loop, pulse)
    assert (found.progresses, found.hangs) == (False, False)
    house.database.away = False
    await house.go(timedelta(minutes=2))
    assert pulse.stopped is None


async def test_a_listener_whose_database_is_away_keeps_what_came_in_and_waits(house: House) -> None:
    hand = HandClock(START)
    listener = Listener(house.database, hand, house.telegram, nothing, nothing)
    house.database.away = True
    seen: list[tuple[bool, str | None]] = []

    def tried() -> None:
        hand.go(hand.now() + timedelta(minutes=1))
        seen.append((listener.pulse.hangs, listener.pulse.stopped))
        house.database.away = len(seen) < 10

    house.database.tried = tried
    with listener.pulse.beating():
        await listener.take([Raw("1", "{}")])
        assert [hangs for hangs, _ in seen] == [False] * 10
        assert seen[0][1] is None
        assert "the database is locked" in str(seen[-1])
        assert listener.pulse.stopped is None
    assert await house.database.inner.read(lambda tx: tx.all("SELECT native FROM inbox WHERE native = '1'"))


async def test_a_clock_that_may_put_no_tick_is_told_of_and_not_started_anew(house: House) -> None:
    pulse = house.start("clock")
    house.ahead = timedelta(minutes=3)
    await house.go(timedelta(minutes=6))
    assert "this machine's clock" in str(pulse.stopped)
    assert not pulse.hangs
    house.ahead = timedelta(0)
    await house.go(timedelta(minutes=2))
    assert pulse.stopped is None


async def test_a_platform_that_is_away_is_no_fault_of_the_program_but_somebody_must_look(house: House) -> None:
    pulse = house.start("listener")
    await house.go(timedelta(seconds=15))
    assert house.health("listener", pulse).is_well
    house.sandbox.faults.append(Fault("drop", method="getUpdates"))
    await house.go(timedelta(minutes=9))
    found = house.health("listener", pulse)
    assert (found.progresses, found.cut_off, set(found.out_of_touch)) == (True, False, {"telegram"})
    await house.go(timedelta(minutes=5))
    found = house.health("listener", pulse)
    assert (found.progresses, found.is_well, found.stopped) == (True, False, {})
    house.sandbox.faults.clear()
    await house.go(timedelta(minutes=2))
    assert house.health("listener", pulse).is_well


class Mute(Telegram):
    """A platform whose answer does not come before the test ends, and whose line never breaks."""

    answers = asyncio.Event()

    async def show(self, *_: object) -> Shown:
        await self.answers.wait()
        return Shown("1")


async def test_a_call_that_never_ends_is_a_postman_that_hangs(house: House) -> None:
    mute = house.telegram = Mute(house.sandbox.token, house.sandbox.base_url, house.clock)
    mute.answers = house.database.answers
    await house.database.inner.run(put_a_message)
    pulse = house.start("postman")
    with suppress(TimeoutError):
        await asyncio.wait_for(house.go(timedelta(seconds=5)), 0.3)
    house.clock.leap(house.clock.now() + LONG)
    await settled()
    assert pulse.hangs


def put_a_message(tx: Tx) -> None:
    update = Update("u", "district", "telegram", "101", "101", True, START, START, bytes(16), ZONE, "text")
    saying.say(tx, update, [Message("m", ToHere(), literal("早"), urgency=Urgency.ALERT)])


async def settled(rounds: int = 50) -> None:
    for _ in range(rounds):
        await asyncio.sleep(0)


def test_before_its_first_round_nothing_is_expected_of_a_loop() -> None:
    clock = LeapingClock(START)
    pulse = Pulse(clock, timedelta(minutes=2))
    pulse.goes_round()
    clock.leap(START + timedelta(hours=1))
    assert (pulse.begun, pulse.hangs, pulse.stopped, pulse.age) == (False, False, None, None)
    found = health(Watched({"turn": pulse}, {}, {}, set(), START), clock, started=False)
    assert (found.starting, found.progresses) == (True, False)


async def test_a_platform_that_does_not_let_us_in_is_out_of_touch_since_the_start(house: House) -> None:
    """Its listener is not there, and is no loop that hangs."""
    turn, listener = house.start("turn"), house.made("listener")[0].pulse
    watched = Watched({"turn": turn}, {"telegram": listener}, {"telegram": house.telegram}, set(), START)
    await house.go(timedelta(minutes=11))
    found = health(watched, house.clock, started=True)
    assert (found.progresses, found.hangs, found.is_well) == (True, False, False)
    assert found.out_of_touch == {"telegram": START}


@pytest.mark.parametrize("loop", LOOPS)
async def test_a_loop_that_has_ended_is_not_missed_until_it_begins_again(house: House, loop: str) -> None:
    pulse = house.start(loop)
    await house.go(timedelta(seconds=15))
    house.running[0].cancel()
    await asyncio.gather(house.running[0], return_exceptions=True)
    house.clock.leap(house.clock.now() + LONG)
    assert (pulse.begun, pulse.hangs, pulse.stopped) == (False, False, None)


async def test_where_another_process_listens_it_knows_whether_the_platform_is_there(house: House) -> None:
    turn = house.start("turn")
    watched = Watched({"turn": turn}, {}, {"telegram": house.telegram}, {"telegram"}, START)
    await house.go(timedelta(minutes=11))
    assert health(watched, house.clock, started=True).is_well
