"""An app's two sides of the wire, as bare as they can be: its calls, and its callback URL."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from defusedxml.ElementTree import fromstring

from sandbox import Sandbox

Reply = dict[str, Any]


class App:
    """Calls the sandbox over real HTTP with a token that it fetches once."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.wecom = sandbox.wecom
        self.root = f"{sandbox.page_url}cgi-bin/"
        self.session = session
        self.token = ""
        self.date = ""  # of the last answer

    async def get_token(self, corp_id: str | None = None, secret: str | None = None) -> Reply:
        params = {"corpid": corp_id or self.wecom.corp_id, "corpsecret": secret or self.wecom.secret}
        return await self._json("GET", "gettoken", params)

    async def __call__(self, path: str, body: object | None = None, **query: object) -> Reply:
        """GET without a body, POST with one."""
        if not self.token:
            self.token = (await self.get_token())["access_token"]
        params = {"access_token": self.token, **{name: str(value) for name, value in query.items()}}
        return await self._json("GET" if body is None else "POST", path, params, body)

    async def ok(self, path: str, body: object | None = None, **query: object) -> Reply:
        reply = await self(path, body, **query)
        assert (reply["errcode"], reply["errmsg"]) == (0, "ok"), reply
        return reply

    async def refused(self, path: str, body: object | None = None, **query: object) -> int:
        """The errcode."""
        reply = await self(path, body, **query)
        assert reply["errcode"] != 0, reply
        return int(reply["errcode"])

    async def send(self, touser: str, kind: str = "text", **content: Any) -> Reply:
        return await self("message/send", self.message(touser, kind, **content))

    def message(self, touser: str, kind: str = "text", **content: Any) -> Reply:
        content = content or {"content": "早上好"}
        return {"touser": touser, "msgtype": kind, "agentid": self.wecom.agent_id, kind: content}

    async def upload(self, kind: str, name: str, data: bytes, *, key: str = "") -> Reply:
        """The app's own, or a group robot's by its `key`."""
        if not self.token:
            self.token = (await self.get_token())["access_token"]
        form = aiohttp.FormData(quote_fields=False)  # WeCom takes a name as it stands
        form.add_field("media", data, filename=name, content_type="application/octet-stream")
        path, opens = ("webhook/upload_media", {"key": key}) if key else ("media/upload", {"access_token": self.token})
        async with self.session.post(self.root + path, params={**opens, "type": kind}, data=form) as response:
            reply: Reply = await response.json()
            return reply

    async def _json(self, verb: str, path: str, params: dict[str, str], body: object = None) -> Reply:
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        async with self.session.request(verb, self.root + path, params=params, data=data) as response:
            assert response.status == 200
            self.date = response.headers["Date"]
            reply: Reply = await response.json()
            return reply


class CallbackServer:
    """Opens what comes with the sandbox's own keys. `answers` are used up one a POST, then everything is 200; None is
    no answer at all, an event one that comes when it is set."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._seal = sandbox.wecom.corp.seal
        self.url = ""
        self.came: list[dict[str, Any]] = []
        self.answers: list[int | asyncio.Event | None] = []
        self.echo: Callable[[bytes], bytes | None] = lambda word: word
        self._stirred = asyncio.Event()

    async def take(self, request: web.BaseRequest) -> web.Response:
        if request.method == "GET":
            encrypted = request.query["echostr"]
            self._check(request, encrypted)
            word = self.echo(self._seal.decrypt(encrypted))
            if word is None:
                await asyncio.sleep(3600)
            return web.Response(body=word)
        envelope = fromstring(await request.text())
        encrypted = envelope.findtext("Encrypt") or ""
        self._check(request, encrypted)
        assert envelope.findtext("ToUserName") == self._seal.receiver
        self.came.append(_tree(fromstring(self._seal.decrypt(encrypted).decode())))
        self._stirred.set()
        answer = self.answers.pop(0) if self.answers else 200
        if answer is None:
            await asyncio.sleep(3600)
        if isinstance(answer, asyncio.Event):
            await answer.wait()
        return web.Response(status=answer if isinstance(answer, int) else 200)

    def _check(self, request: web.BaseRequest, encrypted: str) -> None:
        query = request.query
        assert query["msg_signature"] == self._seal.sign(query["timestamp"], query["nonce"], encrypted)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.came) < count:
                self._stirred.clear()
                await self._stirred.wait()


def _tree(element: Any) -> dict[str, Any]:
    """Text by name; a name that comes several times is a list, as deep as it goes."""
    found: dict[str, Any] = {}
    for child in element:
        value = _tree(child) if len(child) else (child.text or "")
        if child.tag in ("SelectedItem", "OptionId"):
            found.setdefault(child.tag, []).append(value)
        else:
            found[child.tag] = value
    return found


@asynccontextmanager
async def calling_back(sandbox: Sandbox) -> AsyncIterator[CallbackServer]:
    """A callback server that is up and connected."""
    receiver = CallbackServer(sandbox)
    runner = web.ServerRunner(web.Server(receiver.take), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/wecom"
    sandbox.wecom.callbacks.verify_patience = 5.0  # so that a busy machine is not taken for a slow bot
    try:
        await sandbox.wecom.connect(receiver.url)
        yield receiver
    finally:
        await runner.cleanup()
