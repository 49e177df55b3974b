"""The running bot: the roles of one process among those that share a database, from the start to a clean stop."""

import asyncio
import gc
import logging
import secrets
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Final

from bot.channels import Channel, WayIn
from bot.channels.configured import configured as configured_channels
from bot.channels.configured import groups_of
from bot.clock import POLL, Clock
from bot.config import Config, ConfigError, host_of, port_of
from bot.health import Health, Watched, health
from bot.keeper import Keeper
from bot.leases import Leases
from bot.letters import ALONE, FULL, NEVER
from bot.listener import SEED_BYTES, Listener
from bot.meters import Meters
from bot.painter import Paint, Painter
from bot.postman import Postman
from bot.refusals import Refusals
from bot.remover import Remover
from bot.seed import configured, seed
from bot.session import Session
from bot.showing import Finished
from bot.surveyor import Surveyor
from bot.surveys import Survey
from bot.tasks import together
from bot.ticker import Ticker
from bot.turn import Turn
from bot.vault import Vault
from bot.watch import Watch
from bot.web import Web
from handlers.model import LEADERS
from handlers.plain import stamp
from handlers.questions import DeafGroup, RulesOn
from storage import Storage, StorageError, Tx, inbox, lease, open_storage
from storage.answers import Answers
from storage.calls import calls
from storage.chats import leaders_on, unheard
from storage.inbox import DISTRICT, own, put
from storage.lease import Guarded

log = logging.getLogger(__name__)

# kinds of leases: of each process that takes lanes, or that a platform may call; of who polls; of who has a line
WORKS, HEARS, POLLS, LINE = "work", "hear", "listen", "line"
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
ONE_LINE = (
    "A 智能机器人 (wecom.bot_id) speaks by the line on which it listens: give a process both --listen and --post, or "
    "neither."
)
# who is woken: those who take lanes; who shows or removes; who looks at what is for later, or fetches
TURN, SPOKEN, PLANNED = "turn", "spoken", "planned"


class Role(StrEnum):
    """What a process does; any number may share each, and what one alone may do is whose lease it is."""

    LISTEN = "listen"
    WORK = "work"
    POST = "post"
    TICK = "tick"


EVERY: Final = frozenset(Role)


