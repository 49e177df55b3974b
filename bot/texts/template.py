"""A sentence with gaps: what its {…} are called, and the sentence when they are filled."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from string import Formatter

Plain = str | int | float
GAP = re.compile(r"[a-z][a-z0-9_]*(\|[^|]*\|[^|]*)?")


@dataclass(frozen=True)
class Piece:
    """Words as they are, then perhaps a gap. `forms` are the words for one and for several of `{n|one|several}`."""

    words: str
    gap: str | None
    forms: tuple[str, str] | None
    spec: str


@cache
def lines(template: str) -> tuple[tuple[Piece, ...], ...]:
    """Line by line. Raises ValueError for a brace out of place and for a gap that is no plain name."""
    return tuple(tuple(_pieces(line)) for line in template.split("\n"))


def gaps(template: str) -> frozenset[str]:
    return frozenset(piece.gap for line in lines(template) for piece in line if piece.gap)


def fill(template: str, value: Callable[[str], Plain]) -> str:
    """The sentence; a line of which every gap came out empty is left out."""
    filled = [_line(parts, value) for parts in lines(template)]
    return "\n".join([line for line in filled if line is not None])


def _line(parts: Sequence[Piece], value: Callable[[str], Plain]) -> str | None:
    filled = [_fill(piece, value) for piece in parts]
    if not any(filled) and any(piece.gap for piece in parts):
        return None
    return "".join([piece.words + words for piece, words in zip(parts, filled, strict=True)])


def _fill(piece: Piece, value: Callable[[str], Plain]) -> str:
    if piece.gap is None:
        return ""
    found = value(piece.gap)
    if piece.forms:
        return piece.forms[0] if found == 1 else piece.forms[1]
    return format(found, piece.spec)


def _pieces(line: str) -> Iterator[Piece]:
    for words, name, spec, conversion in Formatter().parse(line):
        if name is None:
            yield Piece(words, None, None, "")
            continue
        if conversion or not GAP.fullmatch(name):
            raise ValueError(f"{{{name}}} is not a name in lower case, nor {{n|one|several}}")
        gap, *forms = name.split("|")
        yield Piece(words, gap, (forms[0], forms[1]) if forms else None, spec or "")
