"""Who answers for a class at an instant, and how the days of a 代班 are typed."""

from datetime import date, datetime, timedelta

import pytest

from handlers.model import School
from handlers.questions import Answerable, Responsible
from handlers.substitutes.saying import Said, read_handing, wrong
from tests.handlers.world import CENTRAL, MONDAY, World, clock

SCHOOLS = (School("s1", "中心小学", "中心校", 0), School("s2", "第二小学", "二校", 1))
TUESDAY = date(2026, 9, 1)


def days(first: int, last: int, month: int = 9) -> tuple[date, date]:
    return date(2026, month, first), date(2026, month, last)


@pytest.mark.parametrize(
    ("typed", "school", "klass", "who", "span"),
    [
        ("李老师 到周五", None, None, "李老师", days(1, 4)),
        ("李老师到周五", None, None, "李老师", days(1, 4)),
        ("何静", None, None, "何静", None),
        ("三(1)班 何静 明天", None, "三(1)班", "何静", days(2, 2)),
        ("三1班由何静代", None, "三(1)班", "何静", None),
        ("何静 9月3日到9月5日", None, None, "何静", days(3, 5)),
        ("何静 从9月3日起到9月5日", None, None, "何静", days(3, 5)),
        ("何静 3号到5号", None, None, "何静", days(3, 5)),
        ("何静 9/3-9/5", None, None, "何静", days(3, 5)),
        ("何静 明天到周五", None, None, "何静", days(2, 4)),
        ("何静 三天", None, None, "何静", days(1, 3)),
        ("何静 明天起三天", None, None, "何静", days(2, 4)),
        ("何静 下周一到下周五", None, None, "何静", days(7, 11)),
        ("何静 周一到周三", None, None, "何静", days(7, 9)),
        ("何静代班，今天", None, None, "何静", days(1, 1)),
        ("第二小学 三(1)班 孙红 今天", "s2", "三(1)班", "孙红", days(1, 1)),
        ("三(1)班", None, "三(1)班", "", None),
        ("", None, None, "", None),
    ],
)
def test_a_line_says_class_person_and_days(
    typed: str, school: str | None, klass: str | None, who: str, span: tuple[date, date] | None
) -> None:
    said = read_handing(typed, SCHOOLS, TUESDAY)
    assert (said.school.id if said.school else None, said.klass, said.who, said.days) == (school, klass, who, span)
    assert isinstance(said, Said)


@pytest.mark.parametrize(
    ("span", "why"),
    [
        ((date(2026, 8, 31), date(2026, 9, 2)), "past"),
        (days(3, 2), "turned"),
        ((TUESDAY, date(2027, 9, 1)), "long"),
        (days(1, 1), None),
        (days(3, 30), None),
    ],
)
def test_days_that_cannot_be_meant_are_refused(span: tuple[date, date], why: str | None) -> None:
    assert wrong(span, TUESDAY) == why


# Who answers for 三(1)班 on Monday. 张敏 is its 班主任, 赵强 teaches another class


async def asked(world: World, at: datetime, day: date = MONDAY) -> tuple[str, str | None, bool] | None:
    """Who, for whom, vacant."""
    found: Answerable | None = await world.ask(Responsible(await world.class_id("三(1)班"), day, at))
    if found is None:
        return None
    return found.person.name, found.absent.name if found.absent else None, found.vacant


async def hand_over(world: World, since: date = MONDAY, until: date = MONDAY) -> str:
    """张敏 hands her class to 赵强; the id of it."""
    klass, who = await world.class_id("三(1)班"), await world.person("赵强")
    await world.taps("101", f"named:{klass}:{who}:{since:%Y%m%d}:{until:%Y%m%d}")
    return str((await world.rows("SELECT id FROM substitute ORDER BY named_at DESC, id"))[0]["id"])


@pytest.fixture
async def staffed(world: World) -> World:
    await world.join("101", "张敏")
    await world.join("103", "赵强")
    return world


async def test_the_homeroom_teacher_answers_for_a_class(staffed: World) -> None:
    assert await asked(staffed, clock(8, 30)) == ("张敏", None, False)


