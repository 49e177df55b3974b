"""The way to a platform's server over aiohttp, and what certainly did not leave by it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHttpProxyError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    TCPConnector,
    TraceConfig,
    TraceRequestChunkSentParams,
)
from msgspec import Struct

from bot.clock import Clock


class Http(Struct, frozen=True):
    """How the platform is reached. Seconds; `proxy` as http://host:port; `poll` is how long an answer to listening may
    be put off, 50 at most, less behind a proxy that cuts silent lines."""

    proxy: str | None = None
    connect: float = 10
    read: float = 20
    write: float = 30
    poll: int = 50


class LineError(Exception):
    """The request may have arrived or not. Its words hold neither address nor token."""


class Silence(LineError):
    """No answer in time: the request may have arrived or not."""


class NotSent(LineError):
    """No connection was made, so certainly nothing arrived."""


class Line:
    """`platform_time` is the Date of the last answer, `ahead` what our clock was ahead of it when it came."""

    def __init__(self, clock: Clock, http: Http, agent: str) -> None:
        self._clock = clock
        self._http = http
        self._agent = agent
        self._session: ClientSession | None = None
        self._watched: ClientSession | None = None
        self.platform_time: datetime | None = None
        self.ahead: timedelta | None = None

    async def open(self) -> None:
        if self._session is None:
            self._session = self._opened()
            # of its own, for to be told when a request has left costs each that would not know
            self._watched = self._opened(_tell_when_sent())

    def _opened(self, *traces: TraceConfig) -> ClientSession:
        return ClientSession(
            # no limit: the postman decides how many calls run at once, and none waits here unsent
            connector=TCPConnector(limit=0),
            cookie_jar=DummyCookieJar(),
            headers={"User-Agent": self._agent},
            proxy=self._http.proxy,
            trace_configs=list(traces),
        )

    async def close(self) -> None:
        sessions, self._session, self._watched = (self._session, self._watched), None, None
        for session in sessions:
            if session is not None:
                await session.close()

    async def exchange(
        self,
        method: str,
        url: str,
        *,
        read: float | None = None,
        sent: Callable[[], None] | None = None,
        **content: Any,
    ) -> tuple[int, bytes]:
        """Status and body. `content` as aiohttp's request takes it; `sent` is called when the last of it has left.
        Raises a LineError."""
        session = self._session if sent is None else self._watched
        if session is None:
            raise NotSent("the channel is not open")
        read = self._http.read if read is None else read
        limits = ClientTimeout(
            total=self._http.connect + self._http.write + read, connect=self._http.connect, sock_read=read
        )
        try:
            async with session.request(
                method, url, timeout=limits, allow_redirects=False, trace_request_ctx=sent, **content
            ) as answer:
                self._note_time(answer)
                return answer.status, await answer.read()
        except (ClientError, TimeoutError, OSError) as error:
            raise _named(error) from None  # its own text may hold the URL, and that the token

    def _note_time(self, answer: ClientResponse) -> None:
        try:
            self.platform_time = _read_date(answer.headers["Date"])
        except (KeyError, ValueError):
            return
        self.ahead = self._clock.now() - self.platform_time


@lru_cache(maxsize=8)  # a second has many answers
def _read_date(header: str) -> datetime:
    """Of HTTP, which is always GMT. Raises ValueError."""
    return parsedate_to_datetime(header).replace(tzinfo=UTC)


def _tell_when_sent() -> TraceConfig:
    """Calls what a request was given as its trace context when the last of it leaves: our forms are one chunk."""

    async def tell(session: ClientSession, context: SimpleNamespace, params: TraceRequestChunkSentParams) -> None:
        if context.trace_request_ctx is not None:
            context.trace_request_ctx()

    trace = TraceConfig()
    trace.on_request_chunk_sent.append(tell)
    return trace


def _named(error: Exception) -> LineError:
    """Only who could not connect is quoted: other words may hold the whole URL."""
    if isinstance(error, ClientConnectorError):
        return NotSent(f"{type(error).__name__}: {error}")
    words = type(error).__name__
    if isinstance(error, ConnectionTimeoutError | ClientHttpProxyError):
        return NotSent(words)
    return Silence(words) if isinstance(error, TimeoutError) else LineError(words)
