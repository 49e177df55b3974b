"""A platform's own directory: who is bound by it without a code, and who has left it."""

from datetime import timedelta

import pytest

from handlers.facts import Bound, RollChanged, Unbound
from handlers.model import Duty, Message, ToChat, ToPerson, Urgency, text
from handlers.outcome import Outcome
from handlers.questions import Sender, SenderView, Staff, WhoIs
from handlers.rolls import SchoolRoll
from handlers.values import replace
from storage import Tx, mail, saying
from tests.handlers.world import CENTRAL, MONDAY, World, clock, in_words, keys, staff

CORP = "wecom"


async def member(world: World, account: str, name: str, school: str | None = "中心小学") -> Outcome:
    return await world.machine("member", CORP, account, await world.person(name, school))


async def here(world: World, account: str) -> SenderView:
    return await world.ask(Sender(CORP, account, MONDAY))


async def writes(world: World, account: str, verb: str = "text", words: str = "在吗") -> Outcome:
    return await world.update(world.draw(CORP, account, verb, (), words))


async def waiting(world: World, account: str) -> list[str]:
    """The keys of what is still to be said there."""
    sql = f"SELECT key FROM message WHERE address = '{CORP}:{account}' AND state = 'due' ORDER BY key"  # noqa: S608
    return [str(row["key"]).partition(":")[0] for row in await world.rows(sql)]


# Who is bound


async def test_a_member_is_bound_without_a_code_and_welcomed_in_that_chat_alone(world: World) -> None:
    person = await world.join("101", "张敏")
    before = await world.rows("SELECT key, want FROM message WHERE address = 'telegram:101'")
    outcome = await member(world, "ZhangMin", "张敏")
    assert outcome.facts == (Bound(person, CORP, "ZhangMin", None),)
    assert keys(outcome)[0] == "enrol.welcome"
    assert {one.to for one in outcome.says} == {ToChat(CORP, "ZhangMin")}
    assert await world.rows("SELECT key, want FROM message WHERE address = 'telegram:101'") == before
    assert (await here(world, "ZhangMin")).person == await world.ask(WhoIs(person, MONDAY))
    assert await waiting(world, "ZhangMin") == ["menu", "welcome"]


async def test_the_same_word_twice_binds_once(world: World) -> None:
    await member(world, "ZhangMin", "张敏")
    assert await member(world, "ZhangMin", "张敏") == Outcome(actor="machine")


async def test_who_is_bound_in_the_middle_of_a_morning_gets_the_card_of_today(world: World) -> None:
    world.now = clock(8, 20)
    card = (await member(world, "ZhangMin", "张敏")).says[-1]
    assert (card.text.key, card.to) == ("card.prompt", ToChat(CORP, "ZhangMin"))


async def test_a_welcome_that_nobody_waits_for_rings_nobody_at_night(world: World) -> None:
    world.now = clock(8, 20)
    assert {one.urgency for one in (await member(world, "ZhangMin", "张敏")).says} == {Urgency.REMINDER}
    world.now = clock(23)
    await member(world, "ZhaoQiang", "赵强")
    silent = await world.storage.read(lambda tx: mail.due(tx, clock(23, 1), 30, "wecom", silent=True, edits=False))
    assert [one for one in silent if one.channel == CORP] == []


async def test_a_new_account_takes_the_place_of_the_old_one(world: World) -> None:
    person = await world.join("101", "张敏")
    await member(world, "ZhangMin", "张敏")
    await member(world, "zhangmin2", "张敏")
    assert ((await here(world, "ZhangMin")).state, (await here(world, "zhangmin2")).state) == ("unbound", "bound")
    assert (await world.ask(Sender("telegram", "101", MONDAY))).person == await world.ask(WhoIs(person, MONDAY))


async def test_a_wrong_binding_put_right_carries_nothing_of_the_other_along(world: World) -> None:
    await member(world, "ZhangMin", "赵强")
    world.now = clock(7, 1)
    wrong = await world.person("赵强")
    message = Message("for_him", ToPerson(wrong), text("enrol.slow"))

    def say(tx: Tx) -> None:
        saying.say(tx, world.draw("machine", "machine", "say", (), ""), [message])

    await world.storage.run(say)
    assert "for_him" in await waiting(world, "ZhangMin")
    await member(world, "ZhangMin", "张敏")
    assert await waiting(world, "ZhangMin") == ["menu", "welcome"]
    due = await world.storage.read(lambda tx: mail.due(tx, world.now, 30, "wecom", silent=False, edits=False))
    assert {one.person for one in due if one.native == "ZhangMin"} == {await world.person("张敏")}


async def test_somebody_who_is_not_on_the_roll_is_not_bound(world: World) -> None:
    with pytest.raises(ValueError, match="nobody on the roll is nobody"):
        await world.machine("member", CORP, "ZhangMin", "nobody")


# Strangers, and who says 不是我


async def test_an_unknown_account_hears_one_sentence_without_codes_and_nothing_else(world: World) -> None:
    said = await writes(world, "Somebody", words="三(1)班有几个人发烧")
    assert (keys(said), said.facts) == (["enrol.unlisted"], ())
    assert "信息技术老师" in in_words(said.says[0])
    assert "邀请" not in in_words(said.says[0])
    tap = replace(world.draw(CORP, "Somebody", "zero", ("a", "b", "c", "0"), ""), tap="tap")
    answer = (await world.update(tap)).answer
    assert answer is not None
    assert answer.text == text("answer.unlisted")


