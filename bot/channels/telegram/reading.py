"""Telegram's JSON → Heard: which verb, by whom, where, on what. Pure, and without any knowledge of people."""

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.channels import Heard
from bot.channels.telegram.kinds import kind_of
from bot.channels.telegram.refs import Ref, content
from bot.channels.typed import button, command

_OUTSIDE = frozenset({"left", "kicked"})
FILES = frozenset({"photo", "document"})

Json = Mapping[str, Any]


def read(body: str, username: str) -> Heard | None:
    """None for what nobody asked for. `username` is the bot's own. Raises ValueError when it cannot be read."""
    try:
        match json.loads(body):
            case {"message": message}:
                return _message(message, username)
            case {"edited_message": message}:
                return _edited(message)
            case {"callback_query": query}:
                return _tap(query)
            case {"my_chat_member": change}:
                return _membership(change)
            case _:
                return None
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"an update unlike Telegram's: {error!r}") from error


def _message(message: Json, username: str) -> Heard | None:
    if "from" not in message:
        return None  # a post in a channel
    if "migrate_to_chat_id" in message:
        return _heard(message, "migrated", args=(str(message["migrate_to_chat_id"]),))
    mentioned = _private(message) or _addressed(message, username)
    kind, forwarded = kind_of(message), "forward_origin" in message
    if forwarded and kind not in FILES:
        return _heard(message, "forwarded", text=_words(message), mentioned=mentioned)
    if "text" in message:
        return _text(message, username, mentioned)
    if kind is None:
        return None
    verb, args = ("file", _file(kind, message)) if kind in FILES else ("unreadable", (kind,))
    # a parent's picture is passed on as it came; what stands under it are not its sender's own words
    return _heard(message, verb, args=args, text="" if forwarded else _words(message), mentioned=mentioned)


def _file(kind: str, message: Json) -> tuple[str, ...]:
    """What it is and as what Telegram gives it to us. Of a picture there are several sizes, the largest last."""
    sent = message[kind][-1] if kind == "photo" else message[kind]
    return kind, str(sent["file_id"])


def _text(message: Json, username: str, mentioned: bool) -> Heard:
    typed = _without_mention(str(message["text"]), username)
    said = command(typed)
    if said is not None:
        ours = said.addressed is None or said.addressed.casefold() == username.casefold()
        return _heard(message, said.verb, args=tuple(said.rest.split()), text=said.rest, mentioned=ours)
    if not typed.strip():
        return _heard(message, "unreadable", args=("empty",), mentioned=mentioned)
    return _heard(message, "text", text=typed, mentioned=mentioned)


def _edited(message: Json) -> Heard | None:
    """None without words: a shared position edits itself every few seconds."""
    words = _words(message)
    if not words or "from" not in message:
        return None
    return _heard(message, "edited", text=words, at=float(message["edit_date"]))


def _tap(query: Json) -> Heard:
    """Telegram tells no time of a tap; of an old message it tells only chat and number."""
    verb, *args = button(query.get("data"))
    message = query.get("message")
    chat = query["from"]["id"] if message is None else message["chat"]["id"]
    return Heard(
        sender=str(query["from"]["id"]),
        chat=str(chat),
        private=message is None or _private(message),
        verb=verb,
        args=tuple(args),
        ref=None if message is None else str(Ref(str(chat), message["message_id"], content(message))),
        tap=str(query["id"]),
    )


def _membership(change: Json) -> Heard | None:
    was, now = _inside(change["old_chat_member"]), _inside(change["new_chat_member"])
    match change["chat"]["type"]:
        case "private":
            return _heard(change, "unblocked" if now else "blocked")
        case "group" | "supergroup" if was != now:
            return _heard(change, "joined" if now else "removed")
        case _:
            return None


def _inside(member: Json) -> bool:
    return bool(member.get("is_member")) if member["status"] == "restricted" else member["status"] not in _OUTSIDE


def _heard(
    said: Json,
    verb: str,
    *,
    args: tuple[str, ...] = (),
    text: str = "",
    at: float | None = None,
    mentioned: bool = True,
) -> Heard:
    return Heard(
        sender=str(said["from"]["id"]),
        chat=str(said["chat"]["id"]),
        private=_private(said),
        verb=verb,
        args=args,
        text=text,
        at=float(said["date"]) if at is None else at,
        mentioned=mentioned,
        own=str(Ref(str(said["chat"]["id"]), said["message_id"])) if "message_id" in said else None,
    )


def _private(said: Json) -> bool:
    return bool(said["chat"]["type"] == "private")


def _words(message: Json) -> str:
    return str(message.get("text", message.get("caption", "")))


def _addressed(message: Json, username: str) -> bool:
    """In a group: our name is in it, or it replies to us."""
    answered = message.get("reply_to_message", {}).get("from", {}).get("username", "")
    return bool(username) and (
        answered.casefold() == username.casefold() or _mention(username).search(_words(message)) is not None
    )


def _mention(username: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/])@{re.escape(username)}\b", re.ASCII | re.IGNORECASE)


def _without_mention(typed: str, username: str) -> str:
    return _mention(username).sub("", typed) if username else typed
