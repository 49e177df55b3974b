"""The pretended WeCom: one corp's phones and console on one side, the server API and callbacks on the other."""

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from aiohttp import web

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.model import Entry, Person
from sandbox.wecom.aibot import Aibot
from sandbox.wecom.api import Api
from sandbox.wecom.callbacks import Callbacks
from sandbox.wecom.corp import Corp
from sandbox.wecom.model import Cut, Drop, Lost
from sandbox.wecom.phones import Phones

_AGAIN: Final = 0.05  # real seconds: a program is starting


class WeCom(Phones):
    """Phones and console plus the API. What is lost without a word is in lists to be looked at: `dropped` (over a
    member's rate), `cut` (longer than is shown), `lost` (callbacks that nobody took). The same seed gives the same ids
    and faults."""

    def __init__(self, clock: Clock, people: Mapping[int, Person], *, seed: int) -> None:
        self.faults = Faults(random.Random(f"wecom faults {seed}"), self._faults_changed)
        corp = Corp(clock, people, seed=seed)
        super().__init__(corp, Callbacks(corp, self.faults, random.Random(f"wecom callbacks {seed}")))
        self.corp_id, self.agent_id = corp.corp_id, corp.agent_id
        self.secret, self.contacts_secret = corp.secret, corp.contacts_secret
        self.token, self.aes_key = corp.token, corp.aes_key
        self.directory = corp.directory
        self.trusted_ips = corp.trusted_ips
        self.aibot = Aibot(corp, self.faults)
        self.journal: list[Entry] = []
        self._api = Api(corp, self.faults, self._record)

    @property
    def dropped(self) -> list[Drop]:
        return self.corp.dropped

    @property
    def cut(self) -> list[Cut]:
        return self.corp.cut

    @property
    def lost(self) -> list[Lost]:
        return self.callbacks.lost

    async def connect(self, url: str) -> None:
        """Saves the app's callback URL in the console. Raises ValueError if it does not prove itself within 1 s."""
        await self.callbacks.connect(url)

    async def connected(self, url: str, patience: float) -> None:
        """「保存」 pressed until a program that has just been started answers there. `patience`: real seconds. Raises
        TimeoutError."""
        async with asyncio.timeout(patience):
            while True:
                with suppress(ValueError):
                    return await self.connect(url)
                await asyncio.sleep(_AGAIN)

    def invalidate_token(self) -> None:
        """Before its 7200 s: the next call with it is answered 40014."""
        self.corp.tokens.invalidate()

    def on_change(self, callback: Callable[[int | None], None]) -> None:
        """Called with a chat's id when something changed in it, with None for anything else."""
        self.corp.listeners.append(callback)

    def on_taken(self, callback: Callable[[int, str], None]) -> None:
        """Called with a person and the XML, decrypted, of each callback when it has been answered with 200."""
        self.callbacks.listeners.append(callback)

    async def handle(self, request: web.BaseRequest) -> web.Response:
        return await self._api.handle(request)

    async def stop(self) -> None:
        await self.callbacks.stop()

    def _record(self, entry: Entry) -> None:
        self.journal.append(entry)
        self.corp.changed()

    def _faults_changed(self) -> None:
        self.callbacks.wake()
        self.corp.changed()
