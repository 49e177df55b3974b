"""The helper process that draws: the same picture as here, and gone with whom it works for."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from bot.painter import Painter, beside
from handlers.pictures import Morning
from tests.charts.samples import samples

ROOT = Path(__file__).parents[2]
SOON = 10.0  # seconds
DRAWS_AND_WAITS = """
import asyncio, sys
from bot.painter import Painter
from tests.charts.samples import samples

async def main():
    picture = samples()["three_schools"]
    await Painter()(picture, picture.language)
    print("drawn", "matplotlib" in sys.modules, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
async def painter() -> AsyncIterator[Painter]:
    painter = Painter()
    yield painter
    await painter.close()


def picture() -> Morning:
    return samples()["three_schools"]


def helpers() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if "bot.painter" in one.cmdline()]


async def test_the_helper_draws_what_would_be_drawn_here(painter: Painter) -> None:
    assert await painter(picture(), "zh") == await beside(picture(), "zh")
    assert await painter(picture(), "en") == await beside(picture(), "en")
    assert len(helpers()) == 1
    await painter.close()
    assert helpers() == []


async def test_one_that_is_killed_delays_no_picture_and_has_a_successor(painter: Painter) -> None:
    png = await painter(picture(), "zh")
    (first,) = helpers()
    first.kill()
    assert await painter(picture(), "zh") == png
    assert await painter(picture(), "zh") == png
    (second,) = helpers()
    assert second.pid != first.pid


async def test_who_gives_up_waiting_leaves_no_picture_to_the_next(painter: Painter) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(painter(samples()["135_schools_bad_day"], "zh"), 0.01)
    assert await painter(picture(), "zh") == await beside(picture(), "zh")


async def test_what_cannot_be_drawn_there_is_drawn_here_and_says_why(painter: Painter) -> None:
    with pytest.raises(ValueError, match="no words"):
        await painter(picture(), "no language of ours")
    assert await painter(picture(), "zh") == await beside(picture(), "zh")


def test_it_ends_with_a_bot_that_is_killed_and_the_bot_never_loads_matplotlib() -> None:
    with subprocess.Popen([sys.executable, "-c", DRAWS_AND_WAITS], cwd=ROOT, stdout=subprocess.PIPE, text=True) as bot:
        assert bot.stdout is not None
        assert bot.stdout.readline() == "drawn False\n"
        (helper,) = psutil.Process(bot.pid).children()
        os.kill(bot.pid, signal.SIGKILL)
        helper.wait(SOON)
