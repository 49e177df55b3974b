"""From a channel into the inbox: commit 1. Nothing is acknowledged to a platform before it is ours."""

import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.channels import Channel, Heard, Raw
from bot.clock import Clock
from storage import Storage, StorageError, Tx
from storage.inbox import Arrival, lane_of, put

log = logging.getLogger(__name__)

SEED_BYTES = 16
PATIENCE = timedelta(seconds=1)


class Listener:
    """Puts what one channel hears into the inbox and wakes the turn."""

    def __init__(self, storage: Storage, clock: Clock, channel: Channel, wake: Callable[[], None]) -> None:
        self._storage = storage
        self._clock = clock
        self._channel = channel
        self._wake = wake

    async def run(self) -> None:
        await self._channel.listen(self.take)

    async def take(self, raws: Sequence[Raw]) -> None:
        """Returns when every update is committed. While the database is away it waits: the platform keeps them."""
        seeds = [secrets.token_bytes(SEED_BYTES) for _ in raws]
        with self._clock.busy():
            while True:
                try:
                    new = await self._storage.run(lambda tx: self._put(tx, raws, seeds))
                    break
                except StorageError as error:
                    log.error("inbox: %s; the platform keeps %d updates meanwhile", error, len(raws))
                await self._clock.sleep_until(self._clock.now() + PATIENCE)
            if new:
                self._wake()

    def _put(self, tx: Tx, raws: Sequence[Raw], seeds: Sequence[bytes]) -> int:
        arrivals = [
            Arrival(self._lane(tx, raw), self._channel.name, raw.native, raw.body, seed)
            for raw, seed in zip(raws, seeds, strict=True)
        ]
        return put(tx, arrivals, self._clock.now())

    def _lane(self, tx: Tx, raw: Raw) -> str:
        """An update that cannot be read goes to its sender's lane all the same: the turn sets it aside."""
        try:
            heard = self._channel.read(raw.body) or Heard("", "", True, "")
        except ValueError:
            heard = Heard("", "", True, "")
        return lane_of(tx, self._channel.name, heard.sender, heard.args[0] if heard.tap and heard.args else None)
