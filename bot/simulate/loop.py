"""The scheduler: one event loop on virtual time, in which the dice say who goes next."""

import asyncio
import heapq
import itertools
import random
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Stuck(Exception):
    """Nothing is ready and nobody waits for an instant: the program would sleep for ever. Or it never comes to rest."""


class SeededLoop(asyncio.SelectorEventLoop):
    """Of all that is ready the dice pick one. When nothing is, time is the next instant that somebody waits for, so a
    quiet hour costs nothing, and the same seed runs the same way. There are no sockets and no threads.

    Rests on asyncio.base_events of Python 3.11 to 3.13: `_ready`, `_scheduled` and `_run_once`."""

    _ready: Any
    _scheduled: list[asyncio.TimerHandle]

    def __init__(self, dice: random.Random) -> None:
        super().__init__()
        self._instant = 0.0
        self.steps_left = 0  # of this day
        self.broken: Exception | None = None  # what ends it now
        self._random = dice.random
        self.set_task_factory(numbered)
        Numbered.numbers = itertools.count()  # as in a process that has simulated nothing before

    def time(self) -> float:
        return self._instant

    def leap(self, to: float) -> None:
        """As in a machine that was asleep: who waited for an instant before `to` wakes at it."""
        self._instant = max(self._instant, to)

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> "asyncio.Future[T]":  # type: ignore[override]
        """In the caller's time, but as a step of its own."""
        done: asyncio.Future[T] = self.create_future()

        def work() -> None:
            if done.cancelled():
                return
            try:
                done.set_result(func(*args))
            except Exception as error:
                done.set_exception(error)

        self.call_soon(work)
        return done

    def _run_once(self) -> None:
        ready, scheduled = self._ready, self._scheduled
        if not ready:
            while scheduled and scheduled[0].cancelled():
                heapq.heappop(scheduled)
            if not scheduled:
                raise Stuck("it would sleep for ever")
            self._instant = max(self._instant, scheduled[0].when())
        while scheduled and scheduled[0].when() <= self._instant:
            timer = heapq.heappop(scheduled)
            if not timer.cancelled():
                ready.append(timer)
        self.steps_left -= 1
        if self.broken is not None or self.steps_left == 0:
            raise self.broken or Stuck("it never comes to rest")
        many = len(ready)
        if many > 1:
            ready.rotate(-int(self._random() * many))
        if many:
            handle: Any = ready.popleft()
            if not handle.cancelled():
                owner = handle._context.get(OWNER)
                if owner is not None:
                    owner.goes_on()
                handle._run()


class Owner(Protocol):
    """To whom tasks and steps belong: one run of the program."""

    def goes_on(self) -> None:
        """Before each of its steps."""


OWNER: ContextVar[Owner | None] = ContextVar("owner", default=None)


class Numbered(asyncio.Task[Any]):
    """A task whose place in a set does not depend on where it lies in memory, and who knows its owner."""

    numbers = itertools.count()

    def __init__(self, owner: Owner | None, *args: Any, **kwargs: Any) -> None:
        self._hash = next(self.numbers)
        self.owner = owner
        super().__init__(*args, **kwargs)

    def __hash__(self) -> int:
        return self._hash


def numbered(loop: asyncio.AbstractEventLoop, work: Any, **kwargs: Any) -> asyncio.Task[Any]:
    """Task factory: a task belongs to whoever makes it."""
    return Numbered(OWNER.get(), work, loop=loop, **kwargs)


def tasks_of(owner: Owner) -> list[asyncio.Task[Any]]:
    """Those that have not ended, the oldest first: in the order of asyncio's set is what this process did before."""
    theirs = (task for task in asyncio.all_tasks() if isinstance(task, Numbered) and task.owner is owner)
    return sorted(theirs, key=hash)
