"""People's phones on either platform, for tests that are about neither: the same eyes, the same thumb."""

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from bot.channels import Capabilities, Channel
from bot.channels.telegram import Telegram
from bot.channels.wecom import Api, Crypto, Groups, Receiver, WeCom
from bot.clock import Clock
from bot.meaning import ANSWERED_WITHIN
from handlers.recheck import DEGREES as RECHECKED
from handlers.words import DEGREES, degrees
from sandbox import Entry, Message, Sandbox, Tap
from sandbox.faults import Faults
from sandbox.model import Button, Keyboard
from sandbox.reading import SEATS, TICKED, TYPED, VOTE, choices, together
from sandbox.wecom import GroupChat
from sandbox.wecom.events import event_xml

DONE: Final = "选好了"
ALONE: Final = ("没有其他症状", "← 返回", "取消")  # among what is ticked, what is not


@dataclass(frozen=True)
class Pressed:
    """`waits`: it was ticked, and what comes of it comes when all that is ticked is submitted."""

    tap: Tap | None
    waits: bool = False


class Phones(Protocol):
    """What a conversation needs of a platform."""

    name: str
    can: Capabilities
    calls: Mapping[str, str]  # what each of Telegram's methods is there

    @property
    def journal(self) -> Sequence[Entry]: ...

    @property
    def faults(self) -> Faults: ...

    def native(self, person: int) -> str: ...

    def channel(self, clock: Clock) -> Channel: ...

    async def connect(self, channel: Channel) -> None:
        """When the channel listens."""
        ...

    def silent_losses(self) -> list[str]: ...

    def there(self, chat: int) -> int:
        """By which number the sandbox knows it."""
        ...

    def chat(self, chat: int) -> Sequence[Message]: ...

    def refs(self, message: Message) -> tuple[str, ...]:
        """By which the bot may know a message."""
        ...

    def press(self, person: int, chat: int, label: str, on: str = "", among: Collection[int] | None = None) -> Pressed:
        """On a message with the words `on`, of those `among` whose ids it is to be looked for."""
        ...

    def forge(self, person: int, chat: int, data: str, on: str) -> Tap | None: ...

    def write(self, person: int, chat: int, text: str) -> Message: ...

    def photo(self, person: int, chat: int, png: bytes, caption: str = "") -> None: ...

    def voice(self, person: int, chat: int) -> None: ...

    def sticker(self, person: int, chat: int) -> None: ...

    def block(self, person: int) -> None: ...

    def unblock(self, person: int) -> None: ...

    def kick(self, chat: int, person: int) -> None:
        """The bot, out of a group."""
        ...

    def add(self, chat: int, person: int) -> None: ...


class OnTelegram:
    name = "telegram"
    can = Telegram.can
    calls: Mapping[str, str] = {}

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.block, self.unblock = sandbox.block, sandbox.unblock
        self.write = sandbox.write
        self.kick, self.add = sandbox.kick_bot, sandbox.add_bot

    @property
    def journal(self) -> Sequence[Entry]:
        return self._sandbox.journal

    @property
    def faults(self) -> Faults:
        return self._sandbox.faults

    def native(self, person: int) -> str:
        return str(person)

    def channel(self, clock: Clock) -> Channel:
        return Telegram(self._sandbox.token, self._sandbox.base_url, clock)

    async def connect(self, channel: Channel) -> None:
        """It fetches by itself."""

    def silent_losses(self) -> list[str]:
        return []

    def there(self, chat: int) -> int:
        return chat

    def chat(self, chat: int) -> Sequence[Message]:
        moved = self._sandbox.world.groups[chat].migrated_to if chat < 0 else None
        return [*self._sandbox.chat(chat), *(self._sandbox.chat(moved) if moved else ())]

    def refs(self, message: Message) -> tuple[str, ...]:
        ref = f"{message.chat}:{message.id}"
        return ref, f"{ref}:p", f"{ref}:d"

    def press(self, person: int, chat: int, label: str, on: str = "", among: Collection[int] | None = None) -> Pressed:
        shown = [one for one in self._sandbox.chat(chat) if among is None or one.id in among]
        message, button = find_button(shown, label, on)
        return Pressed(self._sandbox.tap(person, message.chat, message.id, button.data))

    def photo(self, person: int, chat: int, png: bytes, caption: str = "") -> None:
        self._sandbox.photo(person, chat, png, caption)

    def voice(self, person: int, chat: int) -> None:
        self._sandbox.voice(person, chat)

    def sticker(self, person: int, chat: int) -> None:
        self._sandbox.sticker(person, chat)

    def forge(self, person: int, chat: int, data: str, on: str) -> Tap | None:
        target = next(one for one in reversed(self._sandbox.chat(chat)) if one.sender == 0 and on in one.text)
        return self._sandbox.tap(person, chat, target.id, data)


