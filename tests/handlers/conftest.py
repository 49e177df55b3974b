"""The small district, on SQLite and on PostgreSQL."""

import pytest

from storage import Storage
from tests.handlers.world import World


@pytest.fixture
async def world(storage: Storage) -> World:
    made = World(storage)
    await made.begin()
    return made
