"""What is simulated: a district's phones, its database and the program between them, in one process."""

import asyncio
import contextvars
import hashlib
import heapq
import random
import secrets
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import SecretStr

from bot import letters, showing
from bot.app import App
from bot.channels import Channel, Rendered
from bot.channels.telegram import Telegram
from bot.config import Config, StorageSection, TelegramSection
from bot.letters import Letter
from bot.machine import Machine
from bot.seed import seed as seeded
from bot.simulate import wire_wecom
from bot.simulate.life import Crash, Life, LifesClock, LifesStorage, Trouble
from bot.simulate.loop import OWNER, SeededLoop, Stuck
from bot.simulate.memory import Memory
from bot.simulate.phones import Phones
from bot.simulate.time import TrueTime
from bot.simulate.town import GROUPS, TELEGRAM, WECOM, ZONE, Member, Town
from bot.simulate.wire import ORIGIN, TelegramWire, Wire
from bot.simulate.wire_wecom import Threshold, WecomWire
from bot.surveys import beside
from bot.ticker import TICKED
from bot.vault import Vault
from handlers.model import Duty
from handlers.pictures import Morning
from handlers.plain import unstamp
from handlers.questions import RulesOn
from handlers.rolls import to_json
from handlers.rulebook import Rules
from handlers.values import replace
from sandbox import Message, Sandbox
from sandbox.telegram import TOKEN
from sandbox.updates import Update
from storage import Busy, Tx, inbox, mail, progress
from storage.answers import Answers
from storage.inbox import DISTRICT

T = TypeVar("T")

TUESDAY = date(2026, 9, 1)
BEGIN = datetime.combine(TUESDAY, time(6, 50), ZONE).astimezone(UTC)
FIRST_MESSAGE = 1000  # of a simulated day; what was said before is not on the phones any more
MOST_CONFLICTS = 5
NOBODYS = 10**18  # a seed that no plan has
WINDOW = timedelta(seconds=4)
QUIET = timedelta(seconds=8)
STARTS = timedelta(seconds=20)  # until a started program has heard what waited, and put what was due meanwhile


def at(day: date, hour: float, minute: int = 0, second: float = 0) -> datetime:
    return datetime.combine(day, time(0), ZONE).astimezone(UTC) + timedelta(hours=hour, minutes=minute, seconds=second)


