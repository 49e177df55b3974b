"""Rules, calendar and /holiday: what an admin types, what is refused, and what today's cards become."""

import json
from datetime import date

import pytest

from handlers.bodies import decode
from handlers.facts import CalendarDay, CalendarSet, RulesSet
from handlers.model import Method, School
from handlers.outcome import Outcome
from handlers.questions import ClassDay, DayOf, RollOf, RulesOn
from handlers.settings.ruling import written
from handlers.settings.saying import Misread, Said, read_holiday
from tests.handlers.world import MONDAY, World, clock, in_words, keys

ADMIN, TEACHER = "900", "101"
SCHOOLS = (School("s1", "中心小学", "中心校", 0), School("s2", "第二小学", "二校", 1))
TODAY = date(2026, 9, 28)


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(
    ("typed", "first", "last", "name"),
    [
        ("2026-10-12 运动会", day(10, 12), day(10, 12), "运动会"),
        ("2026-10-12..2026-10-14 秋假", day(10, 12), day(10, 14), "秋假"),
        ("2026-10-12-2026-10-14 秋假", day(10, 12), day(10, 14), "秋假"),
        ("2026/10/12～2026/10/14 秋假", day(10, 12), day(10, 14), "秋假"),
        ("２０２６－１０－１２　运动会", day(10, 12), day(10, 12), "运动会"),
        ("10-12", day(10, 12), day(10, 12), ""),
        ("10-12..14 秋假", day(10, 12), day(10, 14), "秋假"),
        ("10/12 到 10/14 秋假", day(10, 12), day(10, 14), "秋假"),
        ("10月12日", day(10, 12), day(10, 12), ""),
        ("10月12日至14日，秋假", day(10, 12), day(10, 14), "秋假"),
        ("十月十二日 运动会", day(10, 12), day(10, 12), "运动会"),
        ("12月30日至1月2日 元旦", day(12, 30), day(1, 2, 2027), "元旦"),
        ("明天 台风停课", day(9, 29), day(9, 29), "台风停课"),
        ("今天", day(9, 28), day(9, 28), ""),
        ("下周一 校庆", day(10, 5), day(10, 5), "校庆"),
        ("10月12日 12月文化节预演", day(10, 12), day(10, 12), "12月文化节预演"),
    ],
)
def test_a_date_is_read_as_it_is_written(typed: str, first: date, last: date, name: str) -> None:
    assert read_holiday(typed, SCHOOLS, TODAY) == Said(None, "", "", first, last, name, school_day=False)


@pytest.mark.parametrize(
    ("typed", "school", "grade", "klass"),
    [
        ("中心小学 10-12", "s1", "", ""),
        ("二校10-12", "s2", "", ""),
        ("三年级 10-12 春游", None, "三", ""),
        ("初一 10-12", None, "初一", ""),
        ("三（2）班 10-12", None, "", "三(2)班"),
        ("中心校 三年级2班 10-12", "s1", "", "三(2)班"),
        ("中心校三年级 10-12", "s1", "三", ""),
    ],
)
def test_a_scope_is_said_before_the_date(typed: str, school: str | None, grade: str, klass: str) -> None:
    said = read_holiday(typed, SCHOOLS, TODAY)
    assert isinstance(said, Said)
    assert (said.school.id if said.school else None, said.grade, said.klass) == (school, grade, klass)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("运动会", "unread"),
        ("2月30日", "unread"),
        ("2026-13-40", "unread"),
        ("10-12-14", "unread"),
        ("10-12 10-14 秋假", "again"),
        ("10-12至以后", "unread"),
        ("12号 停电", "unread"),
        ("12月31日和1月1日 元旦", "again"),
        ("10-12 运动会、后天休息", "again"),
        ("火星小学 10-12", "scope"),
        ("明天 火星小学 停课", "order"),
        ("明天 三(1)班三(2)班水痘停课", "order"),
        ("明天 一至三年级 停课", "order"),
        ("明天 高中部停课", "order"),
        ("明天 中心小学、第二小学停课", "order"),
        ("中心小学 明天 水痘，三(2)班停课", "order"),
        ("明天 停课 三(二)班", "order"),
        ("今天 取消", "unclear"),
        ("今天下午 停课", "unclear"),
        ("今天 提前放学", "unclear"),
        ("今天 撤销", "unclear"),
        ("今天 复学", "unclear"),
        ("今天 放假吗？", "unclear"),
        ("今天 考试", "unclear"),
        ("今天 有课", "unclear"),
        ("今天 三(2)停课", "order"),
        ("今天 本班停课", "order"),
        ("今天 初一停课", "order"),
        ("今天 恢复", "unclear"),
        ("今天 开学", "unclear"),
        ("今天 上午上课下午放假", "unclear"),
        ("今天 调休", "unclear"),
        ("中心校 食堂 10-12", "scope"),
        ("昨天 台风", "past"),
        ("2026-09-01..2026-10-14 假", "past"),
        ("2026-10-14..2026-10-12", "reversed"),
        ("2026-10-12..2027-10-14", "long"),
        ("10-12 " + "长" * 31, "name"),
        ("x" * 5000, "unread"),
    ],
)
def test_what_cannot_be_meant_is_named(typed: str, why: str) -> None:
    assert read_holiday(typed, SCHOOLS, TODAY) == Misread(why)


