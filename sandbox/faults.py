"""Faults the sandbox can be told to have, and the dice that decide when each strikes."""

import asyncio
import random
from collections.abc import Callable, Iterable, MutableSequence
from dataclasses import dataclass, replace
from typing import Literal, get_args, overload

from sandbox.errors import ApiError, conflict, forbidden, too_many

Kind = Literal["429", "500", "502", "timeout", "drop", "slow", "duplicate", "silent", "401", "409", "403", "errcode"]
Moment = Literal["before", "after"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# these change what getUpdates or the webhook delivers; all others strike calls
_OF_UPDATES: frozenset[Kind] = frozenset({"duplicate", "silent"})


class Dropped(Exception):
    """The connection is broken off without an answer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`method` and `chat`: only those calls. `rate`: of the calls it could strike. `times`: so often, then gone.
    `when`: before or after the call took effect (500, 502, timeout, drop). `delay` (timeout, slow) is in real
    seconds: whoever calls may be holding the stepped clock still, and would wait for ever on it. `errcode` is what
    WeCom answers to the kind of that name."""

    kind: Kind
    method: str | None = None
    chat: int | None = None
    rate: float = 1.0
    times: int | None = None
    when: Moment = "before"
    delay: float = 0.0
    retry_after: int = 3
    errcode: int = -1

    def strikes(self, method: str, chat: int | None) -> bool:
        if self.method is not None and self.method.lower() != method.lower():
            return False
        return self.chat is None or self.chat == chat

    async def befall(self, moment: Moment) -> bool:
        """Whether this is the fault's moment. Waits as long as it delays; raises Dropped if it breaks off the
        connection."""
        late = self.when == "after" and self.kind in ("500", "502", "timeout", "drop", "errcode")
        if late != (moment == "after"):
            return False
        if self.kind in ("slow", "timeout"):
            await asyncio.sleep(self.delay)
        if self.kind in ("timeout", "drop"):
            raise Dropped
        return True

    def answer(self) -> ApiError | None:
        """What Telegram tells the bot; None for faults that are no answer of its."""
        match self.kind:
            case "429":
                return too_many(self.retry_after)
            case "500":
                return ApiError(500, "Internal Server Error")
            case "502":
                return ApiError(502, "Bad Gateway")
            case "401":
                return ApiError(401, "Unauthorized")
            case "403":
                return forbidden("bot was blocked by the user")
            case "409":
                return conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running"
                )
            case _:
                return None


class Faults(MutableSequence[Fault]):
    """A list of faults; whoever listens hears when it changes."""

    def __init__(self, dice: random.Random, on_change: Callable[[], None]) -> None:
        self._dice = dice
        self._on_change = on_change
        self._faults: list[Fault] = []

    def pick(self, method: str, chat: int | None) -> Fault | None:
        """The first fault that strikes this call, used up by one."""
        return self._first(lambda f: f.kind not in _OF_UPDATES and f.strikes(method, chat))

    def duplicates(self) -> bool:
        """Whether what is delivered now is to be delivered once more."""
        return self._first(lambda f: f.kind == "duplicate") is not None

    def silent(self) -> bool:
        """Whether updates are held back: as long as such a fault is in the list."""
        return any(fault.kind == "silent" for fault in self._faults)

    def _first(self, fits: Callable[[Fault], bool]) -> Fault | None:
        for at, fault in enumerate(self._faults):
            if fits(fault) and (fault.rate >= 1.0 or self._dice.random() < fault.rate):
                self._use(at, fault)
                return fault
        return None

    def _use(self, at: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times > 1:
            self[at] = replace(fault, times=fault.times - 1)
        else:
            del self[at]

    def __len__(self) -> int:
        return len(self._faults)

    @overload
    def __getitem__(self, index: int) -> Fault: ...
    @overload
    def __getitem__(self, index: slice) -> MutableSequence[Fault]: ...
    def __getitem__(self, index: int | slice) -> Fault | MutableSequence[Fault]:
        return self._faults[index]

    @overload
    def __setitem__(self, index: int, value: Fault) -> None: ...
    @overload
    def __setitem__(self, index: slice, value: Iterable[Fault]) -> None: ...
    def __setitem__(self, index: int | slice, value: Fault | Iterable[Fault]) -> None:
        if not isinstance(index, int) or not isinstance(value, Fault):
            raise TypeError("one fault at a time")
        self._faults[index] = value
        self._on_change()

    def __delitem__(self, index: int | slice) -> None:
        del self._faults[index]
        self._on_change()

    def insert(self, index: int, value: Fault) -> None:
        if value.kind not in KINDS:
            raise ValueError(f"no such fault: {value.kind!r}")
        self._faults.insert(index, value)
        self._on_change()
