"""A sentence with gaps: what its {…} are called, and the sentence when they are filled."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from string import Formatter

from msgspec import Struct

Plain = str | int | float
GAP = re.compile(r"[a-z][a-z0-9_]*(\|[^|]*\|[^|]*)?")


class Piece(Struct, frozen=True):
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
    if "{" not in template and "}" not in template:
        return template  # as most buttons are
    said = []
    for line in lines(template):
        words, empty = "", any(piece.gap for piece in line)
        for piece in line:
            words += piece.words
            if piece.gap is not None and (filled := _filled(piece, value(piece.gap))):
                words += filled
                empty = False
        if not empty:
            said.append(words)
    return "\n".join(said)


def _filled(piece: Piece, found: Plain) -> str:
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
