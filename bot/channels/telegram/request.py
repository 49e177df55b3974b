"""python-telegram-bot's calls over aiohttp: its documented extension point, measured thirty times as fast as HTTPX."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import msgspec
from aiohttp import FormData
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels import line
from bot.clock import Clock

JSON = {"Content-Type": "application/json"}
OF_A_MESSAGE = ("message_id", "date", "chat")


class NotSent(NetworkError):
    """No connection was made, so certainly nothing was shown."""


class AiohttpRequest(BaseRequest):
    """Every call but a waiting poll keeps a stepped clock still."""

    def __init__(self, clock: Clock, http: line.Http, own: line.Line | None = None) -> None:
        """`own`: another way to the platform's server than over the network."""
        self._clock = clock
        self._http = http
        self.line = own or line.Line(clock, http, self.USER_AGENT)

    @property
    def read_timeout(self) -> float:
        return self._http.read

    async def initialize(self) -> None:
        await self.line.open()

    async def shutdown(self) -> None:
        await self.line.close()

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
            return await self._exchange(url, method, self._http.read, **_content(request_data))

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Of a message that has been shown we want its number, and the library what a message must have: to make
        objects of all its buttons takes longer than to send it. Of one that has been edited we know it, so for the
        library it is done, as an edit of an inline message is."""
        answer = BaseRequest.parse_json_payload(payload)
        result = answer.get("result")
        if isinstance(result, dict) and "edit_date" in result:
            answer["result"] = True
        elif isinstance(result, dict) and "message_id" in result:
            answer["result"] = {name: value for name, value in result.items() if name in OF_A_MESSAGE}
        return answer

    async def poll(self, url: str, form: dict[str, str], *, at_once: bool) -> tuple[int, bytes]:
        """A call that the platform may put off answering, unless it is asked `at_once`; once sent, time goes on."""
        patience = 0 if at_once else self._http.poll
        with ExitStack() as held:
            held.enter_context(self._clock.busy())
            asked = form | {"timeout": str(patience)}
            return await self._exchange(url, "POST", patience + self._http.read, held.close, data=asked)

    async def _exchange(
        self, url: str, method: str, read: float, sent: Callable[[], None] | None = None, **content: Any
    ) -> tuple[int, bytes]:
        try:
            return await self.line.exchange(method, url, read=read, sent=sent, **content)
        except line.LineError as error:
            raise _named(error) from None


def _content(request_data: RequestData | None) -> dict[str, Any]:
    """Words go as JSON: a form would make nine bytes of every Chinese character."""
    if request_data is None:
        return {}
    if not request_data.contains_files:
        return {"data": msgspec.json.encode(request_data.parameters), "headers": JSON}
    # quoting would put %E5… into the file names that people see
    form = FormData(request_data.json_parameters, quote_fields=False)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}


def _named(error: line.LineError) -> NetworkError:
    match error:
        case line.NotSent():
            return NotSent(str(error))
        case line.Silence():
            return TimedOut(str(error))
    return NetworkError(str(error))


def parse(payload: bytes) -> dict[str, Any]:
    """The object that the platform answered; empty when it is none, as from a proxy in between."""
    try:
        answer = json.loads(payload)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
