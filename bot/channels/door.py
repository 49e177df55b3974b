"""Where a platform posts to us: a web server for one path, and what is posted taken before it is answered."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from aiohttp import web

from bot.channels import Conflict, Raw

log = logging.getLogger(__name__)

LINE: Final = 64 * 1024  # bytes of a request's first line: WeCom's echostr is part of it
PATIENCE: Final = 4.0  # real seconds: in the fifth WeCom hangs up, and what it is told then it does not hear
ANONYMOUS: Final = {"Server": "-"}  # else it names the version of every part

Take = Callable[[Sequence[Raw]], Awaitable[None]]
Answer = Callable[[web.BaseRequest], Awaitable[web.Response]]


class Unread(Exception):
    """The body did not come, or is too large."""


class Door:
    """`port`: 0 until it is open takes any that is free. `setting`: what of config.toml names the address."""

    def __init__(self, host: str, port: int, setting: str) -> None:
        self._host = host
        self._setting = setting
        self._taking: dict[str, asyncio.Task[None]] = {}
        self.port = port

    async def stand_open(self, answer: Answer) -> None:
        """Until cancelled. Raises Conflict when the address is another program's."""
        server = web.Server(answer, access_log=None, max_line_size=LINE, auto_decompress=False)
        runner = web.ServerRunner(server, shutdown_timeout=PATIENCE)
        await runner.setup()
        try:
            await self._bind(runner)
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()
            await self._let_go()

    async def take(self, told: Raw, take: Take) -> None:
        """Goes on when the platform's patience ends: once it has given up, what is on its way here may be all that is
        left. The same again waits for the same. Raises TimeoutError."""
        task = self._taking.get(told.native)
        if task is None:
            task = asyncio.ensure_future(take([told]))
            self._taking[told.native] = task
            task.add_done_callback(lambda _: self._taking.pop(told.native))
        async with asyncio.timeout(PATIENCE):
            await asyncio.shield(task)

    async def _bind(self, runner: web.ServerRunner) -> None:
        site = web.TCPSite(runner, self._host, self.port)
        try:
            await site.start()
        except OSError as error:
            where = f"{self._host}:{self.port}"
            raise Conflict(f"{self._setting}: nothing can listen at {where}: {error.strerror}") from error
        self.port = runner.addresses[0][1]
        log.info("%s: listening at %s:%s", self._setting, self._host, self.port)

    async def _let_go(self) -> None:
        """What is still on its way into the database was not acknowledged."""
        for task in self._taking.values():
            task.cancel()
        await asyncio.gather(*self._taking.values(), return_exceptions=True)


async def body(request: web.BaseRequest, largest: int) -> bytes:
    """Raises Unread."""
    try:
        async with asyncio.timeout(PATIENCE):
            await request.content.readexactly(largest + 1)
    except asyncio.IncompleteReadError as error:
        return error.partial
    except (TimeoutError, ConnectionError, web.RequestPayloadError) as error:
        raise Unread("its body did not come") from error
    raise Unread("its body is too large")
