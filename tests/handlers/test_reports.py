"""What is kept of a report made on behalf, and what becomes of walks that nobody has sent."""

from datetime import timedelta

from handlers.district import AsOf, District
from handlers.model import Draft, Message, Put
from handlers.morning_picture import morning_picture
from handlers.outcome import Outcome
from handlers.pictures import Cell
from handlers.plain import stamp, unstamp
from handlers.questions import DraftsOf, RulesOn
from handlers.values import replace
from storage.transaction import Row
from tests.handlers.world import MONDAY, World, clock, in_words, keys

REPORTER, TEACHER = "103", "101"


async def class_of(world: World, name: str = "三(1)班") -> str:
    rows = await world.rows(
        f"""SELECT c.id FROM class c JOIN class_name n ON n.class = c.id JOIN school s ON s.id = c.school
            WHERE s.name = '中心小学' AND n.name = '{name}'"""  # noqa: S608
    )
    return str(rows[0]["id"])


async def press(world: World, chat: str, shown: Message | Outcome, label: str) -> Outcome:
    """The button that reads so."""
    message = shown if isinstance(shown, Message) else next(one for one in shown.says if one.choices)
    buttons = {in_words(one.label): one.does for row in message.choices for one in row}
    return await world.taps(chat, buttons[label])


async def report_on_behalf(world: World) -> Outcome:
    world.now = clock(8, 47)
    asked = await world.taps(REPORTER, f"behalf:{await class_of(world)}:20260907:am:0")
    asked = await press(world, REPORTER, asked, "电话")
    asked = await press(world, REPORTER, asked, "08:20")
    return await press(world, REPORTER, asked, "✅ 全员正常（零报告）")


async def test_both_times_are_kept_and_timeliness_goes_by_when_it_was_reported(world: World) -> None:
    await world.join(REPORTER, "李梅")
    done = await report_on_behalf(world)
    assert "08:47 由李老师代报（电话，08:20得知），逾时。" in in_words(done.says[0])
    row = (await world.rows("SELECT at, heard_at, behalf, timely, kind FROM report"))[0]
    assert (unstamp(row["at"]), unstamp(row["heard_at"])) == (clock(8, 47), clock(8, 20))
    assert (row["behalf"], row["timely"], row["kind"]) == ("phone", 0, "behalf")
    fact = (await world.rows("SELECT body FROM fact WHERE kind = 'Reported'"))[0]["body"]
    assert stamp(clock(8, 47)) in fact
    assert stamp(clock(8, 20)) in fact


async def test_a_later_revision_keeps_how_and_when_the_first_was_heard(world: World) -> None:
    await world.join(REPORTER, "李梅")
    await world.join(TEACHER, "张敏")
    await report_on_behalf(world)
    world.now = clock(9, 10)
    said = await world.says(TEACHER, "2号病假")
    await press(world, TEACHER, said, "✅ 发送")
    rows = await world.rows("SELECT rev, behalf, heard_at FROM report ORDER BY rev")
    assert [(row["rev"], row["behalf"], row["heard_at"]) for row in rows] == [
        (1, "phone", stamp(clock(8, 20))),
        (2, "phone", stamp(clock(8, 20))),
    ]


async def test_a_later_revision_takes_its_place_in_what_the_school_has_reported(world: World) -> None:
    """What two weeks of the post are read from, class after class and revision after revision."""
    world.now = clock(8)
    for chat, name, klass in ((TEACHER, "张敏", "三(1)班"), ("102", "赵强", "三(2)班")):
        await world.join(chat, name)
        await world.taps(chat, f"zero:{await class_of(world, klass)}:20260907:am:0")
        assert await sums(world) == await sums_of_reports(world)
    for words in ("2号病假", "3号病假"):
        await press(world, TEACHER, await world.says(TEACHER, words), "✅ 发送")
        assert await sums(world) == await sums_of_reports(world)
    assert [(row["classes"], row["sick"]) for row in await sums(world)] == [(2, 2)]


async def sums(world: World) -> list[Row]:
    return await world.rows("SELECT day, round, school, classes, expected, sick, fever FROM school_sums")


