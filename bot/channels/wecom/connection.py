"""智能机器人's long connection: one websocket, on which both sides ask and are answered by req_id (PLATFORM §C3).

Whatever is said to the robot while the line is down is lost: WeCom repeats nothing. So `heard_at` is the last instant
at which the line was known to stand."""

import asyncio
import itertools
import json
import logging
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout, ClientWebSocketResponse, DummyCookieJar, WSMsgType

from bot.channels import ChannelError, Conflict, Gone, TryLater, Unknown
from bot.channels.wecom.errors import error_of
from bot.clock import Bell, Clock

log = logging.getLogger(__name__)

OFFICIAL: Final = "wss://openws.work.weixin.qq.com"
SUBSCRIBE, PING = "aibot_subscribe", "ping"
CALLBACKS: Final = frozenset({"aibot_msg_callback", "aibot_event_callback"})
PING_EACH: Final = timedelta(seconds=30)
FRESH: Final = 4.0  # seconds of the five in which an event may be answered: the answer must arrive, too
RECONNECT: Final = 5.0  # seconds
CONNECT: Final = 10.0  # seconds
PATIENCE: Final = 10.0  # real seconds: a call holds a stepped clock still
LARGEST: Final = 1 << 20  # bytes of a frame
REPLACED: Final = (
    "另一个程序用同一个 Bot ID 连上了企业微信，本程序被挤下线，已停止（一个智能机器人只能有一条长连接）。"
    "请先停掉另一个程序，再启动本程序。"
)

Json = Mapping[str, Any]


