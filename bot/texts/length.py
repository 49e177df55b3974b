"""How long a text is to Telegram, and a long one in parts."""

from collections.abc import Iterator


def units(text: str) -> int:
    """UTF-16 units, in which Telegram counts: an emoji or a rare character is two."""
    return len(text) + sum(character > "\uffff" for character in text)


def split(text: str, limit: int) -> list[str]:
    """Parts of at most `limit` units (two or more), cut at line borders; inside a line only when it alone is longer.
    No part is blank."""
    parts: list[str] = []
    held: list[str] = []
    room = limit
    for piece in (piece for line in text.split("\n") for piece in _pieces(line, limit)):
        if held and units(piece) > room:
            parts.append("\n".join(held))
            held, room = [], limit
        held.append(piece)
        room -= units(piece) + 1
    parts.append("\n".join(held))
    return [part.strip("\n") for part in parts if part.strip()]


def _pieces(line: str, limit: int) -> Iterator[str]:
    start = size = 0
    for place, character in enumerate(line):
        size += units(character)
        if size > limit:
            yield line[start:place]
            start, size = place, units(character)
    yield line[start:]
