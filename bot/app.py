"""The running bot: listener, turn, postman and ticker of one process, from the start to a clean stop."""

import asyncio
import logging
import secrets
import signal
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.channels import Channel
from bot.channels.configured import configured as configured_channels
from bot.channels.configured import groups_of
from bot.clock import Clock
from bot.config import Config
from bot.health import Health, Watched, health
from bot.keeper import Keeper
from bot.letters import ALONE, FULL, NEVER
from bot.listener import SEED_BYTES, Listener
from bot.meters import Meters
from bot.postman import Postman
from bot.refusals import Refusals
from bot.remover import Remover
from bot.seed import configured, seed
from bot.session import Session
from bot.ticker import Ticker
from bot.turn import Turn
from bot.vault import Vault
from bot.watch import Watch
from bot.web import Web
from handlers.model import LEADERS
from handlers.plain import stamp
from handlers.questions import DeafGroup, RulesOn
from storage import Storage, Tx, open_storage, progress
from storage.answers import Answers
from storage.chats import leaders_on, unheard
from storage.inbox import DISTRICT, own, put

log = logging.getLogger(__name__)

RUNNING = "running"
# said at every start, so that whoever widens it has read why it was narrow
CARRIES: Mapping[str, str] = {
    "telegram": "privacy.telegram is %s: Telegram carries %s; the default, alone, is narrower than full because what "
    "is sent through Telegram lies on servers outside the country",
    "wecom": "privacy.wecom is %s: WeCom carries %s; no name is ever on a card, and an app says one in a 保密消息",
}
CARRIED: Mapping[str, str] = {
    NEVER: "class and seat only, no child's name",
    ALONE: "a child's name to pick from, never beside a symptom",
    FULL: "children's names beside their symptoms, to those who answer for them",
}
KEEPS_NOTHING = (
    "%s keeps nothing of what people write and tap while this program does not run or is not connected; after each "
    "such time the admins are told from when to when"
)
UNHEARD = "%d of the staff cannot be reminded: the platform wants them to write to the bot first; /who names them"


