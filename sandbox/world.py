"""Everything that exists in the pretended Telegram: people, groups, chats, files, taps, menus."""

import random
from collections.abc import Mapping
from datetime import datetime

from sandbox.chats import Chats
from sandbox.clock import Clock
from sandbox.errors import ApiError, bad_request, forbidden
from sandbox.limits import PLACE_LIFE, Flood, Limits
from sandbox.model import Group, JsonObject, Person, StoredFile, Tap

Commands = tuple[tuple[str, str], ...]


class World(Chats):
    """State and the rules of who reaches whom."""

    def __init__(
        self, clock: Clock, *, bot_id: int, bot_name: str, bot_username: str, limits: Limits, dice: random.Random
    ) -> None:
        super().__init__(clock, dice)
        self.bot_id, self.bot_name, self.bot_username = bot_id, bot_name, bot_username
        self.flood = Flood(limits)
        self.people: dict[int, Person] = {}
        self.started: set[int] = set()
        self.blocked: set[int] = set()
        self.deactivated: set[int] = set()
        self.groups: dict[int, Group] = {}
        self.places: dict[str, tuple[str, datetime]] = {}  # where the bot was told that a file lies, until when
        self.taps: dict[int, Tap] = {}
        self.menus: dict[tuple[str, int, int, str], Commands] = {}
        self._next_message: dict[int, int] = {}

    def next_message_id(self, chat: int) -> int:
        """A supergroup numbers its own messages; private chats and small groups share the bot's numbers."""
        group = self.groups.get(chat)
        key = chat if group is not None and group.is_supergroup else 0
        self._next_message[key] = self._next_message.get(key, 0) + 1
        return self._next_message[key]

    def keep_file(self, name: str, mime: str, data: bytes) -> StoredFile:
        return self.store(f"AgACAgUAAxk{self.dice.getrandbits(160):040x}", name, mime, data)

    def told_place(self, stored: StoredFile) -> str:
        """Where a file lies for an hour from now, as getFile tells it."""
        place = f"files/{stored.id}"
        self.places[place] = stored.id, self.now() + PLACE_LIFE
        return place

    def at_place(self, place: str) -> StoredFile | None:
        file_id, until = self.places.get(place, ("", self.now()))
        return self.files[file_id] if until > self.now() else None

    def set_group(self, group: Group) -> None:
        self.groups[group.id] = group
        self.changed(group.id)

    def writable(self, params_chat: str) -> int:
        """The chat that the bot wants to write to or edit in. Raises what Telegram says when it may not."""
        if not params_chat:
            raise bad_request("chat_id is empty")
        chat = int(params_chat) if params_chat.lstrip("-").isdigit() else 0
        if chat in self.groups:
            self._check_group(self.groups[chat])
        elif chat in self.people:
            self._check_person(chat)
        else:
            raise bad_request("chat not found")
        return chat

    def readable(self, params_chat: str) -> int:
        """The chat that the bot asks about: any it has met."""
        if not params_chat:
            raise bad_request("chat_id is empty")
        chat = int(params_chat) if params_chat.lstrip("-").isdigit() else 0
        group = self.groups.get(chat)
        if (group is None or group.bot == "never") and chat not in self.started:
            raise bad_request("chat not found")
        return chat

    def _check_person(self, person: int) -> None:
        if person in self.deactivated:
            raise forbidden("user is deactivated")
        if person in self.blocked:
            raise forbidden("bot was blocked by the user")
        if person not in self.started:
            raise forbidden("bot can't initiate conversation with a user")

    def _check_group(self, group: Group) -> None:
        kind = "supergroup" if group.is_supergroup else "group"
        if group.migrated_to is not None:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": group.migrated_to},
            )
        match group.bot:
            case "never":
                raise bad_request("chat not found")
            case "left":
                raise forbidden(f"bot is not a member of the {kind} chat")
            case "kicked":
                raise forbidden(f"bot was kicked from the {kind} chat")
            case "in" if group.silenced:
                raise bad_request("not enough rights to send text messages to the chat")
            case "in":
                pass

    def user_json(self, user: int) -> JsonObject:
        """0 is the bot, as in `Message.sender`."""
        if user in (0, self.bot_id):
            return {"id": self.bot_id, "is_bot": True, "first_name": self.bot_name, "username": self.bot_username}
        person = self.people[user]
        return {"id": user, "is_bot": False, "first_name": person.name, "language_code": person.language}

    def chat_json(self, chat: int) -> JsonObject:
        group = self.groups.get(chat)
        if group is None:
            return {"id": chat, "first_name": self.people[chat].name, "type": "private"}
        kind: Mapping[str, object] = (
            {"type": "supergroup"}
            if group.is_supergroup
            else {"type": "group", "all_members_are_administrators": False}
        )
        return {"id": chat, "title": group.title, **kind}
