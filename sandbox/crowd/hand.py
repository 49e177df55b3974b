"""One person's eyes and thumb: reads her own chat, presses what a button says, waits as people wait."""

import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Final

from sandbox.clock import Clock
from sandbox.model import Button, Message, Tap
from sandbox.phones import Phones

ZONE: Final = timezone(timedelta(hours=8))
MARK: Final = "【演练】"  # stands before everything that is said in a rehearsal
REPORTED: Final = "✅ 已报"
PATIENCE: Final = timedelta(seconds=20)  # then a person presses again
GLANCE: Final = timedelta(seconds=1)
Says = Callable[[str], bool]


class Stuck(Exception):
    """What a person looked for did not come, and she gave up."""


def words(part: str) -> Says:
    """A label with these words in it."""
    return lambda label: part in label


def exactly(whole: str) -> Says:
    return lambda label: label.removeprefix("✓ ") == whole


def seat(number: int) -> Says:
    """The button of one pupil: 17号, 17号 张三, ✓ 17号 张三."""
    pattern = re.compile(rf"(✓ )?{number}号(\s|$)")
    return lambda label: pattern.match(label) is not None


def plain(text: str) -> str:
    return text.removeprefix(MARK)


def labelled(message: Message, says: Says) -> Button | None:
    return next((button for row in message.keyboard for button in row if says(button.text)), None)


class Hand:
    """What it does is remembered, so that a stranger's hand on the same phone can be told from it."""

    def __init__(self, phones: Phones, clock: Clock, person: int, dice: random.Random) -> None:
        self._phones = phones
        self._clock = clock
        self.person = person
        self.dice = dice
        self.own: set[int] = set()  # ids of its messages and taps

    def now(self) -> datetime:
        return self._clock.now()

    async def pause(self, least: float, most: float) -> None:
        """A human while, in seconds."""
        await self._clock.sleep_until(self.now() + timedelta(seconds=self.dice.uniform(least, most)))

    def newest(self, says: Says, about: str = "", chat: int | None = None) -> Message | None:
        """The newest message of today from the bot that has such a button and speaks of `about`."""
        today = self.now().astimezone(ZONE).date()
        for message in reversed(self._phones.chat(chat or self.person)):
            of_today = (message.edit_date or message.date).astimezone(ZONE).date() == today
            from_bot = message.sender == 0 and not message.deleted
            if of_today and from_bot and about in message.text and labelled(message, says):
                return message
        return None

    def all(self) -> tuple[Message, ...]:
        return tuple(self._phones.chat(self.person))

    def look(self, message: int, chat: int | None = None) -> Message | None:
        return self._phones.world.message(chat or self.person, message)

    def press(self, message: Message, says: Says) -> Tap:
        """Presses the button as it was when the message was read; Stuck when it is not there."""
        button = labelled(message, says)
        if button is None:
            raise Stuck(f"no such button under: {message.text[:40]!r}")
        return self.tap(message, button.data)

    def tap(self, message: Message, data: str) -> Tap:
        try:
            tap = self._phones.tap(self.person, message.chat, message.id, data)
        except ValueError as error:
            raise Stuck(str(error)) from error
        self.own.add(tap.id)
        return tap

    def write(self, text: str, chat: int | None = None) -> Message:
        message = self._phones.write(self.person, chat or self.person, text)
        self.own.add(message.id)
        return message

    async def see(self, found: Callable[[], Message | None], patience: timedelta = PATIENCE) -> Message | None:
        """Looks every second until it is there; None when patience ends."""
        until = self.now() + patience
        while (message := found()) is None and self.now() < until:
            await self._clock.sleep_until(self.now() + GLANCE)
        return message

    async def expect(self, message: int, says: Says) -> Message:
        """The same message, once it shows such a button."""

        def shown() -> Message | None:
            current = self.look(message)
            return current if current is not None and labelled(current, says) else None

        seen = await self.see(shown)
        if seen is None:
            current = self.look(message)
            raise Stuck(f"waited for a button under: {current.text[:60] if current else 'nothing'!r}")
        return seen

    def confirmed(self, message: int) -> Message | None:
        """The message, if it says ✅ 已报."""
        current = self.look(message)
        return current if current is not None and plain(current.text).startswith(REPORTED) else None
