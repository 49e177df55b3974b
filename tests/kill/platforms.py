"""The killed day on either platform: the program's settings, how people come to it, and what a platform can tell."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Protocol

from bot.channels.wecom.callbacks import raw
from bot.clock import Clock
from bot.simulate.town import Member
from handlers.model import Duty
from sandbox import Message, Sandbox, Tap
from tests.kill.town import GROUP, Town, at
from tests.phones import DONE, OnTelegram, OnWeCom, Phones
from tests.ports import free_port

ALL_WELL = "全员正常"
CONFIRMED = "已报"  # what Telegram's tap itself is answered with
SET_UP = 60.0  # real seconds
A_NUMBER_COUNTS = timedelta(minutes=9)  # of the ten
REPORTING: Final = re.compile(r"<(EventKey|OptionId)><!\[CDATA\[(zero|send):")
WRITTEN: Final = re.compile(r"<Content><!\[CDATA\[(.*?)\]\]>", re.DOTALL)

TELEGRAM: Final = """
[telegram]
token = "{sandbox.token}"
base_url = "{sandbox.base_url}"
"""
WECOM: Final = """
[wecom]
corp_id = "{wecom.corp_id}"
agent_id = {wecom.agent_id}
secret = "{wecom.secret}"
token = "{wecom.token}"
aes_key = "{wecom.aes_key}"
listen = "127.0.0.1:{port}"
base_url = "{base_url}"
"""
GROUP_OF_A_ROBOT: Final = """group = "robot"
group_key = "{key}"
"""


@dataclass(frozen=True)
class Signs:
    """What is called in the instant in which it happens: a chat has changed; a report's tap has been answered; of
    words that somebody wrote the platform knows no more."""

    changed: Callable[[int], None]
    confirmed: Callable[[], None]
    taken: Callable[[], object]


class Platform(Protocol):
    """`speed`: played seconds in a real one. `edits`: what was said is edited; else it is said anew, where it is no
    card."""

    name: str
    speed: float
    edits: bool
    phones: Phones

    def __init__(self, sandbox: Sandbox, clock: Clock, town: Town) -> None: ...

    def settings(self) -> str:
        """For config.toml."""
        ...

    @staticmethod
    def userids(town: Town) -> Mapping[int, str]:
        """Of those whom the directory knows: nobody has to bring a code."""
        ...

    def watch(self, signs: Signs) -> None: ...

    async def join(self, codes: Mapping[int, str]) -> None:
        """Once the program runs."""
        ...

    def chat(self, chat: int) -> Sequence[Message]:
        """With the keyboards that still count."""
        ...

    def press(self, person: int, message: Message, label: str) -> Tap | None: ...

    def lost(self, person: int, words: str) -> int:
        """How often the bot was not there for these words, and the platform has given them up."""
        ...

    def chat_of(self, native: str) -> int: ...

    def acknowledged(self) -> frozenset[str]:
        """The native ids of all that the bot has said it has."""
        ...

    def swallowed(self) -> Sequence[str]:
        """What the bot was told is shown, and is not."""
        ...


class KilledOnTelegram:
    name = "telegram"
    speed = 45.0  # a start takes seconds, and a reminder is due for a quarter of an hour
    edits = True

    def __init__(self, sandbox: Sandbox, clock: Clock, town: Town) -> None:
        self._sandbox = sandbox
        self._clock = clock
        self._town = town
        self._first = sandbox._updates.next_id
        self._words: Counter[int] = Counter()
        self._taking: list[asyncio.Task[None]] = []
        self.phones = OnTelegram(sandbox)
        sandbox.add_group(GROUP, "领导群", [one.id for one in _leaders(town)])

    def settings(self) -> str:
        return TELEGRAM.format(sandbox=self._sandbox)

    @staticmethod
    def userids(town: Town) -> Mapping[int, str]:
        return {}

    def watch(self, signs: Signs) -> None:
        self._signs = signs
        self._sandbox.on_change(self._changed)

    def _changed(self, chat: int | None) -> None:
        if chat is None:
            return
        self._signs.changed(chat)
        said = [one for one in self._sandbox.chat(chat) if one.sender]
        for one in said[self._words[chat] :]:
            if one.date > at(7, 30):
                self._taking.append(asyncio.create_task(self._take_in()))
        self._words[chat] = len(said)

    async def _take_in(self) -> None:
        """The platform forgets what is confirmed: from this instant the words are nowhere but in the database."""
        while len(self._sandbox._updates):
            await self._clock.sleep_until(self._clock.now() + timedelta(seconds=0.1))
        self._signs.taken()

    async def join(self, codes: Mapping[int, str]) -> None:
        """Everybody starts with the code; the admin makes the group the leaders'."""
        for one in self._town.members:
            self._sandbox.write(one.id, one.id, f"/start {codes[one.id]}")
        await self._sandbox.until(lambda: all(self._bound(one) for one in self._town.members), limit=SET_UP)
        self._sandbox.write(self._town.holders(Duty.ADMIN)[0].id, GROUP, "/bind leaders")
        await self._sandbox.until(lambda: any("领导群" in one.text for one in self._sandbox.chat(GROUP)), limit=SET_UP)

    def _bound(self, member: Member) -> bool:
        return any("已绑定" in one.text for one in self._sandbox.chat(member.id))

    def chat(self, chat: int) -> Sequence[Message]:
        return self._sandbox.chat(chat)

    def press(self, person: int, message: Message, label: str) -> Tap | None:
        button = next((one for row in message.keyboard for one in row if one.text == label), None)
        tap = self._sandbox.tap(person, message.chat, message.id, (button or message.button(label)).data)
        tap.answered.add_done_callback(lambda answer: self._answered(answer.result().text))
        return tap

    def _answered(self, words: str) -> None:
        if words == CONFIRMED:
            self._signs.confirmed()

    def lost(self, person: int, words: str) -> int:
        return 0

    def chat_of(self, native: str) -> int:
        return int(native)

    def acknowledged(self) -> frozenset[str]:
        asked = [entry.params.get("offset") for entry in self._sandbox.journal if entry.method == "getUpdates"]
        until = max((one for one in asked if isinstance(one, int)), default=self._first)
        return frozenset(str(number) for number in range(self._first, until))

    def swallowed(self) -> Sequence[str]:
        return ()