@pytest.mark.parametrize(
    ("typed", "school", "grade", "klass"),
    [
        ("今天 中心小学 停课", "s1", "", ""),
        ("今天 二校停课", "s2", "", ""),
        ("今天 三(2)班 停课", None, "", "三(2)班"),
        ("今天，三年级 停课", None, "三", ""),
        ("今天 中心校 三年级2班 停课", "s1", "", "三(2)班"),
        ("中心校 今天 三(2)班 停课", "s1", "", "三(2)班"),
    ],
)
def test_a_scope_is_understood_behind_the_date_too(typed: str, school: str | None, grade: str, klass: str) -> None:
    said = read_holiday(typed, SCHOOLS, TODAY)
    assert isinstance(said, Said)
    assert (said.school.id if said.school else None, said.grade, said.klass) == (school, grade, klass)
    assert said.name == "停课"


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("下周一到下周三 停课", day(10, 5), day(10, 7)),
        ("下周一到周三 停课", day(10, 5), day(10, 7)),
        ("明天到后天 停课", day(9, 29), day(9, 30)),
        ("明天至10月2日 停课", day(9, 29), day(10, 2)),
        ("今天到周五 停课", day(9, 28), day(10, 2)),
    ],
)
def test_the_end_of_a_range_said_from_today_is_counted_from_today(typed: str, first: date, last: date) -> None:
    said = read_holiday(typed, SCHOOLS, TODAY)
    assert isinstance(said, Said)
    assert (said.first, said.last) == (first, last)


@pytest.mark.parametrize(
    "name",
    ["台风停课", "全区中小学停课", "台风 不上课", "取消上学", "三月三放假", "昨晚停电停课", "调休放假", "no school"],
)
def test_a_day_off_keeps_its_name(name: str) -> None:
    said = read_holiday(f"明天 {name}", SCHOOLS, TODAY)
    assert isinstance(said, Said)
    assert (said.name, said.school_day, said.school) == (name, False, None)


@pytest.mark.parametrize(
    "word",
    [
        "上学",
        "正常上课",
        "补课",
        "school",
        "照常上学",
        "恢复上学",
        "恢复正常上课",
        "上学（取消放假）",
        "取消停课",
        "不放假",
        "照常",
    ],
)
def test_a_school_day_is_said_in_a_word(word: str) -> None:
    said = read_holiday(f"2026-10-10 {word}", SCHOOLS, TODAY)
    assert isinstance(said, Said)
    assert said.school_day


# In the district


