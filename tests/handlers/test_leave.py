"""长假, 送教上门: what is typed after /leave, and who is in 应到 on which day."""

from datetime import date

import pytest

from handlers.leave.saying import Misread, Said, read_leave
from handlers.model import School
from handlers.ondemand import asks_for_card, read_asked
from handlers.questions import Expected, LeavesOf, Register, SchoolMorning
from handlers.rolls import PupilStatus, SchoolRoll
from handlers.values import replace
from tests.handlers.world import CENTRAL, MONDAY, World, clock, keys, pupil

REPORTER, TEACHER, ADMIN = "103", "101", "900"
SCHOOLS = (School("s1", "中心小学", "中心校", 0), School("s2", "第二小学", "二校", 1))
ONE = SCHOOLS[:1]
TODAY = date(2026, 9, 7)


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(
    ("typed", "klass", "who", "until"),
    [
        ("三(2)班 17号 至10月8日", "三(2)班", "17号", day(10, 8)),
        ("三年级2班 17号 到10月8号", "三(2)班", "17号", day(10, 8)),
        ("3.2 17 10月8日", "三(2)班", "17", day(10, 8)),
        ("三 (2) 班 5号 至10月8日", "三(2)班", "5号", day(10, 8)),
        ("三(12)班5号 至10月8日", "三(12)班", "5号", day(10, 8)),
        ("302班 王小明 至10/8", "三(2)班", "王小明", day(10, 8)),
        ("三（２）班17号至10月8日", "三(2)班", "17号", day(10, 8)),
        ("三(2)班 17号长假至10月8日", "三(2)班", "17号", day(10, 8)),
        ("三(2)班 17号 王小明 休学 到明年", "三(2)班", "17号 王小明 到明年", None),
        ("三(2)班 wxm 至20号", "三(2)班", "wxm", day(9, 20)),
        ("三(2)班 17号 到3号", "三(2)班", "17号", day(10, 3)),
        ("三(2)班 17号 至下周五", "三(2)班", "17号", day(9, 18)),
        ("三(2)班 17号 今天", "三(2)班", "17号", day(9, 7)),
        ("三(2)班 17号 至2027年1月20日", "三(2)班", "17号", day(1, 20, 2027)),
    ],
)
def test_class_pupil_and_last_day_are_read(typed: str, klass: str, who: str, until: date | None) -> None:
    said = read_leave(typed, ONE, TODAY)
    expected = Said(ONE[0], klass, who, PupilStatus.LEAVE, until) if until else Misread("no_day")
    assert said == expected


@pytest.mark.parametrize(
    ("typed", "who", "until"),
    [
        ("三(2)班 17号 送教上门", "17号", None),
        ("三(2)班 王小明送教", "王小明", None),
        ("三(2)班 送教上门 17号 至10月8日", "17号", day(10, 8)),
    ],
)
def test_taught_at_home_may_have_no_end(typed: str, who: str, until: date | None) -> None:
    assert read_leave(typed, ONE, TODAY) == Said(ONE[0], "三(2)班", who, PupilStatus.HOME_TAUGHT, until)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("17号 至10月8日", "unread"),
        ("三(2)班", "unread"),
        ("三(2)班 至10月8日", "unread"),
        ("三(2)班 17号", "no_day"),
        ("三(2)班 17号 至9月6日", "past"),
        ("三(2)班 17号 至2028年1月1日", "long"),
    ],
)
def test_what_cannot_be_kept_is_named(typed: str, why: str) -> None:
    assert read_leave(typed, ONE, TODAY) == Misread(why)


