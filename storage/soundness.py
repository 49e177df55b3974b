"""Whether a database contradicts itself."""

from storage.transaction import Tx


def faults(tx: Tx, url: str) -> tuple[str, ...]:
    """What SQLite finds wrong with its file. A PostgreSQL server sees to that itself, and says so at each read."""
    if not url.startswith("sqlite:"):
        return ()
    said = tuple(str(row["integrity_check"]) for row in tx.all("PRAGMA integrity_check(5)"))
    return () if said == ("ok",) else said
