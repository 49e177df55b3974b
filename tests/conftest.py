"""What every test may ask for."""

from typing import Final

import pytest

from tests.databases import postgres, storage, storage_url

__all__ = ["postgres", "storage", "storage_url"]

LONG: Final = frozenset({"browser", "kill", "play"})  # folders whose tests take minutes, waiting for others


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-pair",
        action="store_true",
        help="conversations on each platform with each database, the killed day on each platform",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: at the end one process would be left alone with them."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)
