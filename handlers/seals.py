"""The seal's arithmetic: what a day's facts come to, in one number that the leaders' group keeps a copy of."""

import hashlib
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from handlers.facts import SealedLane

FIRST: Final = ""  # what stands in place of a previous seal's hash, in the first
SHOWN: Final = 16  # hex digits that a caption shows: 64 bits, which nobody can aim at


class Link(Struct, frozen=True):
    """What a seal holds of a fact: all but its body, for which the digest stands, so that a body can be erased."""

    n: int
    kind: str
    digest: str
    actor: str
    at: str
    channel: str
    cause: str


class LaneHash:
    """The hash over the facts of one lane since the seal before, taken in the order of their numbers."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def take(self, links: Iterable[Link]) -> None:
        for one in links:
            line = (str(one.n), one.kind, one.digest, one.actor, one.at, one.channel, one.cause)
            self._hash.update(("\x1f".join(line) + "\n").encode())

    def hex(self) -> str:
        return self._hash.hexdigest()


def seal_hash(previous: str, lanes: Iterable[SealedLane]) -> str:
    """Over the seal before and, lane by lane, the lane's name, its span and its facts."""
    lines = [previous, *("\x1f".join((one.lane, str(one.first), str(one.last), one.hash)) for one in lanes)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def fact_digest(salt: bytes, body: str) -> str:
    return hashlib.sha256(salt + body.encode()).hexdigest()


def in_fours(digest: str) -> str:
    """As a caption shows it: `a1b2 c3d4 e5f6 0718`."""
    return " ".join(digest[at : at + 4] for at in range(0, SHOWN, 4))


def digits_of(said: str) -> str:
    """What somebody copied from a caption, without 存证 and spaces; empty where it is not 16 hex digits."""
    digits = "".join(said.lower().replace("存证", "").removeprefix("seal").split())
    return digits if len(digits) == SHOWN and all(one in "0123456789abcdef" for one in digits) else ""
