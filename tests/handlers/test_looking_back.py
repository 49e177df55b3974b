"""What a day sees of the days before it: nothing from before the first, and of a rehearsal only another rehearsal."""

import json
from datetime import date, timedelta

from handlers.model import Text, text
from handlers.questions import Announced, ClassDay, DayOf, History, ListedBefore, Register, RollOf, SchoolDays, SchoolOf
from handlers.values import replace
from handlers.words import day_short
from tests.handlers.world import CENTRAL, MONDAY, World, clock, keys

TEACHER, ADMIN = "101", "900"
DAYS = [MONDAY + timedelta(days=n) for n in range(5)]  # a plain week


async def rule(world: World, key: str, value: object, since: date = date(2026, 1, 1)) -> None:
    row = {"key": key, "value": value, "valid_from": since.isoformat(), "source": "本学区规定"}
    await world.machine("rules", text=json.dumps([row]))


async def seen(world: World, today: date, count: int = 3) -> list[date]:
    return list((await world.ask(SchoolDays(today, count, today))).days)


async def test_no_day_before_the_first_is_a_school_day_for_anybody(world: World) -> None:
    await rule(world, "starts_on", DAYS[2].isoformat())
    assert await seen(world, DAYS[4]) == DAYS[2:]
    assert await seen(world, DAYS[3]) == DAYS[2:4]
    why: Text = text("card.not_begun", day=day_short(DAYS[2]))
    assert (await world.ask(DayOf(DAYS[1]))).name == why
    (klass, *_) = (await world.ask(RollOf("中心小学", MONDAY, False))).classes
    views = [await world.ask(ClassDay(klass.id, day, "am")) for day in DAYS[1:3]]
    assert [view.off if view else "" for view in views] == [why, None]


async def test_no_scope_makes_a_school_day_of_one_before_the_first(world: World) -> None:
    await world.join(ADMIN, "吴管", None)
    await rule(world, "starts_on", DAYS[2].isoformat())
    for words in ("明天 上学", "中心小学 明天 上学", "三(2)班 明天 上学"):
        outcome = await world.says(ADMIN, f"/holiday {words}")
        assert (keys(outcome), outcome.facts) == (["settings.not_begun"], ())
    assert keys(await world.says(ADMIN, f"/holiday {DAYS[2]} 上学")) == ["settings.on"]


async def test_a_real_day_sees_no_rehearsal_and_a_rehearsal_sees_all(world: World) -> None:
    await rule(world, "rehearsal", True, DAYS[1])
    await rule(world, "rehearsal", False, DAYS[3])
    assert await seen(world, DAYS[1], 2) == DAYS[:2]
    assert await seen(world, DAYS[2]) == DAYS[:3]
    assert await seen(world, DAYS[3], 2) == [DAYS[0], DAYS[3]]
    assert await seen(world, DAYS[4]) == [DAYS[0], DAYS[3], DAYS[4]]


async def listed(world: World, day: date) -> tuple[str, ...]:
    """Yesterday's pupils on the picker."""
    (klass, *_) = (await world.ask(RollOf("中心小学", MONDAY, False))).classes
    before = await world.ask(ListedBefore(klass.id, day))
    roll = await world.ask(Register(klass.id, day))
    return tuple(pupil.name for pupil in roll.pupils if pupil.id in before)


async def test_the_picker_of_a_real_day_lists_nobody_from_a_rehearsal(world: World) -> None:
    await rule(world, "rehearsal", True, DAYS[1])
    await rule(world, "rehearsal", False, DAYS[3])
    await world.join(TEACHER, "张敏")
    for day, seat in ((DAYS[0], 1), (DAYS[1], 2), (DAYS[2], 3)):
        world.now = clock(8, day=day)
        said = await world.says(TEACHER, f"{seat}号36.8咳嗽")
        send = next(one.does for row in said.says[0].choices for one in row if one.does.startswith("send:"))
        await world.taps(TEACHER, send)
    assert await listed(world, DAYS[1]) == ("三1",)
    assert await listed(world, DAYS[2]) == ("三2",)
    assert await listed(world, DAYS[3]) == ("三1",)


async def test_a_year_is_announced_when_any_of_its_days_is_known(world: World) -> None:
    days = [{"day": "2026-10-01", "scope": "country", "school_day": False, "name": "国庆节", "source": "x"}]
    assert not await world.ask(Announced(2026))
    await world.machine("calendar", text=json.dumps(days))
    assert await world.ask(Announced(2026))
    assert not await world.ask(Announced(2027))


def _off(scope: str, day: date) -> dict[str, object]:
    return {"day": day.isoformat(), "scope": scope, "school_day": False, "name": "停课", "source": "x"}


async def test_a_class_that_is_off_is_not_due_unless_it_has_reported(world: World) -> None:
    first, second = await world.class_id("三(1)班"), await world.class_id("三(2)班")
    await world.join(TEACHER, "张敏")
    for day in DAYS[:2]:
        world.now = clock(8, day=day)
        await world.taps(TEACHER, f"zero:{first}:{day:%Y%m%d}:am:0")
    await world.machine("calendar", text=json.dumps([_off(klass, DAYS[1]) for klass in (first, second)]))
    school = await world.ask(SchoolOf("中心小学"))
    rows = [row for row in await world.ask(History(tuple(DAYS[:3]), "am")) if school and row.school == school.id]
    assert [(row.day, row.due, row.reported) for row in rows] == [(DAYS[0], 2, 1), (DAYS[1], 1, 1), (DAYS[2], 2, 0)]


async def test_a_class_that_closed_in_the_course_of_the_day_is_due_only_where_it_has_reported(world: World) -> None:
    """And a day that the calendar names a class in, for whom nothing changes by it, counts as any other."""
    first = await world.class_id("三(1)班")
    await world.join(TEACHER, "张敏")
    for day in DAYS[:3]:
        world.now = clock(8, day=day)
        await world.taps(TEACHER, f"zero:{first}:{day:%Y%m%d}:am:0")
    gone = replace(CENTRAL, classes=CENTRAL.classes[1:], staff=CENTRAL.staff[1:], pupils=CENTRAL.pupils[5:])
    await world.import_roll(gone, since=DAYS[2])
    school = await world.ask(SchoolOf("中心小学"))

    async def seen() -> list[tuple[date, int, int]]:
        rows = await world.ask(History(tuple(DAYS[:4]), "am"))
        return [(row.day, row.due, row.reported) for row in rows if school and row.school == school.id]

    found = await seen()
    assert found == [(DAYS[0], 2, 1), (DAYS[1], 2, 1), (DAYS[2], 2, 1), (DAYS[3], 1, 0)]
    same = {"scope": await world.class_id("三(2)班"), "school_day": True, "name": "", "source": "x"}
    await world.machine("calendar", text=json.dumps([same | {"day": day.isoformat()} for day in DAYS[:4]]))
    assert await seen() == found


async def test_no_class_without_boarders_is_due_in_the_boarders_round(world: World) -> None:
    await rule(world, "rounds.NORMAL", ["am", "night"])
    assert await world.ask(History((MONDAY,), "night")) == ()
