"""One person's eyes and thumb: reads her own chat, presses what a button says, waits as people wait."""

import random
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Final

from sandbox.clock import Clock
from sandbox.crowd.platform import Platform
from sandbox.model import Button, Message, Tap
from sandbox.reading import TICKED

ZONE: Final = timezone(timedelta(hours=8))
MARK: Final = "【演练】"  # stands before everything that is said in a rehearsal
REPORTED: Final = "✅ 已报"
CARD: Final = "报告"  # what one writes to be shown the card, or the report, once more
PATIENCE: Final = timedelta(seconds=20)  # then a person presses again
GLANCE: Final = timedelta(seconds=1)
Says = Callable[[str], bool]


class Stuck(Exception):
    """What a person looked for did not come, and she gave up."""


def words(part: str) -> Says:
    """A label with these words in it."""
    return lambda label: part in label


def exactly(whole: str) -> Says:
    return lambda label: label.removeprefix(TICKED) == whole


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

    def __init__(self, phones: Platform, clock: Clock, person: int, dice: random.Random) -> None:
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

    def newest(self, says: Says | None, about: str = "", chat: int | None = None) -> Message | None:
        """The newest message of today from the bot that has such a button, or any, and speaks of `about`."""
        today = self.now().astimezone(ZONE).date()
        for message in reversed(self._phones.chat(chat or self.person)):
            of_today = (message.edit_date or message.date).astimezone(ZONE).date() == today
            from_bot = message.sender == 0 and not message.deleted
            if of_today and from_bot and about in message.text and (says is None or labelled(message, says)):
                return message
        return None

    async def fresh(self, message: Message, says: Says, about: str = "", ask: str = CARD) -> Message:
        """The message; where its choices mean nothing any more, the one that comes instead when it is asked for."""
        if self._phones.answerable(message):
            return message
        written = self.write(ask)

        def anew() -> Message | None:
            found = self.newest(says, about)
            return found if found is not None and found.id > written.id else None

        found = await self.see(anew)
        if found is None:
            raise Stuck(f"asked in vain for: {message.text[:60]!r}")
        return found

    def all(self) -> tuple[Message, ...]:
        return tuple(self._phones.chat(self.person))

    def look(self, message: Message) -> Message | None:
        """How it is now; None where it is gone."""
        return next((one for one in self._phones.after(message) if one.id == message.id), None)

    def press(self, message: Message, says: Says) -> Tap | None:
        """Presses the button as it was when the message was read; Stuck when it is not there. None where it was no tap:
        a number was written, or the button has gone meanwhile."""
        button = labelled(message, says)
        if button is None:
            raise Stuck(f"no such button under: {message.text[:40]!r}")
        try:
            return self._own(self._phones.press(self.person, message, button))
        except ValueError as error:
            raise Stuck(str(error)) from error

    @property
    def ticks_at_once(self) -> bool:
        return self._phones.at_once

    def tick(self, message: Message, wanted: Sequence[Says]) -> None:
        """All that are wanted, with those that are ticked already; and that these are all."""
        ticked = [one for row in message.keyboard for one in row if one.text.startswith(TICKED)]
        ticked += [one for says in wanted if (one := labelled(message, says)) and one not in ticked]
        self._own(self._phones.choose(self.person, message, ticked))

    def forge(self, message: Message, data: str) -> Tap | None:
        tap = self._phones.forge(self.person, message, data)
        self._own(tap)
        return tap

    def write(self, text: str, chat: int | None = None) -> Message:
        message = self._phones.write(self.person, chat or self.person, text)
        self.own.add(message.id)
        return message

    def told(self, tap: Tap | None, since: int) -> str:
        """What a tap was answered with: by itself, or in words below the message `since`."""
        if tap is not None and tap.answer is not None:
            return tap.answer.text
        return next((plain(one.text) for one in reversed(self.all()) if one.id > since and one.sender == 0), "")

    async def see(self, found: Callable[[], Message | None], patience: timedelta = PATIENCE) -> Message | None:
        """Looks every second until it is there; None when patience ends."""
        until = self.now() + patience
        while (message := found()) is None and self.now() < until:
            await self._clock.sleep_until(self.now() + GLANCE)
        return message

    async def expect(self, message: Message, says: Says) -> Message:
        """The same message, once it shows such a button, or the one below it that does."""

        def shown() -> Message | None:
            return next((one for one in self._phones.after(message) if labelled(one, says)), None)

        seen = await self.see(shown)
        if seen is None:
            raise Stuck(f"waited for a button under: {message.text[:60]!r}")
        return seen

    async def changed(self, before: Message) -> Message:
        """Once there are other buttons than on this one."""

        def other() -> Message | None:
            after = (one for one in self._phones.after(before) if one.keyboard)
            return next((one for one in after if one.id > before.id or one.keyboard != before.keyboard), None)

        seen = await self.see(other)
        if seen is None:
            raise Stuck(f"nothing changed under: {before.text[:60]!r}")
        return seen

    def read(self, message: Message, words: re.Pattern[str]) -> Message | None:
        """Where it says so after a message was pressed: beside what one pressed, or on what it became."""
        after = (one for one in self._phones.after(message) if one.id > message.id or one.keyboard != message.keyboard)
        return next((one for one in after if words.search(one.text)), None)

    def confirmed(self, message: Message) -> Message | None:
        """Where it says ✅ 已报."""
        return next((one for one in self._phones.after(message) if plain(one.text).startswith(REPORTED)), None)

    def _own(self, done: Tap | Message | None) -> Tap | None:
        if done is not None:
            self.own.add(done.id)
        return done if isinstance(done, Tap) else None