async def holiday(world: World, words: str) -> Outcome:
    """What the admin hears; they join with the first word."""
    if not await world.rows(f"SELECT 1 AS x FROM address WHERE native = '{ADMIN}'"):  # noqa: S608
        await world.join(ADMIN, "吴管", None)
    return await world.says(ADMIN, f"/holiday {words}".strip())


async def test_a_range_is_off_for_the_whole_district(world: World) -> None:
    outcome = await holiday(world, "2026-10-12..2026-10-14 秋假")
    assert outcome.facts == (
        CalendarSet(
            tuple(
                CalendarDay(date(2026, 10, number), "district", False, "秋假", "本学区规定") for number in (12, 13, 14)
            )
        ),
    )
    assert in_words(outcome.says[0]) == (
        "✅ 已设为不上学：全学区，10月12日（周一）至10月14日（周三），秋假。\n这些日子不发卡片，也不算未报。"
    )
    assert not (await world.ask(DayOf(date(2026, 10, 13)))).school_day


async def test_a_saturday_becomes_a_school_day(world: World) -> None:
    assert keys(await holiday(world, "2026-10-10 上学")) == ["settings.on"]
    assert (await world.ask(DayOf(date(2026, 10, 10)))).school_day


@pytest.mark.parametrize(
    ("words", "off"),
    [
        ("中心小学 10-12 停电", {"中心小学三(1)班", "中心小学三(2)班"}),
        ("三年级 10-12 春游", {"中心小学三(1)班", "中心小学三(2)班", "第二小学三(1)班"}),
        ("中心校三年级 10-12 春游", {"中心小学三(1)班", "中心小学三(2)班"}),
        ("三(2)班 10-12 水痘停课", {"中心小学三(2)班"}),
        ("二校 三(1)班 10-12 水痘停课", {"第二小学三(1)班"}),
    ],
)
async def test_a_scope_holds_for_its_classes_and_no_others(world: World, words: str, off: set[str]) -> None:
    await holiday(world, words)
    found = set()
    for school in ("中心小学", "第二小学"):
        for klass in (await world.ask(RollOf(school, MONDAY, False))).classes:
            view = await world.ask(ClassDay(klass.id, date(2026, 10, 12), "am"))
            if view and view.off is not None:
                found.add(f"{school}{klass.name}")
    assert found == off


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("三(1)班 10-12", "settings.which_school"),
        ("四年级 10-12", "settings.scope"),
        ("二校 三(2)班 10-12", "settings.scope"),
        ("10-12-14", "settings.unread"),
        ("昨天", "settings.past"),
    ],
)
async def test_a_bad_word_changes_nothing_and_gets_an_example(world: World, words: str, key: str) -> None:
    outcome = await holiday(world, words)
    assert outcome.facts == ()
    assert keys(outcome) == [key]
    heard = in_words(outcome.says[0], author=await world.person("吴管", None))
    assert f"“{words}”" in heard
    assert "什么都没有改" in heard
    assert "/holiday 2026-09-14 运动会" in heard


async def test_the_list_shows_the_days_that_differ_from_the_plain_week(world: World) -> None:
    assert "没有。周一到周五上学" in in_words((await holiday(world, "")).says[0])
    await holiday(world, "2026-09-24..2026-09-25 秋假")
    await holiday(world, "2026-09-26 上学")
    heard = in_words((await holiday(world, "")).says[0])
    assert "9月24日（周四）至9月25日（周五）　不上学（秋假）\n9月26日（周六）　上学（上学）" in heard


async def test_the_list_shows_what_was_set_for_some_only_and_how_to_take_it_back(world: World) -> None:
    await holiday(world, "2026-09-24..2026-09-25 三(2)班 水痘停课")
    await holiday(world, "中心小学 2026-09-26 上学")
    heard = in_words((await holiday(world, "")).says[0])
    assert "中心校三(2)班　9月24日（周四）至9月25日（周五）　不上学（水痘停课）" in heard
    assert "中心小学　9月26日（周六）　上学（上学）" in heard
    back = heard.partition("要收回，照这样发：/holiday ")[2].partition("\n")[0]
    said = read_holiday(back, SCHOOLS, MONDAY)
    assert isinstance(said, Said)
    assert (await holiday(world, back)).facts


