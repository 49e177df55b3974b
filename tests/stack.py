"""The whole bot over the sandbox: real storage, real HTTP, every loop; only time is stepped."""

import asyncio
import json
import secrets
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels import Channel
from bot.clock import ALONE
from bot.config import DistrictSection
from bot.keeper import Keeper
from bot.listener import Listener
from bot.postman import Postman
from bot.refusals import Refusals
from bot.remover import Remover
from bot.seed import ALWAYS, configured, country
from bot.ticker import Ticker
from bot.turn import Turn
from bot.vault import Vault
from handlers import ids
from handlers.bodies import decode
from handlers.questions import RulesOn
from handlers.rolls import to_json
from sandbox import Message, Sandbox, Tap
from storage import Row, Storage, Tx, inbox, open_storage
from storage.answers import Answers
from tests.clocks import LeapingClock, Lifetime
from tests.phones import OnTelegram, OnWeCom, Phones, find_button
from tests.small_district import EVERYBODY, IN_THE_GROUP, LEADERS_GROUP, OTHER_GROUP, PHONES, ROLLS

ZONE = ZoneInfo("Asia/Shanghai")
TUESDAY = date(2026, 9, 1)
RULES = tomllib.loads((Path(__file__).parents[1] / "bot" / "district.toml").read_text(encoding="utf-8"))["rule"]
DEEP_LINK = "https://t.me/zero_report_bot?start="
SETTLED = timedelta(seconds=4)
REAL_LIMIT = 30.0  # seconds of the machine's own time before a step is called stuck


def hour(words: str, day: date = TUESDAY) -> datetime:
    """08:15 or 08:15:30 of the district's, as an instant."""
    return datetime.fromisoformat(f"{day}T{words}").replace(tzinfo=ZONE).astimezone(UTC)


class Crash(BaseException):
    """The program ends here. No Exception: nothing in the bot may live through it."""


@dataclass
class Program:
    """One run of the bot, from its start to its end."""

    lifetime: Lifetime
    storages: Mapping[str, Storage]
    channel: Channel
    turn: Turn
    tasks: tuple[asyncio.Task[None], ...]


