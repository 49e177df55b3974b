"""Keeps the house in order: what any clone on any machine relies on, and the rules that tools alone do not tell."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
FOLDERS = ("bot", "handlers", "storage", "sandbox", "tests")
GUIDES = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", ".ci/run")
BELONGS_TO_A_MACHINE = re.compile(
    r"pypi\.org|pythonhosted|npmjs|--(extra-)?index-url|find-links|mirrors?\.\w+\.\w+"
    r"|(?<![\w.~])/(work|root|home|Users|tmp)/"
)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tracked() -> list[Path]:
    git = shutil.which("git")
    assert git, "the tests run in a clone"
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def locked() -> dict[str, str]:
    lines = [line for line in read("requirements.lock").splitlines() if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}


def is_text(path: Path) -> bool:
    return b"\0" not in path.read_bytes()


def test_no_file_names_a_package_registry_or_a_path_of_one_machine() -> None:
    others = [path for path in tracked() if is_text(path) and path != Path(__file__)]
    assert [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in others
        if (found := BELONGS_TO_A_MACHINE.search(path.read_text(encoding="utf-8", errors="replace")))
    ] == []


def test_the_lock_pins_every_wanted_package_within_its_range() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = [Requirement(line) for line in project["dependencies"] + project["optional-dependencies"]["dev"]]
    pins = locked()
    assert [str(one) for one in wanted if not one.specifier.contains(pins[canonicalize_name(one.name)])] == []


def test_the_lock_holds_nothing_but_names_and_exact_versions() -> None:
    lines = [line for line in read("requirements.lock").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_every_module_opens_with_what_it_is_for() -> None:
    modules = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    silent = [path for path in modules if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert [str(path.relative_to(ROOT)) for path in silent] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_what_a_guide_tells_to_make_can_be_made(guide: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b(?=[`\s\"]|$)", read(guide))) <= targets


def test_both_readmes_give_the_same_commands() -> None:
    def commands(name: str) -> list[str]:
        return re.findall(r"^((?:make|python) .*?)\s*(?:#.*)?$", read(name), re.MULTILINE)

    assert commands("README.md") == commands("README.zh-CN.md") != []


def test_ci_runs_what_the_readme_gives() -> None:
    for command in ("make check", "make test"):
        assert command in read(".ci/run")
        assert command in read("README.md")


OFFENCES = {
    "handlers/storing.py": "import storage",
    "storage/talking.py": "import bot",
    "handlers/timing.py": "import time",
    "handlers/reading.py": "import aiosqlite",
    "sandbox/peeking.py": "import handlers",
    "bot/practising.py": "import sandbox",
    "bot/sending.py": "import telegram",
    "bot/drawing.py": "import matplotlib.figure",
}


def test_the_import_contracts_catch_every_kind_of_offence(tmp_path: Path) -> None:
    for folder in ("bot", "storage", "handlers", "sandbox"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").touch()
    for name, line in OFFENCES.items():
        (tmp_path / name).write_text(line + "\n", encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    linter = Path(sys.executable).with_name("lint-imports")
    report = subprocess.run([linter], cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    assert f"0 kept, {len(contracts)} broken" in report
    modules = [name.removesuffix(".py").replace("/", ".") for name in OFFENCES]
    assert [module for module in modules if f"{module} ->" not in report] == []


@pytest.mark.parametrize("reading", ["datetime.datetime.now(datetime.UTC)", "time.time()", "time.monotonic()"])
@pytest.mark.parametrize(("module", "allowed"), [("handlers/any.py", False), ("bot/clock.py", True)])
def test_only_the_clock_may_read_the_time(module: str, allowed: bool, reading: str) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--select=TID251", f"--stdin-filename={module}", "-"],
        cwd=ROOT, input=f"import datetime, time\n{reading}\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ("TID251" not in found.stdout) is allowed, found.stdout + found.stderr