async def test_cards_already_sent_today_say_that_nothing_is_due_and_come_back(world: World) -> None:
    await world.join(TEACHER, "张敏")
    await world.join("102", "张敏", "第二小学")
    world.now = clock(7, 40)
    await world.says(TEACHER, "/report")
    off = await holiday(world, "中心小学 今天 台风停课")
    assert "今天已经发出的卡片会随之更改" in in_words(off.says[0])
    assert await cards(world) == {"101": "card.off"}
    await holiday(world, "中心小学 今天 上学")
    assert await cards(world) == {"101": "card.prompt"}


async def test_a_card_that_an_off_day_held_back_goes_out_when_there_is_school_after_all(world: World) -> None:
    await holiday(world, "今天 台风停课")
    await world.join(TEACHER, "张敏")
    world.now = clock(7, 50)
    await holiday(world, "今天 上学")
    assert await cards(world) == {"101": "card.prompt"}


async def test_an_open_walk_and_a_report_are_left_alone(world: World) -> None:
    await world.join(TEACHER, "张敏")
    world.now = clock(7, 40)
    card = (await world.says(TEACHER, "/report")).says[0]
    await world.taps(TEACHER, card.choices[1][0].does)
    walking = await cards(world)
    for words in ("今天 上学", "今天 台风停课", "今天 上学"):
        await holiday(world, words)
        assert await cards(world) == walking == {TEACHER: "walk.list"}
    await world.taps(TEACHER, card.choices[0][0].does)
    await holiday(world, "今天 台风停课")
    assert await cards(world) == {TEACHER: "receipt.zero"}


async def cards(world: World) -> dict[str, str]:
    """What each chat's card shows: a text key."""
    of_a_class = "(key LIKE 'card:%' OR key LIKE 'asked:%')"
    rows = await world.rows(f"SELECT address, body FROM message WHERE {of_a_class} AND address <> '' ORDER BY key")  # noqa: S608
    return {row["address"].removeprefix("telegram:"): decode(row["body"]).text.key for row in rows}


# At the machine


def rule(key: str, value: object, since: str = "2026-10-01", source: str = "本学区规定") -> dict[str, object]:
    return {"key": key, "value": value, "valid_from": since, "source": source}


async def test_a_rule_holds_from_its_day_on(world: World) -> None:
    await world.machine("rules", text=json.dumps([rule("fever.ear", 378)]))
    before, after = [(await world.ask(RulesOn(date(2026, month, 1)))).fever[Method.EAR] for month in (9, 10)]
    assert (before, after) == (373, 378)


async def test_only_rules_that_differ_are_stated(world: World) -> None:
    named = {"name": {"zh": "晨检", "en": "morning check"}, "kind": "class"}
    hours = named | {"opens": "07:30", "reminds": ["08:15", "08:30"], "deadline": "08:30", "late_list": "08:45"}
    hours |= {"summary": "09:00", "stop": "12:00", "close": "17:00"}
    same = rule("round.am", hours, source="本学区规定（方案三（六）日报告、零报告）")
    outcome = await world.machine("rules", text=json.dumps([same, rule("invite.days", 7)]))
    (fact,) = outcome.facts
    assert isinstance(fact, RulesSet)
    assert [(one.key, one.value) for one in fact.rules] == [("invite.days", "7")]
    assert (await world.machine("rules", text=json.dumps([same]))).facts == ()


