"""Frames of 智能机器人's long connection → Heard. Pure, and without any knowledge of people.

A person's chat is named by their userid, a group's by `aibot:` and its chatid. A card is known by its task_id; a press
may be answered for five seconds under the req_id with which it came. No time is read: a frame comes at once or never."""

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.channels import Heard
from bot.channels.typed import button, command

GROUP: Final = "aibot:"
# what is sent as a file, as the port calls it: (kind here, kind there)
FILES: Final[Mapping[str, str]] = {"image": "photo", "file": "document"}

Json = Mapping[str, Any]


def read(body: str) -> Heard | None:
    """None for what nobody asked for. Raises ValueError when it cannot be read."""
    try:
        frame = json.loads(body)
        said = frame["body"]
        if frame["cmd"] == "aibot_msg_callback":
            return _message(said)
        match said["event"]["eventtype"]:
            case "enter_chat":
                return _heard(said, "entered")
            case "template_card_event":
                return _tap(said, frame["headers"]["req_id"])
            case _:
                return None
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"a frame unlike WeCom's: {error!r}") from error


def native_id(frame: Json) -> str:
    """What tells a repeat."""
    return str(frame["body"].get("msgid") or frame["headers"]["req_id"])


def _message(said: Json) -> Heard:
    kind = str(said["msgtype"])
    match kind:
        case "text":
            return _text(said, str(said["text"]["content"]))
        case "voice":  # as WeCom has understood it
            return _text(said, str(said["voice"]["content"]))
        case "image" | "file":
            return _heard(said, "file", args=(FILES[kind], json.dumps([said[kind]["url"], said[kind]["aeskey"]])))
        case "mixed":
            return _mixed(said, said["mixed"]["msg_item"])
        case _:
            return _heard(said, "unreadable", args=(kind,))


def _mixed(said: Json, items: list[Json]) -> Heard:
    """Words around pictures: the first picture, with all the words."""
    words = "\n".join(str(item["text"]["content"]) for item in items if item["msgtype"] == "text")
    pictures = [item["image"] for item in items if item["msgtype"] == "image"]
    if not pictures:
        return _text(said, words)
    return _heard(said, "file", args=("photo", json.dumps([pictures[0]["url"], pictures[0]["aeskey"]])), text=words)


def _text(said: Json, words: str) -> Heard:
    """In a group everything that arrives names us: our name stands in front, whatever it is."""
    if said.get("chattype") == "group":
        words = words.strip().partition(" ")[2] if words.strip().startswith("@") else words
    typed = command(words)
    if typed is not None:
        return _heard(said, typed.verb, args=tuple(typed.rest.split()), text=typed.rest)
    if not words.strip():
        return _heard(said, "unreadable", args=("empty",))
    return _heard(said, "text", text=words)


def _tap(said: Json, req_id: str) -> Heard:
    pressed = said["event"]["template_card_event"]
    ref = str(pressed["task_id"])
    chosen = [one for item in _selected(pressed) for one in item["option_ids"]["option_id"]]
    if chosen or str(pressed["card_type"]) in ("vote_interaction", "multiple_interaction"):
        return _heard(said, "chosen", args=tuple(map(str, chosen)), ref=ref, edit_code=req_id)
    verb, *args = button(pressed.get("event_key"))
    return _heard(said, verb, args=tuple(args), ref=ref, edit_code=req_id)


def _selected(pressed: Json) -> list[Json]:
    found = pressed.get("selected_items", {}).get("selected_item", [])
    return found if isinstance(found, list) else [found]


def _heard(
    said: Json,
    verb: str,
    *,
    args: tuple[str, ...] = (),
    text: str = "",
    ref: str | None = None,
    edit_code: str | None = None,
) -> Heard:
    sender = str(said["from"]["userid"])
    private = said.get("chattype") != "group"
    return Heard(
        sender=sender,
        chat=sender if private else f"{GROUP}{said['chatid']}",
        private=private,
        verb=verb,
        args=args,
        text=text,
        ref=ref,
        tap=ref,
        edit_code=edit_code,
    )
