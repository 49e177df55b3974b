"""What the program remembers of its own running, by name."""

from storage.record import progress as keep
from storage.transaction import Tx

__all__ = ["keep", "known"]


def known(tx: Tx, name: str) -> str | None:
    row = tx.one("SELECT value FROM progress WHERE name = :name", name=name)
    return str(row["value"]) if row else None