async def test_a_row_of_returns_may_be_added_chosen_and_dated_by_a_file(world: World) -> None:
    own = {"anchor": "onset", "days": 16, "source": "《本市学校传染病防控手册》第三章"}
    shipped = json.loads(written(await world.ask(RulesOn(MONDAY)))["return.varicella"][0])
    value = shipped | {"rows": [*shipped["rows"], own], "chosen": 2}
    await world.machine("rules", text=json.dumps([rule("return.varicella", value)]))
    before, after = [(await world.ask(RulesOn(date(2026, month, 1)))).returns["varicella"] for month in (9, 10)]
    assert (before.row and before.row.days, after.row and after.row.days) == (21, 16)
    assert after.row is not None
    assert after.row.source == "《本市学校传染病防控手册》第三章"


def returns(**more: object) -> dict[str, object]:
    """A rule of return with one row; what is given stands in the row."""
    row = {"anchor": "onset", "days": 5, "source": "本学区规定", **more}
    return rule("return.x", {"place": 1, "name": {"zh": "甲", "en": "a"}, "rows": [row]})


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (returns(anchor="full moon"), "return.x: an anchor is one of"),
        (returns(days=None), "return.x: a row has either days or hours"),
        (returns(hours=3), "return.x: a row has either days or hours"),
        (returns(days=-1), "return.x"),
        (returns(least=-1), "return.x"),
        (returns(source="https://example.org"), "return.x: a row's source"),
        (rule("return.x", {"place": 1, "name": {"zh": "甲"}}), "return.x: it has a name"),
        (rule("return.x", {"place": 1, "name": {"zh": "甲", "en": "a"}, "rows": [], "chosen": 0}), None),
        (rule("reviewer.s1", "leader"), "reviewer.s1"),
        (rule("certificate.max_bytes", 0), "certificate.max_bytes"),
        (rule("retention.certificate_days", -1), "retention.certificate_days"),
    ],
)
async def test_a_rule_of_return_that_cannot_be_reckoned_by_is_refused_by_name(
    world: World, said: dict[str, object], wrong: str | None
) -> None:
    if wrong is None:
        assert (await world.machine("rules", text=json.dumps([said]))).facts
        return
    with pytest.raises(ValueError, match=wrong):
        await world.machine("rules", text=json.dumps([said]))


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (rule("fever.ear", 37.3), "fever.ear"),
        (rule("fever.ear", 3730), "fever.ear"),
        (rule("fever.mouth", 373), "fever.mouth"),
        (rule("invite.days", 0), "invite.days"),
        (rule("method", "guess"), "guess"),
        (rule("alert.told", ["cook"]), "cook"),
    ],
)
async def test_a_rule_that_would_stop_every_turn_is_refused_by_name(
    world: World, said: dict[str, object], wrong: str
) -> None:
    with pytest.raises((ValueError, KeyError), match=wrong):
        await world.machine("rules", text=json.dumps([said]))
    assert (await world.ask(RulesOn(date(2026, 10, 1)))).fever is not None


async def test_hours_out_of_order_are_refused(world: World) -> None:
    named = {"name": {"zh": "晨检", "en": "morning check"}, "kind": "class"}
    hours = named | {"opens": "07:30", "reminds": ["08:15"], "deadline": "08:50", "late_list": "08:45"}
    with pytest.raises(ValueError, match=r"round\.am"):
        await world.machine(
            "rules",
            text=json.dumps([rule("round.am", {**hours, "summary": "09:00", "stop": "12:00", "close": "17:00"})]),
        )


async def test_the_countrys_calendar_is_set_and_the_districts_word_goes_before_it(world: World) -> None:
    days = [
        {"day": "2026-10-01", "scope": "country", "school_day": False, "name": "国庆节", "source": "国务院办公厅"},
        {"day": "2026-10-10", "scope": "country", "school_day": True, "name": "调休", "source": "国务院办公厅"},
    ]
    await world.machine("calendar", text=json.dumps(days))
    assert not (await world.ask(DayOf(date(2026, 10, 1)))).school_day
    assert (await world.ask(DayOf(date(2026, 10, 10)))).school_day
    await holiday(world, "2026-10-10 放假")
    assert not (await world.ask(DayOf(date(2026, 10, 10)))).school_day
