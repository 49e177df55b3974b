"""Where the crowd's phones are: the same eyes and the same thumb on Telegram and on WeCom."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final, Protocol

from sandbox.faults import Faults
from sandbox.model import Button, Entry, Group, Keyboard, Message, Revision, Tap
from sandbox.reading import SEATS, TICKED, TYPED, VOTE, choices, is_numbered, together
from sandbox.telegram import Sandbox
from sandbox.wecom.model import GroupChat

# on a card, which has no room for a class: it says so, or has no room for that either
ASKS_SEAT: Final = re.compile(r"输入.*座号|\A.*未发送$", re.M)
MARKS: Final = re.compile(r"^[✓✅←]+ ")  # of a label, which nobody types
FRESH: Final = timedelta(minutes=2)  # so long somebody trusts that a number still means what stands beside it
# what comes by itself, and follows on nothing
BY_ITSELF: Final = re.compile(r"^(【演练】)?(🔴|🏥|\S+晨检[｜ ]|\S+，(\S+班(今天的)?晨检|到\d\d:\d\d还没有联系))")
Change = Callable[[int | None], None]


class Platform(Protocol):
    """`edits`: what was said changes in its place, as often as one likes; else what is new comes below. `group_acts`:
    the leaders press in their group; else each has a card of their own. `at_once`: what is ticked goes as a whole.
    `posts`: it tells the program what happens; else it is asked."""

    name: str
    posts: bool
    edits: bool
    group_acts: bool
    at_once: bool

    @property
    def group(self) -> int:
        """The leaders' group; 0 while there is none."""
        ...

    @property
    def journal(self) -> Sequence[Entry]: ...

    @property
    def faults(self) -> Faults: ...

    @property
    def taps(self) -> Mapping[int, Tap]: ...

    @property
    def losses(self) -> Sequence[str]:
        """What the platform took and did not show, without a word."""
        ...

    @property
    def titles(self) -> Mapping[int, str]:
        """Of every chat: whose it is, or what the group is called."""
        ...

    def on_change(self, callback: Change) -> None: ...

    def stored(self, file_id: str) -> bytes: ...

    def chat(self, chat: int) -> Sequence[Message]:
        """As a person reads it: each message with what can be chosen on it."""
        ...

    def after(self, message: Message) -> Iterator[Message]:
        """Where it may be read what became of a message, the newest first."""
        ...

    def answerable(self, message: Message) -> bool:
        """Whether its choices can be trusted to mean what they say: numbers soon mean nothing."""
        ...

    def press(self, person: int, message: Message, button: Button) -> Tap | Message | None:
        """What was done: None where the thumb comes too late, for the button has gone. Raises ValueError where a phone
        has no such button."""
        ...

    def choose(self, person: int, message: Message, chosen: Sequence[Button]) -> Tap | Message:
        """Of those that are ticked, that these are all."""
        ...

    def forge(self, person: int, message: Message, data: str) -> Tap | None:
        """A button that was not given."""
        ...

    def write(self, person: int, chat: int, text: str) -> Message: ...

    def leave(self, person: int) -> None:
        """Nothing reaches them from now on."""
        ...


class OnTelegram:
    name = "telegram"
    posts = False
    edits = True
    group_acts = True
    at_once = False

    def __init__(self, sandbox: Sandbox, group: int) -> None:
        self._sandbox = sandbox
        self.group = group

    @property
    def journal(self) -> Sequence[Entry]:
        return self._sandbox.journal

    @property
    def faults(self) -> Faults:
        return self._sandbox.faults

    @property
    def taps(self) -> Mapping[int, Tap]:
        return self._sandbox.world.taps

    @property
    def losses(self) -> Sequence[str]:
        """Telegram says what it refuses."""
        return ()

    @property
    def titles(self) -> Mapping[int, str]:
        return _titles(self._sandbox, self._sandbox.world.groups.values())

    def on_change(self, callback: Change) -> None:
        self._sandbox.on_change(callback)

    def stored(self, file_id: str) -> bytes:
        return self._sandbox.file(file_id)

    def chat(self, chat: int) -> Sequence[Message]:
        return self._sandbox.chat(chat)

    def after(self, message: Message) -> Iterator[Message]:
        found = self._sandbox.world.message(message.chat, message.id)
        if found is not None:
            yield found

    def answerable(self, message: Message) -> bool:
        return True

    def press(self, person: int, message: Message, button: Button) -> Tap:
        """As it was when the message was read."""
        return self._sandbox.tap(person, message.chat, message.id, button.data)

    def choose(self, person: int, message: Message, chosen: Sequence[Button]) -> Tap:
        raise ValueError("what is ticked on Telegram is ticked one by one")

    def forge(self, person: int, message: Message, data: str) -> Tap:
        return self._sandbox.tap(person, message.chat, message.id, data)

    def write(self, person: int, chat: int, text: str) -> Message:
        return self._sandbox.write(person, chat, text)

    def leave(self, person: int) -> None:
        self._sandbox.block(person)


