"""The nouns of the pretended Telegram: people, groups, messages, taps, the journal's lines."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

JsonObject = dict[str, object]
Membership = Literal["never", "in", "left", "kicked"]
Attachment = tuple[Literal["sticker", "voice"], str]


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    role: str = ""
    school: str = ""
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True)
class Group:
    """`viewers`: the members whose phones the page offers. `bot`: where the bot stands. `silenced`: only administrators
    may write, and the bot is none."""

    id: int
    title: str
    members: tuple[int, ...]
    viewers: tuple[int, ...]
    bot: Membership = "never"
    migrated_to: int | None = None
    silenced: bool = False

    @property
    def is_supergroup(self) -> bool:
        return self.id <= -1_000_000_000_000


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of a text, measured in UTF-16 units. `detail` is a link's url or a code's language."""

    kind: str
    offset: int
    length: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """`data` is empty for a button that opens `url`; both are for mere words on a card that was
    answered."""

    text: str
    data: str
    url: str = ""


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """What a message showed from `at` on, until it was edited."""

    text: str
    entities: tuple[Entity, ...]
    keyboard: Keyboard
    at: datetime
    card: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """One message as the phones in its chat show it. `sender` 0 is the bot; `photo`, `document` and
    `attachment` are file ids; `service` is what a service message says, in the Bot API's own fields; `card` is a
    WeCom card, as it was sent, `text` and `keyboard` being what a phone shows of it."""

    id: int
    chat: int
    sender: int
    date: datetime
    text: str = ""
    entities: tuple[Entity, ...] = ()
    photo: str | None = None
    document: str | None = None
    attachment: Attachment | None = None
    keyboard: Keyboard = ()
    edit_date: datetime | None = None
    reply_to: int | None = None
    forwarded_from: str | None = None
    service: Mapping[str, object] = field(default_factory=dict)
    card: Mapping[str, object] = field(default_factory=dict)
    markdown: bool = False
    silent: bool = False
    protected: bool = False
    spoiler: bool = False
    deleted: bool = False
    revisions: tuple[Revision, ...] = ()

    @property
    def has_media(self) -> bool:
        return self.photo is not None or self.document is not None

    def button(self, text: str) -> Button:
        """The button whose label contains `text`; KeyError if there is none."""
        for row in self.keyboard:
            for button in row:
                if text in button.text:
                    return button
        raise KeyError(f"no button {text!r} under message {self.id} in chat {self.chat}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tap was answered with; an empty text only stops the button's spinner."""

    text: str
    show_alert: bool
    at: datetime


class Tap:
    """A button pressed on a phone, until the bot answers it."""

    def __init__(self, id: int, person: int, chat: int, message_id: int, data: str, at: datetime) -> None:
        self.id = id
        self.person = person
        self.chat = chat
        self.message_id = message_id
        self.data = data
        self.at = at
        self.answer: Answer | None = None
        self._waiting: asyncio.Future[Answer] | None = None

    @property
    def answered(self) -> asyncio.Future[Answer]:
        """Await it for the answer. Needs a running loop, as a tap itself does not."""
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().create_future()
            if self.answer is not None:
                self._waiting.set_result(self.answer)
        return self._waiting

    def settle(self, answer: Answer) -> bool:
        """False when it was answered before: then the first answer stays on the phone."""
        if self.answer is not None:
            return False
        self.answer = answer
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(answer)
        return True


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`width` and `height` in pixels, 0 for what is no picture."""

    id: str
    name: str
    mime: str
    data: bytes
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One call of the bot. `ok` and `error` are what the bot was told; `delivered` is whether the call took
    effect, which differs when a fault struck after it."""

    n: int
    at: datetime
    method: str
    params: Mapping[str, object]
    ok: bool
    error: str | None
    chat: int | None
    delivered: bool
    fault: str | None = None
