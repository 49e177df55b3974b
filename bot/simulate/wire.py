"""The way to the pretended platforms without a socket: what arrives, what is answered, what is lost between."""

import asyncio
import json
import random
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from aiohttp import FormData
from msgspec import Struct

from bot.channels.line import Http, Line, LineError, NotSent, Silence
from bot.clock import Clock
from bot.simulate.life import Life
from sandbox import Sandbox
from sandbox.faults import Dropped
from sandbox.params import Params, Upload

ORIGIN = "memory://telegram"
SERVER_ERROR = 500
LATENCY = 0.12  # seconds there and back, at most

Place = tuple[int, int]  # a message on a phone: its chat and its number


class Told(Struct, frozen=True):
    """`status` is None where the connection was broken off; `came`: messages that came to phones by it."""

    status: int | None
    body: bytes
    came: Iterable[Place]


class Wire(Line):
    """`cut`: whether nothing gets through at this moment; `unheard`: messages that came, of which the program was not
    told."""

    def __init__(
        self,
        life: Life,
        clock: Clock,
        sandbox: Sandbox,
        dice: random.Random,
        cut: Callable[[], bool],
        unheard: set[Place],
    ) -> None:
        super().__init__(clock, Http(), "simulate")
        self._life = life
        self._sandbox = sandbox
        self._dice = dice
        self._cut = cut
        self._unheard = unheard
        self._open = False

    @abstractmethod
    async def call(self, method: str, url: str, **content: Any) -> Told: ...

    async def open(self) -> None:
        self._open = True

    async def close(self) -> None:
        self._open = False

    async def exchange(
        self,
        method: str,
        url: str,
        *,
        read: float | None = None,
        sent: Callable[[], None] | None = None,
        **content: Any,
    ) -> tuple[int, bytes]:
        self._life.step("before a call")
        if self._cut() or not self._open:
            await asyncio.sleep(1.0)
            raise NotSent("ClientConnectorError")
        await asyncio.sleep(self._dice.random() * LATENCY / 2)
        if sent is not None:
            sent()
        told = await self.call(method, url, **content)
        if told.status is None or told.status >= SERVER_ERROR:
            self._unheard |= set(told.came)
        if told.status is None:
            await asyncio.sleep(self._dice.random() * (read or 1.0))
            raise Silence("ServerTimeoutError")
        self._life.step("after a call")
        await asyncio.sleep(self._dice.random() * LATENCY / 2)
        if self._cut():
            self._unheard |= set(told.came)
            raise LineError("ServerDisconnectedError")
        self.platform_time = self._sandbox.world.now().replace(microsecond=0)
        self.ahead = self._clock.now() - self.platform_time
        return told.status, told.body


class Caller:
    """One program's connection."""

    transport: Any = True


class TelegramWire(Wire):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._caller = Caller()

    async def close(self) -> None:
        await super().close()
        self._caller.transport = None
        self._sandbox.hang_up(self._caller)

    async def call(self, method: str, url: str, **content: Any) -> Told:
        params = _params(content.get("data"))
        number = self._sandbox.world._next_message.get(0, 0)
        try:
            told = await self._sandbox.call(unquote(url.removeprefix(ORIGIN)), params, self._caller)
        except Dropped:
            return Told(None, b"", self._since(number, params))
        return Told(told.status, json.dumps(told.body).encode(), self._since(number, params))

    def _since(self, number: int, params: Params) -> list[Place]:
        """What has come to its chat since that number was the last."""
        chat = params.integer("chat_id")
        return [(chat, one) for one in self._sandbox.world.chats.get(chat, {}) if one > number]


def _params(data: object) -> Params:
    if isinstance(data, FormData):
        values: dict[str, object] = {}
        uploads: dict[str, Upload] = {}
        for options, _, value in data._fields:
            if "filename" in options:
                uploads[options["name"]] = Upload(options["filename"], "application/octet-stream", value)
            else:
                values[options["name"]] = value
        return Params(values, uploads)
    if isinstance(data, bytes):
        return Params(json.loads(data), {})
    return Params(data if isinstance(data, Mapping) else {}, {})
