"""What a button says of a contact: few letters, for a button holds 64 bytes."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from handlers.model import How, Learnt
from handlers.values import replace

HOWS: Final[Mapping[str, How]] = {"p": How.PHONE, "w": How.WECHAT, "v": How.VISIT, "h": How.HERE, "u": How.UNREACHED}
LEARNT: Final[Mapping[str, Learnt]] = {"s": Learnt.SAME, "b": Learnt.BETTER, "x": Learnt.UNWELL}
VISITS: Final = ("d0", "d1")  # seen by a doctor today, yesterday
AFEBRILE: Final = "n"
CAUSE: Final = "c-"  # before the code of a return rule


class Said(Struct, frozen=True):
    """`visited`: so many days ago a doctor was seen; `tenths`: of °C; `cause`: the code of a return rule."""

    how: How
    learnt: Learnt | None = None
    visited: int | None = None
    tenths: int | None = None
    afebrile: bool = False
    cause: str | None = None


def code(said: Said) -> str:
    """p.b.d0.385.c-flu"""
    parts = [
        next(letter for letter, how in HOWS.items() if how is said.how),
        next((letter for letter, one in LEARNT.items() if one is said.learnt), None),
        VISITS[said.visited] if said.visited is not None else None,
        str(said.tenths) if said.tenths is not None else AFEBRILE if said.afebrile else None,
        CAUSE + said.cause if said.cause else None,
    ]
    return ".".join(part for part in parts if part is not None)


def read_code(written: str) -> Said | None:
    """None for a button of another form."""
    first, *rest = written.split(".")
    if first not in HOWS:
        return None
    said: Said | None = Said(HOWS[first])
    for part in rest:
        said = _with(said, part) if said is not None else None
    return said


def _with(said: Said, part: str) -> Said | None:
    if part in LEARNT:
        return replace(said, learnt=LEARNT[part])
    if part in VISITS:
        return replace(said, visited=VISITS.index(part))
    if part == AFEBRILE:
        return replace(said, afebrile=True)
    if part.isascii() and part.isdigit():
        return replace(said, tenths=int(part))
    return replace(said, cause=part.removeprefix(CAUSE)) if part.startswith(CAUSE) else None