async def sums_of_reports(world: World) -> list[Row]:
    return await world.rows(
        """SELECT day, round, school, count(*) AS classes, sum(expected) AS expected, sum(sick) AS sick,
             sum(fever) AS fever FROM report WHERE latest = 1 GROUP BY day, round, school"""
    )


async def cells(world: World) -> dict[str, Cell]:
    update = world.draw("telegram", REPORTER, "summary", (), "")
    rounds = (await world.ask(RulesOn(MONDAY))).rounds
    picture = await world.asking(lambda ask: morning_picture(District(update, ask, MONDAY, rounds[0]), AsOf("09:00")))
    rows = [(school.short, row) for school in picture.schools for row in school.rows]
    return {f"{short}{row.grade}{cell.label}": cell for short, row in rows for cell in row.cells}


async def test_the_picture_marks_the_class_as_reported_on_behalf(world: World) -> None:
    await world.join(REPORTER, "李梅")
    await world.join("102", "赵强")
    await report_on_behalf(world)
    await world.taps("102", f"zero:{await class_of(world, '三(2)班')}:20260907:am:0")
    assert {name: cell.proxy for name, cell in (await cells(world)).items()} == {
        "中心校三1": True,
        "中心校三2": False,
        "二校三1": False,
    }


# What becomes of walks


async def test_cards_that_come_late_leave_a_walk_on_a_card_that_came_before_them_alone(world: World) -> None:
    """Who is bound after half past seven has a card at once, and the clock may be the later one of the two."""
    world.now = clock(7, 31)
    zhang, zhao = await world.join(TEACHER, "张敏"), await world.join("102", "赵强")
    klass = await class_of(world)
    began = await world.taps(TEACHER, f"ill:{klass}:20260907:am:0")
    assert keys(began) == ["walk.list"]
    assert [one.key for one in began.says] == [f"card:{klass}:20260907:am:{zhang}"]
    cards = [one for one in (await tick(world, "open", (7, 30))).says if one.text.key == "card.prompt"]
    assert [one.key.rpartition(":")[2] for one in cards] == [zhao]


async def walks(world: World, person: str) -> tuple[Draft, ...]:
    return await world.ask(DraftsOf(person, clock(0)))


async def tick(world: World, name: str, at: tuple[int, int]) -> Outcome:
    world.now = clock(*at)
    school = (await world.rows("SELECT id FROM school WHERE name = '中心小学'"))[0]["id"]
    update = world.draw("clock", "clock", "tick", (name, stamp(world.now), "am", MONDAY.isoformat()), "")
    return await world.update(replace(update, lane=str(school)))


async def test_a_half_entered_pupil_keeps_the_others_from_being_sent(world: World) -> None:
    """From a reminder or an older screen: 发送 would leave the open one out."""
    zhang = await world.join(TEACHER, "张敏")
    world.now = clock(8)
    said = await world.says(TEACHER, "2号病假")
    asked = await world.says(TEACHER, "3号")
    await press(world, TEACHER, asked, "39.0")
    (draft,) = await walks(world, zhang)
    sent = await world.taps(TEACHER, f"send:{draft.class_id}:20260907:am:{draft.n}")
    assert not sent.facts
    assert sent.answer is not None
    assert sent.answer.text is not None
    assert sent.answer.text.key == "answer.not_yet"
    assert [entry.temperature for entry in (await walks(world, zhang))[0].entered] == [None, 390]
    assert keys(said) == ["walk.list"]


async def test_the_close_ends_walks_without_a_pupil_and_keeps_the_others(world: World) -> None:
    zhang, zhao = await world.join(TEACHER, "张敏"), await world.join("102", "赵强")
    world.now = clock(16, 50)
    await world.taps("102", f"ill:{await class_of(world, '三(2)班')}:20260907:am:0")
    await world.says(TEACHER, "2号38.5在校留观")
    closed = await tick(world, "close", (17, 0))
    assert await walks(world, zhao) == ()
    assert [draft.entries[0].temperature for draft in await walks(world, zhang)] == [385]
    assert "填了1人、还没有发送" in in_words(next(one for one in closed.says if one.text.key == "unsent.ping"))


