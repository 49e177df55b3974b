"""A request to an aiohttp server without one: as its handler is given it, and what the handler answers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiohttp import HttpVersion11, StreamReader, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_parser import RawRequestMessage
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

LARGEST: Final = 1 << 25  # bytes
Handler = Callable[[web.BaseRequest], Awaitable[web.Response]]


class HungUp(Exception):
    """The server has broken off the connection without an answer."""


class Peer(BaseProtocol):
    """Who asks, and by which connection."""

    ssl_context = None
    peername = ("127.0.0.1", 1)
    sockname = ("127.0.0.1", 2)
    max_field_size = 8190
    max_headers = 128

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.transport: Any = self
        self.aborted = False

    def abort(self) -> None:
        self.aborted = True

    def pause_reading(self) -> None:
        """All of a request is there from its beginning."""

    def resume_reading(self, resume_parser: bool = True) -> None:
        """It is its own transport: aiohttp's would call itself until the stack is full."""


def request(
    method: str,
    path: str,
    query: Mapping[str, str],
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    peer: Any = Peer(loop)
    content = StreamReader(peer, LARGEST, loop=loop)
    if body:
        content.feed_data(body)
    content.feed_eof()
    kept = CIMultiDictProxy(CIMultiDict({"Content-Length": str(len(body)), **(headers or {})}))
    url = URL.build(path=path, query=query)
    message = RawRequestMessage(method, str(url), HttpVersion11, kept, (), False, None, False, False, url)
    nobody: Any = None
    return web.BaseRequest(message, content, peer, nobody, nobody, loop, client_max_size=LARGEST)


async def answered(handler: Handler, asked: web.BaseRequest) -> tuple[int, bytes]:
    """Raises HungUp."""
    answer = await handler(asked)
    if isinstance(asked.protocol, Peer) and asked.protocol.aborted:
        raise HungUp
    return answer.status, bytes(answer.body) if isinstance(answer.body, bytes | bytearray) else b""