class OnWeCom:
    """The leaders' group is one of theirs, with a robot."""

    name = "wecom"
    can = WeCom.can
    calls: Mapping[str, str] = {
        "getUpdates": "getcallbackip",
        "sendMessage": "message/send",
        "editMessageText": "message/update_template_card",
        "getFile": "media/get",
    }

    def __init__(self, sandbox: Sandbox, leaders: int) -> None:
        self._wecom = sandbox.wecom
        self._base_url = sandbox.page_url
        self._leaders = leaders
        self._group = 0
        self._key: str | None = None
        self._ticked: dict[str, dict[str, bool]] = {}  # by form; what is not submitted stays there
        self._receiver: Receiver | None = None

    def add_group(self, members: Sequence[int]) -> GroupChat:
        made = self._wecom.add_robot("学区领导群", members)
        self._group, self._key = made.id, made.key
        return made

    @property
    def journal(self) -> Sequence[Entry]:
        return self._wecom.journal

    @property
    def faults(self) -> Faults:
        return self._wecom.faults

    @staticmethod
    def native(person: int) -> str:
        return f"Zr{person}"

    def employ(self, person: int) -> None:
        self._wecom.employ(person, self.native(person))

    def channel(self, clock: Clock) -> Channel:
        wecom = self._wecom
        api = Api(self._base_url.rstrip("/"), wecom.corp_id, wecom.secret, clock)
        self._receiver = Receiver(Crypto(wecom.token, wecom.aes_key, wecom.corp_id), clock, "127.0.0.1", 0, "/wecom")
        return WeCom(api, wecom.agent_id, self._receiver, Groups(api, self._key, _nobody), clock)

    async def connect(self, channel: Channel) -> None:
        assert self._receiver is not None
        async with asyncio.timeout(5):
            while not self._receiver.port:  # noqa: ASYNC110 - it rings no bell
                await asyncio.sleep(0)
        await self._wecom.connected(f"http://127.0.0.1:{self._receiver.port}/wecom", 5)

    def silent_losses(self) -> list[str]:
        return [str(one) for one in (*self._wecom.dropped, *self._wecom.cut, *self._wecom.lost)]

    def there(self, chat: int) -> int:
        return self._group if chat == self._leaders else chat

    def chat(self, chat: int) -> Sequence[Message]:
        """With the numbered lines of a text as its buttons, and a picture in one with its words."""
        return together(map(_as_seen, self._wecom.chat(self.there(chat))))

    def refs(self, message: Message) -> tuple[str, ...]:
        task = str(message.card.get("task_id", ""))
        return task, f"msg:{self._wecom.corp.origins.get(message.id, '')}"

    def press(self, person: int, chat: int, label: str, on: str = "", among: Collection[int] | None = None) -> Pressed:
        if label.startswith(DONE) and self._submit(person, chat):
            return Pressed(None)
        shown = [one for one in self._answerable(chat, on) if among is None or one.id in among]
        message, button = find_button(shown, label, on)
        if button.data == TYPED:
            self._wecom.write(person, button.text)
            return Pressed(None)
        if message.card.get("card_type") == "button_interaction":
            self._wecom.tap(person, message.id, button.data)
            return Pressed(None)
        if message.card.get("card_type") == VOTE:
            return self._on_vote(person, message, button)
        if _ticks(message) and not button.text.startswith(ALONE):
            self._tick(message, button)
            return Pressed(None, waits=True)
        self._wecom.write(person, button.data)
        return Pressed(None)

    def _answerable(self, chat: int, on: str) -> list[Message]:
        """Cards, and of the texts the last alone, for ten minutes: a number answers no other."""
        asking = [one for one in self.chat(chat) if one.sender == 0 and one.keyboard]
        since = self._wecom.corp.now() - ANSWERED_WITHIN
        return [one for one in asking if one.card or (one.id == asking[-1].id and one.date >= since)]

    def _on_vote(self, person: int, message: Message, button: Button) -> Pressed:
        if _ticks(message) and not button.data.startswith("!"):
            self._tick(message, button)
            return Pressed(None, waits=True)
        held = self._ticked.pop(_form(message), {}) or _checked(message)
        ticked = sorted(one for one, on in held.items() if on) if _ticks(message) else []
        self._wecom.submit(person, message.id, [*ticked, button.data])
        return Pressed(None)

    def _tick(self, message: Message, button: Button) -> None:
        held = self._ticked.setdefault(_form(message), _checked(message))
        held[button.data] = not held.get(button.data, False)

    def _submit(self, person: int, chat: int) -> bool:
        """Whether something was ticked on the message that asked last."""
        message = next((one for one in reversed(self.chat(chat)) if _ticks(one)), None)
        held = self._ticked.pop(_form(message), {}) if message else {}
        ticked = sorted(one for one, on in held.items() if on)
        if message is None or not ticked:
            return False
        if message.card:
            self._wecom.submit(person, message.id, ticked)
        else:
            self._wecom.write(person, " ".join(ticked))
        return True

    def forge(self, person: int, chat: int, data: str, on: str) -> Tap | None:
        """No phone can; so it is posted as if one could, on that message or on a card, of which one that is still open
        comes first."""
        corp = self._wecom.corp
        userid = corp.directory.members[person].userid
        shown = [one for one in reversed(self.chat(chat)) if one.sender == 0]
        there = [one for one in shown if on in one.text] or shown
        target = max(there, key=lambda one: (bool(one.card and one.keyboard), bool(one.card), one.id))
        code = corp.new_code(corp.origins[target.id])
        task = str(target.card.get("task_id", "none"))
        body = {"EventKey": data, "TaskId": task, "CardType": "button_interaction", "ResponseCode": code}
        self._wecom.callbacks.post(person, event_xml(corp, userid, "template_card_event", body))
        return None

    def write(self, person: int, chat: int, text: str) -> Message:
        return self._wecom.write(person, text)

    def photo(self, person: int, chat: int, png: bytes, caption: str = "") -> None:
        self._wecom.photo(person, png)
        if caption:
            self._wecom.write(person, caption)

    def voice(self, person: int, chat: int) -> None:
        self._wecom.voice(person)

    def sticker(self, person: int, chat: int) -> None:
        """An app is told of none; what it hears of and cannot read is a voice."""
        self._wecom.voice(person)

    def block(self, person: int) -> None:
        """There nobody can; they leave the app's visible range."""
        self._wecom.dismiss(person)

    def unblock(self, person: int) -> None:
        self.employ(person)

    def kick(self, chat: int, person: int) -> None:
        """It is the group's robot that is taken out."""
        self._wecom.remove_robot(self._group)

    def add(self, chat: int, person: int) -> None:
        """To a group of the same people: its key is heard of at the next start."""
        self.add_group(next(one.members for one in self._wecom.groups if one.id == self._group))


