"""A bot's webhook on loopback: answers as it is told, and remembers what came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web


class Receiver:
    """`answers` are used up one a delivery, then everything is 200."""

    def __init__(self) -> None:
        self.url = ""
        self.came: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answers: list[int | tuple[int, int]] = []
        self._stirred = asyncio.Event()

    async def take(self, request: web.BaseRequest) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.came.append(await request.json())
        self._stirred.set()
        answer = self.answers.pop(0) if self.answers else 200
        status, retry_after = answer if isinstance(answer, tuple) else (answer, 0)
        return web.Response(status=status, headers={"Retry-After": str(retry_after)} if retry_after else {})

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not condition():
                self._stirred.clear()
                await self._stirred.wait()

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.came]


@asynccontextmanager
async def listening() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    runner = web.ServerRunner(web.Server(receiver.take), shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()
