"""What happens to the SQLite file: its rights, its promises, and every way in which it can fail."""

import asyncio
import os
import resource
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from storage import Busy, Corrupt, Full, Storage, Tx, Unreadable, open_storage, sqlite_file
from storage.sqlite import Sqlite

PUT = "INSERT INTO big (n, body) VALUES (:n, :body)"
MEGABYTE = "x" * 1_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "zero.db"


@pytest.fixture
async def file(path: Path) -> AsyncIterator[Storage]:
    opened = await opened_at(path)
    await opened.run(lambda tx: tx.run("CREATE TABLE IF NOT EXISTS big (n INTEGER PRIMARY KEY, body TEXT)"))
    yield opened
    await opened.close()


async def opened_at(path: Path) -> Storage:
    return await open_storage(f"sqlite:///{path}")


def put(n: int, body: str = "") -> Callable[[Tx], int]:
    return lambda tx: tx.run(PUT, n=n, body=body)


def numbers(tx: Tx) -> list[int]:
    return [row["n"] for row in tx.all("SELECT n FROM big ORDER BY n")]


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def open_to_all() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_to_all")
async def test_the_file_and_its_journals_are_readable_by_their_owner_only(path: Path) -> None:
    file = await opened_at(path)
    await file.run(lambda tx: tx.run("CREATE TABLE big (n INTEGER PRIMARY KEY, body TEXT)"))
    await file.run(put(1))
    assert {one.name: rights(one) for one in path.parent.iterdir()} == {
        "zero.db": 0o600,
        "zero.db-wal": 0o600,
        "zero.db-shm": 0o600,
    }
    await file.close()


@pytest.fixture
def wide(path: Path) -> Path:
    path.touch(mode=0o644)
    return path


async def test_rights_that_are_too_wide_are_narrowed(wide: Path) -> None:
    await (await opened_at(wide)).close()
    assert rights(wide) == 0o600


async def test_a_closed_file_leaves_no_journal_behind(path: Path) -> None:
    await (await opened_at(path)).close()
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("application_id", 0x5A455230)],
)
async def test_durability_is_switched_on(file: Storage, pragma: str, value: object) -> None:
    assert await file.run(lambda tx: tx.all(f"PRAGMA {pragma}")) == [{pragma: value}]


async def test_a_relative_path_starts_where_the_program_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await (await open_storage("sqlite:///a b%20?.db")).close()
    assert (tmp_path / "a b%20?.db").exists()


async def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=rf"no folder {tmp_path / 'none'}\. Make it"):
        await opened_at(tmp_path / "none" / "zero.db")


async def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=rf"{tmp_path} cannot be opened"):
        await opened_at(tmp_path)


@pytest.fixture
def forbidden(path: Path) -> Iterator[Path]:
    path.touch(mode=0o400)
    path.parent.chmod(0o500)
    with powerless():
        yield path
    path.parent.chmod(0o700)


@contextmanager
def powerless() -> Iterator[None]:
    """Root may do anything: be nobody for a while."""
    me = os.geteuid()
    if me == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(me)


async def test_a_file_that_may_not_be_written_is_named(forbidden: Path) -> None:
    with pytest.raises(Unreadable, match="Look at the rights"):
        await opened_at(forbidden)


@pytest.fixture
def workbook(path: Path) -> Path:
    path.write_text("name,class\n" * 500)
    return path


