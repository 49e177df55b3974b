"""What the READMEs say of backups, done as they say it, in a folder like theirs."""

import asyncio
import os
import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.vault import Vault
from sandbox import Sandbox
from storage import Row, Storage, copying, open_storage
from tests.bot.test_backup import CERTIFICATE, PAPER, PAPER_ID, PUT, ordered
from tests.handlers.world import World

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
NAMED = "zero-report-20260907-173000.tar.gz"  # of the READMEs' example


def blocks(name: str) -> list[list[str]]:
    """The commands of each block of shell, without what a # says beside them, nor what is the administrator's."""
    found = re.findall(r"^ *```sh\n(.*?)^ *```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    lines = [[line.partition("  #")[0].strip() for line in block.splitlines()] for block in found]
    return [[line for line in block if line and not line.startswith("sudo ")] for block in lines]


def the_one_with(name: str, words: str) -> list[str]:
    [block] = [block for block in blocks(name) if len(block) < 6 and any(words in line for line in block)]
    return block


class Folder:
    """/opt/zero-report, as far as it matters."""

    def __init__(self, path: Path, sandbox: Sandbox) -> None:
        self.path = path
        (path / ".venv").symlink_to(ROOT / ".venv")
        config = path / "config.toml"
        config.write_text(f'[telegram]\ntoken = "{sandbox.token}"\nbase_url = "{sandbox.base_url}"\n', encoding="utf-8")
        config.chmod(0o600)
        Vault(path / "zero-report-files").keep(PAPER_ID, PAPER)

    async def types(self, line: str) -> str:
        return await asyncio.to_thread(self._typed, line)

    def _typed(self, line: str) -> str:
        done = subprocess.run(
            ["bash", "-c", line],  # noqa: S607 - whichever the machine has
            cwd=self.path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    async def rows(self) -> dict[str, list[Row]]:
        storage = await self.opened()
        wanted = [one for one in copying.tables() if one.name not in ("inbox", "seen", "progress")]
        found = await storage.read(lambda tx: {one.name: tx.all(ordered(one)) for one in wanted})
        await storage.close()
        return found

    async def opened(self) -> Storage:
        return await open_storage(f"sqlite:///{self.path / 'zero-report.db'}")


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[Folder]:
    sandbox = Sandbox(SystemClock())
    await sandbox.start()
    made = Folder(tmp_path, sandbox)
    storage = await made.opened()
    await World(storage).begin()
    await storage.run(lambda tx: tx.run(CERTIFICATE, at=PUT))
    await storage.close()
    yield made
    await sandbox.stop()


def test_both_readmes_walk_the_same_way() -> None:
    english, chinese = ([the_one_with(name, words) for words in ("bot backup", "bot restore")] for name in READMES)
    assert english == chinese
    assert len(english[1]) == 3


async def test_a_restore_as_the_readme_walks_it(folder: Folder) -> None:
    before = await folder.rows()
    assert len(before["pupil"]) > 2
    assert "✓ 备份好了" in await folder.types(the_one_with(READMES[1], "bot backup")[0])
    [made] = (folder.path / "copies").iterdir()
    (folder.path / "zero-report.db").write_bytes(b"a disk that has had its days")
    (folder.path / "zero-report-files" / PAPER_ID).unlink()
    said = [await folder.types(line.replace(NAMED, made.name)) for line in the_one_with(READMES[1], "bot restore")]
    assert "✓ 已从" in said[1]
    assert "✗" not in said[2]
    assert await folder.rows() == before
    assert (folder.path / "zero-report-files" / PAPER_ID).read_bytes() == PAPER
    assert (folder.path / "damaged" / "zero-report.db").read_bytes().startswith(b"a disk")
