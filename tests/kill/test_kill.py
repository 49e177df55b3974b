"""`kill -9` of the real program, again and again, through one played school day."""

from pathlib import Path

import pytest

from tests.kill.checks import complaints
from tests.kill.day import KilledDay
from tests.kill.killer import AIMED


@pytest.mark.timeout(240)
async def test_a_day_with_twenty_kills_loses_repeats_and_invents_nothing(tmp_path: Path) -> None:
    day = KilledDay(tmp_path, seed=1)
    seen = await day.play()

    assert day.met >= AIMED
    assert complaints(seen) == [], (tmp_path / "said.txt").read_text(encoding="utf-8")[-4000:]
