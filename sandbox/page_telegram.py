"""The page's Telegram: every person's phone, every group, and what a thumb does there."""

import asyncio
from collections.abc import Mapping

from sandbox.faults import Faults
from sandbox.menus import menu_for
from sandbox.model import Group, Message, StoredFile
from sandbox.page_view import Json, PageView
from sandbox.phones import Phones
from sandbox.pictures import plain_png

ANSWER_WAIT = 3.0  # real seconds that a thumb waits for an answer


class PageTelegram:
    def __init__(self, phones: Phones, faults: Faults) -> None:
        self._phones = phones
        self._world = phones.world
        self.faults = faults
        self._view = PageView("telegram", phones.chat, self.files, self._name)

    @property
    def files(self) -> Mapping[str, StoredFile]:
        return self._world.files

    def groups(self) -> list[Json]:
        groups = [group for group in self._world.groups.values() if group.migrated_to is None]
        return [self._group_row(group, viewer) for group in groups for viewer in group.viewers]

    def person(self, person: int) -> Json:
        return {**self._view.row(person, person), "blocked": person in self._world.blocked}

    def began(self, person: int) -> bool:
        """They have written to the bot, which may write to them since."""
        return person in self._world.started

    def chat(self, chat: int, person: int) -> Json:
        """Opening it marks it read. Raises KeyError for a person who is not there."""
        commands = menu_for(self._world, person, chat)
        return {
            "messages": self._view.messages(chat, person),
            "commands": [{"command": name, "description": description} for name, description in commands],
        }

    def write(self, person: int, chat: int, text: str) -> Message:
        return self._phones.write(person, chat, text)

    def send(self, person: int, chat: int, kind: str) -> Message:
        match kind:
            case "sticker":
                return self._phones.sticker(person, chat)
            case "voice":
                return self._phones.voice(person, chat)
            case "photo":
                return self._phones.photo(person, chat, plain_png(320, 240), "")
            case "forward":
                return self._phones.forward(person, chat, "转发：今天下午两点开会。", "李老师")
            case _:
                raise ValueError(f"no such kind: {kind}")

    async def tap(self, person: int, chat: int, message: int, data: str) -> Json:
        """With what it was answered."""
        tap = self._phones.tap(person, chat, message, data)
        done, _ = await asyncio.wait({tap.answered}, timeout=ANSWER_WAIT)
        if not done or tap.answer is None:
            return {"answer": None}
        return {"answer": {"text": tap.answer.text, "alert": tap.answer.show_alert}}

    def block(self, person: int, *, on: bool) -> None:
        (self._phones.block if on else self._phones.unblock)(person)

    def _group_row(self, group: Group, viewer: int) -> Json:
        people = self._world.people
        members = [{"id": member, "name": people[member].name} for member in group.members]
        return {**self._view.row(group.id, viewer), "title": group.title, "members": members}

    def _name(self, user: int) -> str:
        if user in (0, self._world.bot_id):
            return self._world.bot_name
        return self._world.people[user].name
