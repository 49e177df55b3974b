"""What an app's message, a group's and a robot's have in common: a picture or file, uploaded first, else words.

Field names: document/path/90236 (app), 90248 (group), 91770 (its robot), 101463 (智能机器人)."""

from typing import Any

from bot.channels import PICTURE_NAME, Rendered


def attached(message: Rendered) -> tuple[str, str, bytes] | None:
    """What is uploaded first: its kind there, its name and its bytes."""
    if message.photo is not None:
        return "image", PICTURE_NAME, message.photo
    if message.file is not None:
        return ("file", *message.file)
    return None


def uploaded(kind: str, media_id: str) -> dict[str, Any]:
    return {"msgtype": kind, kind: {"media_id": media_id}}


def words(message: Rendered, kind: str = "text") -> dict[str, Any]:
    return {"msgtype": kind, kind: {"content": message.text}}


def numbered(message: Rendered) -> bool:
    """Whether its choices bear numbers: all of a text's, and those that a card has no room for."""
    return message.face.typed if message.face is not None else bool(message.buttons)
