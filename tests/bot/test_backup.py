"""Backups: made while the bot works, opened before they count, and put back into an empty house."""

import os
import sqlite3
import stat
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.backup.workplace import NAME, workplace
from bot.commands.backup import Order, backup, passphrase_in, strong
from bot.commands.restore import restore
from bot.config import Config, StorageSection
from bot.machine import MachineError
from bot.texts import Words
from bot.turn import Turn
from bot.vault import Vault
from handlers.bodies import decode
from handlers.plain import stamp
from storage import Row, Storage, TooNew, audit, copying, open_storage
from storage.progress import BACKED_UP
from storage.sqlite import open_writer
from tests.bot.test_ticker import HandClock
from tests.databases import url_of
from tests.handlers.world import World
from tests.stack import TUESDAY, ZONE, Stack, hour

PASSPHRASE = "校门口的第三棵梧桐树在下雨"
PAPER = b"%PDF-1.4 of a certificate %%EOF"
PAPER_ID = "abcdefgh2345"
WEDNESDAY = TUESDAY + timedelta(days=1)
NOW = hour("08:00", WEDNESDAY)
PUT = stamp(NOW)
CERTIFICATE = """INSERT INTO file (id, case_, kind, size, person, school, at, gone)
                 VALUES ('abcdefgh2345', NULL, 'pdf', 31, 'p', 's', :at, NULL)"""
TABLES = copying.tables()


