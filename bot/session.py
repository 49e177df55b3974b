"""One platform, from its opening to the program's end: one that is away or refuses us holds up no other."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from bot.channels import Channel, ChannelError, Refused, Unauthorized
from bot.clock import Clock
from bot.letters import menu_lines
from bot.listener import SEED_BYTES, Listener
from bot.refusals import AGAIN, Refusals
from bot.tasks import together
from handlers.menus import EVERYBODY, GROUP, STRANGER
from handlers.plain import stamp
from handlers.questions import DeepLinks
from storage import Storage, StorageError, Tx
from storage.answers import Answers
from storage.inbox import DISTRICT, own, put

log = logging.getLogger(__name__)

RECONNECT: Final = timedelta(seconds=5)
PATIENCE: Final = timedelta(minutes=1)
LINKS: Final = {"telegram": "https://t.me/{}?start=", "wecom": ""}  # to a robot the code itself is sent


class Session:
    """`open_ones`: the names of the platforms that can be written to, which this one joins and leaves. `wake` is called
    when there may be something to say there, or to decide."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        channel: Channel,
        listener: Listener,
        refusals: Refusals,
        open_ones: set[str],
        wake: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._channel = channel
        self._listener = listener
        self._refusals = refusals
        self._open_ones = open_ones
        self._wake = wake

    async def run(self) -> None:
        """For ever. Raises Unauthorized where no platform is left, and whatever else ended the listening."""
        while True:
            try:
                await self._open()
                await together(self._listener.run(), self._present())
            except Unauthorized as error:
                self._open_ones.discard(self._channel.name)
                await self._refused(error)

    async def _open(self) -> None:
        told = False
        while True:
            try:
                await self._channel.open()
                break
            except Unauthorized:
                raise
            except ChannelError as error:
                if not told:
                    log.warning("%s cannot be reached yet, trying again: %s", self._channel.name, error)
                told = True
            await self._clock.sleep_until(self._clock.now() + RECONNECT)
        log.info("running: %s as @%s", self._channel.name, self._channel.username)
        self._refusals.lift(self._channel.name)
        self._open_ones.add(self._channel.name)
        self._wake()

    async def _refused(self, why: Unauthorized) -> None:
        await self._refusals.note(self._channel.name, why)
        await self._clock.sleep_until(self._clock.now() + AGAIN)

    # What a platform has to know of us, and we of it

    async def _present(self) -> None:
        """Until all of it holds, however often the platform is away meanwhile."""
        await self._surely(self._link)
        await self._surely(self._menus)

    async def _surely(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                with self._clock.busy():
                    await step()
                return
            except Unauthorized as error:
                await self._refused(error)
                continue
            except Refused as error:
                log.error("%s: the default menus cannot be set: %s", self._channel.name, error)
                return
            except (ChannelError, StorageError) as error:
                log.warning("%s: links and menus are not set yet: %s", self._channel.name, error)
            await self._clock.sleep_until(self._clock.now() + PATIENCE)

    async def _link(self) -> None:
        """Where an invitation's code is sent."""
        if self._channel.can.invites:
            await self._storage.run(self._tell_link)
            self._wake()

    def _tell_link(self, tx: Tx) -> None:
        name, now = self._channel.name, self._clock.now()
        link = LINKS[name].format(self._channel.username)
        if Answers(tx)(DeepLinks()).get(name) != link:
            native = f"link:{stamp(now)}:{name}"
            put(tx, [own(DISTRICT, "machine", native, "link", (name, link), "", secrets.token_bytes(SEED_BYTES))], now)

    async def _menus(self) -> None:
        """What a chat sees that is nobody's, and what a group sees; each person's own menu comes with the binding."""
        if self._channel.can.own_menus:
            await self._channel.menus(None, True, menu_lines(STRANGER))
            await self._channel.menus(None, False, menu_lines(GROUP))
        else:
            await self._channel.menus(None, True, menu_lines(EVERYBODY, "menu"))
