"""The stage: a stepped clock, the sandbox over real HTTP, the bot as it is, a district that has moved in."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot.app import App
from bot.channels.telegram import Telegram
from bot.clock import SteppedClock
from bot.config import Config, DistrictSection, PrivacySection, StorageSection, TelegramSection
from bot.demo.control import Control
from bot.demo.load import codes, load
from bot.machine import Machine
from handlers.questions import RulesOn
from sandbox import Sandbox
from sandbox.crowd import Crowd, Paper, Town, town, week
from sandbox.district import generate
from storage import Storage, open_storage
from storage.answers import Answers

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 9, 1)
BEGINS = time(7, 0)
START = datetime.combine(DAY, BEGINS, ZONE).astimezone(UTC)
JOINED = timedelta(minutes=5)  # by then everybody has opened the link
PACE = timedelta(milliseconds=400)


@dataclass
class Stage:
    clock: SteppedClock
    sandbox: Sandbox
    storage: Storage
    config: Config
    people: Town
    crowd: Crowd
    paper: Paper
    control: Control
    app: App
    ended: int = 0  # turns of the programs before this one

    @property
    def turns(self) -> int:
        return self.ended + self.app.turn.turns

    async def restart(self) -> None:
        """The program ends and is started again, as when the machine is updated."""
        await self.app.stop()
        self.ended += self.app.turn.turns
        self.app = _program(self.config, self.clock, self.storage)
        await self.app.start()

    async def advance(self, when: datetime) -> None:
        """All that happens up to `when`. Raises what ended the bot, if it ended."""
        arrival = asyncio.ensure_future(self.clock.advance_to(when))
        running = asyncio.ensure_future(self.app.wait())
        try:
            await asyncio.wait({arrival, running}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
        finally:
            arrival.cancel()
            running.cancel()


@asynccontextmanager
async def staged(seed: int, folder: Path, port: int, days: Sequence[date] = ()) -> AsyncIterator[Stage]:
    """Seven o'clock: the clock runs, everybody but a few has joined, the leaders' group is bound. Several `days` are
    planned as a week, and count; anything else is a rehearsal."""
    clock = SteppedClock(START)
    driver = asyncio.create_task(clock.run())
    control = Control(clock, ZONE)
    sandbox = Sandbox(clock, time_control=control, seed=seed)
    await sandbox.start(port=port)
    config = _config(sandbox, folder, rehearsal=len(days) < 2)
    storage = await open_storage(config.storage.url)
    stage: Stage | None = None
    try:
        district = generate(seed)
        people = town(district)
        crowd = Crowd(sandbox, clock, people, seed, week(seed, people, days) if len(days) > 1 else None)
        machine = Machine(storage, clock, config, {})
        paper = await load(machine, district, people, folder, seed)
        control.rules = await storage.read(lambda tx: Answers(tx)(RulesOn(DAY)))
        stage = Stage(clock, sandbox, storage, config, people, crowd, paper, control, _program(config, clock, storage))
        await stage.app.start()
        await _join(stage, machine)
        yield stage
    finally:
        if stage is not None:
            await stage.app.stop()
        await storage.close()
        await sandbox.stop()
        driver.cancel()
        await asyncio.gather(driver, return_exceptions=True)


def _program(config: Config, clock: SteppedClock, storage: Storage) -> App:
    telegram = Telegram(config.token, config.telegram.base_url, clock)
    return App(config, clock, storage, {telegram.name: telegram})


def _config(sandbox: Sandbox, folder: Path, *, rehearsal: bool) -> Config:
    """Whole as it is: whatever a school's own machine has in its environment does not reach the demo."""
    database = (folder / f"demo-{secrets.token_hex(4)}").resolve()
    return Config.model_construct(
        telegram=TelegramSection(token=SecretStr(sandbox.token), base_url=sandbox.base_url),
        storage=StorageSection(url=f"sqlite:///{database}.db", files=Path(f"{database}-files")),
        district=DistrictSection(rehearsal=rehearsal),
        privacy=PrivacySection(telegram="full"),
    )


async def _join(stage: Stage, machine: Machine) -> None:
    """Everybody opens the link but those whose plan it is not to; then the bot is taken into the leaders' group."""
    stage.crowd.move_in()
    stage.crowd.remember(stage.paper)
    day = stage.crowd.begin(DAY)
    known = await codes(machine, stage.people)
    for member in stage.people.members:
        if member.id not in day.unbound:
            stage.crowd.join(member, known[member.number])
        await stage.advance(stage.clock.now() + PACE)
    admin = stage.people.of("管理员")[0]
    stage.crowd.call_in(admin)
    await stage.advance(stage.clock.now() + timedelta(seconds=10))
    stage.crowd.bind_group(admin)
    await stage.advance(START + JOINED)
