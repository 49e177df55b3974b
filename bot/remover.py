"""Takes out of the chats what names a child and an illness, once it has been read. A refusal is nobody's trouble."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.channels import Channel, ChannelError, TryLater, Unauthorized, Unknown
from bot.clock import Bell, Clock
from storage import Storage, StorageError, removal
from storage.removal import Removal

log = logging.getLogger(__name__)

POLL: Final = timedelta(seconds=2)  # until what was read has been shown
IDLE: Final = timedelta(minutes=1)  # where nothing waits; a turn of this program rings
PATIENCE: Final = timedelta(seconds=15)
AT_ONCE: Final = 10  # a look; the channel's pace is the postman's, and these go beside it


class Remover:
    """One call at a time."""

    def __init__(self, storage: Storage, clock: Clock, channels: Mapping[str, Channel]) -> None:
        self._storage = storage
        self._clock = clock
        self._channels = channels
        self._bell = Bell(clock)

    def ring(self) -> None:
        self._bell.ring()

    async def run(self) -> None:
        """For ever; a database that is away is waited for."""
        pause = POLL
        while True:
            await self._bell.wait(self._clock.now() + pause)
            pause = POLL
            try:
                with self._clock.busy():
                    self._bell.take()
                    pause = await self._look()
            except StorageError as error:
                log.error("remover: %s", error)

    async def _look(self) -> timedelta:
        """How long until the next."""
        now = self._clock.now()
        found, waits = await self._storage.read(lambda tx: (removal.due(tx, now, AT_ONCE), removal.waiting(tx)))
        for one in found:
            if one.channel in self._channels:
                await asyncio.shield(self._remove(one))
        return POLL if waits else IDLE

    async def _remove(self, one: Removal) -> None:
        outcome: ChannelError | None = None
        try:
            await self._channels[one.channel].remove(one.ref)
        except ChannelError as error:
            outcome = error
        now = self._clock.now()
        match outcome:
            case None:
                await self._storage.run(lambda tx: removal.done(tx, one))
            case TryLater() | Unknown() | Unauthorized():
                span = timedelta(seconds=outcome.seconds) if isinstance(outcome, TryLater) else PATIENCE
                await self._storage.run(lambda tx: removal.later(tx, one, now + span, str(outcome)))
            case _:
                log.info("not taken out of the chat: %s", outcome)
                await self._storage.run(lambda tx: removal.never(tx, one, str(outcome)))