async def _nobody() -> Sequence[str]:
    return ()


def _form(message: Message) -> str:
    """A card that is changed is another one: what was ticked on it is gone."""
    return str(message.card.get("task_id") or message.id)


def _ticks(message: Message) -> bool:
    if message.card.get("card_type") == VOTE:
        box: Any = message.card["checkbox"]
        return bool(box.get("mode"))
    return not message.card and "几个一起" in message.text


def _checked(message: Message) -> dict[str, bool]:
    return {one.data: True for row in message.keyboard for one in row if one.text.startswith(TICKED)}


def _as_seen(message: Message) -> Message:
    if message.sender != 0:
        return message
    there = choices(message.text, message.keyboard, message.card)
    return replace(message, keyboard=(*there, *_typed(message)) if there else ())


def _typed(message: Message) -> Keyboard:
    """A temperature is typed where it is asked for, and a seat where a card has no room for a class."""
    temperature = "体温" in message.text and any(words in message.text for words in ("直接输入", "Type it"))
    seats = bool(message.card) and "输入" in message.text and "座号" in message.text
    values = RECHECKED if "复测" in message.text else DEGREES
    typed = [degrees(value) for value in values if temperature] + [f"{seat}号" for seat in SEATS if seats]
    return tuple((Button(words, TYPED),) for words in typed)


def is_typed(button: Button, label: str) -> bool:
    """What a button says elsewhere: 17号 王小明, ✓ 17号."""
    return button.data == TYPED and re.fullmatch(rf"(✓ )?{button.text}(\s.*)?", label) is not None


def find_button(messages: Sequence[Message], label: str, on: str = "") -> tuple[Message, Button]:
    """The newest; one that reads exactly so comes before one that only contains the words. KeyError names what is
    there."""
    shown = [one for one in reversed(messages) if one.keyboard and not one.deleted and on in one.text]
    for exact in (True, False):
        for message in shown:
            for button in (button for row in message.keyboard for button in row):
                if button.text == label or (not exact and (label in button.text or is_typed(button, label))):
                    return message, button
    there = [button.text for message in shown[:1] for row in message.keyboard for button in row]
    raise KeyError(f"no button {label!r}; the newest keyboard has {there}")
