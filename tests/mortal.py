"""Storage and channel that let the program die at a chosen step, and count the steps there are."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from bot.channels import Capabilities, Channel, Command, Heard, Raw, Rendered, Shown, nothing
from storage import Storage, Tx
from tests.stack import Crash

T = TypeVar("T")
COMMITS = {"listener": "commit 1", "turn": "commit 2", "postman": "commit 3"}
COMMITS |= {"ticker": "a tick's commit", "keeper": "a file's commit"}


class Fate:
    """Dies at the n-th step from `arm` on, and stays dead until the next `live`."""

    def __init__(self, died: asyncio.Event) -> None:
        self._died = died
        self._at: int | None = None
        self.steps: list[str] = []
        self.dead = False
        self.on_the_wire = 0  # calls of the platform that no commit 3 has recorded yet

    def arm(self, at: int) -> None:
        self._at, self.steps, self.on_the_wire = at, [], 0

    def live(self) -> None:
        """A new program: whatever it does, it lives."""
        self._at, self.dead, self.on_the_wire = None, False, 0

    def step(self, name: str) -> None:
        """Raises Crash at the chosen one, and at every one after it. On any thread."""
        if self.dead:
            raise Crash(f"dead: {name}")
        if self._at is None:
            return
        self.steps.append(name)
        if len(self.steps) == self._at:
            self.dead = True
            raise Crash(name)

    async def through(self, work: Awaitable[T]) -> T:
        """The crash becomes known where it may: on the event loop."""
        try:
            return await work
        except Crash:
            self._died.set()
            raise


class MortalStorage:
    def __init__(self, storage: Storage, role: str, fate: Fate) -> None:
        self._storage = storage
        self._name = COMMITS[role]
        self._fate = fate

    async def run(self, work: Callable[[Tx], T]) -> T:
        return await self._fate.through(self._run(work))

    async def _run(self, work: Callable[[Tx], T]) -> T:
        self._fate.step(f"before {self._name}")

        def whole(tx: Tx) -> T:
            result = work(tx)
            self._fate.step(f"at the end of the transaction of {self._name}")
            return result

        result = await self._storage.run(whole)
        if self._name == "commit 3" and isinstance(result, list):
            self._fate.on_the_wire -= len(result)  # an entry for each message that it records
        self._fate.step(f"after {self._name}")
        return result

    async def read(self, work: Callable[[Tx], T]) -> T:
        if self._fate.dead:
            raise Crash("dead: a question")
        return await self._storage.read(work)

    async def close(self) -> None:
        await self._storage.close()


class MortalChannel:
    def __init__(self, channel: Channel, fate: Fate) -> None:
        self._channel = channel
        self._fate = fate
        self.name = channel.name
        self.can: Capabilities = channel.can
        self.way_in = channel.way_in
        self.username = channel.username

    @property
    def ahead(self) -> timedelta | None:
        return self._channel.ahead

    async def open(self) -> None:
        await self._channel.open()
        self.username = self._channel.username

    async def close(self) -> None:
        await self._channel.close()

    @property
    def out_since(self) -> datetime | None:
        return self._channel.out_since

    async def listen(
        self,
        take: Callable[[Sequence[Raw]], Awaitable[None]],
        out_since: datetime | None = None,
        went_round: Callable[[], None] = nothing,
    ) -> None:
        await self._channel.listen(take, out_since, went_round)

    def read(self, body: str) -> Heard | None:
        return self._channel.read(body)

    async def show(self, native: str, message: Rendered, ref: str | None = None, edit_code: str | None = None) -> Shown:
        def call() -> Awaitable[Shown]:
            self._fate.on_the_wire += 1
            return self._channel.show(native, message, ref, edit_code)

        return await self._call("the platform's yes", call)

    async def remove(self, ref: str) -> None:
        await self._call("a removal", lambda: self._channel.remove(ref))

    async def fetch(self, file: str, most: int) -> bytes:
        return await self._call("a file", lambda: self._channel.fetch(file, most))

    async def answer(self, tap: str, words: str | None, *, loud: bool) -> None:
        await self._call("the answer to a tap", lambda: self._channel.answer(tap, words, loud=loud))

    async def menus(self, native: str | None, private: bool, commands: Mapping[str, Sequence[Command]]) -> None:
        await self._call("a menu", lambda: self._channel.menus(native, private, commands))

    async def _call(self, name: str, call: Callable[[], Awaitable[T]]) -> T:
        return await self._fate.through(self._called(name, call))

    async def _called(self, name: str, call: Callable[[], Awaitable[T]]) -> T:
        self._fate.step(f"before {name}")
        result = await call()
        self._fate.step(f"after {name}")
        return result
