"""The sandbox's HTTP server on loopback: the Bot API, its files, the page and the page's own API."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

from sandbox.limits import DOCUMENT
from sandbox.polling import Poller

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Server(web.Server):
    """aiohttp's own low-level server, which tells the poller when a connection is lost: a bot that was killed must
    not hold up time."""

    def __init__(self, routes: Mapping[str, Handler], poller: Poller) -> None:
        super().__init__(self._route, request_factory=self._large_request, access_log=None)
        self._routes = routes
        self._poller = poller

    async def _route(self, request: web.BaseRequest) -> web.StreamResponse:
        for prefix, handler in self._routes.items():
            if request.path.startswith(prefix):
                return await handler(request)
        raise web.HTTPNotFound

    def _large_request(
        self,
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: RequestHandler,
        writer: AbstractStreamWriter,
        task: asyncio.Task[None],
    ) -> web.BaseRequest:
        loop = asyncio.get_running_loop()
        return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=2 * DOCUMENT)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        self._poller.lost(handler)


class Listening:
    """A server that is up. Port 0 takes a free one."""

    def __init__(self, server: Server, host: str) -> None:
        self._runner = web.ServerRunner(server, shutdown_timeout=1.0)
        self._host = host
        self.port = 0

    async def start(self, port: int) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, port).start()
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        await self._runner.cleanup()


def dated(response: web.Response, now: datetime) -> web.Response:
    """With the platform's own time on it, which is the sandbox's and not this machine's."""
    response.headers["Date"] = now.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return response


def refuse(status: HTTPStatus, why: str) -> web.Response:
    return web.json_response({"error": why}, status=status)
