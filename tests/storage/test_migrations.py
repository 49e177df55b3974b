"""One list of migrations, applied once each, in order, on both databases."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import Tx, open_storage
from storage.connected import Connected, transact
from storage.errors import TooNew
from storage.migrate import Migration, migrate, shipped, version_of
from storage.postgres import LOCK, WORDS
from storage.postgres_connection import Postgres
from storage.sqlite import Sqlite
from storage.sqlite_file import connect_writer

LATER = (
    "CREATE TABLE first_later (n INTEGER PRIMARY KEY, raw BLOB); INSERT INTO first_later (n) VALUES (1);",
    "ALTER TABLE first_later ADD COLUMN note TEXT;\nCREATE INDEX first_later_note ON first_later (note)",
    "UPDATE first_later SET note = 'later;'",
)
TABLES = {
    Sqlite: "SELECT name, sql FROM sqlite_schema ORDER BY name",
    Postgres: """
        SELECT table_name, column_name, data_type, is_nullable, ordinal_position, NULL AS indexdef
        FROM information_schema.columns WHERE table_schema = current_schema()
        UNION ALL
        SELECT tablename, indexname, NULL, NULL, NULL, replace(indexdef, current_schema(), '')
        FROM pg_indexes WHERE schemaname = current_schema()
        ORDER BY 1, 2, 3""",
}


@pytest.fixture
def fresh(storage_url: str, tmp_path: Path) -> Iterator[Connected]:
    opened = connected(storage_url)
    yield opened
    opened.close()


@pytest.fixture
def other(request: pytest.FixtureRequest, storage_url: str, tmp_path: Path) -> Iterator[Connected]:
    """A second database of the same kind."""
    if storage_url.startswith("sqlite"):
        opened = connected(f"sqlite:///{tmp_path / 'other.db'}")
    else:
        opened = connected(request.getfixturevalue("postgres").empty())
    yield opened
    opened.close()


def connected(url: str) -> Connected:
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return Sqlite(connect_writer(path), path, "BEGIN IMMEDIATE")
    return Postgres(url, writes=True)


def bring_up(database: Connected, migrations: tuple[Migration, ...]) -> None:
    if isinstance(database, Postgres):
        migrate(database, migrations, words=WORDS, lock=LOCK)
    else:
        migrate(database, migrations)


def all_migrations() -> tuple[Migration, ...]:
    known = shipped()
    return known + tuple(Migration(len(known) + n, "later", sql) for n, sql in enumerate(LATER, 1))


def tables(database: Connected) -> list[tuple[object, ...]]:
    return transact(database, lambda tx: [tuple(row.values()) for row in tx.all(TABLES[type(database)])])


def version(database: Connected) -> int:
    return transact(database, version_of)


def test_a_fresh_database_equals_one_migrated_step_by_step(fresh: Connected, other: Connected) -> None:
    migrations = all_migrations()
    bring_up(fresh, migrations)
    for n in range(len(migrations) + 1):
        bring_up(other, migrations[:n])
        assert version(other) == n
    assert tables(fresh) == tables(other)
    assert len(tables(fresh)) > 20


def test_a_migration_is_applied_once(fresh: Connected) -> None:
    for _ in range(2):
        bring_up(fresh, all_migrations())
    found = transact(fresh, lambda tx: tx.all("SELECT n, note FROM first_later"))
    assert found == [{"n": 1, "note": "later;"}]


def test_a_migration_that_fails_leaves_the_version_before_it(fresh: Connected) -> None:
    good, broken = (
        Migration(1, "good", "CREATE TABLE a (n TEXT)"),
        "CREATE TABLE b (n TEXT); INSERT INTO none VALUES (1)",
    )
    with pytest.raises(Exception, match="none"):
        bring_up(fresh, (good, Migration(2, "broken", broken)))
    assert version(fresh) == 1
    bring_up(fresh, (good, Migration(2, "mended", "CREATE TABLE b (n TEXT)")))
    assert version(fresh) == 2


async def test_a_database_newer_than_the_program_is_refused_and_both_versions_named(storage_url: str) -> None:
    newest = len(shipped())
    opened = await open_storage(storage_url)

    def pretend(tx: Tx) -> None:
        tx.run("INSERT INTO schema_version (n, name) VALUES (:n, 'of_tomorrow')", n=newest + 1)

    await opened.run(pretend)
    await opened.close()
    for inline in (False, True):
        with pytest.raises(TooNew, match=rf"version {newest + 1}, this program knows {newest}\b"):
            await open_storage(storage_url, inline=inline)


async def test_programs_that_start_together_migrate_once(storage_url: str) -> None:
    opened = await asyncio.gather(*(open_storage(storage_url) for _ in range(4)))
    versions = [await one.read(version_of) for one in opened]
    for one in opened:
        await one.close()
    assert versions == [len(shipped())] * 4


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (("0001_a.sql", "0003_c.sql"), "not numbered"),
        (("0001_a.sql", "0001_b.sql"), "not numbered"),
        (("0001_a.sql", "2_b.sql"), "2_b.sql is not named"),
    ],
)
def test_a_list_with_a_gap_a_double_or_an_odd_name_is_refused(
    tmp_path: Path, names: tuple[str, ...], problem: str
) -> None:
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(ValueError, match=problem):
        shipped(tmp_path)
