"""The name of a shown message: chat, number and what it holds, as one string that is opaque to all others."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from bot.channels import Rendered

TEXT, PHOTO, DOCUMENT = "", "p", "d"


class Ref(Struct, frozen=True):
    """A text cannot be edited into a picture, nor back: so what a message holds is part of its name."""

    chat: str
    message: int
    kind: str = TEXT

    def __str__(self) -> str:
        return ":".join(filter(None, (self.chat, str(self.message), self.kind)))

    @classmethod
    def parse(cls, ref: str) -> "Ref":
        """Raises ValueError for a string that is no name of ours."""
        chat, message, *kind = ref.split(":")
        return cls(chat, int(message), *kind)


def content(message: Mapping[str, Any]) -> str:
    """What a message of Telegram's JSON holds; an animation, too, has a document."""
    if "photo" in message:
        return PHOTO
    return DOCUMENT if "document" in message else TEXT


def wanted(message: Rendered) -> str:
    if message.photo is not None:
        return PHOTO
    return DOCUMENT if message.file is not None else TEXT
