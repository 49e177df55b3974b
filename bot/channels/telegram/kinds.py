"""What a message without words is: a sticker, a voice message, or mere news of the chat."""

from collections.abc import Mapping
from typing import Any

# the more telling of two comes first: an animation also carries a document, a venue a location
KINDS = (
    "sticker",
    "voice",
    "photo",
    "live_photo",
    "video",
    "video_note",
    "animation",
    "audio",
    "document",
    "venue",
    "location",
    "contact",
    "poll",
    "dice",
    "game",
    "story",
    "checklist",
    "paid_media",
)
# news of a private chat that nobody expects an answer to
SERVICE = frozenset(
    {
        "pinned_message",
        "message_auto_delete_timer_changed",
        "chat_background_set",
        "write_access_allowed",
        "users_shared",
        "chat_shared",
    }
)


def kind_of(message: Mapping[str, Any]) -> str | None:
    """None for news of the chat. A kind that Telegram invented since is "other" in a private chat, where everything
    deserves an answer."""
    for kind in KINDS:
        if kind in message:
            return kind
    return "other" if message["chat"]["type"] == "private" and not SERVICE & message.keys() else None
