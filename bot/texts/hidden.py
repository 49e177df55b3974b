"""Words that no locked screen may show: marked while a text is made, found again when it has been cut into pages."""

import re
from collections.abc import Iterable
from typing import Final

from bot.texts.length import units

# noncharacters of Unicode, which are in nobody's name; in what people type they are dropped
_BEGIN: Final = "\ufdd0"
_END: Final = "\ufdd1"
_MARKS: Final = str.maketrans("", "", _BEGIN + _END)
_MARK: Final = re.compile(f"([{_BEGIN}{_END}])")

Span = tuple[int, int]


def hide(words: str) -> str:
    return f"{_BEGIN}{words.translate(_MARKS)}{_END}"


def uncovered(pages: Iterable[str]) -> list[tuple[str, tuple[Span, ...]]]:
    """Each page without its marks, and what they enclosed as (offset, length) in UTF-16 units; what was cut in two is
    hidden on both pages. A page on which only marks were left is none; an empty one is meant to be."""
    found: list[tuple[str, tuple[Span, ...]]] = []
    inside = False
    for page in pages:
        text, spans = "", []
        for part in _MARK.split(page):
            if part in (_BEGIN, _END):
                inside = part == _BEGIN
                continue
            if inside and part:
                spans.append((units(text), units(part)))
            text += part
        if text.strip() or not page:
            found.append((text, tuple(spans)))
    return found or [("", ())]
