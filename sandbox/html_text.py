"""HTML parse mode: tags become entities, with Telegram's own complaints.

Tags, the four named references and every error sentence with its byte offset are those of TDLib's
td/telegram/MessageEntity.cpp (parse_html).
"""

import re
from dataclasses import dataclass

from sandbox.errors import ApiError, bad_request
from sandbox.limits import utf16_length
from sandbox.model import Entity

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-zA-Z]+));?")
_TAG_NAME = re.compile(r"<([^\s>]*)(?=[\s>])")
_ATTRIBUTES = re.compile(r"((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_END_TAG = re.compile(r"</([^\s>]*)\s*>")
_ATTRIBUTE = re.compile(r"([^\s=>/\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([\w.-]+)))?")


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    detail: str
    offset: int
    position: int


def parse_html(source: str) -> tuple[str, tuple[Entity, ...]]:
    """The plain text and its entities, offsets in UTF-16 units."""
    return _Parser(source).parse()


def _complaint(sentence: str) -> ApiError:
    return bad_request(f"Can't parse entities: {sentence}")


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.out: list[str] = []
        self.units = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, tuple[Entity, ...]]:
        at = 0
        while at < len(self.source):
            if self.source[at] == "<":
                at = self._end(at) if self.source.startswith("</", at) else self._start(at)
            else:
                at = self._plain(at)
        if self.open:
            raise _complaint(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.out), tuple(sorted(self.entities, key=lambda e: (e.offset, -e.length)))

    def _plain(self, at: int) -> int:
        reference = _REFERENCE.match(self.source, at) if self.source[at] == "&" else None
        char = _decode(reference) if reference else None
        if reference is None or char is None:
            char, at = self.source[at], at + 1
        else:
            at = reference.end()
        self.out.append(char)
        self.units += utf16_length(char)
        return at

    def _start(self, at: int) -> int:
        where = len(self.source[:at].encode())
        named = _TAG_NAME.match(self.source, at)
        if named is None:
            raise _complaint(f"Unclosed start tag at byte offset {where}")
        tag = named[1].lower()
        if tag not in _KINDS:
            raise _complaint(f'Unsupported start tag "{tag}" at byte offset {where}')
        rest = _ATTRIBUTES.match(self.source, named.end())
        if rest is None:
            raise _complaint(f'Unclosed start tag "{tag}" at byte offset {where}')
        self.open.append(_Open(tag, _detail(tag, rest[1], where), self.units, len(self.out)))
        return rest.end()

    def _end(self, at: int) -> int:
        where = len(self.source[:at].encode())
        if not self.open:
            raise _complaint(f"Unexpected end tag at byte offset {where}")
        found = _END_TAG.match(self.source, at)
        if found is None:
            raise _complaint(f"Unclosed end tag at byte offset {where}")
        opened, name = self.open.pop(), found[1].lower()
        if name and name != opened.tag:
            raise _complaint(f'Unmatched end tag at byte offset {where}, expected "</{opened.tag}>", found "</{name}>"')
        self._close(opened)
        return found.end()

    def _close(self, opened: _Open) -> None:
        length = self.units - opened.offset
        if length == 0:
            return
        kind, detail = _KINDS[opened.tag], opened.detail
        if kind == "text_link":
            detail = detail or "".join(self.out[opened.position :])
        elif kind == "blockquote" and detail:
            kind, detail = "expandable_blockquote", ""
        self.entities.append(Entity(kind, opened.offset, length, detail if kind in ("text_link", "pre") else ""))


def _decode(reference: re.Match[str]) -> str | None:
    hexadecimal, decimal, name = reference.groups()
    if name:
        return _NAMED.get(name)
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code < 0xE000 else None


def _detail(tag: str, attributes: str, where: int) -> str:
    values = {m[1].lower(): next((v for v in m.groups()[1:] if v is not None), "1")
              for m in _ATTRIBUTE.finditer(attributes)}  # fmt: skip
    match tag:
        case "a":
            return _REFERENCE.sub(lambda m: _decode(m) or m[0], values.get("href", ""))
        case "span":
            if values.get("class") != "tg-spoiler":
                raise _complaint(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
            return ""
        case "code" | "pre":
            return values.get("class", "").removeprefix("language-")
        case "blockquote":
            return values.get("expandable", "")
        case _:
            return ""
