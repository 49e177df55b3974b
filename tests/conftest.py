"""What every test may ask for."""

import logging
from collections.abc import Iterator
from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from bot.logs import Discreet
from tests.databases import postgres, storage, storage_url

__all__ = ["no_log_left", "postgres", "storage", "storage_url"]

LONG: Final = frozenset({"browser", "kill", "play"})  # folders whose tests take minutes, waiting for others
# files in which a district or a day is lived once for all tests
LIVED_ONCE: Final = (
    "play/test_check.py",
    "play/test_played_day.py",
    "play/test_practice.py",
    "bot/test_audit.py",
    "bot/test_promote.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-pair",
        action="store_true",
        help="conversations on each platform with each database, the killed day on each platform",
    )


@pytest.fixture(autouse=True)
def no_log_left() -> Iterator[None]:
    """A command that a test runs in its own process would go on writing to a stream that is closed by then."""
    root = logging.getLogger()
    level = root.level
    yield
    root.setLevel(level)
    for handler in [one for one in root.handlers if isinstance(one.formatter, Discreet)]:
        root.removeHandler(handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: at the end one process would be left alone with them."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)


class OneByOne(LoadScopeScheduling):  # type: ignore[misc]
    """Each process takes the next test when it is done with one, in the order of the collection; a file that lives
    something once goes to one process, before all else."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file.endswith(LIVED_ONCE) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneByOne:
    return OneByOne(config, log)
