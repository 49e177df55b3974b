"""What the page shows: the list of phones at the left, one chat at the right."""

from dataclasses import asdict

from sandbox.entities import veiled
from sandbox.faults import Faults
from sandbox.menus import menu_for
from sandbox.model import Group, Message
from sandbox.page_clock import PageClock, here
from sandbox.phones import Phones
from sandbox.rich_text import entity_json

Json = dict[str, object]


class PageView:
    """Reads the world, and remembers what each phone has been shown."""

    def __init__(self, phones: Phones, faults: Faults, clock: PageClock) -> None:
        self._phones = phones
        self._world = phones.world
        self._faults = faults
        self._clock = clock
        self._read: dict[tuple[int, int], int] = {}

    def state(self) -> Json:
        groups = [group for group in self._world.groups.values() if group.migrated_to is None]
        return {
            **self._clock.state(),
            "bot": {"name": self._world.bot_name, "username": self._world.bot_username},
            "chats": [
                *(self._group_row(group, viewer) for group in groups for viewer in group.viewers),
                *(self._person_row(person) for person in self._world.people),
            ],
            "faults": [asdict(fault) for fault in self._faults],
        }

    def chat(self, chat: int, person: int) -> Json:
        """Opening it marks it read. Raises KeyError for a person who is not there."""
        commands = menu_for(self._world, person, chat)
        messages = self._phones.chat(chat)
        self._read[chat, person] = len(messages)
        return {
            "messages": [self._message(message, person) for message in messages],
            "commands": [{"command": name, "description": description} for name, description in commands],
        }

    def _person_row(self, person: int) -> Json:
        who = self._world.people[person]
        return {
            **self._row(person, person),
            "kind": "private",
            "title": who.name,
            "subtitle": who.role,
            "group": who.school,
            "blocked": person in self._world.blocked,
        }

    def _group_row(self, group: Group, viewer: int) -> Json:
        people = self._world.people
        return {
            **self._row(group.id, viewer),
            "kind": "group",
            "title": group.title,
            "subtitle": people[viewer].name,
            "group": "群聊",
            "blocked": False,
            "members": [{"id": member, "name": people[member].name} for member in group.members],
        }

    def _row(self, chat: int, person: int) -> Json:
        messages = self._phones.chat(chat)
        fresh = messages[self._read.get((chat, person), 0) :]
        shown = next((message for message in reversed(messages) if not message.deleted), None)
        last = None
        if shown is not None:
            last = {"text": self._line(shown), "at": here(shown.date), "mine": shown.sender == person}
        unread = sum(1 for message in fresh if message.sender != person and not message.deleted)
        return {"id": chat, "as": person, "unread": unread, "last": last}

    def _message(self, message: Message, person: int) -> Json:
        files = self._world.files
        document = files[message.document] if message.document else None
        return {
            "id": message.id,
            "mine": message.sender == person,
            "sender": self._name(message.sender),
            "date": here(message.date),
            "edited": here(message.edit_date) if message.edit_date else None,
            "text": message.text or self._plain(message),
            "entities": [entity_json(entity) for entity in message.entities] or None,
            "photo": f"/api/file/{message.photo}" if message.photo else None,
            "document": {"name": document.name, "url": f"/api/file/{document.id}"} if document else None,
            "keyboard": [[{"text": b.text, "data": b.data} for b in row] for row in message.keyboard],
            "service": bool(message.service),
            "silent": message.silent,
            "deleted": message.deleted,
        }

    def _name(self, user: int) -> str:
        if user in (0, self._world.bot_id):
            return self._world.bot_name
        return self._world.people[user].name

    def _line(self, message: Message) -> str:
        """One line for the list."""
        text = veiled(message.text, message.entities).partition("\n")[0]
        kind = "[图片]" if message.photo else "[文件]" if message.document else ""
        return f"{kind} {text}".strip() or self._plain(message)

    def _plain(self, message: Message) -> str:
        """Words for what has none of its own."""
        if message.attachment is not None:
            return "[贴纸]" if message.attachment[0] == "sticker" else "[语音]"
        actor, bot = self._name(message.sender), self._world.bot_name
        for field, words in (
            ("new_chat_members", f"{actor}把{bot}加入了群"),
            ("left_chat_member", f"{actor}把{bot}移出了群"),
            ("migrate_to_chat_id", "本群已升级为超级群"),
            ("migrate_from_chat_id", "本群由普通群升级而来"),
        ):
            if field in message.service:
                return words
        return ""
