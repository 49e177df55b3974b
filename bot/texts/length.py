"""How long a text is to a platform, and a long one in parts."""

from collections.abc import Callable, Iterator
from itertools import accumulate, takewhile
from typing import Final

Measure = Callable[[str], int]
COMMAS: Final = "、，；,"


def units(text: str) -> int:
    """UTF-16 units, in which Telegram counts: an emoji or a rare character is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def octets(text: str) -> int:
    """Bytes in UTF-8, in which WeCom counts: a Chinese character is three."""
    return len(text.encode())


def split(text: str, limit: int, measure: Measure = units) -> list[str]:
    """Parts of at most `limit` (which has room for any one character), cut at line borders; inside a line only when it
    alone is longer, and there behind a comma, for no name shall be torn. No part is blank."""
    parts: list[str] = []
    held: list[str] = []
    room = limit
    for piece in (piece for line in text.split("\n") for piece in _pieces(line, limit, measure)):
        if held and measure(piece) > room:
            parts.append("\n".join(held))
            held, room = [], limit
        held.append(piece)
        room -= measure(piece) + 1
    parts.append("\n".join(held))
    return [part.strip("\n") for part in parts if part.strip()]


def _pieces(line: str, limit: int, measure: Measure) -> Iterator[str]:
    while measure(line) > limit:
        most = _fitting(line, limit, measure)
        cut = max(line.rfind(comma, 0, most) for comma in COMMAS) + 1 or most
        yield line[:cut]
        line = line[cut:]
    yield line


def _fitting(line: str, limit: int, measure: Measure) -> int:
    """Characters."""
    sizes = accumulate(map(measure, line))
    return sum(1 for _ in takewhile(lambda size: size <= limit, sizes))