class World:
    """One district, from `begin` on."""

    def __init__(self, loop: SeededLoop, town: Town, seed: int, begin: datetime, image: bytes | None) -> None:
        self._loop = loop
        self.time = TrueTime(loop, begin)
        self.conflicts = 0
        self.town = town
        self.memory = Memory(self.time.now, image)
        self.sandbox = Sandbox(self.time, seed=seed)
        self.phones = Phones(self.sandbox, town)
        self.dice = random.Random(f"wire {seed}")
        self.cut = False
        self.gate = wire_wecom.Gate(self.dice, lambda: self.cut, self._answer_lost)
        self.unanswered = 0  # so many answers to callbacks get lost
        self.away = False  # the database
        self.troubles: list[Trouble] = []
        self.struck: list[datetime] = []  # when a transaction met one, or a callback's answer was lost
        self.programs: list[Program] = []
        self.trace = hashlib.sha256()
        self.complaints: list[str] = []
        self.wrong = timedelta(0)  # the machine's clock
        self.unreachable: set[int] = set()  # whoever has blocked the bot or gone, on this day
        self.excused: set[tuple[int, int]] = set()  # messages of which the bot may not know that they came
        self._agenda: list[datetime] = []
        self._of_day: dict[date, Rules] = {}
        self._dues: dict[date, tuple[datetime, ...]] = {}
        for member in town.members:
            self.sandbox.add_person(member.id, member.name)
        self.sandbox.add_group(GROUPS[TELEGRAM], "学区领导群", self._leaders(), bot_in=False)
        wire_wecom.move_in(self.sandbox, town, self.gate)
        self.sandbox.updates.parted.append(self._parted)
        self.sandbox.wecom.on_taken(self._taken)
        loop.set_exception_handler(self._unhandled)

    def move_in(self) -> None:
        """Everybody has written to the bot before, and the group is bound."""
        world = self.sandbox.world
        world.started |= {one.id for one in self.town.on(TELEGRAM)}
        if TELEGRAM in self.town.groups:
            self.sandbox.add_group(GROUPS[TELEGRAM], "学区领导群", self._leaders())
        world._next_message[0] = FIRST_MESSAGE

    def _leaders(self) -> list[int]:
        return [one.id for one in self.town.members if one.school is None]

    def _parted(self, update: Update) -> None:
        """What the bot has confirmed, the platform forgets."""
        self._was_stored(TELEGRAM, str(update.id))

    def _taken(self, person: int, body: str) -> None:
        """What the bot has answered with 200, it is not told again."""
        self._was_stored(WECOM, wire_wecom.native(body))

    def _was_stored(self, channel: str, native: str) -> None:
        ours = self.ask(
            lambda tx: tx.one(
                "SELECT 1 FROM seen WHERE channel = :channel AND native = :native", channel=channel, native=native
            )
        )
        if ours is None:
            self.complaints.append(f"{self.now()}: {channel} {native} was acknowledged before it was stored")

    def now(self) -> datetime:
        return self.time.now()

    def trouble(self) -> Trouble | None:
        if not self.troubles and not self.away:
            return None
        self.struck.append(self.now())
        return Trouble(Busy("simulated: away")) if self.away else self.troubles.pop()

    def _answer_lost(self) -> bool:
        if self.unanswered == 0:
            return False
        self.struck.append(self.now())
        self.unanswered -= 1
        return True

    def conflict(self) -> None:
        self.conflicts += 1
        if self.conflicts == MOST_CONFLICTS:
            self._loop.broken = Stuck("the database refuses the same work again and again")

    def ask(self, work: Callable[[Tx], T]) -> T:
        """Of the database, beside the program."""
        tx = self.memory.reader
        tx.begin()
        try:
            return work(tx)
        finally:
            tx.rollback()

    # Time

    def note(self, when: datetime) -> None:
        """Something will happen then: time is not to leap over it."""
        heapq.heappush(self._agenda, when)

    async def until(self, when: datetime) -> None:
        self.note(when)
        await self.time.sleep_until(when)

    async def advance(self, to: datetime) -> None:
        """To `to`; hours in which nothing is to happen are leapt over."""
        while (now := self.now()) < to:
            soon = self._soon(now, to)
            if soon - now <= QUIET:
                await self.time.sleep_until(min(soon + WINDOW, to))
            elif self._idle(now):
                self.time.leap(soon - timedelta(seconds=1))
            else:
                await self.time.sleep_until(min(now + WINDOW, to))

    def _soon(self, now: datetime, to: datetime) -> datetime:
        while self._agenda and self._agenda[0] < now:
            heapq.heappop(self._agenda)
        planned = self._agenda[0] if self._agenda else to
        waits = self.ask(lambda tx: (inbox.next_ripe(tx), mail.next_due(tx, now)))
        found = [one for one in (planned, to, *waits, *self._ticks(now, to)) if one is not None and one >= now]
        return min(found)

    def _ticks(self, now: datetime, to: datetime) -> Iterator[datetime]:
        day = now.astimezone(ZONE).date()
        while day <= to.astimezone(ZONE).date():
            if day not in self._dues:
                self._dues[day] = tuple(due.at.astimezone(UTC) for due in self._rules(day).dues(day, ZONE))
            if first := next((due for due in self._dues[day] if due > now), None):
                yield first
                return
            day += timedelta(days=1)

    def _idle(self, now: datetime) -> bool:
        if any(one.starting for one in self.programs) or len(self.sandbox.updates) or len(self.sandbox.wecom.callbacks):
            return False
        silent = self._rules(now.astimezone(ZONE).date()).silent(now, ZONE)
        platforms = self.town.platforms
        return self.ask(
            lambda tx: (
                not (
                    inbox.lanes(tx)
                    or self._owes(tx, now)
                    or any(mail.due(tx, now, 1, name, silent=silent, edits=name == TELEGRAM) for name in platforms)
                )
            )
        )

    def _owes(self, tx: Tx, now: datetime) -> bool:
        """Whether the program's clock has not put what is due: woken from a leap it may first wait for a platform."""
        ripe, ticked = inbox.next_ripe(tx), progress.known(tx, TICKED)
        day = self._dues.get(now.astimezone(ZONE).date(), ())
        late = ticked is not None and any(unstamp(ticked) < due <= now for due in day)
        return bool(self.programs) and (late or (ripe is not None and ripe <= now))

    def _rules(self, day: date) -> Rules:
        """No simulation changes them."""
        if day not in self._of_day:
            self._of_day[day] = self.ask(lambda tx: Answers(tx)(RulesOn(day)))
        return self._of_day[day]

    def remember_wire(self) -> None:
        """The program has died: what is on a phone and not in its rows was on the wire."""
        refs = self.ask(lambda tx: {row["ref"] for row in tx.all("SELECT ref FROM message WHERE ref IS NOT NULL")})
        for chat in self.phones.chats:
            nameless = chat == self.town.groups.get(WECOM)
            for one in self._unrecorded(chat) if nameless else self.phones.raw(chat).values():
                if one.sender == 0 and (nameless or refs.isdisjoint(self.phones.refs(one))):
                    self.excused.add((chat, one.id))

    def _unrecorded(self, group: int) -> list[Message]:
        """What was said where nothing said has a name: one answers for the last call that was written down."""
        [row] = self.ask(
            lambda tx: tx.all(
                """SELECT max(s.at) AS at FROM sent s JOIN address a ON a.id = s.address
                   WHERE a.channel = 'wecom' AND a.private = 0"""
            )
        )
        since = BEGIN if row["at"] is None else unstamp(row["at"])
        return [one for one in self.phones.raw(group).values() if one.date >= since][row["at"] is not None :]

    # The program

    async def start(self) -> "Program":
        program = Program(self)
        self.programs.append(program)
        program.begin()
        return program

    def _unhandled(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        died = isinstance(error, Crash) or (isinstance(error, BaseExceptionGroup) and error.subgroup(Crash) is not None)
        if not died:
            self.complaints.append(f"not handled: {context.get('message')} {error!r}")


class Program:
    """One run of the App."""

    def __init__(self, world: World) -> None:
        self.life = Life()
        self.world = world
        self.clock = LifesClock(self.life, world.time, lambda: world.wrong)
        self.away: float | None = None  # seconds until it is started again
        storage = LifesStorage(self.life, world.memory.storage, world.trouble, world.conflict)
        self._wires: list[Wire] = []
        channels = {name: self._channel(name) for name in world.town.platforms}
        config = configured(world.sandbox, world.town)
        self.app = App(config, self.clock, storage, channels, paint=_unpainted, survey=beside(storage))
        self.task: asyncio.Task[None] | None = None
        self._begun = world.now()

    def _channel(self, name: str) -> Channel:
        world = self.world
        kind = TelegramWire if name == TELEGRAM else WecomWire
        wire = kind(self.life, self.clock, world.sandbox, world.dice, lambda: world.cut, world.excused)
        self._wires.append(wire)
        if name == TELEGRAM:
            return Telegram(TOKEN, f"{ORIGIN}/bot", self.clock, line=wire)
        return wire_wecom.channel(wire, self.clock, world.sandbox, Threshold(self.life, world.gate.doors))

    @property
    def started(self) -> bool:
        return bool(self.app._working)

    @property
    def starting(self) -> bool:
        """Until the ticker has looked what was due while nothing ran."""
        if self.task is None or self.task.done():
            return False
        return not self.started or self.world.now() - self._begun < STARTS

    def begin(self) -> None:
        self._begun = self.world.now()
        context = contextvars.copy_context()
        context.run(OWNER.set, self.life)
        self.task = context.run(asyncio.ensure_future, self.app.run())

    async def ended(self) -> BaseException | None:
        """What it ended with; None where it was told to stop."""
        assert self.task is not None  # noqa: S101 - begun
        await asyncio.wait([self.task])
        await self.life.buried()
        for wire in self._wires:
            await wire.close()
        if self in self.world.programs:
            self.world.programs.remove(self)
        return None if self.task.cancelled() else self.task.exception()

    def tell_to_stop(self) -> None:
        """As at SIGTERM."""
        assert self.task is not None  # noqa: S101 - begun
        self.task.cancel()

    async def stop(self) -> None:
        self.tell_to_stop()
        await self.ended()


def configured(sandbox: Sandbox, town: Town) -> Config:
    return Config(
        telegram=TelegramSection(token=SecretStr(TOKEN), base_url=f"{ORIGIN}/bot".replace("memory", "http")),
        wecom=wire_wecom.section(sandbox.wecom, town),
        storage=StorageSection(files=Path("no-files-in-a-simulation")),
    )


# A district as all simulations begin


@lru_cache
def image(town: Town) -> bytes:
    """Of its database: everybody has joined and the groups are bound; it is the morning of the first day."""
    with determined(0):
        loop = SeededLoop(random.Random(0))
        try:
            return loop.run_until_complete(_prepare(loop, town))
        finally:
            loop.close()


async def _prepare(loop: SeededLoop, town: Town) -> bytes:
    # else the numbers of a simulated day's updates would have been seen
    world = World(loop, town, NOBODYS, BEGIN - timedelta(hours=20), None)
    machine = Machine(world.memory.storage, world.time, configured(world.sandbox, town), {})
    day = TUESDAY - timedelta(days=1)
    await machine.storage.run(lambda tx: seeded(tx, world.now(), day))
    since = day.replace(day=1).isoformat()
    await machine.tell(
        [machine.arrival("roster", (str(n), since), to_json(roll)) for n, roll in enumerate(town.rolls())]
    )
    rows = world.ask(lambda tx: tx.all("SELECT id, name, school FROM person"))
    known = {row["name"]: (str(row["id"]), str(row["school"] or DISTRICT)) for row in rows}
    await machine.tell([_bound(machine, one, *known[one.name]) for one in town.members])
    world.sandbox.world.started |= {one.id for one in town.on(TELEGRAM)}
    program = await world.start()
    await world.advance(world.now() + timedelta(minutes=5))
    if TELEGRAM in town.groups:
        admin = town.holders(Duty.ADMIN)[0].id
        world.sandbox.add_bot(GROUPS[TELEGRAM], admin)
        world.sandbox.write(admin, GROUPS[TELEGRAM], "/bind leaders")
    await world.advance(BEGIN)
    await program.stop()
    assert not world.complaints, world.complaints  # noqa: S101
    return world.memory.image()


def _bound(machine: Machine, one: Member, person: str, lane: str) -> inbox.Arrival:
    native = str(one.id) if one.home == TELEGRAM else wire_wecom.userid(one.id)
    return machine.arrival("member", (one.home, native, person), lane=lane)


@contextmanager
def determined(seed: int) -> Iterator[None]:
    """The same seed, the same bytes of chance. No workbook is written: nobody reads it."""
    dice = random.Random(f"bytes {seed}")
    chance = secrets.token_bytes
    secrets.token_bytes = lambda nbytes=None: dice.randbytes(nbytes or 32)
    vars(showing)["made"] = _unwritten
    try:
        yield
    finally:
        secrets.token_bytes, vars(showing)["made"] = chance, letters.made


def _unwritten(letter: Letter, now: datetime, vault: Vault) -> Rendered:
    return replace(letter.page, file=("workbook.xlsx", b"PK: a workbook"))


async def _unpainted(picture: Morning, language: str) -> bytes:
    """A picture is not drawn, for its numbers stand in the caption too."""
    return PNG


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1080, 1440, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", b"")
    + _chunk(b"IEND", b"")
)
