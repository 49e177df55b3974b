"""What the chat page asks of the sandbox: chats and messages as JSON, and the thumb's actions."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path

from aiohttp import web

from sandbox.clock import TimeControl
from sandbox.errors import ApiError
from sandbox.faults import Fault, Faults
from sandbox.page_clock import PageClock
from sandbox.page_events import PageEvents
from sandbox.page_view import PageView
from sandbox.phones import Phones
from sandbox.pictures import plain_png
from sandbox.server import refuse

PAGE = Path(__file__).parent / "page"
ANSWER_WAIT = 3.0  # real seconds that a thumb waits for an answer
Body = dict[str, object]


class PageApi:
    """Everything under `/` but the Bot API. Answers JSON; refusals are `{"error": …}`."""

    def __init__(self, phones: Phones, faults: Faults, time_control: TimeControl | None) -> None:
        self._phones = phones
        self._faults = faults
        self._clock = PageClock(phones.world.clock, time_control)
        self._view = PageView(phones, faults, self._clock)
        self._events = PageEvents(phones.world)
        self._posts: dict[str, Callable[[Body], Awaitable[object]]] = {
            "/api/write": self._write,
            "/api/tap": self._tap,
            "/api/send": self._send,
            "/api/block": self._block,
            "/api/clock": self._set_clock,
            "/api/faults": self._set_faults,
        }

    async def stop(self) -> None:
        await self._events.stop()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if origin is not None and origin.partition("://")[2] != request.host:
            # a page of elsewhere, open in the same browser, must not write in teachers' names
            return refuse(HTTPStatus.FORBIDDEN, "the page's API is for the page alone")
        if request.method == "POST":
            return await self._post(request)
        if request.path == "/api/events":
            return await self._events.serve(request)
        if request.path.startswith("/api/"):
            return self._get(request)
        return self._static(request.path)

    def _get(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            if request.path == "/api/state":
                return _answer(self._view.state())
            if request.path == "/api/chat":
                return _answer(self._view.chat(int(request.query["chat"]), int(request.query["as"])))
            return self._file(request.path.removeprefix("/api/file/"))
        except (KeyError, ValueError) as error:
            return refuse(HTTPStatus.NOT_FOUND, f"not found: {error}")

    def _file(self, file_id: str) -> web.StreamResponse:
        stored = self._phones.stored(file_id)
        # nothing that a person or the bot sent is run as a page of ours
        headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        if not stored.mime.startswith("image/"):
            headers["Content-Disposition"] = "attachment"
        return web.Response(body=stored.data, content_type=stored.mime, headers=headers)

    async def _post(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            body = json.loads(await request.text())
            return _answer(await self._posts[request.path](body))
        except KeyError as error:
            return refuse(HTTPStatus.NOT_FOUND, f"not found: {error}")
        except (TypeError, ValueError, ApiError) as error:
            return refuse(HTTPStatus.BAD_REQUEST, str(error))

    async def _write(self, body: Body) -> object:
        message = self._phones.write(_number(body, "as"), _number(body, "chat"), str(body["text"]))
        return {"id": message.id}

    async def _tap(self, body: Body) -> object:
        tap = self._phones.tap(_number(body, "as"), _number(body, "chat"), _number(body, "message"), str(body["data"]))
        done, _ = await asyncio.wait({tap.answered}, timeout=ANSWER_WAIT)
        if not done or tap.answer is None:
            return {"answer": None}
        return {"answer": {"text": tap.answer.text, "alert": tap.answer.show_alert}}

    async def _send(self, body: Body) -> object:
        person, chat = _number(body, "as"), _number(body, "chat")
        match body["kind"]:
            case "sticker":
                message = self._phones.sticker(person, chat)
            case "voice":
                message = self._phones.voice(person, chat)
            case "photo":
                message = self._phones.photo(person, chat, plain_png(320, 240), "")
            case "forward":
                message = self._phones.forward(person, chat, "转发：今天下午两点开会。", "李老师")
            case kind:
                raise ValueError(f"no such kind: {kind}")
        return {"id": message.id}

    async def _block(self, body: Body) -> object:
        (self._phones.block if body["on"] else self._phones.unblock)(_number(body, "as"))
        return {}

    async def _set_clock(self, body: Body) -> object:
        await self._clock.act(body)
        self._phones.world.changed()
        return self._view.state()

    async def _set_faults(self, body: Body) -> object:
        match body["action"]:
            case "add":
                given = body["fault"]
                if not isinstance(given, dict):
                    raise ValueError("a fault is an object")
                self._faults.append(Fault(**given))
            case "clear":
                self._faults.clear()
            case action:
                raise ValueError(f"no such action: {action}")
        return self._view.state()

    def _static(self, path: str) -> web.StreamResponse:
        found = (PAGE / (path.strip("/") or "index.html")).resolve()
        if not found.is_relative_to(PAGE) or not found.is_file():
            return refuse(HTTPStatus.NOT_FOUND, "not found")
        return web.FileResponse(found, headers={"Cache-Control": "no-cache"})


def _number(body: Body, name: str) -> int:
    return int(str(body[name]))


def _answer(value: object) -> web.Response:
    return web.json_response(value, headers={"Cache-Control": "no-store"})