@pytest.mark.parametrize(
    ("typed", "school"), [("中心小学三(2)班 17号 至10月8日", 0), ("二校 三(2)班 17号 至10月8日", 1)]
)
def test_who_may_speak_of_several_schools_names_one(typed: str, school: int) -> None:
    said = read_leave(typed, SCHOOLS, TODAY)
    assert isinstance(said, Said)
    assert said.school == SCHOOLS[school]
    assert read_leave("三(2)班 17号 至10月8日", SCHOOLS, TODAY) == Misread("school")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("三(2)班", ("三(2)班", TODAY)),
        ("三年级2班", ("三(2)班", TODAY)),
        ("302", ("三(2)班", TODAY)),
        ("三(2)班 9月1日", ("三(2)班", day(9, 1))),
        ("三(2)班9/1", ("三(2)班", day(9, 1))),
        ("三二班 昨天", ("三(2)班", day(9, 6))),
        ("三(2)班 周五", ("三(2)班", day(9, 4))),
        ("三(2)班 1号", ("三(2)班", day(9, 1))),
        ("三(2)班 今天", ("三(2)班", TODAY)),
        ("三(2)班 2026-09-01", ("三(2)班", day(9, 1))),
        ("三(2)班 明天", None),
        ("三(2)班 9月8日", None),
        ("三(2)班 3号38.5", None),
        ("9月1日", None),
        ("食堂", None),
    ],
)
def test_a_card_is_asked_for_by_class_and_day(typed: str, asked: tuple[str, date] | None) -> None:
    assert read_asked(typed, TODAY) == asked


def test_a_card_is_asked_for_in_words_only_by_a_whole_class() -> None:
    assert asks_for_card("报告 三(2)班 9月1日", TODAY) == ("三(2)班", day(9, 1))
    assert asks_for_card("订正三(2)班", TODAY) == ("三(2)班", TODAY)
    for sentence in ("3.2", "302", "三(2)班3号38.5", "报告老师，3号发烧", "三(2)班全员正常"):
        assert asks_for_card(sentence, TODAY) is None


# Who is in 应到


async def expected(world: World, on: date, klass: str = "三(1)班") -> int:
    """As it is counted, which must be as many as are named."""
    school = (await world.rows("SELECT id FROM school WHERE name = '中心小学'"))[0]["id"]
    row = next(row for row in (await world.ask(SchoolMorning(school, on, "am"))).rows if row.klass.name == klass)
    away = [one for one in await world.ask(LeavesOf(school, on)) if one.klass.id == row.klass.id]
    roll = await world.ask(Register(row.klass.id, on))
    assert roll.on_leave == tuple(away)
    many = await world.ask(Expected(row.klass.id, on, "am"))
    assert many == len(roll.pupils)
    assert not {one.pupil.id for one in away} & {one.id for one in roll.pupils}
    return many


async def on_leave(world: World, words: str) -> None:
    said = await world.says(REPORTER, f"/leave {words}")
    assert keys(said)[0] in ("leave.confirm", "leave.who")
    assert keys(await world.taps(REPORTER, said.says[0].choices[0][0].does))[0] == "leave.set"


async def test_a_pupil_is_not_expected_until_the_day_after_the_last(world: World) -> None:
    await world.join(REPORTER, "李梅")
    world.now = clock(7)
    await on_leave(world, "三(1)班 2号 至9月9日")
    counted = [await expected(world, day(9, number)) for number in (4, 7, 9, 10)]
    assert counted == [5, 4, 4, 5]


async def test_without_an_end_it_lasts(world: World) -> None:
    await world.join(REPORTER, "李梅")
    await on_leave(world, "三(1)班 2号 送教上门")
    assert await expected(world, day(9, 7)) == await expected(world, day(7, 7, 2027)) == 4


async def test_what_is_set_anew_replaces_what_was_set(world: World) -> None:
    await world.join(REPORTER, "李梅")
    await on_leave(world, "三(1)班 2号 至9月30日")
    world.now = clock(7, day=day(9, 8))
    await on_leave(world, "三(1)班 2号 至9月9日")
    counted = [await expected(world, day(9, number)) for number in (7, 8, 9, 10, 30)]
    assert counted == [4, 4, 4, 5, 5]


