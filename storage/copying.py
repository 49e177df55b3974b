"""Every row of one database into another: the way of a backup, and of a move to another kind of database."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from storage.connected import transact
from storage.migrate import keys_of_tables
from storage.sqlite import open_writer
from storage.transaction import Row, Tx

AT_ONCE: Final = 2000  # rows that are held in memory
LEFT_BEHIND: Final = frozenset({"lease", "schema_version"})  # who runs where is of the old place alone


class Table(Struct, frozen=True):
    """`key`: the columns by which its rows have an order."""

    name: str
    key: tuple[str, ...]


def tables() -> tuple[Table, ...]:
    """Of this version of the program."""
    return tuple(Table(name, key) for name, key in keys_of_tables().items() if name not in LEFT_BEHIND)


def counts(tx: Tx) -> Mapping[str, int]:
    """The rows of each table."""
    return {table.name: int(tx.all(f"SELECT count(*) AS n FROM {table.name}")[0]["n"]) for table in tables()}  # noqa: S608 - our own names


def is_empty(tx: Tx) -> bool:
    return not any(tx.all(f"SELECT 1 AS one FROM {table.name} LIMIT 1") for table in tables())  # noqa: S608


def pour(source: Tx, target: Tx) -> None:
    """Into tables that are there and empty."""
    for table in tables():
        for rows in _pages(source, table):
            names = tuple(rows[0])
            values = ", ".join(f":{name}" for name in names)
            target.many(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({values})", rows)  # noqa: S608


def into_file(source: Tx, path: Path) -> None:
    """Makes a new SQLite file of what the source is at this moment. Raises Full, Unreadable."""
    writer = open_writer(path)
    try:
        transact(writer, lambda target: pour(source, target))
    finally:
        writer.close()


def _pages(tx: Tx, table: Table) -> Iterator[list[Row]]:
    key = ", ".join(table.key)
    first = f"SELECT * FROM {table.name} ORDER BY {key} LIMIT {AT_ONCE}"  # noqa: S608
    after = ", ".join(f":{name}" for name in table.key)
    following = f"SELECT * FROM {table.name} WHERE ({key}) > ({after}) ORDER BY {key} LIMIT {AT_ONCE}"  # noqa: S608
    rows = tx.all(first)
    while rows:
        yield rows
        rows = tx.all(following, **{name: rows[-1][name] for name in table.key})
