"""智能机器人 in API mode, by long connection: the platform's side of the websocket (PLATFORM §C3).

Who has not written to the robot cannot be written to; what people do while no robot is there is lost; one connection a
robot. Frames, sizes and times: developer.work.weixin.qq.com/document/path/101463."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from aiohttp import WSMsgType, web

from sandbox.faults import Dropped, Fault, Faults
from sandbox.limits import Sliding, Window
from sandbox.model import JsonObject, Message
from sandbox.wecom import aibot_frames as frames
from sandbox.wecom.aibot_line import Line
from sandbox.wecom.aibot_media import OWNER, Uploads
from sandbox.wecom.aibot_phones import ENTERED, PRESSED, Phones
from sandbox.wecom.cards import read_card
from sandbox.wecom.corp import Corp
from sandbox.wecom.errors import WecomError, invalid
from sandbox.wecom.fields import Fields
from sandbox.wecom.model import Content

PATH = "/aibot"
DOWNLOADS = f"{PATH}/media/"
BOT_ID = "aibSANDBOXopensNothing"
SECRET = "sandbox-robot-secret-that-opens-nothing"  # noqa: S105 - it opens nothing
MARKDOWN = 20_480  # bytes
PUSHED = ("markdown", "template_card", "image", "file")
WELCOMES = ("text", "template_card")
# "无论是回复还是主动推送消息，总共给某个会话发消息的限制为 30 条/分钟，1000 条/小时"
A_CONVERSATION = (Window(30, 60), Window(1000, 3600))
LARGEST = 2 << 20  # bytes of a frame: a piece of a file is the largest


class Aibot(Phones):
    """`journal`: every frame, both ways. `over_limit`: how often it was told that it says too much. `origin` is where
    the sandbox's server listens, once it does."""

    def __init__(self, corp: Corp, faults: Faults, *, bot_id: str = BOT_ID, secret: str = SECRET) -> None:
        super().__init__(corp, bot_id, "零报告")
        self.secret = secret
        self.journal: list[frames.Passed] = []
        self.over_limit = 0
        self.origin = ""
        self._faults = faults
        self._line: Line | None = None
        self._uploads = Uploads(corp)
        self._sent = Sliding()
        self._commands: dict[str, Callable[[frames.Request], JsonObject | None]] = {
            frames.PING: lambda _: None,
            frames.SEND: self._send,
            frames.RESPOND: self._respond,
            frames.WELCOME: self._welcome,
            frames.UPDATE: self._update,
            frames.INIT: lambda request: self._uploads.begin(request.body),
            frames.CHUNK: lambda request: self._uploads.take(request.body),
            frames.FINISH: lambda request: self._uploads.finish(request.body),
        }

    @property
    def url(self) -> str:
        return f"ws{self.origin.removeprefix('http')}{PATH}"

    @property
    def download_url(self) -> str:
        return f"{self.origin}{DOWNLOADS}"

    @property
    def connected(self) -> bool:
        return self._line is not None

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """The websocket, and beside it what people have sent."""
        if request.path.startswith(DOWNLOADS):
            data = self.downloads.at(request.path.removeprefix(DOWNLOADS))
            return web.Response(status=404) if data is None else web.Response(body=data)
        socket = web.WebSocketResponse(max_msg_size=LARGEST)
        await socket.prepare(request)
        line = Line(request, socket, self.corp.clock)
        keeping = asyncio.create_task(line.keep())
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    with self.corp.clock.busy():
                        await self._hear(line, message.data)
        finally:
            self._gone(line)
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping
        return socket

    def cut(self) -> None:
        """The network breaks."""
        if self._line is not None:
            self._line.cut()
            self._gone(self._line)

    def _gone(self, line: Line) -> None:
        if self._line is line:
            self._line = None
            self.corp.changed()

    # To the robot

    def tell(self, cmd: str, req_id: str, body: JsonObject) -> bool:
        if self._line is None or self._faults.silent():
            return False
        self._pass(self._line, frames.call(cmd, req_id, body))
        return True

    def _pass(self, line: Line, frame: JsonObject) -> None:
        self.journal.append(frames.Passed(self.corp.now(), True, frame))
        if not self._faults.silent():
            line.send(frame)
        self.corp.changed()

    # From the robot

    async def _hear(self, line: Line, text: str) -> None:
        line.heard_at = self.corp.now()
        try:
            frame = json.loads(text)
            request = frames.request_of(frame)
        except (ValueError, WecomError) as error:
            self._pass(line, frames.refusal("", error if isinstance(error, WecomError) else invalid("json")))
            return
        self.journal.append(frames.Passed(self.corp.now(), False, frame))
        fault = self._faults.pick(request.cmd, None)
        try:
            await _befall(fault, "before")
            answer = self._answer(line, request)
            await _befall(fault, "after")
        except WecomError as why:
            answer = frames.refusal(request.req_id, why)
        except Dropped:
            line.cut()
            return
        self._pass(line, answer)
        if request.cmd == frames.SUBSCRIBE and not line.subscribed:
            line.hang_up()

    def _answer(self, line: Line, request: frames.Request) -> JsonObject:
        try:
            if request.cmd == frames.SUBSCRIBE:
                self._subscribe(line, request)
                return frames.answer(request.req_id, None)
            if not line.subscribed:
                raise frames.not_subscribed()
            if request.cmd not in self._commands:
                raise invalid(f"cmd {request.cmd}")
            return frames.answer(request.req_id, self._commands[request.cmd](request))
        except WecomError as why:
            return frames.refusal(request.req_id, why)

    def _subscribe(self, line: Line, request: frames.Request) -> None:
        """A new connection throws out the old one, which is told why."""
        request.body.refuse_unknown("bot_id", "secret")
        who = (request.body.string("bot_id", required=True), request.body.string("secret", required=True))
        if who != (self.bot_id, self.secret):
            raise frames.bad_secret()
        old, self._line = self._line, line
        line.subscribed = True
        if old is not None and old is not line:
            old.subscribed = False
            now = int(self.corp.now().timestamp())
            body: JsonObject = {"msgid": self.corp.secret_number(), "create_time": now, "aibotid": self.bot_id}
            event = {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}
            self._pass(old, frames.call(frames.EVENT, self.corp.secret_number(), body | event))
            old.hang_up()

    def _send(self, request: frames.Request) -> None:
        body = request.body
        body.refuse_unknown("chatid", "chat_type", "msgtype", *PUSHED, "text")
        chat = self.chat_of(body.string("chatid", required=True), body.integer("chat_type", 0, 0, 2))
        if chat is None or not self.may_write(chat):
            raise frames.bad_chat()
        self._say(chat, body, PUSHED)

    def _respond(self, request: frames.Request) -> None:
        request.body.refuse_unknown("msgtype", *PUSHED)
        self._say(self.answered(request.req_id, frames.MESSAGE).chat, request.body, PUSHED)

    def _welcome(self, request: frames.Request) -> None:
        """The one thing that may be said to somebody who has never written."""
        request.body.refuse_unknown("msgtype", *WELCOMES)
        self._say(self.answered(request.req_id, ENTERED).chat, request.body, WELCOMES)

    def _update(self, request: frames.Request) -> None:
        body = request.body
        body.refuse_unknown("response_type", "userids", "template_card")
        if body.string("response_type", required=True) != "update_template_card":
            raise invalid("response_type")
        card = read_card(self.corp, body.inner("template_card"))
        old = self.answered(request.req_id, PRESSED).card
        shown = None if old is None else self.corp.message(old.chat, old.id)
        if shown is None or card.task_id != shown.card.get("task_id"):
            raise invalid("task_id")
        self._spend(shown.chat)
        face = card.content
        self.corp.revise(shown, replace(shown, text=face.text, keyboard=face.keyboard, card=face.card))

    def _say(self, chat: int, body: Fields, kinds: tuple[str, ...]) -> Message:
        kind = body.string("msgtype", required=True)
        if kind not in kinds:
            raise frames.bad_type()
        content = self._content(kind, body.inner(kind))
        self._spend(chat)
        if content.card:
            self.corp.tasks.add(str(content.card["task_id"]))
        return self.corp.show(chat, content)

    def _content(self, kind: str, inner: Fields) -> Content:
        match kind:
            case "template_card":
                card = read_card(self.corp, inner)
                if card.task_id in self.corp.tasks:
                    raise WecomError(42014, "invalid task_id: used before")
                return card.content
            case "image" | "file":
                inner.refuse_unknown("media_id")
                media = self.corp.media_file(inner.string("media_id", required=True), kind, OWNER).id
                return Content(image=media) if kind == "image" else Content(file=media)
            case _:
                inner.refuse_unknown("content")
                return Content(inner.string("content", required=True, size=MARKDOWN), markdown=kind == "markdown")

    def _spend(self, chat: int) -> None:
        now = self.corp.now()
        if any(self._sent.wait((chat, window), window, now) for window in A_CONVERSATION):
            self.over_limit += 1
            raise frames.too_often()
        for window in A_CONVERSATION:
            self._sent.count((chat, window), now)


async def _befall(fault: Fault | None, moment: str) -> None:
    if fault is not None and await fault.befall("after" if moment == "after" else "before"):
        raise WecomError(fault.errcode, "sandbox: as it was told")