class App:
    """Channels are opened here; the storage is the caller's, who closes it. `paint`, `survey`: who draws, and who looks
    at the whole district, unless helper processes are to. `poll`: after how long what another process may have put is
    looked for. Raises ConfigError for roles that this machine's channels cannot have."""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        storage: Storage,
        channels: Mapping[str, Channel],
        roles: frozenset[Role] = EVERY,
        paint: Paint | None = None,
        survey: Survey | None = None,
        poll: timedelta = POLL,
    ) -> None:
        self._painter, self._surveyor = Painter(), Surveyor(config.storage.url, storage)
        self._paint = paint or self._painter
        self._clock = clock
        self._storage = storage
        self._channels = channels
        self._roles = roles
        self._zone = config.zone
        self._carries = config.carries
        self._district = config.district
        self._groups = groups_of(config) if "wecom" in channels else {}
        self._vault = Vault(config.storage.files)
        self._calls = calls(config.storage.url)
        self._poll = poll
        self._leases = Leases(storage, clock)
        self._rung: dict[str, list[Callable[[], None]]] = {TURN: [], SPOKEN: [], PLANNED: []}
        self._open: set[str] = set()
        self._meters = Meters()
        self.turn = Turn(
            storage,
            clock,
            config.zone,
            channels,
            self._ringing(SPOKEN),
            self._ringing(PLANNED),
            self._meters,
            self._leases.own,
            survey or self._surveyor,
            poll,
        )
        self._refusals = Refusals(storage, clock, channels, self._ringing(TURN))
        loops = {"turn": self.turn.pulse, "survey": self.turn.surveys.pulse}
        self._watched = Watched(loops, {}, channels, self._open, clock.now())
        self._web = Web(storage, clock, config.zone, self.health, self._meters, disks(config))
        self._look = config.web
        self._watch = Watch(clock, self.health, config.watch.heartbeat_url.get_secret_value())
        self._unrecorded: dict[str, tuple[int, Sequence[Finished]]] = {}  # by channel, and in which epoch of its lease
        self._hearing: list[asyncio.Task[None]] = []
        self._working: list[asyncio.Task[None]] = []
        for channel in channels.values():
            if channel.way_in is WayIn.LINE and (Role.LISTEN in roles) != (Role.POST in roles):
                raise ConfigError(ONE_LINE)

    async def run(self) -> None:
        """Until cancelled. Raises Unauthorized, StorageError, and whatever ended one of its loops."""
        watching = [_task("watch", self._watch.run())]
        if self._look.listen:
            watching.append(_task("web", self._web.run(host_of(self._look.listen), port_of(self._look.listen))))
        try:
            await self.start()
            await self.wait()
        finally:
            for task in watching:
                await _ended(task)
            await self.stop()

    def ring(self) -> None:
        """Somebody beside this program has put something, who cannot ring it otherwise."""
        for whom in self._rung:
            self._called(whom)

    def health(self) -> Health:
        return health(self._watched, self._clock, started=bool(self._working))

    async def start(self) -> None:
        """Waits for no platform: each is opened beside the others, and what is due there waits for it. Raises
        StorageError."""
        await self._leases.bury(HEARS)
        if Role.WORK in self._roles:
            await self._recover()
        await self._storage.run(self._prepare)
        await self.turn.drain()
        await self._storage.run(self._configure)
        await self.turn.drain()
        await self._storage.read(self._announce)
        log.info("begins: %s", ", ".join(sorted(self._roles)))
        self._working = [_task("calls", self._calls.run(self._called))]
        if Role.WORK in self._roles:
            self._rung[TURN].append(self.turn.ring)
            self._working.append(_task("turn", self.turn.run()))
            self.turn.ring()
        if Role.POST in self._roles:
            self._working += [self._held(f"post:{name}", self._post, channel) for name, channel in self._with_mouths()]
            self._working.append(_task("keep", self._leases.hold("keep", self._keep)))
        if Role.TICK in self._roles:
            self._hearing.append(_task("tick", self._leases.hold("tick", self._tick)))
        self._hearing += [_task("session", self._session(channel).run()) for channel in self._channels.values()]
        self._working.append(_task("leases", self._leases.run()))

    async def wait(self) -> None:
        """Returns when one of the loops has ended, which none does by itself; raises what ended it."""
        done, _ = await asyncio.wait([*self._hearing, *self._working], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def stop(self) -> None:
        """Hears no more, then ends what is in hand. Others know whether all of it ended by itself."""
        clean = bool(self._working) and not any(task.done() for task in (*self._hearing, *self._working))
        for task in (*self._hearing, *self._working):
            await _ended(task)
        self._hearing, self._working = [], []
        for channel in self._channels.values():
            await channel.close()
        await self._painter.close()
        await self._surveyor.close()
        try:
            await self._leases.release(clean=clean)
        except StorageError as error:
            log.error("others take over only when the time of this process is over: %s", error)
        if clean:
            log.info("stopped")

    # Who does what

    def _with_mouths(self) -> list[tuple[str, Channel]]:
        """Where it is spoken otherwise than by the line on which is listened."""
        return [(name, channel) for name, channel in self._channels.items() if channel.way_in is not WayIn.LINE]

    def _held(
        self, name: str, job: Callable[[Channel, Guarded], Awaitable[None]], channel: Channel
    ) -> asyncio.Task[None]:
        return _task(name, self._leases.hold(name, partial(job, channel)))

    def _session(self, channel: Channel) -> Session:
        return Session(
            self._storage, self._clock, channel, partial(self._hear, channel), self._refusals, self._open, self._opened
        )

    def _opened(self) -> None:
        self._called(TURN)
        self._called(SPOKEN)

    async def _hear(self, channel: Channel) -> None:
        """For ever; alone where only one process may, while it has the lease."""
        if Role.LISTEN not in self._roles:
            await asyncio.Event().wait()
        match channel.way_in:
            case WayIn.ALONE:
                await self._leases.hold(f"{POLLS}:{channel.name}", partial(self._listen, channel))
            case WayIn.LINE:
                await self._leases.hold(f"{LINE}:{channel.name}", partial(self._line, channel))
            case WayIn.ANY:
                await self._listen_beside(channel)

    async def _listen(self, channel: Channel, storage: Storage) -> None:
        await self._listener(channel, storage).run()

    async def _listen_beside(self, channel: Channel) -> None:
        kind = f"{HEARS}:{channel.name}"
        await self._leases.register(kind)
        listener = self._listener(channel, self._storage, lambda tx: lease.others(tx, kind, self._leases.holder))
        await listener.run()

    def _listener(
        self, channel: Channel, storage: Storage, others: Callable[[Tx], bool] = lambda tx: False
    ) -> Listener:
        listener = Listener(storage, self._clock, channel, self._ringing(TURN), self._ringing(PLANNED), others)
        self._watched.listeners[channel.name] = listener.pulse
        return listener

    async def _line(self, channel: Channel, storage: Guarded) -> None:
        """What is said goes out by the line on which is listened."""
        await together(self._post(channel, storage), self._listen(channel, storage))

    async def _post(self, channel: Channel, storage: Guarded) -> None:
        """If the lease ends because the database is away, what was shown goes unrecorded. If it is ours again and has
        been nobody's meanwhile, that is recorded then, and nothing shown twice."""
        epoch, ended = self._unrecorded.pop(channel.name, (storage.epoch, ()))
        postman = Postman(
            storage,
            self._clock,
            {channel.name: channel},
            self._open,
            self._refusals,
            self._carries,
            self._zone,
            self._vault,
            self._ringing(TURN),
            self._meters,
            self._paint,
            ended if epoch == storage.epoch else (),
            self._poll,
        )
        self._watched.loops[f"postman:{channel.name}"] = postman.pulse
        try:
            with self._rings(SPOKEN, postman.ring):
                await postman.run()
        finally:
            self._unrecorded[channel.name] = (storage.epoch, postman.unrecorded)

    async def _keep(self, storage: Storage) -> None:
        remover = Remover(storage, self._clock, self._channels)
        keeper = Keeper(storage, self._clock, self._channels, self._vault, self._ringing(TURN), remover.ring)
        with self._rings(PLANNED, keeper.ring), self._rings(PLANNED, remover.ring):
            await together(keeper.run(), remover.run())

    async def _tick(self, storage: Storage) -> None:
        ticker = Ticker(storage, self._clock, self._zone, self._ringing(TURN), self._ahead)
        self._watched.loops["clock"] = ticker.pulse
        with self._rings(PLANNED, ticker.ring):
            if await storage.read(self._others_listen):
                ticker.ring()
            await ticker.run()

    def _others_listen(self, tx: Tx) -> bool:
        """So that who acted while no clock went has been heard by now."""
        return any(lease.others(tx, kind, self._leases.holder) for kind in (HEARS, POLLS, LINE))

    # Who wakes whom

    def _ringing(self, whom: str) -> Callable[[], None]:
        """After a commit that leaves them something to do, be they here or in another process."""

        def ring() -> None:
            self._called(whom)
            self._calls.call(whom)

        return ring

    def _called(self, whom: str) -> None:
        for ring in self._rung.get(whom, ()):
            ring()

    @contextmanager
    def _rings(self, whom: str, ring: Callable[[], None]) -> Iterator[None]:
        self._rung[whom].append(ring)
        try:
            yield
        finally:
            self._rung[whom].remove(ring)

    # At the start

    async def _recover(self) -> None:
        """A process that has died may have died of a row."""
        died = await self._leases.bury(WORKS)
        await self._leases.register(WORKS)
        if died:
            log.warning("a process did not end cleanly: open updates are taken one by one")
            await self.turn.recover()

    def _prepare(self, tx: Tx) -> None:
        """What must be known before anything else: rules, calendar, where the leaders' group is. One process at a
        time."""
        inbox.hold(tx, DISTRICT)
        now = self._clock.now()
        seed(tx, now, now.astimezone(self._zone).date())
        ask = Answers(tx)
        for name, native in self._groups.items():
            if native != (ask(DeafGroup(name)) or ""):
                known, args = f"deaf_group:{stamp(now)}:{name}", (LEADERS, name, native)
                put(tx, [own(DISTRICT, "machine", known, "deaf_group", args, "", secrets.token_bytes(SEED_BYTES))], now)

    def _configure(self, tx: Tx) -> None:
        """What config.toml says of the start; the hours of the rounds are known by now."""
        inbox.hold(tx, DISTRICT)
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

    def _ahead(self) -> timedelta | None:
        return next((ahead for one in self._channels.values() if (ahead := one.ahead) is not None), None)


async def serve(config: Config, clock: Clock, roles: frozenset[Role] = EVERY) -> None:
    """`python -m bot run`: until SIGTERM or SIGINT. Raises ConfigError, Unauthorized, StorageError."""
    storage = await open_storage(config.storage.url, lets_go=True)
    try:
        channels = channels_of(config, clock, storage)
        settle_down()
        running = _task("app", App(config, clock, storage, channels, roles).run())
        for end in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(end, running.cancel)
        for name in channels:
            log.info(CARRIES[name], config.carries[name], CARRIED[config.carries[name]])
        with suppress(asyncio.CancelledError):
            await running
    finally:
        await storage.close()


def settle_down() -> None:
    """What the program itself consists of is no garbage: to look through it again and again holds up whoever taps just
    then, by some fifty milliseconds."""
    gc.freeze()
    gc.enable()


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
