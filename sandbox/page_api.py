"""What the chat page asks of the sandbox: chats and messages as JSON, and the thumb's actions."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path

from aiohttp import web

from sandbox.clock import TimeControl
from sandbox.errors import ApiError
from sandbox.faults import Fault, Faults
from sandbox.page_clock import PageClock
from sandbox.page_events import PageEvents
from sandbox.page_telegram import PageTelegram
from sandbox.page_view import Json
from sandbox.page_wecom import PageWeCom
from sandbox.phones import Phones
from sandbox.server import refuse
from sandbox.wecom import WeCom

PAGE = Path(__file__).parent / "page"
Body = dict[str, object]
Joiner = Callable[[int, str], Awaitable[None]]


class PageApi:
    """Everything under `/` but the Bot API. Answers JSON; refusals are `{"error": …}`."""

    def __init__(self, phones: Phones, faults: Faults, wecom: WeCom, time_control: TimeControl | None) -> None:
        self._world = phones.world
        self._clock = PageClock(phones.world.clock, time_control)
        self._telegram = PageTelegram(phones, faults)
        self._wecom = PageWeCom(wecom, phones.world.bot_name)
        self._platforms: dict[str, PageTelegram | PageWeCom] = {"telegram": self._telegram, "wecom": self._wecom}
        self._events = PageEvents(phones.world, wecom.corp)
        self.joiner: Joiner | None = None
        self._posts: dict[str, Callable[[Body], Awaitable[object]]] = {
            "/api/write": self._write,
            "/api/tap": self._tap,
            "/api/submit": self._submit,
            "/api/send": self._send,
            "/api/menu": self._menu,
            "/api/join": self._join,
            "/api/block": self._block,
            "/api/plain": self._plain,
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
                return _answer(self._state())
            if request.path == "/api/chat":
                query = request.query
                return _answer(self._platforms[query["platform"]].chat(int(query["chat"]), int(query["as"])))
            return self._file(request.path.removeprefix("/api/file/"))
        except (KeyError, ValueError) as error:
            return refuse(HTTPStatus.NOT_FOUND, f"not found: {error}")

    def _file(self, file_id: str) -> web.StreamResponse:
        stored = next(one.files[file_id] for one in self._platforms.values() if file_id in one.files)
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

    def _state(self) -> Json:
        return {
            **self._clock.state(),
            "joins": self.joiner is not None,
            "bot": {"name": self._world.bot_name, "username": self._world.bot_username},
            "chats": [*self._groups(), *(row for person in self._world.people for row in self._person(person))],
            "faults": [
                {"platform": name, **asdict(fault)} for name, one in self._platforms.items() for fault in one.faults
            ],
        }

    def _groups(self) -> list[Json]:
        common = {"kind": "group", "subtitle": "", "group": "群聊"}
        return [{**common, **row} for one in self._platforms.values() for row in one.groups()]

    def _person(self, person: int) -> list[Json]:
        """A row a platform, first the one on which the bot can write to them."""
        who = self._world.people[person]
        common = {"kind": "private", "title": who.name, "subtitle": who.role, "group": who.school}
        platforms = sorted(self._platforms.values(), key=lambda one: not one.began(person))
        rows = ((one.began(person), one.person(person)) for one in platforms)
        return [{**common, "began": began, **row} for began, row in rows if row is not None]

    async def _write(self, body: Body) -> object:
        message = self._on(body).write(_number(body, "as"), _number(body, "chat"), str(body["text"]))
        return {"id": message.id}

    async def _tap(self, body: Body) -> object:
        person, chat, message = (_number(body, name) for name in ("as", "chat", "message"))
        return await self._on(body).tap(person, chat, message, str(body["data"]))

    async def _submit(self, body: Body) -> object:
        chosen = body["chosen"]
        if not isinstance(chosen, list):
            raise ValueError("what is chosen is a list")
        self._wecom.submit(_number(body, "as"), _number(body, "message"), [str(one) for one in chosen])
        return {}

    async def _send(self, body: Body) -> object:
        message = self._on(body).send(_number(body, "as"), _number(body, "chat"), str(body["kind"]))
        return {"id": message.id}

    async def _menu(self, body: Body) -> object:
        self._wecom.menu(_number(body, "as"), str(body["key"]))
        return {}

    async def _join(self, body: Body) -> object:
        """A person is switched to a platform on which the bot does not know them yet."""
        if self.joiner is None:
            raise ValueError("nobody can join here")
        await self.joiner(_number(body, "as"), str(body["platform"]))
        return {}

    async def _block(self, body: Body) -> object:
        self._telegram.block(_number(body, "as"), on=bool(body["on"]))
        return {}

    async def _plain(self, body: Body) -> object:
        self._wecom.plain(_number(body, "as"), on=bool(body["on"]))
        return {}

    async def _set_clock(self, body: Body) -> object:
        await self._clock.act(body)
        self._world.changed()
        return self._state()

    async def _set_faults(self, body: Body) -> object:
        """Adding is to one platform, clearing to both."""
        match body["action"]:
            case "add":
                given = body["fault"]
                if not isinstance(given, dict):
                    raise ValueError("a fault is an object")
                self._on(body).faults.append(Fault(**given))
            case "clear":
                for one in self._platforms.values():
                    one.faults.clear()
            case action:
                raise ValueError(f"no such action: {action}")
        return self._state()

    def _on(self, body: Body) -> PageTelegram | PageWeCom:
        return self._platforms[str(body["platform"])]

    def _static(self, path: str) -> web.StreamResponse:
        found = (PAGE / (path.strip("/") or "index.html")).resolve()
        if not found.is_relative_to(PAGE) or not found.is_file():
            return refuse(HTTPStatus.NOT_FOUND, "not found")
        return web.FileResponse(found, headers={"Cache-Control": "no-cache"})


def _number(body: Body, name: str) -> int:
    return int(str(body[name]))


def _answer(value: object) -> web.Response:
    return web.json_response(value, headers={"Cache-Control": "no-store"})
