"""WeCom's two ways without a socket: calls to the pretended one, and the door at which its callbacks arrive."""

import asyncio
import random
from collections.abc import Callable, Mapping
from contextvars import copy_context
from typing import Any, Final

from aiohttp import ClientConnectionError, MultipartWriter, ServerDisconnectedError, web
from pydantic import SecretStr

from bot.channels import Channel
from bot.channels.door import PATIENCE, Answer, Door
from bot.channels.wecom import Api, Crypto, Groups, Receiver, WeCom
from bot.channels.wecom.callbacks import raw
from bot.clock import Clock
from bot.config import WecomSection
from bot.simulate.life import Crash, Life
from bot.simulate.loop import OWNER
from bot.simulate.request import HungUp, answered, request
from bot.simulate.town import WECOM, Town
from bot.simulate.wire import LATENCY, SERVER_ERROR, Place, Told, Wire
from sandbox import Sandbox
from sandbox.wecom import WeCom as Platform

ORIGIN: Final = "memory://wecom"
PATH: Final = "/wecom"
GROUP_KEY: Final = "simulated"  # of the robot in the leaders' group


def userid(member: int) -> str:
    return f"Zr{member}"


class WecomWire(Wire):
    async def call(self, method: str, url: str, **content: Any) -> Told:
        wecom = self._sandbox.wecom
        number = wecom.corp.last_message
        asked = request(method, url.removeprefix(ORIGIN), content.pop("params"), *await _body(**content))
        mine = OWNER.set(None)  # what the platform does is no step of the program, and goes on after its death
        try:
            status, body = await answered(wecom.handle, asked)
        except HungUp:
            status, body = None, b""
        finally:
            OWNER.reset(mine)
        return Told(status, body, self._since(number, wecom.journal[-1].chat))

    def _since(self, number: int, chat: int | None) -> list[Place]:
        """What has come since that number was the last: to its chat, or to all where it was for several."""
        chats = self._sandbox.wecom.corp.chats
        return [(of, id) for of in (chats if chat is None else (chat,)) for id in chats.get(of, {}) if id > number]


async def _body(data: object = b"", headers: Mapping[str, str] | None = None) -> tuple[bytes, Mapping[str, str]]:
    if isinstance(data, MultipartWriter):
        return await data.as_bytes(), {"Content-Type": data.content_type}
    assert isinstance(data, bytes)  # noqa: S101 - as the channel writes it
    return data, headers or {}


class Threshold(Door):
    """One program's, without an address. `doors`: those that stand open."""

    def __init__(self, life: Life, doors: "list[Threshold]") -> None:
        super().__init__("", 0, "wecom.listen")
        self.life = life
        self._doors = doors
        self._hearing: set[asyncio.Task[tuple[int, bytes]]] = set()

    async def stand_open(self, answer: Answer) -> None:
        self._answer, self._context = answer, copy_context()
        self._doors.append(self)
        try:
            await asyncio.Event().wait()
        finally:
            self._doors.remove(self)
            if self._hearing:
                await asyncio.wait(self._hearing, timeout=PATIENCE)
            await self._let_go()

    async def asked(self, of: web.BaseRequest) -> tuple[int, bytes]:
        """As a step of the program, and as its web server would answer. Raises ServerDisconnectedError where it dies of
        it. Whoever has no patience any more hangs up, and it goes on."""
        loop = asyncio.get_running_loop()
        task = self._context.copy().run(asyncio.ensure_future, answered(self._answer, of))
        self._hearing.add(task)
        task.add_done_callback(self._hearing.discard)
        await asyncio.wait([task])
        if task.cancelled() or isinstance(task.exception(), Crash):
            raise ServerDisconnectedError
        if (error := task.exception()) is not None:
            loop.call_exception_handler({"message": "a callback", "exception": error})
            return SERVER_ERROR, b""
        return task.result()


class Gate:
    """What WeCom posts, on its way to one of the programs that listen. `cut` as the wire's; `lost`: whether the answer
    that is on its way now does not come back."""

    def __init__(self, dice: random.Random, cut: Callable[[], bool], lost: Callable[[], bool]) -> None:
        self.doors: list[Threshold] = []
        self._dice = dice
        self._cut = cut
        self._lost = lost

    async def carry(self, method: str, url: str, query: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        await asyncio.sleep(self._dice.random() * LATENCY / 2)
        there = [one for one in self.doors if not one.life.dead]
        if self._cut() or not there:
            raise ClientConnectionError
        door = self._dice.choice(there)
        told = await door.asked(request(method, url.removeprefix(ORIGIN), query, body))
        await asyncio.sleep(self._dice.random() * LATENCY / 2)
        if self._cut() or door.life.dead or self._lost():
            raise ServerDisconnectedError
        return told


def section(wecom: Platform, town: Town) -> WecomSection:
    return WecomSection(
        corp_id=wecom.corp_id,
        agent_id=wecom.agent_id,
        secret=SecretStr(wecom.secret),
        token=SecretStr(wecom.token),
        aes_key=SecretStr(wecom.aes_key),
        path=PATH,
        group="robot" if WECOM in town.groups else "",
        group_key=SecretStr(GROUP_KEY),
    )


def channel(wire: Wire, clock: Clock, sandbox: Sandbox, door: Threshold) -> Channel:
    wecom = sandbox.wecom
    api = Api(ORIGIN, wecom.corp_id, wecom.secret, clock, line=wire)
    receiver = Receiver(Crypto(wecom.token, wecom.aes_key, wecom.corp_id), clock, "", 0, PATH, door=door)
    return WeCom(api, wecom.agent_id, receiver, Groups(api, GROUP_KEY, _nobody), clock)


async def _nobody() -> list[str]:
    """The group is the leaders' own."""
    return []


def move_in(sandbox: Sandbox, town: Town, gate: Gate) -> None:
    """Who lives there is in the directory, the leaders gave their group a robot, the console knows our address."""
    for member in town.on(WECOM):
        employ(sandbox, member.id)
    leaders = tuple(one.id for one in town.members if one.school is None)
    sandbox.wecom.corp.add_group("学区领导群", leaders, leaders[0], key=GROUP_KEY)
    sandbox.wecom.callbacks.carry = gate.carry
    sandbox.wecom.callbacks.url = ORIGIN + PATH


def employ(sandbox: Sandbox, member: int) -> None:
    sandbox.wecom.employ(member, userid(member))


def native(body: str) -> str:
    """How the inbox names a callback."""
    return raw(body.encode()).native
