"""Who is who: rows of the office's file and those whom we know, by number, else by a name that is one's own."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import Protocol, TypeVar


class Known(Protocol):
    """Whatever the file and the tables both hold."""

    @property
    def id(self) -> str: ...


K = TypeVar("K", bound=Known)
R = TypeVar("R")


def match(
    rows: Sequence[R],
    view: Sequence[K],
    *,
    number: tuple[Callable[[R], str | None], Callable[[K], str | None]],
    name: tuple[Callable[[R], Hashable], Callable[[K], Hashable]],
) -> list[K | None]:
    """By 学号 or 工号; else by a name that nobody else has on either side, where the numbers do not say otherwise."""
    by_number = {number[1](one): one for one in view if number[1](one)}
    found = [by_number.get(number[0](row)) for row in rows]
    taken = {one.id for one in found if one is not None}
    free = {name[1](one): one for one in _once([one for one in view if one.id not in taken], name[1])}
    wanting = _once([row for row, one in zip(rows, found, strict=True) if one is None], name[0])
    by_name = {name[0](row): free.get(name[0](row)) for row in wanting}
    return [
        one or _unless_numbered(by_name.get(name[0](row)), number[0](row), number[1])
        for row, one in zip(rows, found, strict=True)
    ]


def _unless_numbered(one: K | None, said: str | None, number: Callable[[K], str | None]) -> K | None:
    """Two different numbers are two people."""
    return None if one is None or (said and number(one)) else one


def _once(all_of: Sequence[R], name: Callable[[R], Hashable]) -> list[R]:
    counted = Counter(name(one) for one in all_of)
    return [one for one in all_of if counted[name(one)] == 1]
