"""Who must write to the bot before it can write to them: who sees it, and what happens when they do."""

from datetime import timedelta

import pytest

from handlers.facts import AddressBack, AddressLost, Outage, Reported
from handlers.model import ToHere, ToPerson
from handlers.plain import stamp
from tests.handlers.world import World, clock, in_words, keys

TEACHER, REPORTER, ADMIN = "101", "201", "900"


@pytest.fixture
async def teacher(world: World) -> str:
    """Bound, and then refused by the platform: she has never written there."""
    world.now = clock(7, 45)
    person = await world.join(TEACHER, "张敏")
    lost = await world.machine("lost", "telegram", TEACHER, "unheard")
    assert lost.facts == (AddressLost("telegram", TEACHER, "unheard"),)
    return person


async def test_an_admin_reads_who_has_not_written_yet_and_what_to_tell_them(world: World, teacher: str) -> None:
    await world.join(ADMIN, "吴管", None)
    said = in_words((await world.says(ADMIN, "/who 中心小学")).says[0])
    assert "还没给机器人发过消息、提醒发不到1人：张敏。请他们打开机器人发一句话" in said
    assert "已停用" not in said


async def test_the_list_of_late_classes_says_why_no_reminder_reached_the_teacher(world: World, teacher: str) -> None:
    await world.join(REPORTER, "李梅")
    world.now = clock(8, 40)
    said = in_words((await world.says(REPORTER, "/late")).says[0])
    assert "还没给机器人发过消息，收不到提醒" in said


async def test_who_only_opens_the_chat_is_asked_to_write_and_stays_unreached(world: World, teacher: str) -> None:
    opened = await world.says(TEACHER, "/entered")
    assert opened.facts == ()
    assert [message.to for message in opened.says] == [ToHere()]
    assert "您先给我发一句话，我才能给您发提醒" in in_words(opened.says[0])
    assert await world.rows("SELECT state FROM address WHERE native = '101'") == [{"state": "unheard"}]


async def test_nobody_else_is_greeted_each_day_for_opening_the_chat(world: World) -> None:
    await world.join(TEACHER, "张敏")
    assert (await world.says(TEACHER, "/entered")).says == ()
    assert keys(await world.says("777", "/entered")) == ["enrol.stranger"]


async def test_with_the_first_word_the_chat_is_known_and_todays_card_follows(world: World, teacher: str) -> None:
    said = await world.says(TEACHER, "你好")
    assert AddressBack("telegram", TEACHER) in said.facts
    card = said.says[-1]
    assert (card.text.key, card.to) == ("card.prompt", ToPerson(teacher))
    rows = await world.rows("SELECT key, state FROM message WHERE address = 'telegram:101'")
    assert [row["state"] for row in rows if row["key"] == card.key] == ["due"]


async def test_whose_first_sign_is_the_report_is_not_asked_for_it_again(world: World) -> None:
    world.now = clock(7, 45)
    await world.join(TEACHER, "张敏")
    card = (await world.says(TEACHER, "/report")).says[0]
    await world.machine("lost", "telegram", TEACHER, "unheard")
    said = await world.taps(TEACHER, card.choices[0][0].does)
    assert [type(fact) for fact in said.facts] == [Reported, AddressBack]
    assert "card.prompt" not in keys(said)


async def test_a_card_that_did_arrive_is_not_sent_a_second_time(world: World) -> None:
    await world.join(TEACHER, "张敏")
    world.now = clock(7, 50)
    card = (await world.says(TEACHER, "/report")).says[0]
    await world.says(TEACHER, "/blocked")
    again = await world.says(TEACHER, "/unblocked")
    assert not any(message.fresh for message in again.says if message.text.key == card.text.key)


@pytest.mark.parametrize(("seconds", "known"), [(10, 0), (11, 1)])
async def test_where_nothing_is_kept_a_few_seconds_are_an_outage(world: World, seconds: int, known: int) -> None:
    began = clock(8)
    ended = began + timedelta(seconds=seconds)
    outcome = await world.machine("gap", "wecom", stamp(began), stamp(ended), "lost")
    assert [type(fact) for fact in outcome.facts] == [Outage] * known


async def test_the_admins_read_from_when_to_when_what_was_written_is_lost(world: World) -> None:
    await world.join(ADMIN, "吴管", None)
    outcome = await world.machine("gap", "wecom", stamp(clock(8, 2)), stamp(clock(8, 21)), "lost")
    words = in_words(next(message for message in outcome.says if message.text.key == "outage.over"))
    assert words.startswith("系统中断 08:02–08:21（19分钟），现已恢复。这段时间里发来的文字、点的按钮都没有收到")
    assert "请再发一次、再点一次" in words
    assert "文字会补收" not in words


async def test_a_moment_at_night_is_known_and_no_news(world: World) -> None:
    await world.join(ADMIN, "吴管", None)
    began = clock(3)
    for seconds, told in ((60, []), (151, ["outage.over"])):
        ended = began + timedelta(seconds=seconds)
        outcome = await world.machine("gap", "wecom", stamp(began), stamp(ended), "lost")
        assert [type(fact) for fact in outcome.facts] == [Outage]
        assert keys(outcome) == told


@pytest.mark.parametrize(
    ("began", "ended", "written", "asked"),
    [
        ("08:34", "08:36", "lost", ["remind.lost"]),
        ("08:34", "08:36", "kept", []),  # a platform that keeps what was written keeps presses for two minutes, too
        ("08:34", "08:40", "kept", ["remind.kept"]),
        ("08:05", "08:07", "lost", []),  # the reminder of 08:15 is still to come
        ("08:20", "08:50", "lost", []),  # that of 08:30 has waited, and comes now
        ("12:05", "12:07", "lost", []),  # nothing is sent any more
    ],
)
async def test_who_may_have_pressed_in_vain_is_asked_once_more_unless_a_reminder_is_to_come(
    world: World, began: str, ended: str, written: str, asked: list[str]
) -> None:
    world.now = clock(7, 45)
    await world.join(TEACHER, "张敏")
    first, last = (clock(*map(int, hour.split(":"))) for hour in (began, ended))
    world.now = last
    outcome = await world.machine("gap", "wecom", stamp(first), stamp(last), written)
    again = [message for message in outcome.says if message.text.key.startswith("remind.")]
    assert [message.text.key for message in again] == asked
    assert all(in_words(message).startswith(f"{began}–{ended}系统断线") and message.choices for message in again)


async def test_who_was_told_that_they_had_reported_reads_why_they_are_asked_again(world: World) -> None:
    """Whatever reminder is still to come."""
    await world.join(TEACHER, "张敏")
    world.now = clock(7, 50)
    outcome = await world.machine("gap", "telegram", stamp(clock(2)), stamp(world.now), "restored")
    [again] = [message for message in outcome.says if message.text.key.startswith("remind.")]
    assert "02:00以后报过的没有留下，看到过“✅ 已报”的也一样" in in_words(again)
    assert again.choices