@dataclass
class Stack:
    """`wrap_storage` (which is told the loop's name) and `wrap_channel` let a test stand between the bot and what it
    rests on. `apart`: each loop has a connection of its own, as several processes would."""

    url: str
    rules: Mapping[str, Any] = field(default_factory=dict)  # besides those that are shipped
    privacy: Mapping[str, str] = field(default_factory=dict)
    start: datetime = field(default_factory=lambda: hour("07:00"))
    wrap_storage: Callable[[Storage, str], Storage] = lambda storage, _: storage
    wrap_channel: Callable[[Channel], Channel] = lambda channel: channel
    apart: bool = False
    on: str = "telegram"

    def __post_init__(self) -> None:
        self.clock = LeapingClock(self.start)
        self.sandbox = Sandbox(self.clock)
        self.phones: Phones = OnTelegram(self.sandbox)
        self._files = TemporaryDirectory()
        self.folder = Path(self._files.name) / "files"
        self.vault = Vault(self.folder)
        self.died = asyncio.Event()
        self.crashes = 0
        self._program: Program | None = None
        self._ours = 0

    # Running

    async def open(self, *, unbound: tuple[str, ...] = (), group: bool = True) -> None:
        """A district on its first morning, everybody's phone bound and the leaders' group too."""
        await self.furnish()
        if self.on == "wecom":
            await self._move_in_on_wecom([name for name in EVERYBODY if name not in unbound], group=group)
            return
        await self._move_in_on_telegram([name for name in EVERYBODY if name not in unbound], group=group)

    async def furnish(self) -> None:
        """Phones, and a district that nobody has joined yet; no bot."""
        self._time = asyncio.create_task(self.clock.run())
        for name, number in PHONES.items():
            self.sandbox.add_person(number, name)
        self.sandbox.add_group(LEADERS_GROUP, "学区领导群", [PHONES[name] for name in IN_THE_GROUP], bot_in=False)
        self.sandbox.add_group(OTHER_GROUP, "家长群", [PHONES["张敏"], PHONES["陈刚"]], bot_in=False)
        await self.sandbox.start()
        self.storage = await open_storage(self.url)
        await self._load()

    async def _move_in_on_telegram(self, people: Sequence[str], *, group: bool) -> None:
        await self.start_bot()
        for name in people:
            self.write(name, f"/start {self.code(name)}")
        await self.settle()
        await self.pass_time(self.clock.now() + timedelta(seconds=10))
        if group:
            self.sandbox.add_bot(LEADERS_GROUP, PHONES["陈刚"])
            await self.settle()
            self.write("陈刚", "/bind leaders", LEADERS_GROUP)
            await self.settle()

    async def _move_in_on_wecom(self, people: Sequence[str], *, group: bool) -> None:
        """The directory says who is who, the machine where the leaders' group is."""
        phones = self.phones = OnWeCom(self.sandbox, LEADERS_GROUP)
        for number in PHONES.values():
            phones.employ(number)
        phones.add_group([PHONES[name] for name in IN_THE_GROUP])
        await self.start_bot()
        ids = {row["name"]: row["id"] for row in await self.rows("SELECT name, id FROM person")}
        for name in people:
            await self.machine("member", "wecom", phones.native(PHONES[name]), ids[name])
        await self.pass_time(self.clock.now() + phones.can.jitter + timedelta(seconds=10))
        if group:
            await self.machine("deaf_group", "leaders", "wecom", "robot:leaders")

    async def close(self) -> None:
        await self.stop_bot()
        await self.sandbox.stop()
        await self.storage.close()
        self._files.cleanup()
        self._time.cancel()
        with suppress(asyncio.CancelledError):
            await self._time

    async def start_bot(self) -> None:
        lifetime = Lifetime(self.clock)
        storages = {role: await open_storage(self.url) for role in self._roles()}
        shared = storages.get("all")
        bare = self.phones.channel(lifetime)
        channel = self.wrap_channel(bare)
        await bare.open()
        channels = {channel.name: channel}

        def storage(role: str) -> Storage:
            return self.wrap_storage(shared or storages[role], role)

        def planned() -> None:
            ticker.ring()
            keeper.ring()
            remover.ring()

        turn = Turn(storage("turn"), lifetime, ZONE, channels, lambda: postman.ring(), planned, poll=ALONE)
        refusals = Refusals(storage("postman"), lifetime, channels, turn.ring)
        common = (storage("postman"), lifetime, channels, channels, refusals)
        postman = Postman(*common, self.privacy, ZONE, self.vault, turn.ring, poll=ALONE)
        remover = Remover(storage("postman"), lifetime, channels)
        keeper = Keeper(storage("keeper"), lifetime, channels, self.vault, turn.ring, remover.ring)
        listener = Listener(storage("listener"), lifetime, channel, turn.ring, lambda: ticker.ring())
        ticker = Ticker(storage("ticker"), lifetime, ZONE, turn.ring, lambda: bare.ahead)
        loops = (listener.run, turn.run, postman.run, remover.run, keeper.run, ticker.run)
        with suppress(Crash):
            await turn.recover()
        turn.ring()
        tasks = tuple(asyncio.create_task(loop()) for loop in loops)
        self._program = Program(lifetime, storages, bare, turn, tasks)
        await self.phones.connect(bare)

    def _roles(self) -> tuple[str, ...]:
        return ("turn", "postman", "keeper", "listener", "ticker") if self.apart else ("all",)

    def storage_of(self, role: str) -> Storage:
        """The connection that one loop of the running bot has for itself."""
        if self._program is None:
            raise RuntimeError("the bot does not run")
        return self._program.storages[role]

    async def stop_bot(self) -> None:
        """As at SIGTERM, or as at `kill -9` when a Crash came before it."""
        program, self._program = self._program, None
        if program is None:
            return
        for task in program.tasks:
            task.cancel()
        await asyncio.gather(*program.tasks, return_exceptions=True)
        program.lifetime.end()
        await program.channel.close()
        for storage in program.storages.values():
            await storage.close()

    # Time

    async def live_a_day(self) -> None:
        """A class is well, another has somebody with a fever; then the night has passed, and its seal is made."""
        await self.go(hour("07:31"))
        self.tap("张敏", "全员正常")
        self.write("孙红", "5号38.6在校留观")
        await self.settle()
        self.tap("孙红", "发送")
        await self.settle()
        await self.go(hour("02:01", TUESDAY + timedelta(days=1)))

    async def settle(self, span: timedelta = SETTLED) -> None:
        await self.pass_time(self.clock.now() + span)

    async def pass_time(self, to: datetime) -> None:
        """All that happens up to `to`. A program that crashed stays dead; one that failed fails the test."""
        advance = asyncio.ensure_future(self.clock.advance_to(to))
        async with asyncio.timeout(REAL_LIMIT):
            while not advance.done():
                death = asyncio.ensure_future(self.died.wait())
                tasks = self._program.tasks if self._program else ()
                await asyncio.wait({advance, death, *tasks}, return_when=asyncio.FIRST_COMPLETED)
                death.cancel()
                await self._bury(tasks)

    async def _bury(self, tasks: tuple[asyncio.Task[None], ...]) -> None:
        ended = [task.exception() for task in tasks if task.done()]
        if self.died.is_set() or any(isinstance(error, Crash) for error in ended):
            self.crashes += 1
            await self.stop_bot()
            self.died.clear()
        elif ended:
            raise RuntimeError("a loop of the bot has ended") from ended[0]

    async def go(self, to: datetime) -> None:
        """To an hour of this or a later day; whatever is due on the way gets its seconds, the rest is leapt."""
        while self._program is not None and (due := await self._next_due(to)) is not None:
            await self._leap(due - timedelta(seconds=1))
            await self.pass_time(due + timedelta(seconds=6))
        await self._leap(to - timedelta(seconds=1))
        await self.pass_time(to)

    async def _leap(self, to: datetime) -> None:
        if to - self.clock.now() > timedelta(seconds=20):
            self.clock.leap(to)
            await self.pass_time(self.clock.now() + timedelta(milliseconds=1))

    async def _next_due(self, to: datetime) -> datetime | None:
        """The next step of a day, or update that was put for later."""

        def found(tx: Tx) -> datetime | None:
            ask, now = Answers(tx), self.clock.now()
            day, dues = now.astimezone(ZONE).date(), {inbox.next_ripe(tx) or to}
            while day <= to.astimezone(ZONE).date():
                dues |= {due.at.astimezone(UTC) for due in ask(RulesOn(day)).dues(day, ZONE)}
                day += timedelta(days=1)
            return min((due for due in dues if now < due < to - timedelta(seconds=6)), default=None)

        return await self.storage.read(found)

    # The office's machine

    async def _load(self) -> None:
        said = {key: value for key, value in self.rules.items() if key in DistrictSection.model_fields}
        changed = {key: value for key, value in self.rules.items() if key not in said}
        own = [{"key": key, "value": value, "source": "本学区规定"} for key, value in changed.items()]
        for rules in (RULES, own):
            dated = [{**rule, "valid_from": ALWAYS.isoformat()} for rule in rules]
            await self.machine("rules", text=json.dumps(dated))
        await self.machine("calendar", text=json.dumps(list(country(self.start.astimezone(ZONE).year))))
        for place, roll in enumerate(ROLLS):
            await self.machine("roster", str(place), "2026-08-01", text=to_json(roll))
        await self.storage.run(lambda tx: configured(tx, self.clock.now(), ZONE, DistrictSection(**said)))
        await self.machine("link", "telegram", DEEP_LINK)
        await self.invite()

    async def invite(self) -> None:
        """Codes for whoever is not bound."""
        await self.machine("invites", "")
        people = await self.rows("SELECT p.name, p.id FROM person p ORDER BY p.id")
        self._codes = {str(row["name"]): ids.code(self._last_seed, str(row["id"])) for row in people}

    def code(self, name: str) -> str:
        return self._codes[name]

    def admin_code(self) -> str:
        """Of the admin whom the last command line made."""
        return ids.code(self._last_seed, ids.new_id(self._last_seed, "admin"))

    async def machine(self, verb: str, *args: str, text: str = "", lane: str = inbox.DISTRICT) -> None:
        """What a command line puts, carried out."""
        self._ours += 1
        seed = self._last_seed = secrets.token_bytes(16)
        row = inbox.own(lane, "machine", f"{verb}:{self._ours}", verb, args, text, seed)
        await self.storage.run(lambda tx: inbox.put(tx, [row], self.clock.now()))
        if self._program is None:
            await Turn(self.storage, self.clock, ZONE, {}, lambda: None, lambda: None).drain()
            return
        self._program.turn.ring()
        await self.settle()

    # Phones

    def write(self, who: str, text: str, chat: int | None = None) -> Message:
        number = PHONES[who]
        return self.phones.write(number, number if chat is None else chat, text)

    def tap(self, who: str, label: str, chat: int | None = None, *, on: str = "") -> tuple[Message, Tap]:
        """The newest button of that label that the phone shows; KeyError names what is there."""
        number = PHONES[who]
        message, button = find_button(self.sandbox.chat(number if chat is None else chat), label, on)
        return message, self.sandbox.tap(number, message.chat, message.id, button.data)

    def chat(self, who: str) -> tuple[Message, ...]:
        """What the bot wrote to this person, as it stands now."""
        return tuple(one for one in self.phones.chat(PHONES[who]) if one.sender == 0 and not one.service)

    # What is remembered

    async def rows(self, sql: str, **params: str) -> list[Row]:
        return await self.storage.read(lambda tx: tx.all(sql, **params))

    async def text_key(self, message: Message) -> str | None:
        """By which sentence a message of the bot was said; None for an earlier page or one that was sent anew."""
        row = await self.message_of(message)
        return decode(row["body"]).text.key if row else None

    async def message_of(self, message: Message) -> Row | None:
        """What the bot remembers of it."""
        for ref in self.phones.refs(message):
            rows = await self.rows(
                """SELECT m.body, m.person, m.about, p.language FROM message m LEFT JOIN person p ON p.id = m.person
                   WHERE m.ref = :ref""",
                ref=ref,
            )
            if rows:
                return rows[0]
        return None

    async def set_aside(self) -> list[Row]:
        return await self.rows("SELECT id, outcome FROM inbox WHERE state = 'aside'")
