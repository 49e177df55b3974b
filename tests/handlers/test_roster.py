"""The office's file over a year: who is new, who moved, who left, and that nobody loses their history."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.facts import RollChanged
from handlers.model import Duty
from handlers.questions import Ask, ClassDay, RollOf, Schools, WhoIs
from handlers.rolls import ClassRoll, PupilRow, SchoolRoll
from handlers.roster import Changes, change, changes, known, movers
from handlers.roster.diff import short
from tests.handlers.world import CENTRAL, OFFICE, SECOND, World, in_words, keys, pupil, pupils, staff

OCTOBER = date(2026, 10, 9)


def with_pupils(*rows: PupilRow, roll: SchoolRoll = CENTRAL) -> SchoolRoll:
    return replace(roll, pupils=tuple(rows))


async def imported(world: World, roll: SchoolRoll, since: date = OCTOBER) -> RollChanged:
    """The one fact of a second import."""
    outcome = await world.import_roll(roll, since=since)
    (fact,) = outcome.facts
    assert isinstance(fact, RollChanged)
    return fact


async def dry_run(world: World, roll: SchoolRoll) -> Changes:
    def work(ask: Ask) -> Changes:
        view = known(ask, roll, OCTOBER)
        fact = change(roll, view, 0, OCTOBER, bytes(16), movers(ask, roll, view))
        return changes(fact, view)

    return await world.asking(work)


async def test_the_same_file_again_changes_nothing(world: World) -> None:
    for roll in (CENTRAL, SECOND, OFFICE):
        assert (await world.import_roll(roll, since=OCTOBER)).facts == ()


async def test_the_schools_keep_the_order_and_the_short_names_of_their_first_import(world: World) -> None:
    await world.import_roll(replace(SECOND, pupils=pupils("三(1)班", 4, 300)), place=0, since=OCTOBER)
    assert [(school.short, school.order) for school in await world.ask(Schools(OCTOBER))] == [
        ("中心校", 0),
        ("二校", 1),
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("中心小学", "中心校"),
        ("城关镇中心小学", "城关镇中心校"),
        ("第二小学", "二校"),
        ("第十二小学", "十二校"),
        ("第二中学", "二中"),
        ("第一初级中学", "一中"),
        ("实验小学", "实验小学"),
        ("第小学", "第小学"),
    ],
)
def test_a_school_has_a_short_name(name: str, said: str) -> None:
    assert short(name) == said


async def test_a_pupil_with_a_number_keeps_the_id_through_a_new_name_class_and_seat(world: World) -> None:
    before = (await world.ask(RollOf("中心小学", OCTOBER, False))).pupils[0]
    rows = [row for row in CENTRAL.pupils if row.student_no != before.student_no]
    moved = pupil("改名", 30, "三(2)班", before.student_no)
    fact = await imported(world, with_pupils(*rows, moved))
    assert [(one.id, one.name, one.seat) for one in fact.pupils] == [(before.id, "改名", 30)]
    assert fact.left == ()


async def test_a_pupil_without_a_number_is_known_by_a_name_that_is_the_only_one_in_the_class(world: World) -> None:
    nameless = tuple(replace(row, student_no=None) for row in CENTRAL.pupils)
    await imported(world, with_pupils(*nameless), date(2026, 9, 2))
    before = {one.name: one.id for one in (await world.ask(RollOf("中心小学", OCTOBER, False))).pupils}
    numbered = replace(nameless[0], seat=40, student_no="77777")
    fact = await imported(world, with_pupils(numbered, *nameless[1:]))
    assert [(one.id, one.student_no) for one in fact.pupils] == [(before[numbered.name], "77777")]


async def test_two_numbers_are_two_pupils_though_they_share_a_name(world: World) -> None:
    first, *others = CENTRAL.pupils
    fact = await imported(world, with_pupils(replace(first, student_no="99999"), *others))
    assert len(fact.pupils) == len(fact.left) == 1
    assert fact.pupils[0].id != fact.left[0]


async def test_a_name_that_two_share_ties_nobody(world: World) -> None:
    twins = tuple(replace(row, name="王伟", student_no=None) for row in CENTRAL.pupils[:2])
    await imported(world, with_pupils(*twins, *CENTRAL.pupils[2:]), date(2026, 9, 2))
    fact = await imported(
        world, with_pupils(replace(twins[0], seat=41), replace(twins[1], seat=42), *CENTRAL.pupils[2:])
    )
    assert len(fact.left) == len(fact.pupils) == 2


@pytest.mark.parametrize("order", [("from", "to"), ("to", "from")])
async def test_a_pupil_who_changes_school_stays_the_same_pupil(world: World, order: tuple[str, str]) -> None:
    leaver, *stay = CENTRAL.pupils
    before = next(
        one
        for one in (await world.ask(RollOf("中心小学", OCTOBER, False))).pupils
        if one.student_no == leaver.student_no
    )
    rolls = {
        "from": with_pupils(*stay),
        "to": with_pupils(*SECOND.pupils, replace(leaver, class_name="三(1)班", seat=9), roll=SECOND),
    }
    for which in order:
        await world.import_roll(rolls[which], since=OCTOBER)
    there = (await world.ask(RollOf("第二小学", OCTOBER, False))).pupils
    here = (await world.ask(RollOf("中心小学", OCTOBER, False))).pupils
    assert before.id in {one.id for one in there}
    assert before.id not in {one.id for one in here}


async def test_a_day_before_the_import_keeps_its_pupils(world: World) -> None:
    klass = (await world.ask(RollOf("中心小学", OCTOBER, False))).classes[0]
    await imported(world, with_pupils(*CENTRAL.pupils[1:]))
    before = await world.ask(ClassDay(klass.id, date(2026, 10, 8), "am"))
    after = await world.ask(ClassDay(klass.id, OCTOBER, "am"))
    assert before is not None
    assert after is not None
    assert (len(before.pupils), len(after.pupils)) == (5, 4)


async def test_a_class_that_is_no_longer_in_the_file_is_closed_and_a_new_one_opened(world: World) -> None:
    four = replace(
        CENTRAL,
        classes=(CENTRAL.classes[0], ClassRoll("三(3)班", "三", 3)),
        staff=(replace(CENTRAL.staff[1], classes=("三(3)班",)), CENTRAL.staff[0], *CENTRAL.staff[2:]),
        pupils=CENTRAL.pupils[:5] + tuple(replace(row, class_name="三(3)班") for row in CENTRAL.pupils[5:]),
    )
    fact = await imported(world, four)
    assert [klass.name for klass in fact.classes] == ["三(3)班"]
    assert len(fact.closed) == 1
    assert len(fact.pupils) == 4
    assert [(one.name, one.duties[0].class_id) for one in fact.people] == [("赵强", fact.classes[0].id)]


async def test_rights_and_open_codes_end_with_the_roll(world: World) -> None:
    person = await world.join("101", "张敏")
    fact = await imported(world, replace(CENTRAL, staff=CENTRAL.staff[1:]), date(2026, 9, 7))
    assert fact.retired == (person,)
    assert keys(await world.says("101", "/report")) == ["enrol.stranger"]
    assert (
        await world.rows("SELECT state FROM invite WHERE state = 'open' AND person NOT IN (SELECT id FROM person)")
        == []
    )


async def test_a_new_duty_changes_the_menu_of_who_is_bound(world: World) -> None:
    await world.join("101", "张敏")
    promoted = replace(CENTRAL.staff[0], duties=(Duty.HOMEROOM, Duty.DEPUTY))
    outcome = await world.import_roll(replace(CENTRAL, staff=(promoted, *CENTRAL.staff[1:])), since=date(2026, 9, 7))
    assert [message.menu for message in outcome.says] == [
        ("report", "today", "late", "leave", "status", "help", "language")
    ]


async def test_the_admin_made_at_the_machine_is_not_retired_by_the_offices_file(world: World) -> None:
    await world.machine("invite_admin")
    fact = await imported(world, replace(OFFICE, staff=OFFICE.staff[1:]))
    assert fact.district
    assert fact.retired == (await world.person("吴管", None),)
    assert await world.ask(WhoIs(await world.person("管理员", None), OCTOBER)) is not None


async def test_the_dry_run_says_each_change_and_does_nothing(world: World) -> None:
    first, second, *others = CENTRAL.pupils
    roll = replace(
        CENTRAL,
        staff=(*CENTRAL.staff[1:], staff("何新", Duty.HOMEROOM, classes=("三(1)班",))),
        pupils=(replace(second, seat=31), *others, pupil("新生", 20, "三(2)班", "88888")),
    )
    found = await dry_run(world, roll)
    assert found.school == "中心小学"
    assert not found.new_school
    assert found.counts == {"person_new": 1, "person_retired": 1, "pupil_moved": 1, "pupil_new": 1, "pupil_left": 1}
    assert [in_words(line) for line in found.lines] == [
        "新增教职工　何新（班主任）　三(1)班",
        "离开　张敏：绑定和权限随之失效，记录保留",
        "调班调座　三2：三(1)班 2号 → 三(1)班 31号",
        "新增学生　三(2)班 20号 新生",
        f"离校　三(1)班 1号 {first.name}：记录保留",
    ]
    assert (await world.import_roll(CENTRAL, since=OCTOBER)).facts == ()


async def test_the_dry_run_of_a_new_school_says_so(world: World) -> None:
    found = await dry_run(world, replace(SECOND, school="第三小学", pupils=pupils("三(1)班", 2, 900)))
    assert found.new_school
    assert found.counts == {"class_opened": 1, "person_new": 2, "pupil_new": 2}