class OnWeCom:
    """Choices stand on a card, or with numbers in a text."""

    name = "wecom"
    posts = True
    edits = False
    group_acts = False
    at_once = True

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._wecom = sandbox.wecom
        self._seen: dict[int, tuple[Message, Message]] = {}  # as it was sent → as it is read

    @property
    def group(self) -> int:
        return next((one.id for one in self._wecom.groups), 0)

    @property
    def journal(self) -> Sequence[Entry]:
        return self._wecom.journal

    @property
    def faults(self) -> Faults:
        return self._wecom.faults

    @property
    def taps(self) -> Mapping[int, Tap]:
        return self._wecom.corp.taps

    @property
    def losses(self) -> Sequence[str]:
        return [str(one) for one in (*self._wecom.dropped, *self._wecom.cut, *self._wecom.lost)]

    @property
    def titles(self) -> Mapping[int, str]:
        return _titles(self._sandbox, self._wecom.groups)

    def on_change(self, callback: Change) -> None:
        self._wecom.on_change(callback)

    def stored(self, file_id: str) -> bytes:
        return self._wecom.stored(file_id).data

    def chat(self, chat: int) -> Sequence[Message]:
        return together(map(self._read, self._wecom.chat(chat)))

    def after(self, message: Message) -> Iterator[Message]:
        for one in reversed(self.chat(message.chat)):
            if one.id < message.id:
                return
            if one.sender == 0 and not one.deleted and (one.id == message.id or not BY_ITSELF.match(one.text)):
                yield one

    def answerable(self, message: Message) -> bool:
        if message.card:
            return True
        return self._asked_last(message) and self._wecom.corp.now() - message.date < FRESH

    def _asked_last(self, message: Message) -> bool:
        """Else a number means something else, or nothing: then one says it in words."""
        asked = next(one for one in reversed(self.chat(message.chat)) if one.sender == 0 and one.keyboard)
        return asked.id == message.id

    def press(self, person: int, message: Message, button: Button) -> Tap | Message | None:
        now = next(one for one in self.chat(message.chat) if one.id == message.id)
        if not any(button.data == one.data for row in now.keyboard for one in row):
            return None
        if button.data == TYPED:
            return self._wecom.write(person, button.text)
        if not now.card:
            return self._wecom.write(person, button.data if self._asked_last(now) else MARKS.sub("", button.text))
        if now.card["card_type"] == VOTE:
            ticked = [one.data for row in now.keyboard for one in row if one.text.startswith(TICKED)]
            return self._wecom.submit(person, now.id, [*ticked, button.data])  # what came ticked is sent off with it
        return self._wecom.tap(person, now.id, button.data)

    def choose(self, person: int, message: Message, chosen: Sequence[Button]) -> Tap | Message:
        data = [one.data for one in chosen]
        if not message.card:
            return self._wecom.write(person, " ".join(data))
        return self._wecom.submit(person, message.id, data)

    def forge(self, person: int, message: Message, data: str) -> None:
        self._wecom.forge(person, data)

    def write(self, person: int, chat: int, text: str) -> Message:
        return self._wecom.write(person, text)

    def leave(self, person: int) -> None:
        self._wecom.dismiss(person)

    def _read(self, message: Message) -> Message:
        known = self._seen.get(message.id)
        if known is None or known[0] is not message:
            known = self._seen[message.id] = message, _as_read(message)
        return known[1]


def _titles(sandbox: Sandbox, groups: Iterable[Group | GroupChat]) -> Mapping[int, str]:
    people = {id: one.name for id, one in sandbox.world.people.items()}
    return people | {one.id: one.title for one in groups}


def _as_read(message: Message) -> Message:
    if message.sender != 0:
        return message
    text, keyboard = _choices(message.text, message.keyboard, message.card)
    return replace(message, text=text, keyboard=keyboard, revisions=tuple(map(_as_it_was, message.revisions)))


def _as_it_was(revision: Revision) -> Revision:
    text, keyboard = _choices(revision.text, revision.keyboard, revision.card)
    return replace(revision, text=text, keyboard=keyboard)


def _choices(text: str, keyboard: Keyboard, card: Mapping[str, object]) -> tuple[str, Keyboard]:
    """The words without what they list, and what can be chosen; seats where one is to be typed."""
    there = choices(text, keyboard, card)
    if is_numbered(text, card):
        return text.rpartition("\n\n")[0], there
    if there and ASKS_SEAT.search(text):
        return text, (*there, *((Button(f"{number}号", TYPED),) for number in SEATS))
    return text, there
