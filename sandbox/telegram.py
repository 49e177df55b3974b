"""The sandbox: a strict Telegram of one's own, with people's phones on one side and the Bot API on the other; a strict
WeCom with the same people stands beside it."""

import asyncio
import random
from collections.abc import Callable

from aiohttp import web

from sandbox.bot_api import BotApi, Told
from sandbox.clock import Clock, TimeControl
from sandbox.faults import Faults
from sandbox.limits import TELEGRAM, Limits
from sandbox.model import Entry
from sandbox.page_api import Joiner, PageApi
from sandbox.params import Params
from sandbox.phones import Phones
from sandbox.polling import Connection, Poller
from sandbox.server import Listening, Server
from sandbox.updates import Updates
from sandbox.webhook import Webhook
from sandbox.wecom import AIBOT, WeCom
from sandbox.world import World

TOKEN = "7000000001:AAsandbox-token-that-opens-nothing-1"  # noqa: S105 - it opens nothing
_AGAIN = 0.02  # real seconds: a program is starting


class Sandbox(Phones):
    """Phones plus a server. The same seed gives the same ids, update numbers and faults."""

    def __init__(
        self,
        clock: Clock,
        token: str = TOKEN,
        bot_name: str = "零报告",
        bot_username: str = "zero_report_bot",
        time_control: TimeControl | None = None,
        *,
        limits: Limits = TELEGRAM,
        seed: int = 0,
    ) -> None:
        dice = random.Random(seed)
        world = World(
            clock,
            bot_id=int(token.partition(":")[0]),
            bot_name=bot_name,
            bot_username=bot_username,
            limits=limits,
            dice=dice,
        )
        updates = Updates(clock, dice)
        super().__init__(world, updates)
        self.token = token
        self.journal: list[Entry] = []
        self._watchers: set[asyncio.Event] = set()
        self._faults = Faults(random.Random(f"faults {seed}"), self._faults_changed)
        self._poller = Poller(clock, updates, self._faults)
        self._webhook = Webhook(clock, updates, self._faults, dice)
        self._api = BotApi(
            world, token=token, poller=self._poller, webhook=self._webhook, faults=self._faults, record=self._record
        )
        self.wecom = WeCom(clock, world.people, seed=seed)
        self._page = PageApi(self, self._faults, self.wecom, time_control)
        self._listening: Listening | None = None
        self._host = ""
        world.listeners.append(lambda _chat: self._stir())
        self.wecom.on_change(lambda _chat: self._stir())

    @property
    def faults(self) -> Faults:
        """A list: append a Fault, clear it."""
        return self._faults

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        routes = {
            "/bot": self._api.handle,
            "/file/bot": self._download,
            "/cgi-bin/": self.wecom.handle,
            AIBOT: self.wecom.aibot.handle,
            "/": self._page.handle,
        }
        self._host = host
        self._listening = Listening(Server(routes, self._poller), host)
        await self._listening.start(port)
        self.wecom.aibot.origin = self.page_url.removesuffix("/")

    async def stop(self) -> None:
        self._poller.finish()
        await self._webhook.stop()
        await self.wecom.stop()
        await self._page.stop()
        if self._listening is not None:
            await self._listening.stop()
            self._listening = None

    @property
    def page_url(self) -> str:
        if self._listening is None:
            raise RuntimeError("the sandbox has not been started")
        return f"http://{self._host}:{self._listening.port}/"

    @property
    def base_url(self) -> str:
        """What stands before token and method, as python-telegram-bot wants it."""
        return f"{self.page_url}bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.page_url}file/bot"

    def on_join(self, joiner: Joiner) -> None:
        """Called with a person and the platform to which they are switched on the page, where the bot does not know
        them yet. Raises ValueError for somebody whom it cannot know."""
        self._page.joiner = joiner

    def on_change(self, callback: Callable[[int | None], None]) -> None:
        """Called with a chat's id when something changed in it, with None for anything else."""
        self.world.listeners.append(callback)

    async def until(self, condition: Callable[[], bool], limit: float = 5.0) -> None:
        """Returns when `condition` holds; asks again whenever a chat, the journal or the queue changed. Raises
        TimeoutError after `limit` real seconds, with the journal's last lines."""
        stirred = asyncio.Event()
        self._watchers.add(stirred)
        try:
            async with asyncio.timeout(limit):
                while not condition():
                    stirred.clear()
                    await stirred.wait()
        except TimeoutError as error:
            last = sorted((*self.journal[-10:], *self.wecom.journal[-10:]), key=lambda e: e.at)
            lines = "\n".join(f"  {e.n} {e.method} {e.chat} {e.error or 'ok'}" for e in last)
            raise TimeoutError(f"did not come true within {limit} s; the journal's last lines:\n{lines}") from error
        finally:
            self._watchers.discard(stirred)

    async def polled(self, patience: float) -> None:
        """Returns when a bot that has just been started waits for updates. `patience`: real seconds. Raises
        TimeoutError."""
        async with asyncio.timeout(patience):
            while not self._poller.waits:  # noqa: ASYNC110 - it may stop waiting, too
                await asyncio.sleep(_AGAIN)

    async def call(self, path: str, params: Params, caller: Connection) -> Told:
        """A call of the bot as it would come over HTTP, for who plays many days. Raises Dropped where it gets no
        answer."""

        async def read() -> Params:
            return params

        return await self._api.answer(path, read, caller)

    def hang_up(self, caller: Connection) -> None:
        """The caller is gone, and with it the poll that it waits on."""
        self._poller.lost(caller)

    async def _download(self, request: web.BaseRequest) -> web.StreamResponse:
        """Only where getFile has told that a file lies, and only for an hour after it."""
        token, _, path = request.path.removeprefix("/file/bot").partition("/")
        stored = self.world.at_place(path)
        if token != self.token or stored is None:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=stored.data, content_type="application/octet-stream")

    def _record(self, entry: Entry) -> None:
        self.journal.append(entry)
        self._stir()

    def _stir(self) -> None:
        for watcher in self._watchers:
            watcher.set()

    def _faults_changed(self) -> None:
        self._poller.wake()
        self._webhook.wake()
        self.world.changed()
