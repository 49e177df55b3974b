"""What people do with a robot on their phones, and what of it the robot hears: each callback once, or never."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sandbox.model import JsonObject, Message, StoredFile
from sandbox.wecom.aibot_frames import EVENT, MESSAGE, bad_request_id
from sandbox.wecom.aibot_media import Downloads
from sandbox.wecom.corp import Corp
from sandbox.wecom.model import Content, GroupChat

SOON = timedelta(seconds=5)
A_DAY = timedelta(hours=24)
BEIJING = timezone(timedelta(hours=8))  # whose days WeCom counts
ENTERED, PRESSED = "enter_chat", "template_card_event"


@dataclass(frozen=True, slots=True)
class Callback:
    """What the robot was told of, by which it may answer: in which chat, when, on which card."""

    kind: str  # aibot_msg_callback, or the event's type
    chat: int
    at: datetime
    card: Message | None = None


@dataclass(frozen=True, slots=True)
class Unheard:
    """What somebody did while no robot was there: WeCom tells it to nobody, then or later."""

    at: datetime
    person: int
    body: JsonObject


class Phones(ABC):
    """A private chat has its person's number. `lost` is what nobody heard."""

    def __init__(self, corp: Corp, bot_id: str, name: str) -> None:
        self.corp = corp
        self.bot_id = bot_id
        self.name = name
        self.lost: list[Unheard] = []
        self.downloads = Downloads(corp)
        self._groups: dict[str, GroupChat] = {}
        self._written: set[int] = set()
        self._entered: dict[int, datetime] = {}
        self._callbacks: dict[str, Callback] = {}

    @property
    @abstractmethod
    def download_url(self) -> str:
        """Where what people send can be fetched."""

    @abstractmethod
    def tell(self, cmd: str, req_id: str, body: JsonObject) -> bool:
        """False when no robot is there to be told."""

    # What people do

    def add_group(self, title: str, members: Sequence[int]) -> GroupChat:
        """People make a group of theirs, and put the robot into it."""
        made = self.corp.add_group(title, tuple(members), members[0])
        self._groups[self.corp.secret_number()] = made
        return made

    def enter(self, person: int) -> None:
        """Opens the chat. The robot is told of the first time on a day."""
        now, last = self.corp.now(), self._entered.get(person)
        self._entered[person] = now
        if last is None or last.astimezone(BEIJING).date() != now.astimezone(BEIJING).date():
            self._happened(person, person, ENTERED, {"eventtype": ENTERED})

    def write(self, person: int, text: str, chat: int | None = None) -> Message:
        """In a group the robot hears only what names it with an @."""
        here = person if chat is None else chat
        message = self.corp.show(here, Content(text), sender=person)
        if here == person or f"@{self.name}" in text:
            self._said(person, here, "text", {"content": text})
        return message

    def photo(self, person: int, png: bytes) -> Message:
        stored = self.corp.store(self.corp.secret_number(), "photo.png", "image/png", png)
        self._said(person, person, "image", self._offered(stored))
        return self.corp.show(person, Content(image=stored.id), sender=person)

    def document(self, person: int, name: str, data: bytes) -> Message:
        stored = self.corp.store(self.corp.secret_number(), name, "application/octet-stream", data)
        self._said(person, person, "file", self._offered(stored))
        return self.corp.show(person, Content(file=stored.id), sender=person)

    def voice(self, person: int, words: str) -> None:
        """The robot is told what WeCom has understood."""
        self._said(person, person, "voice", {"content": words})

    def tap(self, person: int, message_id: int, data: str, chat: int | None = None) -> None:
        """A button of a card. Any data, forged too."""
        self._press(person, person if chat is None else chat, message_id, data, ())

    def submit(self, person: int, message_id: int, chosen: Sequence[str]) -> None:
        """A vote card, with what was ticked in it."""
        shown = self._card(person, message_id)
        key = _inner(shown.card, "submit_button").get("key", "")
        self._press(person, person, message_id, str(key), chosen)

    def chat(self, chat: int) -> tuple[Message, ...]:
        return tuple(self.corp.messages(chat))

    # What the robot may do about it

    def may_write(self, chat: int) -> bool:
        """Only where somebody has written to it."""
        return chat in self._written

    def chat_of(self, chatid: str, kind: int) -> int | None:
        """`kind` 1 is a person's, 2 a group's, 0 either."""
        member, group = self.corp.directory.find(chatid), self._groups.get(chatid)
        if member is not None and kind in (0, 1):
            return member.person
        return group.id if group is not None and kind in (0, 2) else None

    def answered(self, req_id: str, kind: str) -> Callback:
        """The callback that is answered. Raises 846605. A message may be answered for a day, an event once and within
        five seconds."""
        found = self._callbacks.get(req_id)
        life = A_DAY if kind == MESSAGE else SOON
        if found is None or found.kind != kind or found.at + life < self.corp.now():
            raise bad_request_id()
        if kind != MESSAGE:
            del self._callbacks[req_id]
        return found

    # What the robot hears of it

    def _card(self, chat: int, message_id: int) -> Message:
        shown = self.corp.message(chat, message_id)
        if shown is None or not shown.card:
            raise KeyError(f"no card {message_id} in chat {chat}")
        return shown

    def _press(self, person: int, chat: int, message_id: int, key: str, chosen: Sequence[str]) -> None:
        shown = self._card(chat, message_id)
        pressed: JsonObject = {
            "card_type": shown.card["card_type"],
            "event_key": key,
            "task_id": shown.card.get("task_id", ""),
        }
        if chosen:
            question = _inner(shown.card, "checkbox").get("question_key", "")
            item = {"question_key": question, "option_ids": {"option_id": list(chosen)}}
            pressed["selected_items"] = {"selected_item": [item]}
        self._happened(person, chat, PRESSED, {"eventtype": PRESSED, PRESSED: pressed}, shown)

    def _happened(self, person: int, chat: int, kind: str, event: JsonObject, card: Message | None = None) -> None:
        when = {"create_time": int(self.corp.now().timestamp())}
        callback = Callback(kind, chat, self.corp.now(), card)
        self._tell(EVENT, person, callback, {**when, "msgtype": "event", "event": event})

    def _said(self, person: int, chat: int, kind: str, content: JsonObject) -> None:
        self._written.add(chat)
        self._tell(MESSAGE, person, Callback(MESSAGE, chat, self.corp.now()), {"msgtype": kind, kind: content})

    def _tell(self, cmd: str, person: int, callback: Callback, content: JsonObject) -> None:
        req_id = self.corp.secret_number()
        who = {"userid": self.corp.directory.members[person].userid}
        body = {"msgid": self.corp.secret_number(), "aibotid": self.bot_id, "from": who, **content}
        if self.tell(cmd, req_id, body | self._where(callback.chat)):
            self._callbacks[req_id] = callback
        else:
            self.lost.append(Unheard(callback.at, person, body))

    def _where(self, chat: int) -> JsonObject:
        """A chat's id is told of groups only."""
        group = next((chatid for chatid, one in self._groups.items() if one.id == chat), None)
        return {"chattype": "single"} if group is None else {"chatid": group, "chattype": "group"}

    def _offered(self, stored: StoredFile) -> JsonObject:
        place, key = self.downloads.offer(stored)
        return {"url": f"{self.download_url}{place}", "aeskey": key}


def _inner(card: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = card.get(name)
    return found if isinstance(found, dict) else {}
