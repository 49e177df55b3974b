"""A text as Telegram keeps it: entities parsed, control characters gone, trimmed, commands and mentions found."""

import re
from dataclasses import dataclass

from sandbox import limits
from sandbox.entities import given_entities
from sandbox.errors import bad_request
from sandbox.html_text import parse_html
from sandbox.limits import utf16_length
from sandbox.model import Entity, JsonObject
from sandbox.params import Params

_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?\b")
_MENTION = re.compile(r"(?<![\w/@])@[A-Za-z0-9_]{4,32}\b")
_CONTROL = {code: " " for code in range(32) if chr(code) not in "\n\r"} | {ord("\r"): None}


@dataclass(frozen=True, slots=True)
class RichText:
    text: str
    entities: tuple[Entity, ...] = ()


def typed(text: str) -> RichText:
    """What arrives when a person types `text`."""
    text = text.translate(_CONTROL).strip()
    return RichText(text, _found(text, ()))


def message_text(params: Params) -> RichText:
    """The `text` of a call, checked in the order Telegram checks it (its length last)."""
    source = params.string("text")
    if not source:
        raise bad_request("Message text is empty")
    rich = _formatted(params, source, "entities")
    if not rich.text:
        raise bad_request("Text must be non-empty")
    if utf16_length(rich.text) > limits.TEXT:
        raise bad_request("Message is too long")
    return rich


def caption(params: Params, source: str | None = None, entities: str = "caption_entities") -> RichText:
    """The `caption` of a call; empty when there is none."""
    rich = _formatted(params, params.string("caption") if source is None else source, entities)
    if utf16_length(rich.text) > limits.CAPTION:
        raise bad_request("Message caption is too long")
    return rich


def _formatted(params: Params, source: str, entities_name: str) -> RichText:
    if len(source.encode()) > limits.RAW_TEXT:
        raise bad_request("Text is too long")
    mode = params.string("parse_mode").lower()
    source = source.translate(_CONTROL)
    if not source or mode in ("", "none"):
        text, entities = source, given_entities(params.structure(entities_name), source)
    elif mode == "html":
        text, entities = parse_html(source)
    elif mode in ("markdown", "markdownv2"):
        raise bad_request("sandbox: parse_mode Markdown is not built, send HTML or entities")
    else:
        raise bad_request("Unsupported parse_mode")
    text, entities = _trimmed(text, entities)
    return RichText(text, (*entities[: limits.ENTITIES], *_found(text, entities)))


def _trimmed(text: str, entities: tuple[Entity, ...]) -> tuple[str, tuple[Entity, ...]]:
    stripped = text.strip()
    cut = utf16_length(text[: len(text) - len(text.lstrip())])
    size = utf16_length(stripped)
    moved = []
    for entity in entities:
        start, end = max(0, entity.offset - cut), min(size, entity.offset + entity.length - cut)
        if end > start:
            moved.append(Entity(entity.kind, start, end - start, entity.detail))
    return stripped, tuple(moved)


def _found(text: str, taken: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """Commands and mentions, which Telegram finds by itself, outside code and links."""
    closed = [e for e in taken if e.kind in ("code", "pre", "text_link")]
    found = []
    for kind, pattern in (("bot_command", _COMMAND), ("mention", _MENTION)):
        for match in pattern.finditer(text):
            one = Entity(kind, utf16_length(text[: match.start()]), utf16_length(match[0]))
            if not any(c.offset < one.offset + one.length and one.offset < c.offset + c.length for c in closed):
                found.append(one)
    return tuple(sorted(found, key=lambda e: e.offset))


def entity_json(entity: Entity) -> JsonObject:
    body: JsonObject = {"type": entity.kind, "offset": entity.offset, "length": entity.length}
    if entity.kind == "text_link":
        body["url"] = entity.detail
    elif entity.kind == "pre" and entity.detail:
        body["language"] = entity.detail
    return body