class KilledOnWeCom:
    """The leaders' group is one of theirs, with a robot."""

    name = "wecom"
    speed = 40.0  # what is tapped during a start is lost
    edits = False

    def __init__(self, sandbox: Sandbox, clock: Clock, town: Town) -> None:
        self._sandbox = sandbox
        self._clock = clock
        self._town = town
        self._wecom = sandbox.wecom
        self._port = free_port()
        self._taken: set[str] = set()
        self._people = {userid: person for person, userid in self.userids(town).items()}
        self.phones = OnWeCom(sandbox, GROUP)
        for one in town.members:
            self.phones.employ(one.id)
        self._group = self.phones.add_group([one.id for one in _leaders(town)])

    def settings(self) -> str:
        base_url = self._sandbox.page_url.rstrip("/")
        app = WECOM.format(wecom=self._wecom, port=self._port, base_url=base_url)
        return app + GROUP_OF_A_ROBOT.format(key=self._group.key)

    @staticmethod
    def userids(town: Town) -> Mapping[int, str]:
        return {one.id: OnWeCom.native(one.id) for one in town.members}

    def watch(self, signs: Signs) -> None:
        self._signs = signs
        self._wecom.on_change(self._changed)
        self._wecom.on_taken(self._told)

    def _changed(self, chat: int | None) -> None:
        if chat is not None:
            self._signs.changed(GROUP if chat == self._group.id else chat)

    def _told(self, _person: int, body: str) -> None:
        """WeCom keeps nothing: from this instant it is nowhere but in the database."""
        self._taken.add(raw(body.encode()).native)
        written = WRITTEN.search(body)
        if written is not None and written[1] == ALL_WELL:
            self._signs.taken()
        if REPORTING.search(body):
            self._signs.confirmed()

    async def join(self, codes: Mapping[int, str]) -> None:
        """The console takes the URL once the program listens."""
        await self._wecom.connected(f"http://127.0.0.1:{self._port}/wecom", SET_UP)
        await self._sandbox.until(lambda: all(self._bound(one) for one in self._town.members), limit=SET_UP)

    def _bound(self, member: Member) -> bool:
        return any("已绑定" in one.text for one in self._wecom.chat(member.id))

    def chat(self, chat: int) -> Sequence[Message]:
        """A number is an answer to the last question alone, and not for long."""
        shown = self.phones.chat(chat)
        asking = [one.id for one in shown if one.sender == 0 and one.keyboard]
        since = self._clock.now() - A_NUMBER_COUNTS
        return [
            one if one.card or (one.id in asking[-1:] and one.date > since) else replace(one, keyboard=())
            for one in shown
        ]

    def press(self, person: int, message: Message, label: str) -> Tap | None:
        """What is ticked is submitted at once."""
        pressed = self.phones.press(person, person, label, on=message.text)
        if pressed.waits:
            pressed = self.phones.press(person, person, DONE)
        return pressed.tap

    def lost(self, person: int, words: str) -> int:
        return sum(one.person == person and f"[{words}]" in one.body for one in self._wecom.lost)

    def chat_of(self, native: str) -> int:
        return self._people.get(native, GROUP)

    def acknowledged(self) -> frozenset[str]:
        return frozenset(self._taken)

    def swallowed(self) -> Sequence[str]:
        return [str(one) for one in (*self._wecom.dropped, *self._wecom.cut)]


def _leaders(town: Town) -> Sequence[Member]:
    return (*town.holders(Duty.ADMIN), *town.holders(Duty.LIAISON))


PLATFORMS = (KilledOnTelegram, KilledOnWeCom)
