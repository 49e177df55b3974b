"""One websocket of a robot: what waits to be written to it, and how long it may be silent."""

import asyncio
import json
from contextlib import suppress
from datetime import datetime, timedelta

from aiohttp import web

from sandbox.clock import Clock, Hold
from sandbox.model import JsonObject

# "若长时间未收到心跳，服务端会主动断开连接": how long is not said. A ping is wanted each 30 s, so this is strict
SILENCE = timedelta(seconds=45)


class Line:
    """Holds the clock while anything waits to be written."""

    def __init__(self, request: web.BaseRequest, socket: web.WebSocketResponse, clock: Clock) -> None:
        self._request = request
        self._socket = socket
        self.subscribed = False
        self.heard_at = clock.now()
        self._clock = clock
        self._hold = Hold(clock)
        self._waiting: asyncio.Queue[JsonObject | None] = asyncio.Queue()

    def send(self, frame: JsonObject) -> None:
        self._hold.set(True)
        self._waiting.put_nowait(frame)

    def hang_up(self) -> None:
        """After what waits has been written."""
        self._waiting.put_nowait(None)

    def cut(self) -> None:
        """At once, as a network does it."""
        self.subscribed = False
        if isinstance(self._request.transport, asyncio.Transport):
            self._request.transport.abort()

    async def keep(self) -> None:
        """Writes, and drops a line that has been silent for too long; until cancelled or hung up."""
        watching = asyncio.create_task(self._watch())
        try:
            with suppress(ConnectionError):
                await self._write()
        finally:
            watching.cancel()
            self._hold.set(False)

    async def _write(self) -> None:
        while (frame := await self._waiting.get()) is not None:
            await self._socket.send_str(json.dumps(frame, ensure_ascii=False))
            self._hold.set(not self._waiting.empty())
        await self._socket.close()

    async def _watch(self) -> None:
        while (until := self.heard_at + SILENCE) > self._now():
            await self._clock.sleep_until(until)
        self.cut()

    def _now(self) -> datetime:
        return self._clock.now()
