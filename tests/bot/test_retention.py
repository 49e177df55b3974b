"""What people send is kept as it came for a while and no longer; what a stranger sends, not at all."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from storage import inbox
from tests.stack import TUESDAY, Stack, hour


@pytest.fixture
async def stack(storage_url: str) -> AsyncIterator[Stack]:
    made = Stack(storage_url)
    await made.open()
    yield made
    await made.close()


async def written(stack: Stack) -> list[str]:
    """What is kept of all that was typed since seven o'clock passed."""
    rows = await stack.rows("SELECT body FROM inbox WHERE ours = 0 AND received > :open", open="2026-08-31T23:00:30")
    return [row["body"] for row in rows]


async def test_what_a_stranger_writes_is_emptied_as_soon_as_it_is_done(stack: Stack) -> None:
    await stack.pass_time(hour("07:05"))
    stack.write("路人", "我家孩子王小明昨晚发烧")
    stack.write("张敏", "状态")
    await stack.settle()
    [of_stranger, of_teacher] = sorted(await written(stack))
    assert of_stranger == ""
    assert "张敏" in of_teacher or "\\u5f20\\u654f" in of_teacher


async def test_what_is_done_is_emptied_after_its_days_and_the_rows_stay(stack: Stack) -> None:
    await stack.pass_time(hour("07:05"))
    stack.write("张敏", "状态")
    stack.write("何静", "状态")
    await stack.settle()
    [one, other] = await stack.rows(
        "SELECT id FROM inbox WHERE ours = 0 AND received > :open ORDER BY id", open="2026-08-31T23:00:30"
    )
    await stack.storage.run(lambda tx: inbox.set_aside(tx, other["id"], "ValueError"))
    before = await stack.rows("SELECT id, outcome FROM inbox WHERE ours = 0 ORDER BY id")
    await stack.stop_bot()

    await stack.go(hour("07:00", TUESDAY + timedelta(days=29)))
    await stack.start_bot()
    await stack.settle(timedelta(seconds=30))
    assert all(await written(stack))
    await stack.stop_bot()

    await stack.go(hour("07:10", TUESDAY + timedelta(days=30)))
    await stack.start_bot()
    await stack.settle(timedelta(seconds=30))
    assert await stack.rows("SELECT id, outcome FROM inbox WHERE ours = 0 ORDER BY id") == before
    assert await stack.rows("SELECT body FROM inbox WHERE id = :id", id=one["id"]) == [{"body": ""}]
    # set aside with an error: without its words it could not be replayed
    [aside] = await stack.rows("SELECT body FROM inbox WHERE id = :id", id=other["id"])
    assert aside["body"] != ""
