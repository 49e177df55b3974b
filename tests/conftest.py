"""What every test may ask for."""

import logging
from collections.abc import Iterator
from typing import Final

import pytest

from bot.logs import Discreet
from tests.databases import postgres, storage, storage_url

__all__ = ["no_log_left", "postgres", "storage", "storage_url"]

LONG: Final = frozenset({"browser", "kill", "play"})  # folders whose tests take minutes, waiting for others


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
