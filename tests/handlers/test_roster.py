"""The office's file over a year: who is new, who moved, who left, and that nobody loses their history."""

import json
from datetime import date

import pytest

from handlers import decide
from handlers.bodies import decode
from handlers.facts import RollChanged
from handlers.menus import STRANGER
from handlers.model import Duty, ToPerson
from handlers.outcome import Outcome
from handlers.questions import Ask, Expected, RollOf, Schools, WhoIs
from handlers.rolls import ClassRoll, PupilRow, PupilStatus, SchoolRoll, Sex, to_json
from handlers.roster import Changes, change, changes, known, movers
from handlers.roster.diff import short
from handlers.values import replace
from tests.handlers.world import (
    CENTRAL,
    MONDAY,
    OFFICE,
    SECOND,
    World,
    clock,
    in_words,
    keys,
    pupil,
    pupils,
    staff,
)

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
    days = (date(2026, 10, 8), OCTOBER)
    assert [await world.ask(Expected(klass.id, day, "am")) for day in days] == [5, 4]


async def test_a_class_that_is_no_longer_in_the_file_is_closed_and_a_new_one_opened(world: World) -> None:
    four = replace(
        CENTRAL,
        classes=(CENTRAL.classes[0], ClassRoll("三(3)班", "三", 3)),
        staff=(replace(CENTRAL.staff[1], classes=("三(3)班",)), CENTRAL.staff[0], *CENTRAL.staff[2:]),
        pupils=CENTRAL.pupils[:5] + pupils("三(3)班", 4, 800),
    )
    fact = await imported(world, four)
    assert [klass.name for klass in fact.classes] == ["三(3)班"]
    assert len(fact.closed) == 1
    assert len(fact.pupils) == 4
    assert [(one.name, one.duties[0].class_id) for one in fact.people] == [("赵强", fact.classes[0].id)]


def without(name: str, roll: SchoolRoll = CENTRAL) -> SchoolRoll:
    return replace(roll, staff=tuple(row for row in roll.staff if row.name != name))


async def states(world: World, name: str) -> dict[str, str]:
    """Of everything that was said to somebody: text key → state."""
    rows = await world.rows("SELECT m.body, m.state, p.name FROM message m JOIN person p ON p.id = m.person")
    return {decode(row["body"]).text.key: row["state"] for row in rows if row["name"] == name}


async def test_with_the_roll_end_rights_codes_and_what_was_still_to_be_said(world: World) -> None:
    person = await world.join("101", "张敏")
    world.now = clock(7, 50)
    await world.says("101", "报告")
    card = f"zero:{await world.class_id('三(1)班')}:20260907:am:0"
    await world.says("101", "3号38.5在校留观")
    assert (await states(world, "张敏")).items() >= {"card.prompt": "due", "walk.list": "due"}.items()
    await world.machine("invites", "")
    assert await world.rows(f"SELECT 1 FROM draft WHERE person = '{person}'")  # noqa: S608

    outcome = await world.import_roll(without("张敏"), since=MONDAY)

    fact = outcome.facts[0]
    assert isinstance(fact, RollChanged)
    assert fact.retired == (person,)
    assert (await states(world, "张敏")).items() >= {"card.prompt": "withdrawn", "walk.list": "withdrawn"}.items()
    told = next(message for message in outcome.says if message.text.key == "roster.told_gone")
    assert "张老师，花名册有更新：9月7日起您不在名单上" in in_words(told)
    assert (await states(world, "张敏"))["roster.told_gone"] == "due"
    assert [message.menu for message in outcome.says if message.menu] == [STRANGER]
    assert await world.rows(f"SELECT 1 FROM draft WHERE person = '{person}'") == []  # noqa: S608
    assert await world.rows(f"SELECT 1 FROM invite WHERE state = 'open' AND person = '{person}'") == []  # noqa: S608
    for words in ("/report", "报告", "/status", "/start", "3号38.5", "隐私"):
        refused = await world.says("101", words)
        assert (keys(refused), refused.facts) == (["enrol.stranger"], ())
    tapped = await world.taps("101", card)
    assert (tapped.facts, tapped.says, pop_up_of(tapped)) == ((), (), "answer.stranger")


def pop_up_of(outcome: Outcome) -> str:
    assert outcome.answer is not None
    assert outcome.answer.text is not None
    return outcome.answer.text.key


async def test_who_has_left_hears_no_more_of_an_alert_that_reached_them(world: World) -> None:
    await world.join("101", "张敏")
    await world.join("104", "李梅")
    world.now = clock(7, 50)
    walk = (await world.says("101", "3号38.5在校留观")).says[0]
    await world.taps("101", next(one.does for row in walk.choices for one in row if one.does.startswith("send:")))
    assert "alert.private" in await states(world, "李梅")
    tuesday = date(2026, 9, 8)
    await world.import_roll(without("李梅"), since=tuesday)
    world.now = clock(7, 50, day=tuesday)
    await world.join("105", "周校")
    wanted = "SELECT key, want FROM message m JOIN person p ON p.id = m.person WHERE p.name = '李梅' ORDER BY key"
    before = await world.rows(wanted)
    (alert,) = await world.rows("SELECT id FROM alert")
    acknowledged = await world.taps("105", f"ack:{alert['id']}")
    assert [type(fact).__name__ for fact in acknowledged.facts] == ["Acknowledged"]
    assert await world.rows(wanted) == before


