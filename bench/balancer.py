"""A plain load balancer before the webhooks, in turn and past whichever does not answer: nginx, as docs/operations.md
sets it up, else a few lines that do the same."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from aiohttp import ClientConnectionError, ClientSession, ClientTimeout, web

from bench.race import ended
from bot.channels.telegram.webhook import SECRET
from tests.nginx import find
from tests.ports import free_port

HERE: Final = "127.0.0.1"
UP: Final = 10.0  # seconds
CONFIG: Final = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx-errors.txt;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    upstream telegram {{ {servers} }}
    server {{
        listen 127.0.0.1:{port};
        location = /telegram {{ proxy_pass http://telegram; proxy_next_upstream error timeout; }}
    }}
}}
"""


@asynccontextmanager
async def balancing(folder: Path, listeners: Sequence[int], nginx: str | None = find()) -> AsyncIterator[int]:
    """At which port, before those of the listeners; nothing listens anywhere but on this machine."""
    port = free_port()
    async with by_nginx(nginx, folder, port, listeners) if nginx else by_itself(port, listeners):
        yield port


@asynccontextmanager
async def by_nginx(nginx: str, folder: Path, port: int, listeners: Sequence[int]) -> AsyncIterator[None]:
    servers = " ".join(f"server {HERE}:{one};" for one in listeners)
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(folder=folder, servers=servers, port=port), encoding="ascii")
    log = folder / "nginx-errors.txt"
    process = await asyncio.create_subprocess_exec(nginx, "-p", str(folder), "-e", str(log), "-c", str(config))
    try:
        await _is_up(port)
        yield
    finally:
        await ended(process)


async def _is_up(port: int) -> None:
    async with asyncio.timeout(UP):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection(HERE, port)
                writer.close()
                return
            await asyncio.sleep(0.02)


@asynccontextmanager
async def by_itself(port: int, listeners: Sequence[int]) -> AsyncIterator[None]:
    async with ClientSession(timeout=ClientTimeout(total=60)) as session:
        runner = web.ServerRunner(web.Server(_Turns(session, listeners).answer, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, HERE, port).start()
        try:
            yield
        finally:
            await runner.cleanup()


class _Turns:
    def __init__(self, session: ClientSession, listeners: Sequence[int]) -> None:
        self._session = session
        self._listeners = listeners
        self._turn = 0

    async def answer(self, request: web.BaseRequest) -> web.Response:
        said, secret = await request.read(), {SECRET: request.headers.get(SECRET, "")}
        self._turn += 1
        for n in range(len(self._listeners)):
            port = self._listeners[(self._turn + n) % len(self._listeners)]
            with suppress(ClientConnectionError):
                async with self._session.post(f"http://{HERE}:{port}{request.path}", data=said, headers=secret) as told:
                    return web.Response(status=told.status)
        return web.Response(status=502)
