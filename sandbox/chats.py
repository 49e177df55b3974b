"""Messages as phones show them, the files in them, and who hears of a change: what every pretended platform has."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sandbox.clock import Clock
from sandbox.model import Message, Revision, StoredFile
from sandbox.pictures import mime_of, size_of

Change = Callable[[int | None], None]


class Chats:
    """Listeners hear of a changed chat, or None for anything else."""

    def __init__(self, clock: Clock, dice: random.Random) -> None:
        self.clock = clock
        self.dice = dice
        self.chats: dict[int, dict[int, Message]] = {}
        self.files: dict[str, StoredFile] = {}
        self.listeners: list[Change] = []

    def now(self) -> datetime:
        return self.clock.now()

    def changed(self, chat: int | None = None) -> None:
        for listener in tuple(self.listeners):
            listener(chat)

    def messages(self, chat: int) -> Sequence[Message]:
        """Oldest first; what was deleted is there and says so."""
        return tuple(self.chats.get(chat, {}).values())

    def message(self, chat: int, message_id: int) -> Message | None:
        """None for one that never was or is deleted."""
        found = self.chats.get(chat, {}).get(message_id)
        return None if found is None or found.deleted else found

    def put(self, message: Message) -> Message:
        self.chats.setdefault(message.chat, {})[message.id] = message
        self.changed(message.chat)
        return message

    def revise(self, old: Message, new: Message) -> Message:
        """Puts `new` in the place of `old`, whose face is kept among its revisions."""
        seen = Revision(old.text, old.entities, old.keyboard, old.edit_date or old.date, old.card)
        return self.put(replace(new, edit_date=self.now(), revisions=(*old.revisions, seen)))

    def delete(self, message: Message) -> None:
        self.put(replace(message, deleted=True))

    def store(self, file_id: str, name: str, mime: str, data: bytes) -> StoredFile:
        width, height = size_of(data)
        self.files[file_id] = StoredFile(file_id, name, mime_of(data) or mime, data, width, height)
        return self.files[file_id]
