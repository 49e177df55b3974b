"""Calls of WeCom's server API: one access token for all of them, fetched once however many wait for it
(document/path/91039)."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final

from aiohttp import MultipartWriter

from bot.channels import TooLarge, TryLater, Unauthorized, Unknown
from bot.channels.line import Http, Line, LineError, NotSent
from bot.channels.wecom.errors import Kind, error_of, meaning
from bot.clock import Clock

AGENT: Final = "zero-report"
RECONNECT: Final = 3.0  # seconds before a network that is away is tried again
SHUT: Final = timedelta(minutes=10)  # no secret that was refused is tried again within: WeCom shuts out who does
FOREIGN: Final = 30.0  # seconds after an answer that was not WeCom's own, such as a log-in page's
OK, REFUSED, SERVER_ERROR = 200, 300, 500  # HTTP; from the last on it may have been WeCom's
FILE: Final = "file"  # where a file stands that was the whole answer
JSON: Final = {"Content-Type": "application/json"}
NOTHING: Final[Mapping[str, Any]] = {}

Reader = Callable[[int, bytes], dict[str, Any]]


def _words(status: int, payload: bytes) -> dict[str, Any]:
    """What does not speak as WeCom does is somebody in between: one that refused has let nothing through."""
    try:
        answer = json.loads(payload)
    except ValueError:
        answer = None
    if isinstance(answer, dict) and isinstance(answer.get("errcode", 0), int):
        return answer
    words = f"answered {status} without WeCom's own words"
    if REFUSED <= status < SERVER_ERROR:
        raise TryLater(words, seconds=FOREIGN, whole=True)
    raise Unknown(words)


def _file(status: int, payload: bytes) -> dict[str, Any]:
    """A file, or words that say why there is none."""
    if status == OK and not payload.startswith(b"{"):
        return {FILE: payload}
    return _words(status, payload)


class Api:
    """One app of one corp; `secret` is the app's own, `base_url` https://qyapi.weixin.qq.com. `line`: another way there
    than over the network. Nothing that it raises or logs holds the address, the token or the secret."""

    def __init__(
        self,
        base_url: str,
        corp_id: str,
        secret: str,
        clock: Clock,
        http: Http | None = None,
        *,
        line: Line | None = None,
    ) -> None:
        self._base_url = base_url
        self._corp_id = corp_id
        self._secret = secret
        self._clock = clock
        self._line = line or Line(clock, http or Http(), AGENT)
        self._token = ""
        self._until: datetime | None = None
        self._fetching: asyncio.Task[str] | None = None
        self._refused: tuple[datetime, str] | None = None

    @property
    def platform_time(self) -> datetime | None:
        """The Date of WeCom's last answer."""
        return self._line.platform_time

    @property
    def ahead(self) -> timedelta | None:
        """What our clock was ahead of WeCom's when its last answer came."""
        return self._line.ahead

    async def open(self) -> None:
        """Raises a ChannelError when there is no token to be had; without a secret there is none, and only calls with
        a `key` can be made. May be called again after it failed."""
        await self._line.open()
        if self._secret:
            await self.token()

    async def close(self) -> None:
        if self._fetching is not None:
            self._fetching.cancel()
        await self._line.close()

    async def call(self, path: str, body: Mapping[str, Any] | None = None, **query: str) -> dict[str, Any]:
        """Under /cgi-bin/: a POST of `body`, a GET without one. With a `key` (a group robot's) it needs no token.
        Raises a ChannelError; Unknown only of a POST, for a GET has no effect and may always be tried later."""
        # WeCom refuses \uXXXX in a menu: 40033
        content = {} if body is None else {"data": json.dumps(body, ensure_ascii=False).encode(), "headers": JSON}
        try:
            return await self._authorised(path, query, content)
        except Unknown as error:
            raise error if body is not None else _without_effect(error) from None

    async def upload(self, kind: str, name: str, data: bytes, **query: str) -> str:
        """临时素材, kept for three days: its media_id. `kind` is image or file; with a `key` it is for that robot.
        Raises a ChannelError, never Unknown: what was uploaded twice has been shown to nobody."""
        path = "webhook/upload_media" if "key" in query else "media/upload"
        try:
            answer = await self._authorised(path, {"type": kind, **query}, {"data": _form(name, data)})
            return str(_field(answer, "media_id"))
        except Unknown as error:
            raise _without_effect(error) from None

    async def download(self, media_id: str, most: int) -> bytes:
        """What somebody sent: WeCom keeps it for three days. Raises a ChannelError: TooLarge over `most` bytes, Gone
        after the three days, never Unknown."""
        try:
            answer = await self._authorised("media/get", {"media_id": media_id}, NOTHING, _file)
            data: bytes = _field(answer, FILE)
        except Unknown as error:
            raise _without_effect(error) from None
        if len(data) > most:
            raise TooLarge(f"{len(data)} bytes")
        return data

    async def token(self) -> str:
        """Raises a ChannelError, the same to all who waited for it."""
        if self._until is not None and self._clock.now() < self._until:
            return self._token
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch(), name="gettoken")
            self._fetching.add_done_callback(self._fetched)
        return await asyncio.shield(self._fetching)

    async def _fetch(self) -> str:
        if self._refused is not None and self._clock.now() < self._refused[0]:
            raise Unauthorized(self._refused[1])
        try:
            answer = _checked(await self._exchange("gettoken", {"corpid": self._corp_id, "corpsecret": self._secret}))
            token, life = str(_field(answer, "access_token")), int(_field(answer, "expires_in"))
        except Unknown as error:
            raise _without_effect(error, whole=True) from None
        except Unauthorized as error:
            self._refused = self._clock.now() + SHUT, str(error)
            raise
        # no sooner: as long as a token is good WeCom gives the same one again
        self._token, self._until = token, self._clock.now() + timedelta(seconds=life)
        return token

    def _fetched(self, task: asyncio.Task[str]) -> None:
        self._fetching = None
        if not task.cancelled():
            task.exception()  # known to all who wait; there may be nobody left

    async def _authorised(
        self, path: str, query: Mapping[str, str], content: Mapping[str, Any], read: Reader = _words
    ) -> dict[str, Any]:
        if "key" in query:
            return _checked(await self._exchange(path, query, content, read), whole=False)
        token = await self.token()
        answer = await self._exchange(path, {**query, "access_token": token}, content, read)
        if meaning(_code(answer)).kind is Kind.TOKEN:
            if token == self._token:  # nobody has fetched another meanwhile
                self._until = None
            answer = await self._exchange(path, {**query, "access_token": await self.token()}, content, read)
        return _checked(answer)

    async def _exchange(
        self, path: str, query: Mapping[str, str], content: Mapping[str, Any] = NOTHING, read: Reader = _words
    ) -> dict[str, Any]:
        """WeCom's own answer. Raises TryLater when it was certainly not asked, Unknown when it may have been."""
        url, method = f"{self._base_url}/cgi-bin/{path}", "POST" if content else "GET"
        try:
            with self._clock.busy():
                status, payload = await self._line.exchange(method, url, params=query, **content)
        except NotSent as error:
            raise TryLater(str(error), seconds=RECONNECT, whole=True) from None
        except LineError as error:
            raise Unknown(str(error)) from None
        return read(status, payload)


def _code(answer: Mapping[str, Any]) -> int:
    return int(answer.get("errcode", 0))


def _checked(answer: dict[str, Any], *, whole: bool = True) -> dict[str, Any]:
    if code := _code(answer):
        raise error_of(code, str(answer.get("errmsg", "")), whole=whole)
    return answer


def _field(answer: Mapping[str, Any], name: str) -> Any:
    if name not in answer:
        raise Unknown(f"WeCom's answer has no {name}")
    return answer[name]


def _without_effect(error: Unknown, *, whole: bool = False) -> TryLater:
    return TryLater(str(error), seconds=RECONNECT, whole=whole)


def _form(name: str, data: bytes) -> MultipartWriter:
    """The file's name as it is, in UTF-8: WeCom knows no filename*, and percent signs would be shown to people."""
    form = MultipartWriter("form-data")
    part = form.append(BytesIO(data), {"Content-Type": "application/octet-stream"})
    part.set_content_disposition("form-data", quote_fields=False, name="media", filename=name)
    return form
