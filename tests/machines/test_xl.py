"""`python -m bench.xl`, with a few classes and a few seconds, so that the command cannot rot."""

from pathlib import Path

import psutil
import pytest

from bench import stand_in, xl
from bench.district import EVE, prepare
from bench.morning import FIRST, Plan, plans
from bench.teachers import FEVER, OURS
from bench.xl import EVENING, Stretch, at, has_run_before, playing
from storage import copy_storage
from tests.databases import Server

CLASSES = 25
WELL, ILL, FEVERS = 16, 3, 1
LASTS = 3.0  # seconds


def test_the_busiest_minute_of_a_capital_has_774_check_ins() -> None:
    """Of 12,800 classes, as the size table says; three in a hundred never report."""
    made = [plan for plan in plans(12_800) if plan is not None]
    minute = [plan for plan in made if xl.BUSIEST.minute == plan.at.replace(second=0, microsecond=0)]
    assert len(minute) == 774
    assert len(made) == 12_416
    assert min(plan.at for plan in made) == FIRST


@pytest.mark.timeout(120)
async def test_what_is_posted_while_a_listener_dies_is_stored_once(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two listeners behind a load balancer, two workers, a postman, a clock."""
    monkeypatch.setattr(xl, "REST", 30.0)
    monkeypatch.setattr(stand_in, "THINKS", 0.4)
    url, path = postgres.empty(), tmp_path / "district.db"
    await prepare(path, CLASSES, EVE, EVENING)
    copy_storage(f"sqlite:///{path}", url)
    await has_run_before(url, at(7, 29))
    steps = [OURS.well] * WELL + [OURS.ill] * ILL + [FEVER] * FEVERS
    few: list[Plan | None] = [Plan(FIRST, one) for one in steps]
    async with playing(tmp_path, [*few, *[None] * (CLASSES - len(few))], FIRST) as day:
        found = await day.play(
            Stretch(FIRST, at(7, 30, 1), minute=FIRST, lasts=LASTS), url, workers=2, postgres=psutil.Process()
        )
    assert (found.begun, found.check_ins, found.lost, found.twice) == (len(few), len(few), 0, 0)
    assert 0 < found.p50 <= found.p99 <= found.longest
    assert {"listener-1", "listener-2", "worker-1", "worker-2", "postman", "clock"} < found.cores.keys()
