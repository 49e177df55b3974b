"""What the program remembers of its own running, by name."""

from typing import Final

from storage.record import progress as keep
from storage.transaction import Tx

__all__ = ["BACKED_UP", "TOUCH", "keep", "known"]

TOUCH: Final = "touch:"  # with a channel's name: when its platform last answered
BACKED_UP: Final = "backed_up"  # when a backup was last made and found whole


def known(tx: Tx, name: str) -> str | None:
    row = tx.one("SELECT value FROM progress WHERE name = :name", name=name)
    return str(row["value"]) if row else None
