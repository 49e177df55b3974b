"""Platforms that refuse us for what config.toml says of them: who must hear of it, and when nothing is left to run."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final

from bot import delivery
from bot.channels import Unauthorized
from bot.clock import Clock
from storage import Storage, StorageError

log = logging.getLogger(__name__)

# A right that was taken away may come back, a value in config.toml comes with a restart. No sooner: WeCom shuts out for
# an hour whoever comes with a wrong secret again and again.
AGAIN: Final = timedelta(minutes=15)


class Refusals:
    """While a platform is left the program goes on."""

    def __init__(self, storage: Storage, clock: Clock, channels: Iterable[str], wake_turn: Callable[[], None]) -> None:
        self._storage = storage
        self._clock = clock
        self._left = set(channels)
        self._wake_turn = wake_turn

    async def note(self, channel: str, why: Unauthorized) -> None:
        """Raises it where no platform is left. Else the log says it each time, the admins hear it once a day."""
        self._left.discard(channel)
        if not self._left:
            raise why
        log.error("%s is SHUT, the others go on; tried again in %s: %s", channel, AGAIN, why)
        now = self._clock.now()
        try:
            if await self._storage.run(lambda tx: delivery.tell_admins(tx, channel, str(why), now)):
                self._wake_turn()
        except StorageError as error:
            log.error("refusals: the admins are told the next time: %s", error)

    def lift(self, channel: str) -> None:
        """It takes us again."""
        self._left.add(channel)
