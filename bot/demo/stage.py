"""The stage: a stepped clock, the sandbox over real HTTP, the bot as it is, a district that has moved in."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from pydantic import SecretStr

from bot.app import App, channels_of
from bot.clock import ALONE, SteppedClock
from bot.commands import directory, words
from bot.config import Config, DistrictSection, PrivacySection, StorageSection, TelegramSection, WecomSection
from bot.demo.control import Control
from bot.demo.load import codes, load
from bot.machine import Machine
from handlers.questions import RulesOn
from sandbox import Sandbox
from sandbox.crowd import GROUP, Crowd, OnTelegram, OnWeCom, Paper, Platform, Town, town, week
from sandbox.district import Size, generate
from storage import Storage, open_storage
from storage.answers import Answers

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 9, 1)
BEGINS = time(7, 0)
START = datetime.combine(DAY, BEGINS, ZONE).astimezone(UTC)
JOINED = timedelta(minutes=5)  # by then everybody has opened the link
PACE = timedelta(milliseconds=400)
LOOPBACK = "127.0.0.1"
PATIENCE = 20.0  # real seconds in which a started program listens
BREATH = 0.02  # real seconds


class Stage(Struct):
    clock: SteppedClock
    sandbox: Sandbox
    platform: Platform
    storage: Storage
    config: Config
    people: Town
    crowd: Crowd
    paper: Paper
    control: Control
    app: App
    codes: Mapping[str, str] = field(default_factory=dict)  # of the invitations: 工号 → code

    async def start(self) -> None:
        """Returns when it can be heard by."""
        await self.app.start()
        if self.config.telegram.token.get_secret_value():
            await self.sandbox.polled(PATIENCE)
        if self.config.wecom.corp_id:
            url = f"http://{self.config.wecom.listen}{self.config.wecom.path}"
            await self.sandbox.wecom.connected(url, PATIENCE)

    async def restart(self) -> None:
        """The program ends and is started again, as when the machine is updated."""
        await self.stop()
        await self.start()

    async def stop(self) -> None:
        await self.app.stop()
        self.app = _program(self.config, self.clock, self.storage)

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
async def staged(
    seed: int,
    folder: Path,
    port: int,
    days: Sequence[date] = (),
    channel: str = "telegram",
    *,
    both: bool = False,
    size: Size = "S",
) -> AsyncIterator[Stage]:
    """Seven o'clock: the clock runs, everybody but a few has joined, the leaders' group is bound. Several `days` are
    planned as a week, and count; anything else is a rehearsal. `both`: the other platform is there, too, and nobody is
    on it yet."""
    clock = SteppedClock(START)
    driver = asyncio.create_task(clock.run())
    control = Control(clock, ZONE)
    sandbox = Sandbox(clock, time_control=control, seed=seed)
    await sandbox.start(port=port)
    platform: Platform = OnTelegram(sandbox, GROUP) if channel == "telegram" else OnWeCom(sandbox)
    config = _config(sandbox, folder, channel, both=both, rehearsal=len(days) < 2)
    storage = await open_storage(config.storage.url)
    stage: Stage | None = None
    try:
        district = generate(seed, size)
        people = town(district)
        planned = week(seed, people, days) if len(days) > 1 else None
        crowd = Crowd(sandbox, platform, clock, people, seed, planned)
        machine = beside(storage, clock, config)
        paper = await load(machine, district, people, folder, seed)
        control.rules = await storage.read(lambda tx: Answers(tx)(RulesOn(DAY)))
        app = _program(config, clock, storage)
        stage = Stage(clock, sandbox, platform, storage, config, people, crowd, paper, control, app)
        stage.crowd.move_in()
        stage.crowd.remember(paper)
        await stage.start()
        if "telegram" in stage.config.channels:
            stage.codes = await codes(machine, people)
        await (_join if channel == "telegram" else _employ)(stage, machine)
        await stage.advance(START + JOINED)
        yield stage
    finally:
        if stage is not None:
            await stage.app.stop()
        await storage.close()
        await sandbox.stop()
        driver.cancel()
        await asyncio.gather(driver, return_exceptions=True)


class Beside:
    """Practice time for a command line beside the program: it waits for that in real time, for practice time may stand
    still."""

    def __init__(self, clock: SteppedClock) -> None:
        self._clock = clock
        self.now, self.monotonic, self.busy = clock.now, clock.monotonic, clock.busy

    async def sleep_until(self, when: datetime) -> None:
        await asyncio.sleep(BREATH)


def beside(storage: Storage, clock: SteppedClock, config: Config) -> Machine:
    return Machine(storage, Beside(clock), config, {})


def _program(config: Config, clock: SteppedClock, storage: Storage) -> App:
    return App(config, clock, storage, channels_of(config, clock, storage), poll=ALONE)


def _config(sandbox: Sandbox, folder: Path, channel: str, *, both: bool, rehearsal: bool) -> Config:
    """The leaders are on `channel`. Whole as it is: whatever a school's own machine has in its environment does not
    reach the demo."""
    database = (folder / f"demo-{secrets.token_hex(4)}").resolve()
    telegram = TelegramSection(token=SecretStr(sandbox.token), base_url=sandbox.base_url)
    return Config.model_construct(
        telegram=telegram if both or channel == "telegram" else TelegramSection(),
        wecom=_wecom(sandbox, group=channel == "wecom") if both or channel == "wecom" else WecomSection(),
        storage=StorageSection(url=f"sqlite:///{database}.db", files=Path(f"{database}-files")),
        district=DistrictSection(rehearsal=rehearsal),
        privacy=PrivacySection(telegram="full"),
    )


def _wecom(sandbox: Sandbox, *, group: bool) -> WecomSection:
    """`group`: the leaders are there."""
    wecom = sandbox.wecom
    return WecomSection(
        corp_id=wecom.corp_id,
        agent_id=wecom.agent_id,
        secret=SecretStr(wecom.secret),
        token=SecretStr(wecom.token),
        aes_key=SecretStr(wecom.aes_key),
        listen=f"{LOOPBACK}:{_free_port()}",
        base_url=sandbox.page_url,
        group="appchat" if group else "",
    )


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as found:
        return int(found.getsockname()[1])


async def _employ(stage: Stage, machine: Machine) -> None:
    """Everybody is in the 通讯录 but those whose plan it is not to be; the clerk holds it against the roster, and
    settles nothing, for nothing is in doubt. WeCom has told the program of each of them before."""
    day = stage.crowd.begin(DAY)
    stage.crowd.employ(one for one in stage.people.members if one.id not in day.unbound)
    await stage.advance(stage.clock.now() + PACE)
    await match(stage, machine)


async def match(stage: Stage, machine: Machine) -> None:
    """`wecom directory`, and `--apply`."""
    there = await directory.fetched(machine)
    file = stage.config.storage.files.with_suffix(".xlsx")
    file.unlink(missing_ok=True)
    await directory.write(machine, there, file, words(), lambda _: None)
    await directory.apply(machine, there, file, words(), lambda _: None, lambda: True)
    stage.app.ring()


async def _join(stage: Stage, machine: Machine) -> None:
    """Everybody opens the link but those whose plan it is not to; then the bot is taken into the leaders' group."""
    day = stage.crowd.begin(DAY)
    pace = min(PACE, JOINED / 2 / len(stage.people.members))
    for member in stage.people.members:
        if member.id not in day.unbound:
            stage.crowd.join(member, stage.codes[member.number])
        await stage.advance(stage.clock.now() + pace)
    admin = stage.people.of("管理员")[0]
    stage.crowd.call_in(admin)
    await stage.advance(stage.clock.now() + timedelta(seconds=10))
    stage.crowd.bind_group(admin)
