"""What one trial has shown."""

from msgspec import Struct

GOOD, BAD, WARNED = "good", "bad", "warned"


class Found(Struct, frozen=True):
    """`what` was tried (a key of check.what), how it went, and what is said of it: where it did not go well, the next
    step too."""

    what: str
    how: str
    said: str


def good(what: str, said: str) -> Found:
    return Found(what, GOOD, said)


def warned(what: str, said: str) -> Found:
    return Found(what, WARNED, said)


def bad(what: str, said: str) -> Found:
    return Found(what, BAD, said)
