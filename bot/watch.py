"""Who watches over the program hears of it: systemd, which starts anew what hangs, and a service outside of the school,
which tells people when this machine says nothing any more."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.clock import Clock
from bot.health import Health

log = logging.getLogger(__name__)

LOOK: Final = 20.0  # seconds
BEAT: Final = 59.0  # seconds, so that each third look is one
PATIENCE: Final = ClientTimeout(total=10)
GOOD: Final = range(200, 300)


class Watch:
    """`url` is asked once a minute while teachers can report. Whoever knows it could say so in our place: it is in no
    log."""

    def __init__(self, clock: Clock, health: Callable[[], Health], url: str) -> None:
        self._clock = clock
        self._health = health
        self._url = url
        self._next = clock.monotonic()
        self._trouble = ""

    async def run(self) -> None:
        """Until cancelled. In real time, whatever the clock is set to."""
        async with ClientSession(timeout=PATIENCE) as session:
            while True:
                await self.look(session)
                await asyncio.sleep(LOOK)

    async def look(self, session: ClientSession) -> None:
        found = self._health()
        if not found.hangs:
            tell_systemd("WATCHDOG=1")
        if self._url and found.is_well and self._clock.monotonic() >= self._next:
            self._next = self._clock.monotonic() + BEAT
            await self._beat(session)

    async def _beat(self, session: ClientSession) -> None:
        trouble = ""
        try:
            async with session.get(self._url) as answer:
                if answer.status not in GOOD:
                    trouble = f"HTTP {answer.status}"
        except (ClientError, OSError, TimeoutError) as error:
            trouble = type(error).__name__  # its words may hold the address
        if trouble and not self._trouble:
            log.warning("the outside watch does not take our heartbeat: %s", trouble)
        self._trouble = trouble


def tell_systemd(words: str) -> None:
    """sd_notify(3): a datagram to the socket that systemd named, if it started us and wants to know."""
    where = os.environ.get("NOTIFY_SOCKET", "")
    if not where:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.sendto(words.encode(), f"\0{where[1:]}" if where.startswith("@") else where)
