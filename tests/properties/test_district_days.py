"""Random days of a random small district: whatever people tap and write, what must hold holds after every update."""

import asyncio
import itertools
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storage import audit, open_storage
from tests.databases import Server
from tests.properties.days import Act, District
from tests.properties.holding import (
    cases_are_in_order,
    every_absence_is_followed,
    ledger_disagrees,
    nobody_is_present_and_isolated,
    sums_hold,
)
from tests.replaying import difference, everything, kept

SIZES = [(4,), (3, 5), (2, 4, 3)]
KINDS = (*["go_on"] * 6, *["tap"] * 4, *["say"] * 5, *["warmth"] * 2, "forge", "wait", "morning")
NUMBERS = st.integers(0, 59)
ACTS = st.builds(Act, st.sampled_from(KINDS), NUMBERS, NUMBERS, NUMBERS)
DAYS = st.lists(ACTS, min_size=5, max_size=40)
BACK_TOO_EARLY = [Act("say", 0, 4), Act("go_on", 0, 0), Act("morning", 0, 0), Act("forge", 0, 4), Act("go_on", 8, 0)]
numbers = itertools.count(1)

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[int, ...], Path]:
    """A district of each size that has moved in, to be copied."""
    folder = tmp_path_factory.mktemp("districts")
    return {sizes: asyncio.run(_settled(folder / f"{'-'.join(map(str, sizes))}.db", sizes)) for sizes in SIZES}


async def _settled(path: Path, sizes: tuple[int, ...]) -> Path:
    storage = await open_storage(f"sqlite:///{path}", inline=True)
    await District(storage).settle(sizes)
    await storage.close()
    return path


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(sizes=(4,), acts=BACK_TOO_EARLY)
@given(sizes=st.sampled_from(SIZES), acts=DAYS)
def test_whatever_happens_the_days_add_up(
    settled: dict[tuple[int, ...], Path], sizes: tuple[int, ...], acts: list[Act]
) -> None:
    template = settled[sizes]
    one, other = (template.with_name(f"lived-{next(numbers)}.db") for _ in range(2))
    for copy in (one, other):
        shutil.copy(template, copy)
    try:
        asyncio.run(_lived_and_again(one, other, acts))
    finally:
        for copy in (one, other):
            for left in copy.parent.glob(f"{copy.name}*"):
                left.unlink()


async def _lived_and_again(one: Path, other: Path, acts: list[Act]) -> None:
    storage = await open_storage(f"sqlite:///{one}", inline=True)
    try:
        district = District(storage)
        district.updates = 10_000  # never a number that was used while it moved in
        await live(district, acts)
        await replayed(district, f"sqlite:///{other}", inline=True)
    finally:
        await storage.close()


async def live(district: District, acts: list[Act]) -> None:
    scenes = await district.scenes()
    for act in acts:
        before, outcome = scenes, await district.do(act)
        scenes = await district.scenes()
        wrong = [
            *sums_hold(scenes),
            *nobody_is_present_and_isolated(before, outcome, district.now),
            *every_absence_is_followed(scenes),
            *await district.storage.read(cases_are_in_order),
        ]
        assert wrong == [], (act, wrong)
    await district.close()
    assert await district.storage.read(ledger_disagrees) == []
    await district.seal(district.today)
    found = await district.storage.read(audit.verify)
    assert found.broken is None


async def replayed(district: District, url: str, *, inline: bool) -> None:
    """The same updates in the same order, from where the district had moved in."""
    storage = await open_storage(url, inline=inline)
    try:
        again = District(storage)
        for update in district.made:
            await again.write(update)
        tables = await storage.read(kept)
        then, now = await everything(district.storage, tables), await everything(storage, tables)
        for name, rows in then.items():
            assert now[name] == rows, difference(name, rows, now[name])
    finally:
        await storage.close()


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(sizes=st.sampled_from(SIZES), acts=st.lists(ACTS, min_size=15, max_size=25))
def test_on_postgresql_too(postgres: Server, sizes: tuple[int, ...], acts: list[Act]) -> None:
    asyncio.run(_lived_on_postgresql(postgres, sizes, acts))


async def _lived_on_postgresql(postgres: Server, sizes: tuple[int, ...], acts: list[Act]) -> None:
    storage = await open_storage(postgres.empty())
    try:
        district = District(storage)
        await district.settle(sizes)
        await live(district, acts)
    finally:
        await storage.close()
