"""The helper process that looks at the whole district: it finds what is found here, on either database, and is gone
with whom it works for."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from bot.helper import CODE
from bot.surveyor import Surveyor
from bot.surveys import Question, beside
from handlers.model import Update
from handlers.plain import stamp
from handlers.surveys import is_survey
from handlers.values import replace
from storage import Storage, Unreadable, open_storage
from tests.handlers.world import MONDAY, ZONE, World, clock

SOON = 10.0  # seconds
NINE = clock(9)
SURVEY = Update(
    id="a survey",
    lane="district",
    channel="clock",
    sender="clock",
    chat="clock",
    private=True,
    at=NINE,
    now=NINE,
    seed=bytes(16),
    zone=ZONE,
    verb="tick",
    args=("summary", stamp(NINE), "am", MONDAY.isoformat()),
)
ASKED = Question(SURVEY, "")
LOOKS_AND_WAITS = """
import asyncio, sys
from bot.surveyor import Surveyor
from storage import open_storage
from tests.bot.test_surveyor import ASKED

async def main():
    storage = await open_storage(sys.argv[1])
    print(await Surveyor(sys.argv[1], storage)(ASKED) is not None, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
async def district(storage: Storage) -> Storage:
    await World(storage).begin()
    return storage


@pytest.fixture
async def surveyor(storage_url: str, district: Storage) -> AsyncIterator[Surveyor]:
    surveyor = Surveyor(storage_url, district)
    yield surveyor
    await surveyor.close()


def helpers() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if "bot.surveyor" in one.cmdline()]


async def test_the_helper_finds_what_would_be_found_here(surveyor: Surveyor, district: Storage) -> None:
    found = await surveyor(ASKED)
    assert found is not None
    assert found.outcome.says
    assert found == await beside(district)(ASKED)
    assert len(helpers()) == 1
    await surveyor.close()
    assert helpers() == []


async def test_a_workbook_of_the_whole_district_is_made_there_too(surveyor: Surveyor, storage: Storage) -> None:
    world = World(storage, now=NINE)
    await world.begin()
    await world.join("liaison", "郑联", None)
    asked = Question(world.draw("telegram", "liaison", "export", (), ""), "")

    found = await surveyor(asked)

    assert found is not None
    (said,) = found.outcome.says
    assert said.workbook is not None
    assert is_survey(asked.update)
    assert found == await beside(storage)(asked)


async def test_it_sees_what_was_committed_since(surveyor: Surveyor, district: Storage) -> None:
    before = await surveyor(ASKED)
    await district.run(lambda tx: tx.run("UPDATE school SET name = '新名小学', short = '新名' WHERE name = '第二小学'"))
    after = await surveyor(ASKED)
    assert "新名" not in repr(before)
    assert "新名" in repr(after)


async def test_one_that_is_killed_delays_nothing_and_has_a_successor(surveyor: Surveyor) -> None:
    found = await surveyor(ASKED)
    (first,) = helpers()
    first.kill()
    assert await surveyor(ASKED) == found
    assert helpers() == []
    assert await surveyor(ASKED) == found
    (second,) = helpers()
    assert second.pid != first.pid


async def test_who_gives_up_waiting_leaves_no_answer_to_the_next(surveyor: Surveyor, district: Storage) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(surveyor(Question(SURVEY, "nobody")), 0.01)
    assert await surveyor(ASKED) == await beside(district)(ASKED)


async def test_what_comes_to_nothing_there_comes_to_nothing_here(surveyor: Surveyor) -> None:
    broken = Question(replace(SURVEY, args=("summary", stamp(NINE), "am", "no day")), "")
    assert await surveyor(broken) is None
    assert await surveyor(ASKED) is not None


async def test_a_database_that_is_away_is_said_as_here(tmp_path: Path) -> None:
    storage = await open_storage(f"sqlite:///{tmp_path / 'here.db'}")
    surveyor = Surveyor(f"sqlite:///{tmp_path / 'nowhere.db'}", storage)
    with pytest.raises(Unreadable, match=r"nowhere\.db"):
        await surveyor(ASKED)
    await surveyor.close()
    await storage.close()


async def test_a_database_may_be_named_from_where_the_bot_was_started(tmp_path: Path) -> None:
    storage = await open_storage(f"sqlite:///{tmp_path / 'zero.db'}")
    await World(storage).begin()
    await storage.close()
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LOOKS_AND_WAITS, "sqlite:///zero.db"),
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(CODE)},
        stdout=PIPE,
    )
    assert bot.stdout is not None
    assert await bot.stdout.readline() == b"True\n"
    (helper,) = psutil.Process(bot.pid).children()
    bot.kill()
    await bot.wait()
    helper.wait(SOON)  # it ends with a bot that is killed
