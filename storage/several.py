"""Several values in one statement: of a few sizes only, for a database remembers the plans of texts it has seen."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

SIZES: Final = (1, 8, 64)


class Several(Struct, frozen=True):
    """For `IN (names)`, with `values` as parameters."""

    names: str
    values: Mapping[str, str]


def several(values: Iterable[str]) -> Iterator[Several]:
    """Each value once, in their order, 64 at most at a time."""
    every = sorted(set(values))
    for at in range(0, len(every), SIZES[-1]):
        some = every[at : at + SIZES[-1]]
        size = next(size for size in SIZES if size >= len(some))  # filled up with the same ones
        found = {f"v{n}": some[n % len(some)] for n in range(size)}
        yield Several(", ".join(f":{name}" for name in found), found)
