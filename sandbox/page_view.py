"""What the page shows of one platform's chats, and what each phone has been shown of them."""

from collections.abc import Callable, Mapping, Sequence

from sandbox.entities import veiled
from sandbox.model import Message, StoredFile
from sandbox.page_card import card_json
from sandbox.page_clock import here
from sandbox.rich_text import entity_json

Json = dict[str, object]


class PageView:
    """`read` gives a chat as its phone shows it; `named` a sender's name, 0 being the bot."""

    def __init__(
        self,
        platform: str,
        read: Callable[[int], Sequence[Message]],
        files: Mapping[str, StoredFile],
        named: Callable[[int], str],
    ) -> None:
        self._platform = platform
        self._chat = read
        self._files = files
        self._name = named
        self._read: dict[tuple[int, int], int] = {}

    def messages(self, chat: int, person: int) -> list[Json]:
        """Opening a chat marks it read."""
        messages = self._chat(chat)
        self._read[chat, person] = len(messages)
        return [self._message(message, person) for message in messages]

    def row(self, chat: int, person: int) -> Json:
        messages = self._chat(chat)
        fresh = messages[self._read.get((chat, person), 0) :]
        shown = next((message for message in reversed(messages) if not message.deleted), None)
        last = None
        if shown is not None:
            last = {"text": self._line(shown), "at": here(shown.date), "mine": shown.sender == person}
        unread = sum(1 for message in fresh if message.sender != person and not message.deleted)
        return {"id": chat, "as": person, "platform": self._platform, "unread": unread, "last": last}

    def _message(self, message: Message, person: int) -> Json:
        document = self._files[message.document] if message.document else None
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
            "keyboard": [[{"text": b.text, "data": b.data, "url": b.url} for b in row] for row in message.keyboard],
            "card": card_json(message) if message.card else None,
            "markdown": message.markdown,
            "service": bool(message.service),
            "silent": message.silent,
            "protected": message.protected,
            "deleted": message.deleted,
        }

    def _line(self, message: Message) -> str:
        """One line for the list."""
        text = veiled(message.text, message.entities).partition("\n")[0]
        kind = "[图片]" if message.photo else "[文件]" if message.document else ""
        return f"{kind} {text}".strip() or self._plain(message)

    def _plain(self, message: Message) -> str:
        """Words for what has none of its own."""
        if message.attachment is not None:
            return "[贴纸]" if message.attachment[0] == "sticker" else "[语音]"
        actor, bot = self._name(message.sender), self._name(0)
        for field, words in (
            ("new_chat_members", f"{actor}把{bot}加入了群"),
            ("left_chat_member", f"{actor}把{bot}移出了群"),
            ("migrate_to_chat_id", "本群已升级为超级群"),
            ("migrate_from_chat_id", "本群由普通群升级而来"),
        ):
            if field in message.service:
                return words
        return ""
