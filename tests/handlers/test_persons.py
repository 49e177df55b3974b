"""A pupil is erased: their name and health go, what others have stays, and every count is what it was."""

from datetime import date, timedelta

import pytest

from handlers.erasing import Refused, to_erase
from handlers.questions import SchoolMorning
from handlers.values import replace
from storage import audit
from tests.handlers.test_reports import TEACHER, press
from tests.handlers.world import CENTRAL, MONDAY, World, clock

NUMBER = "00102"  # of seat 2
TUESDAY = MONDAY + timedelta(days=1)


async def id_of(world: World, number: str = NUMBER) -> str:
    return str((await world.rows(f"SELECT id FROM pupil WHERE student_no = '{number}'"))[0]["id"])  # noqa: S608


async def two_are_ill(world: World) -> str:
    """Seats 2 and 3 of 三(1)班; the id of the first."""
    await world.join(TEACHER, "张敏")
    world.now = clock(7, 40)
    said = await world.says(TEACHER, "2号38.5在校留观，3号38.6在校留观")
    await press(world, TEACHER, said, "✅ 发送")
    return await id_of(world)


async def leaves(world: World) -> None:
    without = tuple(one for one in CENTRAL.pupils if one.student_no != NUMBER)
    await world.import_roll(replace(CENTRAL, pupils=without), 0, since=TUESDAY)


async def why_not(world: World, day: date = MONDAY) -> str:
    with pytest.raises(Refused) as refused:
        await world.asking(lambda ask: to_erase(ask, NUMBER, day))
    return refused.value.why


async def test_who_is_here_or_has_an_open_case_is_not_erased(world: World) -> None:
    await two_are_ill(world)
    assert await why_not(world) == "here"
    await leaves(world)
    world.now = clock(7, day=TUESDAY)
    assert await why_not(world, TUESDAY) == "open"


async def test_name_and_health_go_and_every_count_stays(world: World) -> None:
    pupil = await two_are_ill(world)
    [school] = await world.rows("SELECT id FROM school WHERE name = '中心小学'")
    [before] = await world.rows("SELECT sick, unwell, fever, present FROM report")
    await leaves(world)
    world.now = clock(7, day=TUESDAY)
    await world.storage.run(lambda tx: tx.run("UPDATE case_ SET ended = 'left', ended_on = '2026-09-08'"))
    await world.machine("erase_person", pupil)

    rows = await world.rows(f"SELECT name, student_no, initials FROM pupil WHERE id = '{pupil}'")  # noqa: S608
    assert rows == [{"name": "", "student_no": None, "initials": ""}]
    for table in ("entry", "alert", "case_"):
        assert len(await world.rows(f"SELECT * FROM {table}")) == 1, table  # noqa: S608 - the other's
    assert await world.rows("SELECT sick, unwell, fever, present FROM report") == [before]
    view = await world.ask(SchoolMorning(school["id"], MONDAY, "am"))
    report = next(row.report for row in view.rows if row.report is not None)
    assert report.counts is not None
    assert report.counts["fever"] == 2

    naming = await world.rows(f"SELECT kind FROM fact WHERE body LIKE '%{pupil}%'")  # noqa: S608
    assert {row["kind"] for row in naming} <= {"PersonErased"}
    assert await world.rows(f"SELECT * FROM message WHERE body LIKE '%{pupil}%' AND state <> 'due'") == []  # noqa: S608
    found = await world.storage.read(audit.verify)
    assert found.broken is None
    assert found.erased > 0