class House:
    """A machine's folder, and the command line there."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.clock = HandClock(NOW)
        self.said: list[str] = []
        Vault(folder / "files").keep(PAPER_ID, PAPER)

    def config(self, url: str | None = None, files: str = "files") -> Config:
        return Config.model_construct(storage=StorageSection(url=url or self.url, files=self.folder / files))

    async def backup(self, passphrase: str | None = None, keep: int | None = None, to: str = "copies") -> Path:
        target = self.folder / to
        await backup(self.config(), self.clock, Order(target, passphrase, keep), Words("zh"), self.said.append)
        return max(target.iterdir()) if target.is_dir() else target

    async def restore(self, file: Path, url: str, passphrase: str = PASSPHRASE, files: str = "files2") -> None:
        await restore(self.config(url, files), self.clock, file, lambda: passphrase, Words("zh"), self.said.append)


async def lived(url: str) -> Stack:
    """A bot that works, with a day and a seal behind it."""
    stack = Stack(url)
    await stack.open()
    await stack.live_a_day()
    await stack.storage.run(lambda tx: tx.run(CERTIFICATE, at=PUT))
    return stack


@pytest.fixture
async def house(tmp_path: Path) -> House:
    """Rows enough for what is not about rows, and nobody who works."""
    url = f"sqlite:///{tmp_path / 'zero.db'}"
    storage = await open_storage(url)
    await World(storage).begin()
    await storage.run(lambda tx: tx.run(CERTIFICATE, at=PUT))
    await storage.close()
    return House(tmp_path, url)


def ordered(table: copying.Table) -> str:
    return f"SELECT * FROM {table.name} ORDER BY {', '.join(table.key)}"  # noqa: S608


async def everything(url: str) -> dict[str, list[Row]]:
    storage = await open_storage(url)
    try:
        return await storage.read(lambda tx: {one.name: tx.all(ordered(one)) for one in TABLES})
    finally:
        await storage.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_backup_of_a_bot_that_works_is_put_back_whole_on_either_database(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    other = "postgresql" if kind == "sqlite" else "sqlite"
    folders = [tmp_path / name for name in ("here", "there")]
    for folder in folders:
        folder.mkdir()
    source, target = (url_of(*one) for one in ((kind, request, folders[0]), (other, request, folders[1])))
    stack = await lived(source)
    house = House(tmp_path, source)
    before = await everything(source)
    file = await house.backup()
    await stack.close()
    await house.restore(file, target)
    there = await everything(target)
    assert {name for name, rows in there.items() if rows != before[name]} == {"inbox", "seen", "progress"}
    assert there["inbox"][:-1] == before["inbox"]
    assert (house.folder / "files2" / PAPER_ID).read_bytes() == PAPER
    storage = await open_storage(target)
    found = await storage.read(audit.verify)
    assert (found.broken, found.seals, found.facts) == (None, 1, len(before["fact"]))
    await what_it_says(storage)
    await storage.close()


async def what_it_says(storage: Storage) -> None:
    """The bot starts at eight in the morning; the backup was of the night."""
    clock = HandClock(hour("08:00", WEDNESDAY))
    await Turn(storage, clock, ZONE, {}, lambda: None, lambda: None).drain()
    rows = await storage.read(
        lambda tx: tx.all("SELECT m.body, p.name FROM message m JOIN person p ON p.id = m.person WHERE m.state = 'due'")
    )
    said = {(decode(row["body"]).text.key, row["name"]) for row in rows}
    assert ("outage.over", "陈刚") in said
    assert {"张敏", "孙红"} <= {name for key, name in said if key == "remind.restored"}


async def test_what_a_restore_says_comes_next(house: House) -> None:
    await house.restore(await house.backup(), f"sqlite:///{house.folder / 'new.db'}")
    said = house.said[-1]
    assert house.said[-2].startswith("✓ 已从")
    for words in ("bot check", "请今天还没有报的班再报一次", "看到过“✅ 已报”的也一样", "person erase", "邀请作废"):
        assert words in said


async def test_a_backup_is_its_owners_alone_whatever_the_machine_allows(house: House) -> None:
    before = os.umask(0)
    try:
        file = await house.backup()
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert file.name == "zero-report-20260902-080000.tar.gz"
    assert not (house.folder / NAME).exists()
    with tarfile.open(file) as packed:
        assert set(packed.getnames()) == {"database.db", "manifest.json", f"files/{PAPER_ID}"}


async def test_an_encrypted_one_says_nothing_without_its_passphrase(house: House) -> None:
    file = await house.backup(PASSPHRASE)
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == ("zero-report-20260902-080000.locked.tar", 0o600)
    for words in (PAPER, "中心小学".encode(), b"SQLite format 3", PASSPHRASE.encode()):
        assert words not in file.read_bytes()
    with tarfile.open(file) as outside:
        assert outside.getnames() == ["key.age", "backup.tar.gz.age"]
    target = f"sqlite:///{house.folder / 'new.db'}"
    with pytest.raises(MachineError, match="口令不对"):
        await house.restore(file, target, "another passphrase")
    await house.restore(file, target)
    assert (await everything(target))["pupil"] == (await everything(house.url))["pupil"]


async def test_it_is_written_down_when_the_last_one_was_made(house: House) -> None:
    await house.backup()
    kept = {row["name"]: row["value"] for row in (await everything(house.url))["progress"]}
    assert kept[BACKED_UP] == stamp(NOW)


async def test_a_database_that_is_not_empty_is_never_overwritten(house: House) -> None:
    file, before = await house.backup(), await everything(house.url)
    with pytest.raises(MachineError, match="没有覆盖"):
        await house.restore(file, house.url)
    assert await everything(house.url) == before


async def test_nothing_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="数据库是空的"):
        await House(tmp_path, f"sqlite:///{tmp_path / 'typo.db'}").backup()
    assert not (tmp_path / "copies").exists()


async def test_a_database_whose_seals_do_not_hold_gets_no_backup(house: House) -> None:
    with closing(sqlite3.connect(house.folder / "zero.db")) as db, db:
        db.execute("UPDATE fact SET body = body || ' ' WHERE n = 1")
    with pytest.raises(MachineError, match="存证链断裂"):
        await house.backup()
    assert not (house.folder / "copies").exists()
    assert not (house.folder / NAME).exists()


async def test_a_certificate_that_is_not_where_it_should_be_is_told_of(house: House) -> None:
    (house.folder / "files" / PAPER_ID).unlink()
    file = await house.backup()
    assert house.said[-1].startswith("⚠ 有1份证明")
    await house.restore(file, f"sqlite:///{house.folder / 'new.db'}")


def one_row_less(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "database.db")) as db, db:
        db.execute("DELETE FROM pupil WHERE id = (SELECT min(id) FROM pupil)")


def another_author(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "database.db")) as db, db:
        db.execute("UPDATE fact SET body = body || ' ' WHERE n = 1")


def another_table(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "database.db")) as db, db:
        db.execute("INSERT INTO schema_version (n, name) VALUES (9999, 'from the future')")


def another_file(folder: Path) -> None:
    (folder / "files" / "passwd").write_text("x")


def no_certificate(folder: Path) -> None:
    (folder / "files" / PAPER_ID).unlink()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (one_row_less, "pupil 应有"),
        (another_author, "存证链断裂"),
        (another_table, "version 9999"),
        (another_file, "passwd"),
        (no_certificate, "不是本系统的备份"),
    ],
)
async def test_a_backup_that_was_changed_is_not_put_back(
    house: House, change: Callable[[Path], None], says: str
) -> None:
    file, folder = await house.backup(), house.folder / "changed"
    with tarfile.open(file) as packed:
        packed.extractall(folder)  # noqa: S202 - we have just made it
    change(folder)
    with tarfile.open(file, "w:gz") as packed:
        for path in (one for one in folder.rglob("*") if one.is_file()):
            packed.add(path, str(path.relative_to(folder)))
    target = f"sqlite:///{house.folder / 'new.db'}"
    with pytest.raises((MachineError, TooNew), match=says):
        await house.restore(file, target)
    assert not any((await everything(target)).values())


async def test_half_a_backup_is_not_put_back(house: House) -> None:
    file = await house.backup()
    file.write_bytes(file.read_bytes()[:-2000])
    with pytest.raises(MachineError, match="不是本系统的备份"):
        await house.restore(file, f"sqlite:///{house.folder / 'new.db'}")


async def test_so_many_are_kept_and_nothing_else_is_removed(house: House) -> None:
    copies = house.folder / "copies"
    copies.mkdir()
    names = [f"zero-report-2026083{n}-173000.{end}" for n, end in enumerate(("tar.gz", "locked.tar"))]
    for name in (*names, "zero-report-20260829.tar.gz", "花名册.xlsx"):
        (copies / name).touch()
    await house.backup(keep=2)
    assert {one.name for one in copies.iterdir()} == {
        names[1],
        "zero-report-20260902-080000.tar.gz",
        "zero-report-20260829.tar.gz",
        "花名册.xlsx",
    }


async def test_one_that_exists_is_not_overwritten(house: House) -> None:
    file = await house.backup(to="mine.tar.gz")
    before = file.read_bytes()
    with pytest.raises(MachineError, match="没有覆盖"):
        await house.backup(to="mine.tar.gz")
    assert file.read_bytes() == before


async def test_what_a_killed_one_left_in_the_clear_goes_with_the_next(house: House) -> None:
    left = house.folder / NAME / "room"
    left.mkdir(parents=True)
    (left / "database.db").write_text("张三")
    await house.backup()
    assert not (house.folder / NAME).exists()


async def test_two_at_once_are_one(house: House) -> None:
    with workplace(house.config().storage), pytest.raises(MachineError, match="正在进行"):
        await house.backup()


@pytest.mark.parametrize(("mode", "words", "says"), [(0o644, PASSPHRASE, "chmod 600"), (0o600, "short", None)])
def test_a_passphrase_comes_from_a_file_that_nobody_else_may_read(
    tmp_path: Path, mode: int, words: str, says: str | None
) -> None:
    file = tmp_path / "passphrase"
    file.write_text(f"{words}\n", encoding="utf-8")
    file.chmod(mode)
    if says is None:
        assert passphrase_in(file, Words("zh")) == words
        with pytest.raises(MachineError, match="太短"):
            strong(words, Words("zh"))
        return
    with pytest.raises(MachineError, match=says):
        passphrase_in(file, Words("zh"))


def test_each_table_is_known_with_its_key(tmp_path: Path) -> None:
    """Else a backup would lack it."""
    with closing(open_writer(tmp_path / "zero.db")) as db:
        db.begin()
        there = {row["name"] for row in db.all("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert {one.name for one in TABLES} == there - copying.LEFT_BEHIND