class App:
    """Channels are opened here; the storage is the caller's, who closes it."""

    def __init__(self, config: Config, clock: Clock, storage: Storage, channels: Mapping[str, Channel]) -> None:
        self._clock = clock
        self._storage = storage
        self._channels = channels
        self._zone = config.zone
        self._district = config.district
        self._groups = groups_of(config) if "wecom" in channels else {}
        self._open: set[str] = set()
        self._meters = Meters()
        self.turn = Turn(storage, clock, config.zone, channels, self._spoken, self._planned, self._meters)
        self._refusals = Refusals(storage, clock, channels, self.turn.ring)
        vault = Vault(config.storage.files)
        manner = (config.carries, config.zone, vault)
        self.postman = Postman(
            storage, clock, channels, self._open, self._refusals, *manner, self.turn.ring, self._meters
        )
        self._keeper = Keeper(storage, clock, channels, vault, self.turn.ring)
        self._remover = Remover(storage, clock, channels)
        self._ticker = Ticker(storage, clock, config.zone, self.turn.ring, self._ahead)
        self._listeners = {name: self._listener(channel) for name, channel in channels.items()}
        self._sessions = [self._session(channel) for channel in channels.values()]
        self._watched = Watched(
            loops={"turn": self.turn.pulse, "postman": self.postman.pulse, "clock": self._ticker.pulse},
            listeners={name: one.pulse for name, one in self._listeners.items()},
            channels=channels,
            since=clock.now(),
        )
        self._web = Web(storage, clock, config.zone, self.health, self._meters, disks(config))
        self._listen = config.web
        self._watch = Watch(clock, self.health, config.watch.heartbeat_url.get_secret_value())
        self._hearing: list[asyncio.Task[None]] = []
        self._working: list[asyncio.Task[None]] = []

    def _listener(self, channel: Channel) -> Listener:
        return Listener(self._storage, self._clock, channel, self.turn.ring, self._ticker.ring)

    def _session(self, channel: Channel) -> Session:
        common = (self._storage, self._clock, channel, self._listeners[channel.name])
        return Session(*common, self._refusals, self._open, self._opened)

    async def run(self) -> None:
        """Until cancelled. Raises Unauthorized, StorageError, and whatever ended one of its loops."""
        watching = [_task("watch", self._watch.run())]
        if self._listen.listen:
            watching.append(_task("web", self._web.run(self._listen.host, self._listen.port)))
        try:
            await self.start()
            await self.wait()
        finally:
            for task in watching:
                await _ended(task)
            await self.stop()

    def health(self) -> Health:
        return health(self._watched, self._clock, started=bool(self._working))

    async def start(self) -> None:
        """Waits for no platform: each is opened beside the others, and what is due there waits for it. Raises
        StorageError."""
        if await self._storage.read(lambda tx: progress.known(tx, RUNNING)):
            log.warning("the last run did not end cleanly: open updates are taken one by one")
            await self.turn.recover()
        await self._storage.run(self._prepare)
        await self.turn.drain()
        await self._storage.run(self._configure)
        await self.turn.drain()
        await self._storage.read(self._announce)
        self._working = [_task("turn", self.turn.run()), _task("postman", self.postman.run())]
        self._working.append(_task("keeper", self._keeper.run()))
        self._working.append(_task("remover", self._remover.run()))
        self._hearing = [_task("ticker", self._ticker.run())]
        self._hearing += [_task("session", session.run()) for session in self._sessions]
        self.turn.ring()

    async def wait(self) -> None:
        """Returns when one of the loops has ended, which none does by itself; raises what ended it."""
        done, _ = await asyncio.wait([*self._hearing, *self._working], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def stop(self) -> None:
        """Hears no more, then ends what is in hand. The next start knows whether all of it ended by itself."""
        clean = bool(self._working) and not any(task.done() for task in (*self._hearing, *self._working))
        for task in (*self._hearing, *self._working):
            await _ended(task)
        self._hearing, self._working = [], []
        for channel in self._channels.values():
            await channel.close()
        if clean:
            await self._storage.run(lambda tx: progress.keep(tx, RUNNING, ""))
            log.info("stopped")

    def _prepare(self, tx: Tx) -> None:
        """What must be known before anything else: rules, calendar, where the leaders' group is."""
        now = self._clock.now()
        progress.keep(tx, RUNNING, stamp(now))
        seed(tx, now, now.astimezone(self._zone).date())
        ask = Answers(tx)
        for name, native in self._groups.items():
            if native != (ask(DeafGroup(name)) or ""):
                known, args = f"deaf_group:{stamp(now)}:{name}", (LEADERS, name, native)
                put(tx, [own(DISTRICT, "machine", known, "deaf_group", args, "", secrets.token_bytes(SEED_BYTES))], now)

    def _configure(self, tx: Tx) -> None:
        """What config.toml says of the start; the hours of the rounds are known by now."""
        configured(tx, self._clock.now(), self._zone, self._district)

    def _announce(self, tx: Tx) -> None:
        """What of today is not as on other days, and would be taken for a fault."""
        today = self._clock.now().astimezone(self._zone).date()
        rules = Answers(tx)(RulesOn(today))
        if rules.rehearsal:
            log.info("today is a rehearsal: every message is marked 【演练】, nothing of it enters the history")
        if not rules.begun(today):
            log.info("teachers hear nothing before %s (district.starts_on, or the first start)", rules.starts_on)
        for name, channel in self._channels.items():
            if not channel.can.keeps_input:
                log.info(KEEPS_NOTHING, name)
        if count := unheard(tx, today.isoformat()):
            log.warning(UNHEARD, count)

    def _opened(self) -> None:
        self.turn.ring()
        self._spoken()

    def _spoken(self) -> None:
        self.postman.ring()
        self._remover.ring()

    def _planned(self) -> None:
        self._ticker.ring()
        self._keeper.ring()

    def _ahead(self) -> timedelta | None:
        return next((ahead for one in self._channels.values() if (ahead := one.ahead) is not None), None)


async def serve(config: Config, clock: Clock) -> None:
    """`python -m bot run`: until SIGTERM or SIGINT. Raises ConfigError, Unauthorized, StorageError."""
    storage = await open_storage(config.storage.url)
    try:
        channels = channels_of(config, clock, storage)
        running = _task("app", App(config, clock, storage, channels).run())
        for end in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(end, running.cancel)
        for name in channels:
            log.info(CARRIES[name], config.carries[name], CARRIED[config.carries[name]])
        with suppress(asyncio.CancelledError):
            await running
    finally:
        await storage.close()


def channels_of(config: Config, clock: Clock, storage: Storage) -> dict[str, Channel]:
    """Each platform that is configured, not yet open. Raises ConfigError."""

    async def leaders() -> list[str]:
        """Who is in the group that WeCom's app makes."""
        day = clock.now().astimezone(config.zone).date().isoformat()
        return await storage.read(lambda tx: leaders_on(tx, "wecom", day))

    return configured_channels(config, clock, leaders)


def disks(config: Config) -> dict[str, Path]:
    """Where what is ours lies on this machine."""
    database = config.storage.database
    return {**({"database": database.parent} if database else {}), "files": config.storage.files}


def _task(name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    return asyncio.create_task(work, name=name)


async def _ended(task: asyncio.Task[None]) -> None:
    """Its own error has been raised by `wait`, or is less than that one."""
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled() and task.exception() is not None:
        log.error("%s ended", task.get_name(), exc_info=task.exception())
