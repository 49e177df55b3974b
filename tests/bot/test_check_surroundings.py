"""`check` beside the platforms: rights, the font, the database, the clock, the disk, each with where it is mended."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import pytest

from bot import charts
from bot.clock import SystemClock
from bot.commands.check import check
from bot.config import load
from bot.texts import Words
from handlers.plain import stamp
from sandbox import Sandbox
from storage import open_storage, progress
from storage.progress import BACKED_UP
from tests.handlers.world import World

CONFIG = """
[telegram]
token = "{sandbox.token}"
base_url = "{sandbox.base_url}"
[storage]
url = "sqlite:///{folder}/zero.db"
files = "{folder}/files"
"""
GROUP, ADMIN = -5001, 900


class Skewed(SystemClock):
    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


class Machine:
    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.clock = Skewed()
        self.config = folder / "config.toml"
        self.config.write_text(CONFIG.format(sandbox=sandbox, folder=folder), encoding="utf-8")
        self.config.chmod(0o600)

    async def check(self, language: str = "zh") -> tuple[bool, list[str]]:
        said: list[str] = []
        well = await check(load(self.config), self.clock, Words(language), said.append, self.config)
        return well, said

    async def line(self, what: str) -> str:
        _, said = await self.check()
        return next(line for line in said if line[2:].startswith(f"{what}："))

    async def open(self) -> None:
        storage = await open_storage(f"sqlite:///{self.folder / 'zero.db'}")
        await World(storage).begin()
        await storage.close()

    def sql(self, statement: str) -> None:
        with closing(sqlite3.connect(self.folder / "zero.db")) as db, db:
            db.execute(statement)


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    sandbox = Sandbox(SystemClock())
    await sandbox.start()
    machine = Machine(tmp_path, sandbox)
    await machine.open()
    yield machine
    await sandbox.stop()


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_all_that_the_bot_rests_on_is_tried(machine: Machine, language: str) -> None:
    well, said = await machine.check(language)
    assert (well, [line for line in said if line[0] == "✗"]) == (True, [])


async def test_secrets_that_anybody_may_read_are_named_with_the_command(machine: Machine) -> None:
    machine.config.chmod(0o644)
    assert await machine.line("文件权限") == (
        f"✗ 文件权限：别人也能读到里面的令牌、密钥。请执行：chmod 600 {machine.config}"
    )
    token = machine.folder / "token"
    token.write_text(machine.sandbox.token)
    token.chmod(0o604)
    words = machine.config.read_text().replace(f'token = "{machine.sandbox.token}"', f'token_file = "{token}"')
    machine.config.write_text(words)
    assert (await machine.line("文件权限")).endswith(f"chmod 600 {token}")
    token.chmod(0o600)
    assert (await machine.line("文件权限"))[0] == "✓"


async def test_a_font_that_lacks_a_sign_is_told_by_what_it_would_draw(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await machine.line("字体") == "✓ 字体：发热℃，37.3"
    latin = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    monkeypatch.setattr(charts, "face", lambda: str(latin))
    charts._drawable.cache_clear()
    said = await machine.line("字体")
    charts._drawable.cache_clear()
    assert said.startswith("✗ 字体：字体里缺字，图上会是“〓〓℃〓37.3”")
    monkeypatch.setattr(charts, "face", lambda: str(machine.folder / "away.otf"))
    assert (await machine.line("字体")).startswith("✗ 字体：字体装不上")
    charts._drawable.cache_clear()


async def test_a_fact_that_was_changed_is_found(machine: Machine) -> None:
    assert (await machine.line("存证"))[0] == "✓"
    machine.sql("UPDATE fact SET body = body || ' ' WHERE n = 1")
    assert "audit verify" in await machine.line("存证")


async def test_a_database_that_contradicts_itself_is_found(machine: Machine) -> None:
    with closing(sqlite3.connect(machine.folder / "zero.db")) as db, db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, 'name TEXT NOT NULL', 'name TEXT') WHERE name = 'school'"
        )
        db.execute("PRAGMA writable_schema = RESET")
        db.execute("UPDATE school SET name = NULL")
        db.execute("PRAGMA writable_schema = ON")
        db.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, 'name TEXT', 'name TEXT NOT NULL') WHERE name = 'school'"
        )
    assert (await machine.line("数据库")).startswith("✗ 数据库：坏了（NULL value in school.name")


@pytest.mark.parametrize(
    ("minutes", "mark", "says"),
    [(0, "✓", "平台"), (1, "⚠", "快于平台"), (3, "✗", "timedatectl"), (-3, "✗", "慢于平台")],
)
async def test_the_clock_is_held_against_the_platforms(machine: Machine, minutes: int, mark: str, says: str) -> None:
    machine.clock.ahead = timedelta(minutes=minutes)
    said = await machine.line("时钟")
    assert (said[0], says in said) == (mark, True)


@pytest.mark.parametrize(("free", "mark"), [(5e9, "✓"), (9e8, "⚠"), (1e8, "✗")])
async def test_a_disk_that_is_nearly_full_is_told_of(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, free: float, mark: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=int(free)))
    assert (await machine.line("硬盘"))[0] == mark


async def test_a_backup_that_is_missing_or_old_is_told_of(machine: Machine) -> None:
    assert "python -m bot backup" in await machine.line("备份")
    storage = await open_storage(f"sqlite:///{machine.folder / 'zero.db'}")
    for hours, mark in ((1, "✓"), (27, "⚠")):
        made = stamp(machine.clock.now() - timedelta(hours=hours))
        await storage.run(lambda tx, made=made: progress.keep(tx, BACKED_UP, made))  # type: ignore[misc]
        assert (await machine.line("备份"))[0] == mark
    await storage.close()


def leave(sandbox: Sandbox) -> None:
    sandbox.kick_bot(GROUP, ADMIN)


def silence(sandbox: Sandbox) -> None:
    sandbox.silence(GROUP)


@pytest.mark.parametrize(("what", "says"), [(leave, "拉回群里"), (silence, "can_send_messages")])
async def test_a_group_in_which_the_bot_may_not_post_is_told_of(
    machine: Machine, what: Callable[[Sandbox], None], says: str
) -> None:
    assert (await machine.line("领导群"))[0] == "⚠"
    machine.sandbox.add_person(ADMIN, "吴管")
    machine.sandbox.add_group(GROUP, "学区领导群", [ADMIN])
    machine.sql(
        """INSERT INTO address (id, channel, native, private, name, state, since)
           VALUES ('g', 'telegram', '-5001', 0, 'leaders', 'bound', '2026-09-01')"""
    )
    assert (await machine.line("领导群"))[0] == "✓"
    what(machine.sandbox)
    said = await machine.line("领导群")
    assert (said[0], says in said) == ("✗", True)
