"""What the bot hears of, and what it does not: privacy in groups, chats it is not in, how long news is kept."""

import re

from sandbox.limits import MESSAGE_LIFE, TAP_LIFE
from sandbox.model import Message, Tap
from sandbox.updates import Updates
from sandbox.wire import membership_json, message_json, tap_json
from sandbox.world import World

_COMMAND_FOR = re.compile(r"/[A-Za-z0-9_]+(?:@([A-Za-z0-9_]+))?(?=\s|$)")


class News:
    """Turns what happened into updates."""

    def __init__(self, world: World, updates: Updates) -> None:
        self._world = world
        self._updates = updates

    def message(self, kind: str, message: Message) -> None:
        """`kind` is `message` or `edited_message`."""
        if self._is_in(message.chat) and (message.chat > 0 or message.service or self._is_for_bot(message)):
            body = message_json(self._world, message)
            self._updates.add(kind, body, lane=message.chat, expires=self._world.now() + MESSAGE_LIFE)

    def tap(self, tap: Tap) -> None:
        if self._is_in(tap.chat):
            body = tap_json(self._world, tap)
            self._updates.add("callback_query", body, lane=tap.person + (3 << 33), expires=tap.at + TAP_LIFE)

    def membership(self, chat: int, actor: int, before: str, after: str) -> None:
        """The bot's own standing in a chat, in the Bot API's words."""
        body = membership_json(self._world, chat, actor, before, after)
        self._updates.add("my_chat_member", body, lane=chat, expires=self._world.now() + MESSAGE_LIFE)

    def _is_in(self, chat: int) -> bool:
        return chat > 0 or self._world.groups[chat].bot == "in"

    def _is_for_bot(self, message: Message) -> bool:
        """Privacy mode: of a group's talk the bot hears commands to it and replies to it."""
        replied = self._world.message(message.chat, message.reply_to) if message.reply_to else None
        if replied is not None and replied.sender == 0:
            return True
        command = _COMMAND_FOR.match(message.text)
        own = self._world.bot_username.lower()
        return command is not None and (command[1] or own).lower() == own
