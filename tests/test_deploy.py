"""deploy/: the units that the READMEs tell to copy, as systemd itself reads them."""

import configparser
import subprocess
from pathlib import Path

import pytest

from bot.__main__ import TAKEN_OVER
from bot.watch import LOOK
from tests.systemd import MISSING, find
from tests.test_readme import missing

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = ("zero-report.service", "zero-report-backup.service", "zero-report-backup.timer")
HOME = "/opt/zero-report"


def unit(name: str) -> configparser.ConfigParser:
    """No key comes twice in one of ours: that would raise."""
    read = configparser.ConfigParser(interpolation=None, comment_prefixes=("#",))
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string((DEPLOY / name).read_text(encoding="utf-8"))
    return read


def verified(folder: Path, changed: tuple[str, str] = ("", "")) -> str:
    """What systemd complains of, with the paths of this clone."""
    analyze = find()
    assert analyze, MISSING
    for name in UNITS:
        said = (DEPLOY / name).read_text(encoding="utf-8").replace(HOME, str(ROOT))
        (folder / name).write_text(said.replace(*changed) if changed[0] else said, encoding="utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", *(str(folder / name) for name in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr + ("" if done.returncode == 0 else f"exit code {done.returncode}")


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    assert verified(tmp_path) == ""


@pytest.mark.parametrize("changed", [("WatchdogSec", "WatchdogSecs"), ("17:30:00", "25:30:00"), ("/.venv/", "/.vent/")])
def test_systemd_would_find_what_is_wrong(tmp_path: Path, changed: tuple[str, str]) -> None:
    assert verified(tmp_path, changed) != ""


def test_a_bot_in_whose_place_another_came_is_not_started_anew() -> None:
    service = unit("zero-report.service")["Service"]
    assert (service["Restart"], service["RestartPreventExitStatus"]) == ("always", str(TAKEN_OVER))


def test_the_watchdog_waits_for_several_looks() -> None:
    assert int(unit("zero-report.service")["Service"]["WatchdogSec"]) >= 5 * LOOK


@pytest.mark.parametrize("name", UNITS[:2])
def test_what_a_unit_runs_exists_and_may_write_where_it_must(name: str) -> None:
    service = unit(name)["Service"]
    program, _, words = service["ExecStart"].partition(" -m bot ")
    assert program == f"{HOME}/.venv/bin/python"
    assert missing(words.split()) == []
    assert service["WorkingDirectory"] == service["ReadWritePaths"] == HOME
    assert (service["UMask"], service["ProtectSystem"], service["User"]) == ("0077", "strict", "zero-report")
