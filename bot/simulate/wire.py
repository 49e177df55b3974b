"""The way to the pretended platforms without a socket: what arrives, what is answered, what is lost between."""

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from aiohttp import FormData

from bot.channels.line import Http, Line, LineError, NotSent, Silence
from bot.clock import Clock
from bot.simulate.life import Life
from sandbox import Sandbox
from sandbox.faults import Dropped
from sandbox.params import Params, Upload

ORIGIN = "memory://telegram"
SERVER_ERROR = 500
LATENCY = 0.12  # seconds there and back, at most


class Caller:
    """One program's connection."""

    transport: Any = True


class Wire(Line):
    """To the pretended Telegram. `cut`: whether nothing gets through at this moment; `unheard`: messages that came, of
    which the program was not told, as (chat, message)."""

    def __init__(
        self,
        life: Life,
        clock: Clock,
        sandbox: Sandbox,
        dice: random.Random,
        cut: Callable[[], bool],
        unheard: set[tuple[int, int]],
    ) -> None:
        super().__init__(clock, Http(), "simulate")
        self._life = life
        self._sandbox = sandbox
        self._dice = dice
        self._cut = cut
        self._unheard = unheard
        self._caller = Caller()
        self._open = False

    async def open(self) -> None:
        self._open = True

    async def close(self) -> None:
        self._open = False
        self._caller.transport = None
        self._sandbox.hang_up(self._caller)

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
        params = _params(content.get("data"))
        number = self._sandbox.world._next_message.get(0, 0)
        try:
            told = await self._sandbox.call(unquote(url.removeprefix(ORIGIN)), params, self._caller)
        except Dropped:
            self._not_told(number, params)
            await asyncio.sleep(self._dice.random() * (read or 1.0))
            raise Silence("ServerTimeoutError") from None
        if told.status >= SERVER_ERROR:
            self._not_told(number, params)
        self._life.step("after a call")
        await asyncio.sleep(self._dice.random() * LATENCY / 2)
        if self._cut():
            self._not_told(number, params)
            raise LineError("ServerDisconnectedError")
        self.platform_time = self._sandbox.world.now().replace(microsecond=0)
        self.ahead = self._clock.now() - self.platform_time
        return told.status, json.dumps(told.body).encode()

    def _not_told(self, number: int, params: Params) -> None:
        """Of what has come since its number was the last."""
        chat = params.integer("chat_id")
        self._unheard |= {(chat, one) for one in self._sandbox.world.chats.get(chat, {}) if one > number}


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
