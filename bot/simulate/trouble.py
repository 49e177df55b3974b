"""What goes wrong, done: each fault at its hour, and for how long the program cannot be expected to keep its hours."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from msgspec import Struct

from bot.simulate.life import Trouble
from bot.simulate.plan import Fault, Kind
from bot.simulate.world import STARTS, Program, World, at
from sandbox import Fault as Struck
from storage import Busy, Full, StorageError

RETRIES = timedelta(seconds=75)  # until what was refused has been tried again, at the latest
NOTICED = range(5, 125, 10)  # seconds after a jump
RESTARTS = 2.0  # seconds until a service manager starts what has ended


class Span(Struct, frozen=True):
    """A time in which what was due may come late."""

    since: datetime
    until: datetime
    kind: Kind


class Troubles:
    """Of one day; and whoever starts the program again."""

    def __init__(self, world: World, day: date, faults: list[Fault], spans: list[Span]) -> None:
        self._world = world
        self._day = day
        self._faults = faults
        self.spans = spans
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        self._tasks += [asyncio.ensure_future(self._befall(fault)) for fault in self._faults]

    def end(self) -> None:
        for task in self._tasks:
            if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                raise error
            task.cancel()

    async def _befall(self, fault: Fault) -> None:
        world = self._world
        await world.until(at(self._day, 0) + timedelta(seconds=fault.at))
        span = timedelta(seconds=fault.span)
        match fault.kind:
            case Kind.CRASH:
                if world.programs:
                    world.programs[0].life.dies_in(fault.n)
                    world.programs[0].away = fault.span
            case Kind.STOP:
                self._late(span + STARTS, fault.kind)
                if world.programs:
                    world.programs[0].away = fault.span
                    world.programs[0].tell_to_stop()
            case Kind.CUT:
                self._late(span + RETRIES + STARTS, fault.kind)
                world.cut = True
                await world.until(world.now() + span)
                world.cut = False
            case Kind.AWAY:
                self._late(span + RETRIES, fault.kind)
                world.away = True
                await world.until(world.now() + span)
                world.away = False
            case Kind.SILENT:
                self._late(span + STARTS, fault.kind)
                await self._while(Struck("silent"), span)
            case Kind.TWO:
                self._late(span + STARTS, fault.kind)
                await self._second(span)
            case Kind.BLOCK:
                await self._block(fault.who, span)
            case Kind.VANISH:
                self._gone(fault.who)
                world.phones.vanish(fault.who)
            case Kind.JUMP:
                await self._jump(timedelta(minutes=fault.n), span)
            case Kind.FULL | Kind.BUSY | Kind.LOST:
                self._late(RETRIES, fault.kind)
                world.troubles += list(_troubles(fault))
            case Kind.EXPIRED:
                world.sandbox.wecom.invalidate_token()
            case Kind.WEEK:
                pass  # what it is is done between two days
            case _:
                self._late(RETRIES, fault.kind)
                for faults in world.phones.faults:
                    faults.append(_struck(fault))
                world.unanswered += fault.n * (fault.kind is Kind.TIMEOUT)

    def _late(self, span: timedelta, kind: Kind) -> None:
        self.spans.append(Span(self._world.now(), self._world.now() + span, kind))

    async def _while(self, struck: Struck, span: timedelta) -> None:
        for faults in self._world.phones.faults:
            faults.append(struck)
        await self._world.until(self._world.now() + span)
        for faults in self._world.phones.faults:
            if struck in faults:
                faults.remove(struck)

    async def _second(self, span: timedelta) -> None:
        """It starts on the same database with the same token, and is ended as everything is that one finds twice."""
        second = await self._world.start()
        await self._world.until(self._world.now() + span)
        if second in self._world.programs:
            second.away = None
            await second.stop()

    async def _block(self, who: int, span: timedelta) -> None:
        if not self._world.phones.leave(who):
            return
        self._gone(who)
        await self._world.until(self._world.now() + span)
        self._world.phones.come_back(who)

    def _gone(self, who: int) -> None:
        self._world.unreachable.add(who)

    async def _jump(self, by: timedelta, span: timedelta) -> None:
        """Of the machine: of whatever program runs on it."""
        self._late(span + timedelta(minutes=12), Kind.JUMP)
        self._wrong(by)
        await self._world.until(self._world.now() + span)
        self._wrong(-by)

    def _wrong(self, by: timedelta) -> None:
        """Every loop looks at the clock again before time may leap."""
        self._world.wrong += by
        for seconds in NOTICED:
            self._world.note(self._world.now() + timedelta(seconds=seconds))


def _troubles(fault: Fault) -> Iterator[Trouble]:
    for _ in range(fault.n):
        if fault.kind is Kind.FULL:
            yield Trouble(Full("simulated: no room to write"))
        else:
            yield Trouble(Busy("simulated: away"), committed=fault.kind is Kind.LOST)


def _struck(fault: Fault) -> Struck:
    match fault.kind:
        case Kind.DUPLICATE:
            return Struck("duplicate", times=fault.n)
        case Kind.TOO_MANY:
            return Struck("429", times=fault.n, retry_after=5 * fault.n)
        case Kind.ERROR:
            return Struck("500", times=fault.n, when="after" if fault.n > 1 else "before")
        case Kind.TIMEOUT:
            return Struck("timeout", times=fault.n, when="after")
        case _:
            return Struck("drop", times=fault.n)


def struck(world: World) -> Iterator[Span]:
    """From when a call or a transaction met its fault, which may be long after it was set."""
    calls = [(one.at, Kind.ERROR) for one in world.phones.journal if one.fault is not None]
    for when, kind in (*calls, *((when, Kind.BUSY) for when in world.struck)):
        yield Span(when, when + RETRIES, kind)


async def keep_running(world: World, spans: list[Span]) -> None:
    """As a service manager: whatever ended is started again. What ended by itself is a complaint."""
    while True:
        program = await world.start()
        await _look_after(world, program, spans)


async def _look_after(world: World, program: Program, spans: list[Span]) -> None:
    error = await program.ended()
    ended = world.now()
    if program.life.dead:
        error = None  # whatever its loops made of it
        world.remember_wire()
    at_start = isinstance(error, StorageError) and not program.started  # then the service manager tries again
    if error is not None and not at_start:
        world.complaints.append(f"{ended}: the program ended by itself: {error!r}")
    away = timedelta(seconds=RESTARTS if program.away is None else program.away)
    spans.append(Span(ended, ended + away + STARTS, Kind.CRASH))
    await world.until(ended + away)
