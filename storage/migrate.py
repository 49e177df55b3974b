"""Brings a database up to this version of the program, one numbered SQL file after the other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from storage.connected import Connected, transact
from storage.errors import TooNew
from storage.statement import reworded, statements
from storage.transaction import Tx

FOLDER = Path(__file__).parent / "migrations"
NAME = re.compile(r"(\d{4})_(\w+)\.sql")
TABLE = re.compile(
    r"^CREATE TABLE (?P<name>\w+) \(\n"
    r"(?:(?!^\);).*\n)*?"
    r"    (?:PRIMARY KEY \((?P<of_table>[\w, ]+)\)|(?P<of_column>\w+) \w+ PRIMARY KEY)",
    re.MULTILINE,
)
AS_WRITTEN: Mapping[str, str] = MappingProxyType({})


class Migration(Struct, frozen=True):
    n: int
    name: str
    sql: str


def shipped(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """In order. A gap or a doubled number is refused: another copy of the program would have run another list."""
    found = tuple(_read(path) for path in sorted(folder.glob("*.sql")))
    if [one.n for one in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"The migrations in {folder.name} are not numbered 1, 2, 3 …")
    return found


def keys_of_tables() -> dict[str, tuple[str, ...]]:
    """Every table that the migrations make, by the columns of its primary key."""
    return {
        found["name"]: tuple((found["of_table"] or found["of_column"]).replace(" ", "").split(","))
        for migration in shipped()
        for found in TABLE.finditer(migration.sql)
    }


def _read(path: Path) -> Migration:
    named = NAME.fullmatch(path.name)
    if named is None:
        raise ValueError(f"{path.name} is not named like 0001_what_it_does.sql")
    return Migration(int(named[1]), named[2], path.read_text(encoding="utf-8"))


def migrate(
    database: Connected,
    migrations: Sequence[Migration] | None = None,
    *,
    words: Mapping[str, str] = AS_WRITTEN,
    lock: str | None = None,
) -> None:
    """Each file in a transaction of its own. `words`: what the database calls a type otherwise; `lock`: a statement
    that keeps a second program out until the transaction ends, where beginning does not. Raises TooNew."""
    wanted = shipped() if migrations is None else tuple(migrations)
    while transact(database, lambda tx: _next(tx, wanted, words, lock)):
        pass


def _next(tx: Tx, wanted: Sequence[Migration], words: Mapping[str, str], lock: str | None) -> bool:
    """False when there is no more to do."""
    if lock:
        tx.all(lock)
    tx.run("CREATE TABLE IF NOT EXISTS schema_version (n INTEGER PRIMARY KEY, name TEXT NOT NULL)")
    version = version_of(tx)
    if version > len(wanted):
        raise TooNew(
            f"The database has version {version}, this program knows {len(wanted)}. "
            "Start the newer program, or put back a copy of the database from before the update."
        )
    if version == len(wanted):
        return False
    for statement in _worded(wanted[version], words):
        tx.run(statement)
    tx.run("INSERT INTO schema_version (n, name) VALUES (:n, :name)", n=version + 1, name=wanted[version].name)
    return True


def version_of(tx: Tx) -> int:
    """0 for a database without tables."""
    row = tx.one("SELECT coalesce(max(n), 0) AS n FROM schema_version")
    return int(row["n"]) if row else 0


def _worded(migration: Migration, words: Mapping[str, str]) -> Iterator[str]:
    return (reworded(statement, words) for statement in statements(migration.sql))
