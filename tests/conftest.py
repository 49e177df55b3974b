"""What every test may ask for."""

import pytest

from tests.databases import postgres, storage, storage_url

__all__ = ["postgres", "storage", "storage_url"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-pair",
        action="store_true",
        help="conversations on each platform with each database, the killed day on each platform",
    )
