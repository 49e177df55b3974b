"""From one database to another, whole: every row of every table, in one transaction, counted and held against the
seals before it is committed."""

from collections.abc import Callable
from contextlib import closing

from msgspec import Struct

from storage import audit, copying, lease
from storage.audit import Found
from storage.connected import Connected, transact
from storage.errors import StorageError
from storage.migrate import shipped, version_of
from storage.transaction import Tx


class Unmoved(StorageError):
    """Nothing was copied. `why`: running, other_version, not_empty, rows or seals; `table`: the first of which."""

    def __init__(self, why: str, table: str = "") -> None:
        super().__init__(f"{why} {table}".strip())
        self.why = why
        self.table = table


class Moved(Struct, frozen=True):
    """How many rows, by table, and what the seals of the copy say: the same as those of what was copied."""

    rows: dict[str, int]
    seals: Found


def copy(source: Callable[[], Connected], target: Callable[[], Connected]) -> Moved:
    """Raises Unmoved where a bot runs on the source, the target is not empty, or the copy is not the same."""
    with closing(source()) as old, closing(target()) as new:
        return transact(old, lambda out: _moved(out, new))


def _moved(out: Tx, new: Connected) -> Moved:
    if version_of(out) != len(shipped()):
        raise Unmoved("other_version")
    if lease.alive(out):
        raise Unmoved("running")
    seals = audit.verify(out)  # before the other transaction begins, which would be idle for too long
    return transact(new, lambda into: Moved(_rows(out, into, seals), seals))


def _rows(out: Tx, into: Tx, seals: Found) -> dict[str, int]:
    for name, count in copying.counts(into).items():
        if count:
            raise Unmoved("not_empty", name)
    copying.pour(out, into)
    rows, copied = copying.counts(out), copying.counts(into)
    for name, count in rows.items():
        if count != copied[name]:
            raise Unmoved("rows", name)
    if audit.verify(into) != seals:
        raise Unmoved("seals")
    return dict(rows)
