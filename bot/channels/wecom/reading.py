"""WeCom's messages and events (its XML, as JSON) → Heard: which verb, by whom, on what. Pure, and without any knowledge
of people. Everything is in private: an app hears nothing of a group."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.channels import Heard
from bot.channels.typed import FORGED, button, command
from handlers.values import replace

ONE, SEVERAL = "one", "several"  # keys of the button under options
PLAIN: Final = "!"  # before an option that does not hold together with others

Json = Mapping[str, Any]


def read(body: str) -> Heard | None:
    """None for what nobody asked for. Raises ValueError when it cannot be read."""
    try:
        said = json.loads(body)
        match str(said["MsgType"]):
            case "text":
                return typed(_heard(said, "text"), str(said["Content"]))
            case "image":
                return _heard(said, "file", "photo", str(said["MediaId"]))
            case "event":
                return _event(said)
            case kind:
                return _heard(said, "unreadable", kind)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"a callback unlike WeCom's: {error!r}") from error


def _event(said: Json) -> Heard | None:
    match said["Event"]:
        case "template_card_event":
            task, code = str(said["TaskId"]), str(said["ResponseCode"])
            here = replace(_heard(said, ""), ref=task, tap=task, edit_code=code)
            return tapped(here, str(said["EventKey"]), _chosen(said.get("SelectedItems")))
        case "click":
            return typed(_heard(said, "text"), str(said["EventKey"]))
        case "subscribe":
            return _heard(said, "unblocked")
        case "unsubscribe":
            return _heard(said, "blocked")
    return None


def _heard(said: Json, verb: str, *args: str) -> Heard:
    sender = str(said["FromUserName"])
    return Heard(sender, sender, True, verb, args, at=float(said["CreateTime"]))


def typed(heard: Heard, words: str) -> Heard:
    """A command, or words."""
    said = command(words)
    if said is not None:
        return replace(heard, verb=said.verb, args=tuple(said.rest.split()), text=said.rest)
    if not words.strip():
        return replace(heard, verb="unreadable", args=("empty",))
    return replace(heard, verb="text", text=words)


def tapped(heard: Heard, key: str, chosen: Sequence[str]) -> Heard:
    """A button by its key; a submitted vote by what was chosen. What holds together is one `chosen`, first of all that
    was; where none of that was ticked, it is `unticked`, of what else was chosen."""
    if key not in (ONE, SEVERAL):
        return _pressed(heard, key)
    if not chosen:
        return replace(heard, verb="unchosen")
    if key == ONE:
        return _pressed(heard, chosen[-1])
    ticks = tuple(one for one in chosen if not one.startswith(PLAIN))
    every = (*ticks, *(one.removeprefix(PLAIN) for one in chosen if one.startswith(PLAIN)))
    if any(button(one) == FORGED for one in every):
        return _pressed(heard, "")
    return replace(heard, verb="chosen" if ticks else "unticked", args=every)


def _pressed(heard: Heard, data: str) -> Heard:
    verb, *args = button(data)
    return replace(heard, verb=verb, args=tuple(args))


def _chosen(items: object) -> list[str]:
    """The ids of all options that were chosen: what comes once is a value, what comes several times a list."""
    found: list[str] = []
    for item in _each(items, "SelectedItem"):
        for options in _each(item, "OptionIds"):
            found += [str(one) for one in _each(options, "OptionId")]
    return found


def _each(parent: object, name: str) -> list[object]:
    inner = parent.get(name, []) if isinstance(parent, dict) else []
    return inner if isinstance(inner, list) else [inner]
