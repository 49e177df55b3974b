"""Fetches what people sent, keeps it where the bot alone may read it and has it taken out of the chat, and lets go of
what no row speaks of any more."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.channels import Channel, ChannelError, Gone, Refused, TooLarge, TryLater
from bot.clock import Bell, Clock
from bot.listener import SEED_BYTES
from bot.vault import Vault, kind_of
from storage import Storage, StorageError, Tx, inbox, removal, wanted
from storage.wanted import Wanted

log = logging.getLogger(__name__)

SWEEP = timedelta(seconds=60)
PATIENCE = timedelta(seconds=5)
GIVEN_UP = timedelta(minutes=30)  # Telegram's word on where a file lies holds for an hour


class Keeper:
    """One file at a time. What became of it is an inbox row, like everything that a handler is to know."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        channels: Mapping[str, Channel],
        vault: Vault,
        wake_turn: Callable[[], None],
        wake_remover: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._channels = channels
        self._vault = vault
        self._wake_turn = wake_turn
        self._wake_remover = wake_remover
        self._bell = Bell(clock)
        self._sweep_at: datetime | None = None

    def ring(self) -> None:
        self._bell.ring()

    async def run(self) -> None:
        """For ever. A database that is away, or a folder that cannot be written to, is waited for."""
        look_at = self._clock.now()
        while True:
            await self._bell.wait(look_at)
            try:
                with self._clock.busy():
                    self._bell.take()
                    look_at = await self.look()
            except (StorageError, OSError) as error:
                log.error("keeper: %s", error)
                look_at = self._clock.now() + PATIENCE

    async def look(self) -> datetime:
        """Fetches what is due and, once a minute, lets go; says when to look again."""
        now = self._clock.now()
        for one in await self._storage.read(lambda tx: wanted.due(tx, now)):
            if one.channel in self._channels:
                await asyncio.shield(self._fetch(one))
        if self._sweep_at is None or self._sweep_at <= now:
            await self._let_go()
            self._sweep_at = now + SWEEP
        following = await self._storage.read(wanted.next_due)
        return self._sweep_at if following is None else min(self._sweep_at, following)

    async def _fetch(self, one: Wanted) -> None:
        try:
            data = await self._channels[one.channel].fetch(one.remote, one.most)
        except TooLarge:
            await self._refuse(one, "too_large")
        except (Gone, Refused):
            await self._refuse(one, "lost")
        except ChannelError as error:
            await self._later(one, error)
        else:
            await self._keep(one, data)

    async def _keep(self, one: Wanted, data: bytes) -> None:
        kind = kind_of(data)
        if kind is None:
            await self._refuse(one, "no_paper")
            return
        await asyncio.to_thread(self._vault.keep, one.id, data)
        await self._storage.run(lambda tx: self._fetched(tx, one, kind, len(data)))
        self._wake_turn()
        self._wake_remover()

    async def _later(self, one: Wanted, error: ChannelError) -> None:
        now = self._clock.now()
        if now - one.put_at > GIVEN_UP:
            await self._refuse(one, "lost")
            return
        log.info("file %s is not here yet: %s", one.id, error)
        seconds = error.seconds if isinstance(error, TryLater) else 0
        until = now + max(PATIENCE, timedelta(seconds=seconds))
        await self._storage.run(lambda tx: wanted.later(tx, one.id, until))

    async def _refuse(self, one: Wanted, why: str) -> None:
        await self._storage.run(lambda tx: self._refused(tx, one, why))
        self._wake_turn()

    def _fetched(self, tx: Tx, one: Wanted, kind: str, size: int) -> None:
        _tell(tx, one, kind, size, self._clock.now())
        wanted.fetched(tx, one.id)
        if one.ref is not None:
            removal.put(tx, one.channel, one.native, one.ref, self._clock.now())

    def _refused(self, tx: Tx, one: Wanted, why: str) -> None:
        _tell(tx, one, why, 0, self._clock.now())
        wanted.given_up(tx, one.id)

    async def _let_go(self) -> None:
        living = await self._storage.read(wanted.living)
        if gone := await asyncio.to_thread(self._vault.drop_all_but, living):
            log.info("keeper: %d files removed", gone)


def _tell(tx: Tx, one: Wanted, what: str, size: int, now: datetime) -> None:
    args, seed = (one.id, one.person, what, str(size)), secrets.token_bytes(SEED_BYTES)
    inbox.put(tx, [inbox.own(one.lane, "postman", f"file:{one.id}", one.verb, args, one.caption, seed)], now)
