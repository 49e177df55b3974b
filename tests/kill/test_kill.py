"""`kill -9` of the real program, again and again, through one played school day."""

from pathlib import Path

import pytest

from tests.kill.checks import complaints
from tests.kill.day import KilledDay
from tests.kill.killer import AIMED
from tests.kill.platforms import PLATFORMS, Platform


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A day takes minutes: the suite's is Telegram's."""
    if "platform" in metafunc.fixturenames:
        played = PLATFORMS if metafunc.config.getoption("every_pair") else PLATFORMS[:1]
        metafunc.parametrize("platform", played, ids=lambda platform: platform.name)


@pytest.mark.timeout(400)
async def test_a_day_with_twenty_kills_loses_repeats_and_invents_nothing(
    platform: type[Platform], tmp_path: Path
) -> None:
    day = KilledDay(tmp_path, platform, seed=1)
    seen = await day.play()

    assert day.met >= AIMED
    said = (tmp_path / "said.txt").read_text(encoding="utf-8")[-4000:]
    assert not (wrong := complaints(seen)), "\n".join((*wrong, said))
