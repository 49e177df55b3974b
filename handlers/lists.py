"""Lists of classes and schools for a message of limited length: how long they come out, and over how many pages."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from handlers.model import School, Text, Value, text
from handlers.words import listed, literal

A_LINE: Final = 40  # items
PAGE: Final = 3700  # units


class Line(Struct, frozen=True):
    words: Text
    units: int


class List(Struct, frozen=True):
    """The same things as one sentence names them, and as lines of a message of their own."""

    items: tuple[Text, ...]
    units: int
    lines: tuple[Line, ...]


def units(value: Value) -> int:
    """UTF-16 units, in which channels count, of the names and numbers in a value; not of the words around them."""
    match value:
        case str():
            return len(value) + sum(character > "\uffff" for character in value)
        case int():
            return len(str(value))
        case Text():
            return sum(units(inner) for inner in value.values.values())
        case _:
            return 0


def by_school(found: Iterable[tuple[School, Sequence[Text]]], words: int) -> List:
    """A line a school. `words`: the units of an item beside its names and numbers."""
    pairs = [(school, items) for school, items in found if items]
    named = tuple(text("summary.at", school=school.short, what=item) for school, items in pairs for item in items)
    return List(named, _units(named, words), tuple(lines(pairs, words)))


def lines(found: Iterable[tuple[School, Sequence[Text]]], words: int) -> Iterator[Line]:
    for school, items in found:
        for part in _parts(items):
            said = text("summary.more_school", school=school.short, what=listed(part))
            yield Line(said, _units((literal(school.short), *part), words))


def side_by_side(items: Sequence[Text], words: int) -> List:
    """Many a line."""
    said = (Line(text("literal", words=listed(part)), _units(part, words)) for part in _parts(items))
    return List(tuple(items), _units(items, words), tuple(said))


def pages(said: Iterable[Line]) -> list[tuple[Text, ...]]:
    """Each of at most PAGE units, cut between two lines."""
    found: list[list[Text]] = []
    left = 0
    for line in said:
        if line.units > left:
            found.append([])
            left = PAGE
        found[-1].append(line.words)
        left -= line.units
    return [tuple(page) for page in found]


def _parts(items: Sequence[Text]) -> Iterator[Sequence[Text]]:
    return (items[at : at + A_LINE] for at in range(0, len(items), A_LINE))


def _units(items: Iterable[Text], words: int) -> int:
    return sum(units(item) + words for item in items)
