"""Everybody's phone, whichever platform it is on: what it shows, what its owner can do there, what may befall it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import timedelta

from bot.simulate.town import GROUPS, TELEGRAM, WECOM, Town
from bot.simulate.wire_wecom import employ
from sandbox import Entry, Message, Sandbox
from sandbox.crowd.platform import OnTelegram, OnWeCom, Platform
from sandbox.faults import Faults
from sandbox.model import Button

READING = timedelta(seconds=1)
Listener = Callable[[int | None], None]


def button_of(message: Message, label: str) -> Button | None:
    return next((one for row in message.keyboard for one in row if label in one.text), None)


class Phones:
    """Of one town. A chat is a person's with the bot, or a group."""

    def __init__(self, sandbox: Sandbox, town: Town) -> None:
        self._sandbox = sandbox
        known: dict[str, Platform] = {TELEGRAM: OnTelegram(sandbox, GROUPS[TELEGRAM]), WECOM: OnWeCom(sandbox)}
        self._platforms = {name: known[name] for name in town.platforms}
        self._on = {one.id: self._platforms[one.home] for one in town.members}
        self._on |= {group: self._platforms[name] for name, group in town.groups.items()}
        self._listeners = {TELEGRAM: sandbox.world.listeners, WECOM: sandbox.wecom.corp.listeners}
        self._gone: set[int] = set()

    @property
    def chats(self) -> Sequence[int]:
        return tuple(self._on)

    @property
    def journal(self) -> Iterator[Entry]:
        """Each call of the bot, a platform's after another's."""
        for platform in self._platforms.values():
            yield from platform.journal

    @property
    def faults(self) -> Sequence[Faults]:
        """Of each platform that somebody lives on."""
        return [platform.faults for platform in self._platforms.values()]

    @property
    def losses(self) -> Iterator[str]:
        """What WeCom took and did not show, or not whole."""
        yield from map(str, (*self._sandbox.wecom.dropped, *self._sandbox.wecom.cut))

    def edits(self, chat: int) -> bool:
        """Whether what was said there changes in its place as often as one likes."""
        return self._on[chat].edits

    def listen(self, callback: Listener) -> None:
        """To every chat's change."""
        for name in self._platforms:
            self._listeners[name].append(callback)

    def unlisten(self, callback: Listener) -> None:
        for name in self._platforms:
            self._listeners[name].remove(callback)

    # Eyes

    def raw(self, chat: int) -> Mapping[int, Message]:
        """By number; a picture and its words by themselves, choices as they came."""
        return (self._sandbox.world if self.edits(chat) else self._sandbox.wecom.corp).chats.get(chat, {})

    def refs(self, message: Message) -> Collection[str]:
        """By which the bot may know it."""
        if self.edits(message.chat):
            ref = f"{message.chat}:{message.id}"
            return ref, f"{ref}:p", f"{ref}:d"
        origin = self._sandbox.wecom.corp.origins.get(message.id, "")
        return str(message.card.get("task_id", "")), f"msg:{origin}"

    def chat(self, chat: int) -> Sequence[Message]:
        """As a person reads it, the oldest first."""
        return self._on[chat].chat(chat)

    # Thumbs

    def press(self, who: int, message: Message, label: str) -> Message | bool:
        """Whether it was there, and its number means it; a number is written. Raises ValueError where nothing can be
        done there."""
        platform, button = self._on[who], button_of(message, label)
        if button is None or not platform.answerable(message) or self._just_came(message):
            return False
        done = platform.press(who, message, button)
        return done if isinstance(done, Message) else done is not None

    def _just_came(self, message: Message) -> bool:
        """Nobody types a number before they have read what it stands beside."""
        typed = not message.card and not self.edits(message.chat)
        return typed and self._sandbox.world.now() - message.date < READING

    def write(self, who: int, words: str) -> None:
        """Raises ValueError where that is not possible."""
        self._on[who].write(who, who, words)

    # What befalls it

    def leave(self, who: int) -> bool:
        """Blocks the bot; where nobody can, has left the directory. False for an account that is gone."""
        if who in self._gone:
            return False
        self._on[who].leave(who)
        return True

    def come_back(self, who: int) -> None:
        if who in self._gone:
            return
        if self.edits(who):
            self._sandbox.unblock(who)
        else:
            employ(self._sandbox, who)

    def vanish(self, who: int) -> None:
        """The account is deleted."""
        self._gone.add(who)
        if self.edits(who):
            self._sandbox.deactivate(who)
        else:
            self._on[who].leave(who)
