"""The killed day with several processes on one PostgreSQL database, of which one after the other is killed while the
others go on. It takes nine minutes, so it is played on request: `make test ARGS=tests/kill/fleet_day.py`, on a machine
that has nothing else to do, for the played hours do not wait for one that is late."""

import asyncio
import os
from pathlib import Path
from typing import Final

import pytest

from tests.databases import Server
from tests.kill.checks import complaints
from tests.kill.day import KilledDay
from tests.kill.killer import AIMED
from tests.kill.platforms import PLATFORMS, Platform

# the roles of each; what one alone may do, two could
FLEET: Final = (("listen", "post", "tick"), ("work",), ("listen", "work", "post", "tick"))

SPEED: Final = 15.0  # three programs start at once, and a takeover lasts seconds


@pytest.mark.timeout(900)
@pytest.mark.parametrize("platform", PLATFORMS[:1])
async def test_a_day_in_which_any_of_three_processes_may_be_killed_loses_repeats_and_invents_nothing(
    platform: type[Platform], postgres: Server, tmp_path: Path
) -> None:
    day = KilledDay(tmp_path, platform, seed=1, speed=SPEED, url=postgres.empty(), fleet=FLEET)
    seen = await day.play()
    said = await asyncio.to_thread(_said, tmp_path)
    assert day.met >= AIMED, said
    assert not (wrong := complaints(seen)), "\n".join((*wrong, said))


def _said(folder: Path) -> str:
    """How busy the machine was, and the last words of each process."""
    busy = f"load average {os.getloadavg()[1]:.1f} on {os.cpu_count()} processors"
    return "\n\n".join((busy, *(path.read_text(encoding="utf-8")[-3000:] for path in sorted(folder.glob("said*.txt")))))
