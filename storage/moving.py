"""From one database to another, whole: every row of every table, in one transaction, counted and held against the
seals before it is committed."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from storage import audit, lease
from storage.audit import Found
from storage.connected import Connected, transact
from storage.errors import StorageError
from storage.migrate import keys_of_tables, shipped, version_of
from storage.transaction import Row, Tx

AT_ONCE: Final = 2000  # rows that are held in memory
LEFT_BEHIND: Final = frozenset({"lease", "schema_version"})  # who runs where is of the old place alone


class Unmoved(StorageError):
    """Nothing was copied. `why`: running, other_version, not_empty, rows or seals; `table`: the first of which."""

    def __init__(self, why: str, table: str = "") -> None:
        super().__init__(f"{why} {table}".strip())
        self.why = why
        self.table = table


@dataclass(frozen=True)
class Moved:
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
    tables = {name: key for name, key in keys_of_tables().items() if name not in LEFT_BEHIND}
    for name in tables:
        if into.all(f"SELECT 1 FROM {name} LIMIT 1"):  # noqa: S608 - our own tables
            raise Unmoved("not_empty", name)
    rows = {name: _table(out, into, name, key) for name, key in tables.items()}
    for name, count in rows.items():
        if not count == _count(out, name) == _count(into, name):
            raise Unmoved("rows", name)
    if audit.verify(into) != seals:
        raise Unmoved("seals")
    return rows


def _table(out: Tx, into: Tx, name: str, key: tuple[str, ...]) -> int:
    count = 0
    for rows in _pages(out, name, key):
        columns = list(rows[0])
        places = ", ".join(f":{column}" for column in columns)
        into.many(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608
        count += len(rows)
    return count


def _pages(out: Tx, name: str, key: tuple[str, ...]) -> Iterator[list[Row]]:
    """In the order of the key, each page from where the one before it ended."""
    columns = ", ".join(key)
    after, last = "", dict[str, str | int]()
    while rows := out.all(f"SELECT * FROM {name} {after} ORDER BY {columns} LIMIT {AT_ONCE}", **last):  # noqa: S608
        yield rows
        after = f"WHERE ({columns}) > ({', '.join(f':{column}' for column in key)})"
        last = {column: rows[-1][column] for column in key}


def _count(tx: Tx, name: str) -> int:
    row = tx.one(f"SELECT count(*) AS n FROM {name}")  # noqa: S608
    return int(row["n"]) if row else 0