class Connection:
    """Up or down. `open` and `close` are the session's; `connect` may be called again whenever the line is down."""

    def __init__(self, bot_id: str, secret: str, url: str, clock: Clock, patience: float = PATIENCE) -> None:
        self._who = {"bot_id": bot_id, "secret": secret}
        self._url = url
        self._clock = clock
        self._patience = patience
        self._session: ClientSession | None = None
        self._socket: ClientWebSocketResponse | None = None
        self._subscribed = False
        self._tasks: list[asyncio.Task[None]] = []
        self._asked: dict[str, asyncio.Future[Json]] = {}
        self._numbers = itertools.count(1)
        self._run = secrets.token_hex(4)
        self._bell = Bell(clock)
        self._callbacks: list[Json] = []
        self._fresh: dict[str, tuple[float, Json]] = {}
        self._end: ChannelError | None = None
        self.heard_at = clock.now()

    async def open(self) -> None:
        if self._session is None:
            self._session = ClientSession(cookie_jar=DummyCookieJar(), timeout=ClientTimeout(total=CONNECT))

    async def close(self) -> None:
        await self._hang_up()
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def connect(self) -> None:
        """Throws out whoever else is there for this robot. Raises Unauthorized for an id or secret that WeCom does not
        know, TryLater or Unknown where it cannot be reached."""
        await self._hang_up()
        if self._session is None:
            raise TryLater("the channel is not open", seconds=RECONNECT, whole=True)
        try:
            self._socket = await self._session.ws_connect(self._url, max_msg_size=LARGEST)
        except (ClientError, TimeoutError, OSError) as error:
            raise TryLater(f"no connection: {type(error).__name__}", seconds=RECONNECT, whole=True) from error
        self._end = None
        self._tasks = [asyncio.create_task(self._read(self._socket), name="robot's line")]
        try:
            await self._exchange(self._socket, SUBSCRIBE, self._who, None)
        except ChannelError:
            await self._hang_up()
            raise
        self._subscribed, self.heard_at = True, self._clock.now()
        self._tasks.append(asyncio.create_task(self._keep_alive(self._socket), name="robot's pings"))

    async def heard(self) -> Sequence[Json]:
        """The next callbacks, in their order, each with the instant (Unix seconds) at which it was `heard`; none when
        WeCom has answered a ping. Raises what ended the line: Conflict when another connection has taken it over."""
        await self._bell.wait()
        with self._clock.busy():
            self._bell.take()
            found, self._callbacks = self._callbacks, []
            if not found and self._end is not None:
                self._subscribed = False
                raise self._end
            if self._end is not None:
                self._bell.ring()  # first what came before it
            return found

    async def ask(self, cmd: str, body: Json | None = None, req_id: str | None = None) -> Json:
        """The answer's body. Raises TryLater for the whole channel while the line is down, Unknown when no answer came,
        and what an errcode means."""
        if self._socket is None or not self._subscribed or self._end is not None:
            raise TryLater("the line is down", seconds=RECONNECT, whole=True)
        return await self._exchange(self._socket, cmd, body, req_id)

    def use(self, req_id: str) -> Json:
        """The callback that is to be answered: an event once, within five seconds. Raises Gone when that is over."""
        heard, frame = self._fresh.pop(req_id, (0.0, {}))
        if not frame or self._clock.monotonic() - heard > FRESH:
            raise Gone("the event can no longer be answered")
        return frame

    # One exchange

    async def _exchange(self, socket: ClientWebSocketResponse, cmd: str, body: Json | None, req_id: str | None) -> Json:
        name = req_id or f"{cmd}-{self._run}-{next(self._numbers)}"
        frame: dict[str, Any] = {"cmd": cmd, "headers": {"req_id": name}}
        if body is not None:
            frame["body"] = body
        answered = self._asked[name] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._patience):
                await socket.send_str(json.dumps(frame, ensure_ascii=False))
                answer = await answered
        except ConnectionError as error:
            raise TryLater("the line is down", seconds=RECONNECT, whole=True) from error
        except TimeoutError as error:
            raise Unknown(f"{cmd} was not answered") from error
        finally:
            del self._asked[name]
        code = int(answer.get("errcode", 0))
        if code:
            raise error_of(code, str(answer.get("errmsg", "")))
        said = answer.get("body")
        return said if isinstance(said, dict) else {}

    # The loops of one connection

    async def _keep_alive(self, socket: ClientWebSocketResponse) -> None:
        """A ping that is not answered means a dead line, however open it seems."""
        while True:
            await self._clock.sleep_until(self._clock.now() + PING_EACH)
            try:
                with self._clock.busy():
                    await self.ask(PING)
                    self._bell.ring()
            except ChannelError as error:
                self._over(Unknown(f"a ping failed: {error}"))
                await socket.close()
                return

    async def _read(self, socket: ClientWebSocketResponse) -> None:
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self.heard_at = self._clock.now()
                    self._take(message.data)
        finally:
            self._over(Unknown(f"the line was closed: {socket.close_code}"))

    def _take(self, text: str) -> None:
        try:
            self._sort(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            log.error("WeCom's robot: a frame unlike the others: %s", type(error).__name__)

    def _sort(self, frame: Json) -> None:
        """An answer to who asked; a callback into the queue."""
        name = str(frame["headers"]["req_id"])
        if frame.get("cmd") in CALLBACKS:
            if frame["body"].get("event", {}).get("eventtype") == "disconnected_event":
                self._over(Conflict(REPLACED))
                return
            self._note(name, frame)
            # what comes while an earlier one is being taken was said then, not when its turn came
            self._callbacks.append({**frame, "heard": self.heard_at.timestamp()})
            self._bell.ring()
        elif (answered := self._asked.get(name)) is not None and not answered.done():
            answered.set_result(frame)

    def _note(self, req_id: str, frame: Json) -> None:
        now = self._clock.monotonic()
        self._fresh = {name: one for name, one in self._fresh.items() if now - one[0] <= FRESH}
        self._fresh[req_id] = now, frame

    def _over(self, why: ChannelError) -> None:
        """The first reason is the one."""
        if self._end is not None:
            return
        self._end = why
        for answered in self._asked.values():
            if not answered.done():
                answered.set_exception(Unknown(str(why)))
        self._bell.ring()

    async def _hang_up(self) -> None:
        socket, self._socket, self._subscribed = self._socket, None, False
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        if socket is not None:
            await socket.close()
        self._bell.take()
