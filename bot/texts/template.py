"""A sentence with gaps: what its {…} are called, and the sentence when they are filled."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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


def pieces(template: str) -> Iterator[Piece]:
    """Raises ValueError for a brace out of place and for a gap that is no plain name."""
    for words, name, spec, conversion in Formatter().parse(template):
        if name is None:
            yield Piece(words, None, None, "")
            continue
        if conversion or not GAP.fullmatch(name):
            raise ValueError(f"{{{name}}} is not a name in lower case, nor {{n|one|several}}")
        gap, *forms = name.split("|")
        yield Piece(words, gap, (forms[0], forms[1]) if forms else None, spec or "")


def gaps(template: str) -> frozenset[str]:
    return frozenset(piece.gap for piece in pieces(template) if piece.gap)


def fill(template: str, value: Callable[[str], Plain]) -> str:
    """The sentence; a line of which every gap came out empty is left out."""
    return "\n".join(line for line in (_line(line, value) for line in template.split("\n")) if line is not None)


def _line(template: str, value: Callable[[str], Plain]) -> str | None:
    parts = list(pieces(template))
    filled = [_fill(piece, value) for piece in parts]
    if any(piece.gap for piece in parts) and not any(filled):
        return None
    return "".join(piece.words + words for piece, words in zip(parts, filled, strict=True))


def _fill(piece: Piece, value: Callable[[str], Plain]) -> str:
    if piece.gap is None:
        return ""
    found = value(piece.gap)
    if piece.forms:
        return piece.forms[0] if found == 1 else piece.forms[1]
    return format(found, piece.spec)
