"""What the log says of an exception: where, and of which kind; never what it was about."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from bot import logs

ROOT = Path(__file__).parents[2]
SECRET = "张三发烧38.5"


@pytest.fixture
def log() -> Iterator[StringIO]:
    """A logger that writes as the program's does."""
    said = StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(logs.Discreet(logs.LINE))
    logging.getLogger("bot.said").addHandler(handler)
    yield said
    logging.getLogger("bot.said").removeHandler(handler)


def fail(words: str) -> None:
    try:
        raise KeyError(words)
    except KeyError as error:
        raise ValueError(f"cannot read {words}") from error


def test_an_exception_is_told_with_its_causes_and_places_and_without_its_words(log: StringIO) -> None:
    try:
        fail(SECRET)
    except ValueError:
        logging.getLogger("bot.said").exception("update 1 set aside")
    said = log.getvalue()
    assert "update 1 set aside" in said
    assert said.index("builtins.ValueError, because of") < said.index("builtins.KeyError")
    assert "in fail" in said
    assert SECRET not in said


PROGRAM = """
import asyncio, gc, logging
from bot import logs
logs.start(logging.INFO)

async def fail(words):
    raise ValueError(words)

async def main():
    task = asyncio.create_task(fail({secret!r}))
    await asyncio.sleep(0)
    del task
    gc.collect()
    await asyncio.sleep(0)
    await fail({secret!r})

asyncio.run(main())
"""


def test_neither_a_task_that_nobody_waited_for_nor_what_ends_the_program_says_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(secret=SECRET)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "ERROR asyncio: Task exception was never retrieved\n" in done.stderr
    assert "CRITICAL bot: ended by a fault" in done.stderr
    assert "builtins.ValueError" in done.stderr
    assert SECRET not in done.stderr


def test_a_log_is_kept_in_a_file_for_as_long_as_it_is_wanted(tmp_path: Path) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    with logs.kept(tmp_path / "bot.log"):
        logging.getLogger("bot.said").info("turn 1")
    logging.getLogger("bot.said").warning("turn 2")
    said = (tmp_path / "bot.log").read_text(encoding="utf-8")
    assert "INFO bot.said: turn 1" in said
    assert "turn 2" not in said
    assert (list(root.handlers), root.level) == (before, level)
