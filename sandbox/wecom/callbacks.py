"""What happened on phones, posted to the app's callback URL: 5 s for a 200, three tries in all, then it is lost."""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import aiohttp

from sandbox.clock import Hold
from sandbox.faults import Faults
from sandbox.wecom import limits
from sandbox.wecom.corp import Corp
from sandbox.wecom.events import envelope_xml
from sandbox.wecom.model import Lost

_AT_ONCE = 100  # callbacks on their way, so that none waits for a connection while its seconds run
_XML = {"Content-Type": "text/xml"}

# a request to the app: its method, URL, query and body; the status and the body of the answer. Raises ClientError
Carry = Callable[[str, str, Mapping[str, str], bytes], Awaitable[tuple[int, bytes]]]


class Callbacks:
    """One person's callbacks go one after the other. Holds the clock while one is on its way. A try that fails is
    repeated at once: WeCom's pause is not known, and none is the hardest on a bot that is down. `patience` and
    `verify_patience` are in real seconds. `carry`: how they get there, unless told otherwise over HTTP."""

    def __init__(self, corp: Corp, faults: Faults, dice: random.Random) -> None:
        self._corp = corp
        self._faults = faults
        self._dice = dice
        self.url = ""
        self.carry: Carry = self._over_http
        self.patience = limits.PATIENCE
        self.verify_patience = limits.VERIFY_PATIENCE
        self.lost: list[Lost] = []
        self.listeners: list[Callable[[int, str], None]] = []  # of what has been taken
        self._waiting: dict[int, deque[str]] = {}
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._session: aiohttp.ClientSession | None = None

    async def connect(self, url: str) -> None:
        """Saving the URL in the console: it is asked to decrypt a word. Raises ValueError unless exactly that word
        comes back within a second."""
        word = str(self._dice.getrandbits(63)).encode()
        query = self._signed(self._encrypt(word), "echostr")
        try:
            with self._corp.clock.busy():
                said = await self._verify(url, query)
        except (TimeoutError, aiohttp.ClientError) as error:
            raise ValueError(f"openapi回调地址请求不通过: {error!r}") from error
        if said != word:
            raise ValueError("openapi回调地址请求不通过: not the word that was sent")
        self.url = url

    async def _verify(self, url: str, query: dict[str, str]) -> bytes | None:
        """What it answers; None unless with 200."""
        async with asyncio.timeout(self.verify_patience):
            status, said = await self.carry("GET", url, query, b"")
        return said if status == 200 else None

    def post(self, person: int, body: str) -> None:
        """`body` is the XML. Without a URL it is lost."""
        if not self.url:
            self._lose(person, body, "no callback URL")
            return
        self._waiting.setdefault(person, deque()).append(body)
        self._start(person)

    def __len__(self) -> int:
        """How many wait, and how many persons' are on their way."""
        return sum(map(len, self._waiting.values())) + len(self._lanes)

    def wake(self) -> None:
        """Sets every lane going that has something to deliver."""
        for person in tuple(self._waiting):
            self._start(person)

    def _start(self, person: int) -> None:
        if person in self._lanes or self._faults.silent():
            return
        hold = Hold(self._corp.clock)
        hold.set(True)
        task = asyncio.ensure_future(self._work(person))
        task.add_done_callback(partial(self._let_go, person, hold))
        self._lanes[person] = task

    async def stop(self) -> None:
        for task in tuple(self._lanes.values()):
            task.cancel()
        await asyncio.gather(*self._lanes.values(), return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _let_go(self, person: int, hold: Hold, _task: "asyncio.Task[None]") -> None:
        """Also when the lane's task was cancelled before it began."""
        hold.set(False)
        self._corp.changed(person)

    async def _work(self, person: int) -> None:
        try:
            while (body := self._next(person)) is not None:
                await self._deliver(person, body)
                if self._faults.duplicates():
                    await self._deliver(person, body)
        finally:
            del self._lanes[person]

    def _next(self, person: int) -> str | None:
        waiting = self._waiting[person]
        if waiting and not self._faults.silent():
            return waiting.popleft()
        if not waiting:
            del self._waiting[person]
        return None

    async def _deliver(self, person: int, body: str) -> None:
        for _ in range(limits.TRIES):
            trouble = await self._try(body)
            if not trouble:
                self._took(person, body)
                return
        self._lose(person, body, trouble)

    async def _try(self, body: str) -> str:
        """What went wrong, "" if nothing. Each try is encrypted and signed anew."""
        encrypted = self._encrypt(body.encode())
        query = self._signed(encrypted)
        envelope = envelope_xml(self._corp, encrypted).encode()
        try:
            async with self._slots, asyncio.timeout(self.patience):
                status, said = await self.carry("POST", self.url, query, envelope)
        except TimeoutError:
            return "no answer in time"
        except aiohttp.ClientError as error:
            return type(error).__name__
        if status != 200:
            return f"HTTP {status}"
        return "sandbox: passive replies are not built" if said.strip() else ""

    async def _over_http(self, method: str, url: str, query: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        async with self._open().request(method, url, params=query, data=body or None, headers=_XML) as response:
            return response.status, await response.read()

    def _encrypt(self, message: bytes) -> str:
        return self._corp.seal.encrypt(message, self._dice.randbytes(16))

    def _signed(self, encrypted: str, name: str = "") -> dict[str, str]:
        """The query of a callback; the ciphertext is in it under `name`, if there is one."""
        timestamp, nonce = str(int(self._corp.now().timestamp())), str(self._dice.randrange(10**9, 10**10))
        signature = self._corp.seal.sign(timestamp, nonce, encrypted)
        query = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}
        return {**query, name: encrypted} if name else query

    def _took(self, person: int, body: str) -> None:
        for listener in tuple(self.listeners):
            listener(person, body)

    def _lose(self, person: int, body: str, why: str) -> None:
        self.lost.append(Lost(self._corp.now(), person, body, why))
        self._corp.changed()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session