@pytest.fixture
def foreign(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as theirs:
        theirs.execute("CREATE TABLE theirs (n INTEGER)")
    return path


@pytest.mark.parametrize(
    ("which", "problem"), [("workbook", "not an SQLite database"), ("foreign", "the database of another program")]
)
async def test_a_file_that_is_not_ours_is_left_as_it_is(
    request: pytest.FixtureRequest, which: str, problem: str
) -> None:
    path: Path = request.getfixturevalue(which)
    before = content(path)
    with pytest.raises(Unreadable, match=problem):
        await opened_at(path)
    assert content(path) == before
    assert list(path.parent.iterdir()) == [path]


def content(path: Path) -> bytes:
    return path.read_bytes()


async def test_a_damaged_database_is_told_from_an_unreadable_one(path: Path) -> None:
    opened = await opened_at(path)
    await opened.run(lambda tx: tx.run("CREATE TABLE big (n INTEGER PRIMARY KEY, body TEXT)"))
    await opened.run(lambda tx: tx.many(PUT, [{"n": n, "body": "x" * 1000} for n in range(100)]))
    await opened.close()
    damage(path)
    opened = await opened_at(path)
    with pytest.raises(Corrupt, match="put back the last copy"):
        await opened.read(lambda tx: tx.all("SELECT * FROM big"))
    await opened.close()


def damage(path: Path) -> None:
    """Its last twenty pages."""
    with path.open("r+b") as raw:
        raw.seek(-4096 * 20, os.SEEK_END)
        raw.write(b"\xff" * 4096 * 20)


async def test_a_locked_database_is_busy_after_a_while_and_works_again_when_it_is_free(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "PATIENCE", 0.05)
    opened = await opened_at(path)
    await opened.run(lambda tx: tx.run("CREATE TABLE big (n INTEGER PRIMARY KEY, body TEXT)"))
    lock = sqlite3.connect(path, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy, match="locked by another program"):
        await opened.run(put(1))
    assert await opened.read(numbers) == []
    lock.execute("ROLLBACK")
    lock.close()
    await opened.run(put(1))
    assert await opened.read(numbers) == [1]
    await opened.close()


async def test_the_event_loop_goes_on_while_another_program_holds_the_lock(file: Storage, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = [asyncio.create_task(file.run(put(n))) for n in (1, 2)]

    await asyncio.sleep(0.2)
    assert not any(task.done() for task in writing)
    assert await file.read(numbers) == []
    other.execute("ROLLBACK")
    await asyncio.gather(*writing)
    other.close()

    assert await file.read(numbers) == [1, 2]


async def test_nothing_waits_for_the_disk_in_the_event_loop(file: Storage) -> None:
    committing: list[threading.Thread] = []
    real = Sqlite.commit

    def commit(sqlite: Sqlite) -> None:
        committing.append(threading.current_thread())
        real(sqlite)

    with patch.object(Sqlite, "commit", commit):
        await file.run(put(1))
        await file.run(numbers)

    written, only_looked = committing
    assert written is not threading.current_thread()
    assert only_looked is threading.current_thread()


async def test_work_that_fails_leaves_the_next_one_a_transaction(file: Storage) -> None:
    failed, done = await asyncio.gather(file.run(put_in_vain), file.run(put(2)), return_exceptions=True)

    assert (type(failed), done) == (ArithmeticError, 1)
    assert await file.read(numbers) == [2]


def put_in_vain(tx: Tx) -> None:
    put(1)(tx)
    raise ArithmeticError


@contextmanager
def no_file_may_grow_beyond(size: int) -> Iterator[None]:
    """The system refuses the write, as it does over a quota."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def limit_pages(opened: Storage, pages: int) -> None:
    """SQLite then reports a full disk."""
    await opened.run(lambda tx: tx.all(f"PRAGMA max_page_count = {pages}"))


async def test_a_write_that_the_disk_refuses_is_full_and_loses_nothing_committed(file: Storage) -> None:
    await file.run(put(1))
    with no_file_may_grow_beyond(2_000_000), pytest.raises(Full, match="refused a write"):
        await file.run(lambda tx: tx.many(PUT, [{"n": n, "body": MEGABYTE} for n in range(2, 9)]))
    assert await file.read(numbers) == [1]
    await file.run(put(2, MEGABYTE))
    assert await file.read(numbers) == [1, 2]


async def test_a_full_disk_is_full_and_loses_nothing_committed(file: Storage) -> None:
    await file.run(put(1))
    await limit_pages(file, 200)
    with pytest.raises(Full, match="Free space"):
        await file.run(put(2, MEGABYTE))
    assert await file.read(numbers) == [1]
    await limit_pages(file, 100_000)
    await file.run(put(2, MEGABYTE))
    assert await file.read(numbers) == [1, 2]


async def test_nothing_is_committed_by_work_that_goes_on_after_a_full_disk(file: Storage) -> None:
    await limit_pages(file, 200)
    told: list[type[Exception]] = []

    def stubborn(tx: Tx) -> None:
        for n in range(4):
            try:
                with tx.savepoint():
                    put(n, MEGABYTE)(tx)
            except (Full, Busy) as error:
                told.append(type(error))

    try:
        await file.run(stubborn)
    except Busy as error:
        told.append(type(error))
    assert told[0] is Full
    assert await file.read(numbers) == []