async def test_a_substitute_answers_from_accepting_on_and_nobody_between(staffed: World) -> None:
    staffed.now = clock(7, 40)
    id = await hand_over(staffed)
    staffed.now = clock(8, 40)
    await staffed.taps("103", f"accept:{await staffed.class_id('三(1)班')}:{id}")
    assert await asked(staffed, clock(7, 39)) == ("张敏", None, False)
    assert await asked(staffed, clock(8, 30)) == ("张敏", None, True)
    assert await asked(staffed, clock(8, 40)) == ("赵强", "张敏", False)


async def test_a_class_handed_over_after_the_deadline_was_late_by_its_own_teacher(staffed: World) -> None:
    staffed.now = clock(8, 50)
    id = await hand_over(staffed)
    await staffed.taps("103", f"accept:{await staffed.class_id('三(1)班')}:{id}")
    assert await asked(staffed, clock(8, 31)) == ("张敏", None, False)
    assert await asked(staffed, clock(9)) == ("赵强", "张敏", False)


async def test_who_no_longer_can_answered_until_then_and_leaves_the_class_vacant(staffed: World) -> None:
    staffed.now = clock(7, 40)
    id = await hand_over(staffed)
    await staffed.taps("103", f"accept:{await staffed.class_id('三(1)班')}:{id}")
    staffed.now = clock(8)
    await staffed.taps("103", f"decline:{await staffed.class_id('三(1)班')}:{id}")
    assert await asked(staffed, clock(7, 59)) == ("赵强", "张敏", False)
    assert await asked(staffed, clock(8)) == ("张敏", None, True)


async def test_what_was_taken_back_held_until_then(staffed: World) -> None:
    staffed.now = clock(7, 40)
    id = await hand_over(staffed, until=MONDAY + timedelta(days=2))
    await staffed.taps("103", f"accept:{await staffed.class_id('三(1)班')}:{id}")
    staffed.now = clock(10)
    await staffed.taps("101", f"take_back:{await staffed.class_id('三(1)班')}:{id}")
    assert await asked(staffed, clock(8, 31)) == ("赵强", "张敏", False)
    assert await asked(staffed, clock(10)) == ("张敏", None, False)
    assert await asked(staffed, clock(8, day=date(2026, 9, 8)), date(2026, 9, 8)) == ("张敏", None, False)


async def test_dates_are_days_of_their_own(staffed: World) -> None:
    staffed.now = clock(7, 40)
    id = await hand_over(staffed, date(2026, 9, 8), date(2026, 9, 9))
    await staffed.taps("103", f"accept:{await staffed.class_id('三(1)班')}:{id}")
    found = [await asked(staffed, clock(8, day=day), day) for day in (date(2026, 9, n) for n in (7, 8, 9, 10))]
    assert [one and one[0] for one in found] == ["张敏", "赵强", "赵强", "张敏"]


async def test_longer_is_asked_again_and_leaves_what_was_accepted(staffed: World) -> None:
    staffed.now = clock(7, 40)
    id = await hand_over(staffed)
    await staffed.taps("103", f"accept:{await staffed.class_id('三(1)班')}:{id}")
    await hand_over(staffed, until=date(2026, 9, 9))
    rows = await staffed.rows("SELECT since, until, ended, accepted_at FROM substitute ORDER BY since")
    assert [(row["since"], row["until"], row["ended"], bool(row["accepted_at"])) for row in rows] == [
        ("2026-09-07", "2026-09-08", None, True),
        ("2026-09-08", "2026-09-10", None, False),
    ]


async def test_a_substitution_stops_no_import_and_no_import_ends_it(staffed: World) -> None:
    id = await hand_over(staffed, until=date(2026, 10, 30))
    before = await staffed.rows("SELECT count(*) AS n FROM fact WHERE kind = 'RollChanged'")
    outcome = await staffed.import_roll(CENTRAL, since=MONDAY)
    after = await staffed.rows("SELECT count(*) AS n FROM fact WHERE kind = 'RollChanged'")
    assert (outcome.facts, after) == ((), before), "a 代班 is no difference to the office's file"
    await staffed.taps("103", f"accept:{await staffed.class_id('三(1)班')}:{id}")
    assert await asked(staffed, clock(8, day=date(2026, 10, 30)), date(2026, 10, 30)) == ("赵强", "张敏", False)