async def test_who_leaves_next_week_has_every_right_until_then(world: World) -> None:
    await world.join("101", "张敏")
    leaving = date(2026, 9, 14)
    written = replace(world.draw("machine", "machine", "roster", ("0", leaving.isoformat()), to_json(without("张敏"))))
    outcome = await world.asking(lambda ask: decide(written, ask))
    assert keys(outcome) == ["roster.told_gone"]
    assert "9月14日起" in in_words(outcome.says[0])
    assert [(put.verb, put.at) for put in outcome.puts] == [("duties_changed", clock(0, day=leaving))]
    await world.import_roll(without("张敏"), since=leaving)
    world.now = clock(7, 40, day=date(2026, 9, 11))
    assert keys(await world.says("101", "报告")) == ["card.prompt"]
    world.now = clock(7, 40, day=leaving)
    assert keys(await world.says("101", "报告")) == ["enrol.stranger"]


async def test_a_new_duty_brings_its_menu_and_the_card_of_a_class_that_is_new(world: World) -> None:
    person = await world.join("101", "张敏")
    world.now = clock(7, 50)
    await world.says("101", "报告")
    promoted = replace(CENTRAL.staff[0], duties=(Duty.HOMEROOM, Duty.DEPUTY), classes=("三(1)班", "三(2)班"))
    roll = replace(CENTRAL, staff=(promoted, *CENTRAL.staff[1:]))
    outcome = await world.import_roll(roll, since=MONDAY)
    assert keys(outcome) == ["roster.told_now", "literal", "card.prompt"]
    told, menu, card = outcome.says
    assert "9月7日起您是三(1)班、三(2)班班主任、副报告人。" in in_words(told)
    everybodys = ("status", "health", "help", "privacy", "basis", "language")
    office = ("today", "late", "staff", "gate_list", "papers", "leave", "clinic")
    own = ("note", "ledger", "substitute", "consent")
    followed = ("cases", "intervals", "travel", "observed")
    assert menu.menu == ("report", *followed, *office, *own, *everybodys, "thermometer", "reviewer")
    assert in_words(card).startswith("三(2)班")
    assert {card.to, told.to} == {ToPerson(person)}
    assert card.urgency == told.urgency, "the words that say why were put first, and so go first"


async def test_a_class_that_is_taken_away_takes_its_walk_and_its_buttons_along(world: World) -> None:
    await world.join("101", "张敏")
    world.now = clock(7, 50)
    await world.says("101", "3号38.5在校留观")
    (walk,) = await world.rows("SELECT class, body FROM draft")
    n = json.loads(walk["body"])["n"]
    other = replace(CENTRAL.staff[0], classes=("三(2)班",))
    await world.import_roll(replace(CENTRAL, staff=(other, *CENTRAL.staff[1:])), since=MONDAY)
    assert await world.rows("SELECT 1 FROM draft") == []
    for does in (f"send:{walk['class']}:20260907:am:{n}", f"zero:{walk['class']}:20260907:am:0"):
        tapped = await world.taps("101", does)
        assert (tapped.facts, tapped.drafts, pop_up_of(tapped)) == ((), (), "answer.not_yours")


async def test_who_is_not_bound_or_keeps_the_same_duties_is_told_nothing(world: World) -> None:
    await world.join("101", "张敏")
    called = replace(CENTRAL.staff[0], title="张主任")
    outcome = await world.import_roll(replace(CENTRAL, staff=(called, *CENTRAL.staff[2:])), since=MONDAY)
    assert outcome.facts
    assert "roster.told_now" not in keys(outcome)
    assert "roster.told_gone" not in keys(outcome)


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
    assert [in_words(line) for lines in found.lines.values() for line in lines] == [
        "新增教职工　何新（三(1)班班主任）",
        "离开　张敏（三(1)班班主任）：绑定和权限随之失效，记录保留",
        "调班调座　三2：三(1)班 2号 → 三(1)班 31号",
        "新增学生　三(2)班 20号 新生",
        f"离校　三(1)班 1号 {first.name}：记录保留",
    ]
    assert (await world.import_roll(CENTRAL, since=OCTOBER)).facts == ()


async def test_the_dry_run_of_a_new_school_says_so(world: World) -> None:
    found = await dry_run(world, replace(SECOND, school="第三小学", pupils=pupils("三(1)班", 2, 900)))
    assert found.new_school
    assert found.counts == {"class_opened": 1, "person_new": 2, "pupil_new": 2}


async def test_the_dry_run_says_what_it_is_that_changes(world: World) -> None:
    teacher, *others = CENTRAL.staff
    changed = replace(
        teacher, title="张主任", phone=None, staff_no="007", duties=(Duty.HOMEROOM, Duty.TEACHER, Duty.DEPUTY)
    )
    ill = replace(CENTRAL.pupils[0], status=PupilStatus.LEAVE, name="三甲", sex=Sex.FEMALE)
    moved = replace(CENTRAL.pupils[1], seat=31, name="三乙")
    found = await dry_run(world, replace(CENTRAL, staff=(changed, *others), pupils=(ill, moved, *CENTRAL.pupils[2:])))
    assert [in_words(line) for lines in found.lines.values() for line in lines] == [
        "变更教职工　张敏：三(1)班班主任 → 三(1)班班主任、三(1)班任课教师、副报告人，称呼 张老师 → 张主任，"
        "电话 13800000000 → （空），工号 （空） → 007",
        "变更学生　三(1)班 1号 三甲：姓名 三1 → 三甲，性别有改动，在读 → 长假",
        "调班调座　三乙：三(1)班 2号 → 三(1)班 31号，姓名 三2 → 三乙",
    ]


async def test_a_file_that_would_empty_a_school_is_remarked(world: World) -> None:
    assert not (await dry_run(world, replace(CENTRAL, pupils=CENTRAL.pupils[4:]))).empties
    assert (await dry_run(world, replace(CENTRAL, pupils=CENTRAL.pupils[5:]))).empties
    assert (await dry_run(world, replace(CENTRAL, staff=CENTRAL.staff[:1]))).empties