async def test_not_me_tells_the_admins_to_look_at_the_workbook_again(world: World) -> None:
    await world.join("103", "吴管", None)
    await member(world, "ZhangMin", "张敏")
    tap = world.draw(CORP, "ZhangMin", "not_me", (await world.person("张敏"),), "")
    outcome = await world.update(replace(tap, tap="tap"))
    assert outcome.facts == (Unbound(CORP, "ZhangMin"),)
    assert [one for one in keys(outcome) if one != "literal"] == ["enrol.unbound_listed", "enrol.not_me_listed"]
    assert keys(await writes(world, "ZhangMin")) == ["enrol.unlisted"]


# Who has left


async def stopped(world: World, *accounts: str) -> Outcome:
    return await world.machine("stopped", CORP, *accounts)


def told(outcome: Outcome) -> dict[str, str]:
    """By person, what is said of those who left."""
    return {
        one.to.id: in_words(one)
        for one in outcome.says
        if one.text.key == "directory.stopped" and isinstance(one.to, ToPerson)
    }


async def test_a_stopped_member_loses_every_right_on_every_channel(world: World) -> None:
    person = await world.join("101", "张敏")
    await member(world, "ZhangMin", "张敏")
    outcome = await stopped(world, "ZhangMin")
    assert [type(fact) for fact in outcome.facts] == [Unbound, RollChanged]
    assert await waiting(world, "ZhangMin") == []
    assert keys(await writes(world, "ZhangMin")) == ["enrol.unlisted"]
    assert keys(await world.says("101", "/report")) == ["enrol.stranger"]
    assert await world.ask(WhoIs(person, MONDAY)) is None
    assert await world.ask(WhoIs(person, MONDAY - timedelta(days=1))) is not None
    assert await stopped(world, "ZhangMin") == Outcome(actor="machine")


async def test_who_left_is_told_where_they_can_still_be_told(world: World) -> None:
    person = await world.join("101", "张敏")
    await member(world, "ZhangMin", "张敏")
    outcome = await stopped(world, "ZhangMin")
    gone = [one.to for one in outcome.says if one.text.key == "roster.told_gone"]
    assert gone == [ToPerson(person, leaving=True)]
    rows = await world.rows("SELECT address FROM message WHERE body LIKE '%roster.told_gone%'")
    assert [row["address"] for row in rows] == ["telegram:101"]


async def test_the_reporter_is_told_of_all_who_left_in_one_message(world: World) -> None:
    await world.join("201", "李梅")
    await member(world, "ZhangMin", "张敏")
    await member(world, "ZhaoQiang", "赵强")
    said = told(await stopped(world, "ZhangMin", "ZhaoQiang"))
    assert list(said) == [await world.person("李梅")]
    (words,) = said.values()
    assert "张敏（三(1)班班主任）\n赵强（三(2)班班主任）" in words
    assert "三(1)班、三(2)班现在没有老师：有人接手之前请疫情报告人代报" in words
    assert "9月7日起绑定和权限失效" in words


WITH_DEPUTY = replace(CENTRAL, staff=(*CENTRAL.staff, staff("钱进", Duty.DEPUTY)))


@pytest.mark.parametrize(
    ("reachable", "hears"),
    [
        (("李梅", "钱进", "周校"), "李梅"),
        (("钱进", "周校"), "钱进"),
        (("周校",), "周校"),
        ((), "吴管"),
    ],
)
async def test_without_a_reporter_it_is_the_next_who_hears(
    world: World, reachable: tuple[str, ...], hears: str
) -> None:
    await world.import_roll(WITH_DEPUTY)
    await world.join("301", "吴管", None)
    await world.join("302", "张敏", "第二小学")
    for n, name in enumerate(reachable):
        await world.join(f"40{n}", name)
    await member(world, "ZhangMin", "张敏")
    said = told(await stopped(world, "ZhangMin"))
    assert list(said) == [await world.person(hears, None if hears == "吴管" else "中心小学")]


async def test_a_reporter_who_left_is_not_told_of_it_herself(world: World) -> None:
    await world.join("401", "周校")
    await world.join("201", "李梅")
    await member(world, "LiMei", "李梅")
    assert list(told(await stopped(world, "LiMei"))) == [await world.person("周校")]


async def test_one_of_the_office_who_left_is_told_to_the_admins(world: World) -> None:
    await world.join("301", "吴管", None)
    await member(world, "ZhengLian", "郑联", None)
    outcome = await stopped(world, "ZhengLian")
    assert list(told(outcome)) == [await world.person("吴管", None)]
    assert [one.name for one in await world.ask(Staff(None, MONDAY))] == ["吴管"]


async def test_people_of_two_schools_are_no_single_word(world: World) -> None:
    await member(world, "ZhangMin", "张敏")
    await member(world, "SunHong", "孙红", "第二小学")
    with pytest.raises(ValueError, match="several schools"):
        await stopped(world, "ZhangMin", "SunHong")


async def test_the_next_file_that_still_has_them_brings_back_somebody_who_is_not_bound(world: World) -> None:
    first = await world.person("张敏")
    await member(world, "ZhangMin", "张敏")
    await stopped(world, "ZhangMin")
    roll: SchoolRoll = CENTRAL
    world.now = clock(9)
    await world.import_roll(roll, since=MONDAY)
    (again,) = [one for one in await world.ask(Staff((await _school(world)), MONDAY)) if one.name == "张敏"]
    assert (again.id != first, again.bound) == (True, False)
    assert keys(await writes(world, "ZhangMin")) == ["enrol.unlisted"]


async def _school(world: World) -> str:
    return str((await world.rows("SELECT id FROM school WHERE name = '中心小学'"))[0]["id"])
