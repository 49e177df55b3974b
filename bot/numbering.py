"""By which numbers the choices of a message are answered, where they are listed in its text."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar


class Choosable(Protocol):
    """A choice of handlers, or the button that it has become."""

    @property
    def does(self) -> str: ...

    @property
    def number(self) -> int | None: ...


T = TypeVar("T", bound=Choosable)


def numbers(rows: Iterable[Sequence[T]]) -> list[tuple[int, T]]:
    """In their order, each once. A seat is its own number and the others begin at the next ten above all seats; what
    its label means (number 0) is not among them."""
    every = list({one.does: one for row in rows for one in row if one.number != 0}.values())
    last = max((one.number or 0 for one in every), default=0)
    following = iter(range(-(-last // 10) * 10 + 1, 1000))
    return [(one.number if one.number else next(following), one) for one in every]