async def test_a_teachers_correction_ends_with_the_close_and_changes_nothing(world: World) -> None:
    zhang = await world.join(TEACHER, "张敏")
    world.now = clock(8)
    klass = await class_of(world)
    said = await world.says(TEACHER, "2号病假")
    await press(world, TEACHER, said, "✅ 发送")
    world.now = clock(16, 59)
    await world.taps(TEACHER, f"fix:{klass}:20260907:am:1")
    emptied = await press(world, TEACHER, await world.says(TEACHER, "2号"), "移出名单")
    closed = await tick(world, "close", (17, 0))
    assert await walks(world, zhang) == ()
    assert keys(closed) == ["unsent.correction", "receipt.listed"]
    world.now = clock(17, 1)
    late = await press(world, TEACHER, emptied, "✅ 发送")
    assert not late.facts
    assert late.answer is not None
    assert late.answer.text is not None
    assert late.answer.text.key == "answer.walk_closed"


async def test_a_correction_that_changes_nothing_is_nobodys_loss(world: World) -> None:
    zhang = await world.join(TEACHER, "张敏")
    world.now = clock(8)
    said = await world.says(TEACHER, "2号病假")
    await press(world, TEACHER, said, "✅ 发送")
    opened = await world.taps(TEACHER, f"fix:{await class_of(world)}:20260907:am:1")
    assert opened.puts == ()
    closed = await tick(world, "close", (17, 0))
    assert (closed.says, await walks(world, zhang)) == ((), ())


async def test_a_correction_sent_after_the_close_came_between_is_refused(world: World) -> None:
    """The tick may be late; the hour counts."""
    await world.join(TEACHER, "张敏")
    world.now = clock(8)
    said = await world.says(TEACHER, "2号病假")
    await press(world, TEACHER, said, "✅ 发送")
    world.now = clock(16, 59)
    opened = await world.taps(TEACHER, f"fix:{await class_of(world)}:20260907:am:1")
    asked = await press(world, TEACHER, opened, "✅ 发送")
    world.now = clock(17, 1)
    refused = await press(world, TEACHER, asked, "填错了")
    assert not refused.facts
    assert refused.answer is not None
    assert refused.answer.text is not None
    assert refused.answer.text.key == "answer.closed"


async def test_many_taps_on_a_walk_are_one_look_at_it_ten_minutes_later(world: World) -> None:
    await world.join(TEACHER, "张敏")
    world.now = clock(10, 30) + timedelta(seconds=5)
    first = await world.says(TEACHER, "2号38.5在校留观")
    world.now += timedelta(seconds=20)
    second = await press(world, TEACHER, first, "还有别人／要改")
    assert [one.at for one in first.puts] == [clock(10, 41)]
    assert {one.native for one in second.puts} == {one.native for one in first.puts}


async def look(world: World, put: Put) -> Outcome:
    return await world.update(replace(world.draw("lane", "lane", put.verb, put.args, put.text), lane=put.lane))


async def test_a_look_at_a_walk_that_was_touched_since_or_is_gone_states_nothing(world: World) -> None:
    await world.join(TEACHER, "张敏")
    world.now = clock(10, 30)
    said = await world.says(TEACHER, "2号38.5在校留观")
    world.now = clock(10, 35)
    more = await press(world, TEACHER, said, "还有别人／要改")
    world.now = clock(10, 40)
    early = await look(world, said.puts[0])
    world.now = clock(10, 45)
    ping = await look(world, more.puts[0])
    assert (early.says, early.puts, keys(ping)) == ((), (), ["unsent.ping"])
    assert [one.at for one in ping.puts] == [clock(7) + timedelta(days=1)]
    await press(world, TEACHER, more, "取消")
    assert (await look(world, ping.puts[0])).says == ()


async def test_walks_of_days_gone_by_are_forgotten_at_the_next_close(world: World) -> None:
    zhang = await world.join(TEACHER, "张敏")
    world.now = clock(16, 50) - timedelta(days=3)
    await world.says(TEACHER, "2号38.5在校留观")
    before = await world.ask(DraftsOf(zhang, world.now - timedelta(hours=1)))
    assert [draft.person for draft in before] == [zhang]
    closed = await tick(world, "close", (17, 0))
    assert await world.rows("SELECT * FROM draft") == []
    assert "unsent.overnight" in keys(closed)
