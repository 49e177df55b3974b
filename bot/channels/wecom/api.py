"""Calls of WeCom's server API: one access token for all, fetched once however many wait for it (PLATFORM §C2)."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, DummyCookieJar, FormData

from bot.channels import ChannelError, TryLater, Unknown
from bot.channels.wecom.errors import Kind, error_of, meaning
from bot.clock import Clock

log = logging.getLogger(__name__)

OFFICIAL: Final = "https://qyapi.weixin.qq.com"
EARLY: Final = timedelta(minutes=5)  # before its end a token is fetched anew
CONNECT, WHOLE = 10.0, 30.0  # seconds
RECONNECT: Final = 5.0
SERVER_ERROR: Final = 500


class Api:
    """One app of one corp. `secret` is the app's own."""

    def __init__(self, base_url: str, corp_id: str, secret: str, clock: Clock) -> None:
        self._base_url = base_url
        self._corp_id = corp_id
        self._secret = secret
        self._clock = clock
        self._session: ClientSession | None = None
        self._token = ""
        self._until: datetime | None = None
        self._fetching = asyncio.Lock()

    async def open(self) -> None:
        if self._session is None:
            timeout = ClientTimeout(total=WHOLE, sock_connect=CONNECT)
            self._session = ClientSession(timeout=timeout, cookie_jar=DummyCookieJar())

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def call(self, path: str, body: Mapping[str, Any] | None = None, **query: str) -> dict[str, Any]:
        """A POST of `body`, a GET without. Raises a ChannelError; a token that is over is renewed once."""
        answer = await self._with_token(path, query, json=body)
        return _checked(answer)

    async def upload(self, kind: str, name: str, data: bytes) -> str:
        """临时素材, kept for three days: its media_id."""
        form = FormData()
        form.add_field("media", data, filename=name, content_type="application/octet-stream")
        answer = _checked(await self._with_token("/cgi-bin/media/upload", {"type": kind}, form=form))
        return str(answer["media_id"])

    async def token(self) -> str:
        """Raises a ChannelError. Whoever comes while it is fetched waits for that one."""
        if self._valid():
            return self._token
        async with self._fetching:
            if not self._valid():
                query = {"corpid": self._corp_id, "corpsecret": self._secret}
                answer = _checked(await self._exchange("/cgi-bin/gettoken", query))
                self._token = str(answer["access_token"])
                self._until = self._clock.now() + timedelta(seconds=int(answer["expires_in"])) - EARLY
        return self._token

    def _valid(self) -> bool:
        return self._until is not None and self._clock.now() < self._until

    async def _with_token(self, path: str, query: Mapping[str, str], **sent: Any) -> dict[str, Any]:
        token = await self.token()
        answer = await self._exchange(path, {**query, "access_token": token}, **sent)
        if meaning(int(answer.get("errcode", 0))).kind is not Kind.TOKEN or not answer.get("errcode"):
            return answer
        if token == self._token:  # nobody has fetched another meanwhile
            self._until = None
        return await self._exchange(path, {**query, "access_token": await self.token()}, **sent)

    async def _exchange(
        self, path: str, query: Mapping[str, str], json: Mapping[str, Any] | None = None, form: FormData | None = None
    ) -> dict[str, Any]:
        """Of a call that left and was not answered nobody knows whether it was shown."""
        if self._session is None:
            raise TryLater("the line is not open", seconds=RECONNECT, whole=True)
        method = "GET" if json is None and form is None else "POST"
        url = f"{self._base_url}{path}"
        try:
            async with self._session.request(method, url, params=query, json=json, data=form) as response:
                if response.status >= SERVER_ERROR:
                    raise Unknown(f"WeCom answered {response.status}")
                answer = await response.json(content_type=None)
        except ClientConnectorError as error:
            raise TryLater(type(error).__name__, seconds=RECONNECT, whole=True) from error
        except (ClientError, TimeoutError, ValueError) as error:
            raise Unknown(type(error).__name__) from error  # without its words: they hold the address and the token
        if not isinstance(answer, dict):
            raise Unknown("WeCom answered something else than an object")
        return answer


def _checked(answer: dict[str, Any]) -> dict[str, Any]:
    code = int(answer.get("errcode", 0))
    if code:
        raise _said(code, answer)
    return answer


def _said(code: int, answer: Mapping[str, Any]) -> ChannelError:
    log.debug("WeCom: errcode %s: %s", code, answer.get("errmsg"))
    return error_of(code)
