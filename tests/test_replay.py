"""A replay over what is no longer there: bodies that had their days, and a pupil who was erased."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage import audit, open_storage
from tests.replaying import difference, everything, replay
from tests.stack import TUESDAY, Stack, hour

TABLES: tuple[str, ...] = ("fact", "seal", "report", "entry", "alert", "alert_told", "standing")
TABLES += ("pupil", "person", "enrolment", "rule")


@pytest.fixture
async def stack(storage_url: str) -> AsyncIterator[Stack]:
    made = Stack(storage_url)
    await made.open()
    await made.go(hour("07:31"))
    made.write("张敏", "17号38.5在校留观，3号事假")
    await made.settle()
    made.tap("张敏", "发送")
    await made.settle()
    made.tap("李梅", "已知悉")
    await made.settle()
    await made.go(hour("17:01"))
    await made.stop_bot()
    yield made
    await made.close()


async def again(stack: Stack, folder: Path) -> tuple[dict[str, list[dict[str, object]]], int]:
    empty = await open_storage(f"sqlite:///{folder / 'again.db'}")
    try:
        decided = await replay(stack.storage, empty)
        assert (await empty.read(audit.verify)).broken is None
        return await everything(empty, TABLES), decided
    finally:
        await empty.close()


async def test_what_is_older_than_its_body_is_replayed_from_its_facts(stack: Stack, tmp_path: Path) -> None:
    await stack.go(hour("07:00", TUESDAY + timedelta(days=35)))
    await stack.start_bot()
    await stack.settle(timedelta(seconds=30))
    await stack.go(hour("07:32", TUESDAY + timedelta(days=35)))
    stack.tap("孙红", "全员正常")
    await stack.settle()
    await stack.stop_bot()
    emptied = await stack.rows("SELECT id FROM inbox WHERE body = '' AND received < '2026-09-02'")
    assert len(emptied) > 20
    then = await everything(stack.storage, TABLES)
    now, decided = await again(stack, tmp_path)
    assert decided > 0
    for name in TABLES:
        assert now[name] == then[name], difference(name, then[name], now[name])


async def test_what_was_erased_is_replayed_as_a_digest(stack: Stack, tmp_path: Path) -> None:
    await stack.go(hour("07:00", TUESDAY + timedelta(days=95)))
    await stack.start_bot()
    await stack.settle(timedelta(seconds=60))
    await stack.stop_bot()
    then = await everything(stack.storage, TABLES)
    assert any(fact["kind"] == "Reported" and fact["body"] == "" for fact in then["fact"])
    now, _ = await again(stack, tmp_path)
    assert now["fact"] == then["fact"], difference("fact", then["fact"], now["fact"])
    for name in ("seal", "pupil", "person", "enrolment", "rule", "standing"):
        assert now[name] == then[name], difference(name, then[name], now[name])
