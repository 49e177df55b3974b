"""New ids and one-time codes, derived from the random bytes of the inbox row: the same row gives the same ones."""

import hashlib
from base64 import b32encode

ID_LENGTH = 12
CODE_LENGTH = 16  # 80 bits: not to be guessed


def new_id(seed: bytes, *what: str | int) -> str:
    """Lower-case letters and digits that mean nothing; 60 bits, so that half a million pupils do not meet."""
    return _derive(seed, "id", *what)[:ID_LENGTH]


def code(seed: bytes, person: str) -> str:
    """The one-time code of this invitation, for a deep link (A-Z a-z 0-9 only)."""
    return _derive(seed, "code", person)[:CODE_LENGTH]


def code_hash(said: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(said.encode()).hexdigest()


def _derive(seed: bytes, *what: str | int) -> str:
    digest = hashlib.sha256(seed + "\x1f".join(map(str, what)).encode()).digest()
    return b32encode(digest).decode().lower().rstrip("=")
