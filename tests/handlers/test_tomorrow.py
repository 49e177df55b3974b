"""Which evenings the admins are told of, over a real autumn; and that terms go before the package's vacations."""

import json
from datetime import date, timedelta

import pytest

from bot.seed import country
from handlers.outcome import Outcome
from handlers.plain import stamp
from handlers.questions import DayOf
from tests.handlers.world import World, clock, in_words

ADMIN = "900"
A_DAY = timedelta(days=1)


def day(month: int, number: int) -> date:
    return date(2026, month, number)


@pytest.fixture
async def autumn(world: World) -> World:
    await world.machine("calendar", text=json.dumps(list(country(2026))))
    world.now = clock(7, day=day(9, 1))
    await world.join(ADMIN, "吴管", None)
    return world


async def evening(world: World, today: date) -> Outcome:
    world.now = clock(17, day=today)
    tick = world.draw("clock", "clock", "tick", ("eve", stamp(world.now), "day", today.isoformat()), "")
    return await world.update(tick)


async def told(world: World, first: date, last: date) -> dict[date, str]:
    """Of which days, and the reason given; every evening from that of the day before `first`."""
    found = {}
    for n in range((last - first).days + 1):
        tomorrow = first + n * A_DAY
        for message in (await evening(world, tomorrow - A_DAY)).says:
            if message.key.startswith("tomorrow:"):
                found[tomorrow] = in_words(message).split("）", 1)[1].split("：")[0]
    return found


async def test_a_whole_autumn(autumn: World) -> None:
    assert await told(autumn, day(9, 2), day(11, 10)) == {
        day(9, 20): "是周末，上学（国庆节调休）",
        day(9, 24): "是中秋前最后一个上学日",
        day(9, 25): "起放假（中秋）",
        day(9, 28): "是中秋后第一个上学日",
        day(9, 30): "是国庆节前最后一个上学日",
        day(10, 1): "起放假（国庆节）",
        day(10, 8): "是国庆节后第一个上学日",
        day(10, 10): "是周末，上学（国庆节调休）",
    }


@pytest.mark.parametrize(
    ("holiday", "expected"),
    [
        ("11-4 运动会", {day(11, 3): "是运动会前最后", day(11, 4): "起放假（运动会）", day(11, 5): "是运动会后第一"}),
        ("11-6 校庆", {day(11, 5): "是校庆前最后", day(11, 6): "起放假（校庆）", day(11, 9): "是校庆后第一"}),
        ("11-9 校庆", {day(11, 6): "是校庆前最后", day(11, 7): "起放假（校庆）", day(11, 10): "是校庆后第一"}),
        ("11-7 放假", {}),  # a Saturday is off anyway
        ("11-7 上学", {day(11, 7): "是周末，上学（上学）"}),
        ("中心小学 11-4 停电", {}),  # not the district's
    ],
)
async def test_what_an_admin_sets_is_out_of_the_ordinary_too(
    autumn: World, holiday: str, expected: dict[date, str]
) -> None:
    await autumn.says(ADMIN, f"/holiday {holiday}")
    found = await told(autumn, day(11, 2), day(11, 13))
    assert found.keys() == expected.keys()
    assert all(found[tomorrow].startswith(words) for tomorrow, words in expected.items())


async def test_one_message_an_admin_and_none_to_others(autumn: World) -> None:
    await autumn.join("101", "张敏")
    await autumn.join("901", "郑联", None)
    outcome = await evening(autumn, day(9, 19))
    assert [getattr(message.to, "id", "") for message in outcome.says] == [await autumn.person("吴管", None)]


@pytest.mark.parametrize(("today", "ahead"), [(day(11, 19), False), (day(11, 20), True), (day(12, 31), True)])
async def test_a_year_that_nobody_has_announced_is_told_of_six_weeks_before(
    autumn: World, today: date, ahead: bool
) -> None:
    keys = [message.key for message in (await evening(autumn, today)).says]
    assert ("unannounced:2027:ahead" in keys) is ahead


async def test_a_year_that_is_known_is_not_told_of(autumn: World) -> None:
    known = {"day": "2027-01-01", "scope": "country", "school_day": False, "name": "元旦", "source": "《通知》"}
    await autumn.machine("calendar", text=json.dumps([known]))
    assert not [one for one in (await evening(autumn, day(12, 1))).says if one.key.startswith("unannounced")]


async def test_the_package_calls_41_days_of_the_summer_work_days_and_the_terms_do_not(autumn: World) -> None:
    summer = [day(7, 4) + n * A_DAY for n in range(59)]
    assert [(await autumn.ask(DayOf(one))).school_day for one in summer].count(True) == 41
    terms = [["2026-02-23", "2026-07-03"], ["2026-09-01", "2027-01-22"]]
    rule = {"key": "terms", "value": terms, "valid_from": "2026-01-01", "source": "本学区规定"}
    await autumn.machine("rules", text=json.dumps([rule]))
    assert not any([(await autumn.ask(DayOf(one))).school_day for one in summer])
    assert (await autumn.ask(DayOf(day(9, 1)))).school_day
