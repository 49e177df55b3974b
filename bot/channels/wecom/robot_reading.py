"""Frames of 智能机器人's long connection → Heard. Pure, and without any knowledge of people.

A person's chat is named by their userid, a group's by `aibot:` and its chatid. A card is known by its task_id; a press
may be answered for five seconds under the req_id with which it came. WeCom tells no time of a message: what comes,
comes at once, and `heard` is when it did."""

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.channels import Heard
from bot.channels.wecom.reading import PLAIN, tapped, typed
from handlers.values import replace

GROUP: Final = "aibot:"
# what is sent as a file, as the port calls it: (kind here, kind there)
FILES: Final[Mapping[str, str]] = {"image": "photo", "file": "document"}

Json = Mapping[str, Any]


def read(body: str) -> Heard | None:
    """None for what nobody asked for. Raises ValueError when it cannot be read."""
    try:
        frame = json.loads(body)
        heard = _read(frame, frame["body"])
        return None if heard is None else replace(heard, at=float(frame["heard"]))
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"a frame unlike WeCom's: {error!r}") from error


def _read(frame: Json, said: Json) -> Heard | None:
    if frame["cmd"] == "aibot_msg_callback":
        return _message(said)
    match said["event"]["eventtype"]:
        case "enter_chat":
            return _heard(said, "entered")
        case "template_card_event":
            return _tap(said, frame["headers"]["req_id"])
        case _:
            return None


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
            return _heard(said, "file", FILES[kind], _place(said[kind]))
        case "mixed":
            return _mixed(said, said["mixed"]["msg_item"])
        case _:
            return _heard(said, "unreadable", kind)


def _mixed(said: Json, items: list[Json]) -> Heard:
    """Words around pictures: the first picture, with all the words."""
    words = "\n".join(str(item["text"]["content"]) for item in items if item["msgtype"] == "text")
    pictures = [item["image"] for item in items if item["msgtype"] == "image"]
    if not pictures:
        return _text(said, words)
    return _heard(said, "file", "photo", _place(pictures[0]), text=words)


def _place(sent: Json) -> str:
    """Where it lies, and the key to it."""
    return json.dumps([sent["url"], sent["aeskey"]])


def _text(said: Json, words: str) -> Heard:
    """In a group all that arrives names us: our name stands in front of it."""
    if said.get("chattype") == "group" and words.strip().startswith("@"):
        words = words.strip().partition(" ")[2]
    return typed(_heard(said, "text"), words)


def _tap(said: Json, req_id: str) -> Heard | None:
    """None for a button that only says that it is over."""
    pressed = said["event"]["template_card_event"]
    if pressed["event_key"] == PLAIN:
        return None
    card = str(pressed["task_id"])
    here = replace(_heard(said, ""), ref=card, tap=card, edit_code=req_id)
    items = pressed.get("selected_items", {}).get("selected_item", [])
    return tapped(
        here, str(pressed["event_key"]), [str(one) for item in items for one in item["option_ids"]["option_id"]]
    )


def _heard(said: Json, verb: str, *args: str, text: str = "") -> Heard:
    sender = str(said["from"]["userid"])
    if said.get("chattype") == "group":
        return Heard(sender, f"{GROUP}{said['chatid']}", False, verb, args, text)
    return Heard(sender, sender, True, verb, args, text)