async def test_who_is_back_is_expected_from_that_day_on(world: World) -> None:
    await world.join(REPORTER, "李梅")
    await on_leave(world, "三(1)班 2号 至9月30日")
    world.now = clock(7, day=day(9, 9))
    listed = await world.says(REPORTER, "/leave")
    assert keys(await world.taps(REPORTER, listed.says[0].choices[0][0].does))[0] == "leave.ended"
    assert [await expected(world, day(9, number)) for number in (7, 8, 9, 30)] == [4, 4, 5, 5]


async def test_a_leave_that_never_held_leaves_no_trace(world: World) -> None:
    await world.join(REPORTER, "李梅")
    await on_leave(world, "三(1)班 2号 至9月30日")
    listed = await world.says(REPORTER, "/leave")
    await world.taps(REPORTER, listed.says[0].choices[0][0].does)
    assert await expected(world, MONDAY) == 5
    assert await world.rows("SELECT * FROM long_leave") == []


async def test_a_class_that_has_reported_keeps_todays_figure(world: World) -> None:
    await world.join(REPORTER, "李梅")
    await world.join(TEACHER, "张敏")
    class_id = await world.rows("SELECT class FROM class_name WHERE name = '三(1)班' ORDER BY class")
    world.now = clock(8)
    for row in class_id:
        await world.taps(TEACHER, f"zero:{row['class']}:20260907:am:0")
    await on_leave(world, "三(1)班 2号 至9月30日")
    assert [await expected(world, day(9, number)) for number in (7, 8)] == [5, 4]
    report = (await world.rows("SELECT expected, present FROM report"))[0]
    assert (report["expected"], report["present"]) == (5, 5)


async def test_an_import_and_what_the_reporter_set_do_not_meet(world: World) -> None:
    """The same file again changes nothing; one that says 长假 itself cannot be ended by a button."""
    await world.join(REPORTER, "李梅")
    await on_leave(world, "三(1)班 2号 至9月30日")
    await world.import_roll(CENTRAL, since=MONDAY)
    assert await expected(world, MONDAY) == 4
    third = replace(pupil("三3", 3, number="00103"), status=PupilStatus.HOME_TAUGHT)
    await world.import_roll(_with(CENTRAL, third), since=MONDAY)
    assert await expected(world, MONDAY) == 3
    listed = await world.says(REPORTER, "/leave")
    assert len(listed.says[0].choices) == 1
    done = listed.says[0].choices[0][0].does.split(":")
    other = (await world.rows("SELECT id FROM pupil WHERE student_no = '00103'"))[0]["id"]
    refused = await world.taps(REPORTER, ":".join((*done[:2], other)))
    assert refused.answer is not None
    assert refused.answer.text is not None
    assert refused.answer.text.key == "leave.by_file_already"
    assert not refused.facts


def _with(roll: SchoolRoll, changed: object) -> SchoolRoll:
    number = getattr(changed, "student_no", None)
    return replace(
        roll,
        pupils=tuple(changed if one.student_no == number else one for one in roll.pupils),  # type: ignore[misc]
    )


@pytest.mark.parametrize(
    "button",
    [
        "on_leave:{c}:{p}:leave:20260906",
        "on_leave:{c}:{p}:holiday:20261008",
        "on_leave:{c}:{p}:leave:soon",
        "on_leave:{c}:nobody:leave:-",
        "on_leave:{c}",
        "on_leave",
        "returned:{c}:nobody",
        "returned",
        "returned:nosuch:{p}",
    ],
)
async def test_a_forged_button_keeps_nothing(world: World, button: str) -> None:
    await world.join(ADMIN, "吴管", None)
    row = (await world.rows("SELECT pupil, class FROM enrolment ORDER BY pupil"))[0]
    outcome = await world.taps(ADMIN, button.format(c=row["class"], p=row["pupil"]))
    assert not outcome.facts
    assert outcome.answer is not None
    assert outcome.answer.loud
