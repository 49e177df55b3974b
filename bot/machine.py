"""The command line's way in: its words are inbox rows like any other, and turns are run here until they are done."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime, timedelta

from bot.channels import Channel, ChannelError
from bot.channels.configured import configured
from bot.clock import Clock
from bot.config import Config
from bot.listener import SEED_BYTES
from bot.seed import seed
from bot.turn import Turn
from handlers import decide
from handlers.model import Update
from handlers.plain import stamp
from storage import Busy, Storage, inbox, open_storage
from storage.answers import Answers
from storage.inbox import DISTRICT, Arrival

log = logging.getLogger(__name__)

CHANNEL = "machine"
PATIENCE = timedelta(seconds=60)
BREATH = timedelta(seconds=0.2)


class MachineError(Exception):
    """What was asked of the machine did not happen: the sentence says which row and why."""


class Machine:
    """Works beside a running bot on the same database, or without one."""

    def __init__(self, storage: Storage, clock: Clock, config: Config, channels: Mapping[str, Channel]) -> None:
        self.storage = storage
        self.config = config
        self.clock = clock
        self.zone = config.zone
        self._turn = Turn(storage, clock, config.zone, channels, lambda: None, lambda: None)

    def now(self) -> datetime:
        return self.clock.now()

    def today(self) -> date:
        return self.now().astimezone(self.zone).date()

    def arrival(self, verb: str, args: Sequence[str] = (), words: str = "", *, lane: str = DISTRICT) -> Arrival:
        """A word of the machine; its seed makes it one of its own."""
        grain = secrets.token_bytes(SEED_BYTES)
        native = f"{verb}:{stamp(self.now())}:{grain.hex()[:8]}"
        return inbox.own(lane, CHANNEL, native, verb, args, words, grain)

    def update(self, arrival: Arrival, verb: str, args: Sequence[str] = (), words: str = "") -> Update:
        """The arrival as a handler will read it."""
        now = self.now()
        return Update(
            id=arrival.native,
            lane=arrival.lane,
            channel=CHANNEL,
            sender=CHANNEL,
            chat=CHANNEL,
            private=True,
            at=now,
            now=now,
            seed=arrival.seed,
            zone=self.zone,
            verb=verb,
            args=tuple(args),
            text=words,
        )

    async def try_out(self, update: Update) -> int:
        """How many facts it would state. Raises MachineError in the handler's own words; nothing is changed."""
        try:
            return await self.storage.read(lambda tx: len(decide(update, Answers(tx)).facts))
        except (ValueError, KeyError, TypeError) as error:
            raise MachineError(f"{update.verb}: {error.args[0] if error.args else error}") from error

    async def tell(self, arrivals: Sequence[Arrival]) -> list[str]:
        """Puts the rows and runs turns until all are done; their outcomes. Raises MachineError naming the row."""
        await self.storage.run(lambda tx: inbox.put(tx, arrivals, self.now()))
        return await self.finish([(one.channel, one.native) for one in arrivals])

    async def finish(self, natives: Sequence[tuple[str, str]]) -> list[str]:
        """Runs turns until these rows are done: here or in a bot that is running. Raises MachineError."""
        until = self.now() + PATIENCE
        while True:
            try:
                await self._turn.drain()
            except Busy as error:
                log.info("waiting: %s", error)
            found = await self.storage.read(lambda tx: [inbox.outcome_of(tx, *one) for one in natives])
            if not any(one is not None and one[0] == "open" for one in found):
                return [_outcome(native, one) for (_, native), one in zip(natives, found, strict=True)]
            if self.now() > until:
                raise MachineError(f"{natives[0][1]} is still open after {PATIENCE.seconds} s; it stays in the inbox.")
            await self.clock.sleep_until(self.now() + BREATH)

    async def prepare(self) -> None:
        """Rules and calendar, as at the bot's own first start."""
        now = self.now()
        if await self.storage.run(lambda tx: seed(tx, now, self.today())):
            await self._turn.drain()


def _outcome(native: str, found: tuple[str, str] | None) -> str:
    state, outcome = found or ("lost", "no such row")
    if state != "done":
        raise MachineError(f"row {native} was set aside ({outcome}); nothing of it holds.")
    return outcome


@asynccontextmanager
async def machine(
    config: Config, clock: Clock, channels: Mapping[str, Channel] | None = None
) -> AsyncIterator[Machine]:
    """Raises StorageError."""
    storage = await open_storage(config.storage.url)
    try:
        opened = Machine(storage, clock, config, channels or {})
        await opened.prepare()
        yield opened
    finally:
        await asyncio.shield(storage.close())


@asynccontextmanager
async def reading(config: Config, clock: Clock, *, wanted: bool) -> AsyncIterator[Mapping[str, Channel]]:
    """The channels, for who must read an update of theirs once more. One that is away or refuses us can still be read.
    Raises ConfigError."""
    if not wanted:
        yield {}
        return
    channels = configured(config, clock)
    try:
        for channel in channels.values():
            with suppress(ChannelError):
                await channel.open()
        yield channels
    finally:
        for channel in channels.values():
            await channel.close()
