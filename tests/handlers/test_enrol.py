"""Joining, as a teacher, a clerk, a stranger and somebody who guesses meet it."""

from datetime import timedelta

import pytest

from handlers import ids
from handlers.enrol.invites import unbound, workbook
from handlers.facts import AddressBack, AddressLost, Bound, GroupMoved, Guessed, Invited, LanguageChosen, Unbound
from handlers.model import Sheet, ToHere, ToPerson
from handlers.outcome import Outcome
from handlers.questions import Sender, Staff
from handlers.values import replace
from tests.handlers.world import CENTRAL, MONDAY, World, clock, in_words, keys

TEACHER, ADMIN, STRANGER = "101", "900", "555"

EVERYBODYS = ("status", "health", "help", "privacy", "basis", "language")


async def state(world: World, chat: str) -> str:
    return (await world.ask(Sender("telegram", chat, MONDAY))).state


async def code_for(world: World, name: str) -> str:
    """A fresh code of one person."""
    await world.machine("invites", "")
    return ids.code(world.updates.to_bytes(16, "big"), await world.person(name))


async def test_a_code_binds_the_chat_and_says_who_where_and_what_to_do(world: World) -> None:
    outcome = await world.says(TEACHER, f"/start {await code_for(world, '张敏')}")
    assert [type(fact) for fact in outcome.facts] == [Bound]
    assert keys(outcome)[:1] == ["enrol.welcome"]
    welcome = in_words(outcome.says[0])
    assert "张老师，您好。您已绑定：中心小学\n班级：三(1)班" in welcome
    assert "07:30" in welcome
    assert [one.does for row in outcome.says[0].choices for one in row] == [f"not_me:{await world.person('张敏')}"]
    menus = [message.menu for message in outcome.says if message.menu]
    own = ("report", "cases", "travel", "note", "ledger", "substitute", "consent")
    assert menus == [(*own, *EVERYBODYS)]
    assert await state(world, TEACHER) == "bound"


@pytest.mark.parametrize("typed", ["/privacy", "隐私", " 隐私。"])
async def test_what_is_kept_is_said_in_three_sentences_at_the_binding_and_on_demand(world: World, typed: str) -> None:
    welcome = in_words((await world.says(TEACHER, f"/start {await code_for(world, '张敏')}")).says[0])
    (said,) = (await world.says(TEACHER, typed)).says
    kept, seen, asked = in_words(said).splitlines()
    assert in_words(said).count("。") == 3
    assert in_words(said) in welcome
    assert "不收身份证号" in kept
    assert "学号、性别、长假、同意书；老师：姓名、工号、职务、电话" in kept
    assert "您发来的原文处理完保留30天" in kept
    assert "疫情报告人、副报告人、校医、校长看，群里和学区只看得到班级和座号" in seen
    assert asked == "想查看、更正、删除，或有疑问，请找本校疫情报告人 李老师，电话13800000000。"


async def test_who_has_no_reporter_to_ask_is_told_of_the_office(world: World) -> None:
    await world.join("202", "孙红", "第二小学")
    await world.join(ADMIN, "吴管", None)
    await world.import_roll(replace(CENTRAL, staff=CENTRAL.staff[:2]), since=MONDAY)
    await world.join(TEACHER, "张敏")
    for chat in ("202", ADMIN, TEACHER):
        assert "请找学区防控办公室，电话（未填写）。" in in_words((await world.says(chat, "隐私")).says[0])


async def test_a_reporter_without_a_phone_is_named_all_the_same(world: World) -> None:
    reporter = replace(CENTRAL.staff[2], phone=None)
    await world.import_roll(replace(CENTRAL, staff=(*CENTRAL.staff[:2], reporter)), since=MONDAY)
    await world.join(TEACHER, "张敏")
    assert "请找本校疫情报告人 李老师。" in in_words((await world.says(TEACHER, "隐私")).says[0])


async def test_who_joins_in_the_middle_of_the_morning_gets_the_card_of_today(world: World) -> None:
    early = await world.says(TEACHER, f"/start {await code_for(world, '张敏')}")
    assert "card.prompt" not in keys(early)
    world.now = clock(8, 20)
    late = await world.says("102", f"/start {await code_for(world, '赵强')}")
    card = late.says[-1]
    assert card.text.key == "card.prompt"
    assert card.key.startswith("card:")
    assert card.to == ToHere()


@pytest.mark.parametrize("hour", [7, 18])
async def test_no_card_before_the_round_opens_nor_after_its_close(world: World, hour: int) -> None:
    world.now = clock(hour)
    outcome = await world.says(TEACHER, f"/start {await code_for(world, '张敏')}")
    assert "card.prompt" not in keys(outcome)


async def test_used_expired_void_and_invented_codes_get_the_same_refusal(world: World) -> None:
    void = await code_for(world, "张敏")
    used = await code_for(world, "张敏")
    await world.says(TEACHER, f"/start {used}")
    expired = await code_for(world, "赵强")
    world.now += timedelta(days=15)
    answers = [await world.says("102", f"/start {code}") for code in (void, used, expired, "invented")]
    assert {in_words(answer.says[0]) for answer in answers} == {
        "这个邀请链接无效、已用过或已过期。请向本校办公室重新领取。"
    }
    assert [answer.facts for answer in answers] == [(Guessed("telegram", "102"),)] * 4


async def test_guessing_is_slowed_and_the_admins_hear_of_it_once_an_hour(world: World) -> None:
    await world.join(ADMIN, "吴管", None)
    right = await code_for(world, "张敏")
    for second in range(5):
        world.now = clock(7, 10) + timedelta(seconds=second)
        assert keys(await world.says(STRANGER, f"/start wrong{second}")) == ["enrol.bad_code"]
    world.now = clock(7, 11)
    slowed = await world.says(STRANGER, f"/start {right}")
    assert keys(slowed) == ["enrol.slow", "enrol.guesses"]
    assert slowed.facts == ()
    again = await world.says(STRANGER, f"/start {right}")
    told = {message.key for message in (*slowed.says, *again.says) if message.text.key == "enrol.guesses"}
    assert len(told) == 1
    rows = await world.rows("SELECT want FROM message WHERE key LIKE 'guesses:%'")
    assert [row["want"] for row in rows] == [1]
    world.now = clock(8, 12)
    assert keys(await world.says(STRANGER, f"/start {right}"))[0] == "enrol.welcome"


async def test_start_without_a_code_tells_a_bound_person_who_they_are_and_a_stranger_nothing(world: World) -> None:
    await world.join(TEACHER, "张敏")
    assert keys(await world.says(TEACHER, "/start")) == ["enrol.welcome"]
    refused = await world.says(STRANGER, "/start")
    assert keys(refused) == ["enrol.stranger"]
    assert refused.facts == ()
    assert keys(await world.says(STRANGER, "三(1)班有几个人发烧")) == ["enrol.stranger"]


async def test_a_flood_from_a_stranger_is_one_message_that_waits(world: World) -> None:
    for _ in range(20):
        await world.says(STRANGER, "在吗")
    rows = await world.rows(f"SELECT want FROM message WHERE address = 'telegram:{STRANGER}'")  # noqa: S608
    assert [row["want"] for row in rows] == [20]


async def test_a_group_is_never_bound_to_a_person(world: World) -> None:
    await world.join(ADMIN, "吴管", None)
    code = await code_for(world, "张敏")
    assert await group(world, "start", code) == []
    await group(world, "bind", "leaders")
    assert await group(world, "start", code) == ["enrol.in_private"]


async def test_a_new_code_moves_the_binding_to_the_new_chat(world: World) -> None:
    await world.join(ADMIN, "吴管", None)
    await world.join(TEACHER, "张敏")
    one = await world.says(ADMIN, "/invite 中心小学 张敏")
    assert "原来的聊天失效" in in_words(one.says[0])
    code = str(one.says[0].text.values["link"]).rpartition("=")[2]
    await world.says("103", f"/start {code}")
    assert (await state(world, "103"), await state(world, TEACHER)) == ("bound", "unbound")


async def test_not_me_unbinds_and_the_admins_hear_whose_link_went_astray(world: World) -> None:
    await world.join(ADMIN, "吴管", None)
    person = await world.join(TEACHER, "张敏")
    outcome = await world.taps(TEACHER, f"not_me:{person}")
    assert outcome.facts == (Unbound("telegram", TEACHER),)
    assert [message.text.key for message in outcome.says if not message.menu] == ["enrol.unbound", "enrol.not_me"]
    assert outcome.says[-1].to == ToPerson(await world.person("吴管", None))
    assert await state(world, TEACHER) == "unbound"
    assert keys(await world.says(TEACHER, "/status")) == ["enrol.stranger"]


async def test_not_me_says_so_when_no_admin_can_hear_of_it(world: World) -> None:
    for chat, name, school in ((ADMIN, "吴管", None), (TEACHER, "张敏", "中心小学")):
        person = await world.join(chat, name, school)
        outcome = await world.taps(chat, f"not_me:{person}")
        assert [message.text.key for message in outcome.says if not message.menu] == ["enrol.unbound_unheard"]
        assert await state(world, chat) == "unbound"


async def test_an_old_not_me_button_unbinds_nobody_else(world: World) -> None:
    await world.join(TEACHER, "张敏")
    other = await world.person("赵强")
    outcome = await world.taps(TEACHER, f"not_me:{other}")
    assert outcome.facts == ()
    assert outcome.answer is not None
    assert outcome.answer.loud
    assert await state(world, TEACHER) == "bound"


def sheets(outcome: Outcome) -> dict[str, Sheet]:
    """The sheets of the one workbook, by name."""
    (book,) = (message.workbook for message in outcome.says if message.workbook)
    return {sheet.name: sheet for sheet in book.sheets}


def code_in(link: object) -> str:
    return str(link).rpartition("=")[2]


async def test_an_admin_fetches_a_workbook_with_a_sheet_a_school_of_all_who_are_not_bound(world: World) -> None:
    await world.machine("invite_admin")
    seed = world.updates.to_bytes(16, "big")
    await world.says(ADMIN, f"/start {ids.code(seed, ids.new_id(seed, 'admin'))}")
    found = sheets(await world.says(ADMIN, "/invite"))
    assert {name: sorted(str(row[0]) for row in sheet.rows) for name, sheet in found.items()} == {
        "学区": sorted(["吴管", "郑联"]),
        "中心小学": sorted(["张敏", "赵强", "李梅", "周校"]),
        "第二小学": sorted(["张敏", "孙红"]),
    }
    (row,) = (row for row in found["中心小学"].rows if row[0] == "李梅")
    _, title, duty, link, expires, sentence = row
    assert (title, in_words(duty), expires) == ("李老师", "疫情报告人", "2026-09-21 07:00")
    assert str(link).startswith("https://t.me/zero_report_bot?start=")
    assert in_words(sentence) == (
        f"李老师您好！请点开下面的链接并按“开始”，绑定中心小学零报告：{link}"
        "（2026-09-21 07:00前有效，仅限本人使用一次，请勿转发）"
    )
    await world.says("104", f"/start {code_in(link)}")
    assert await state(world, "104") == "bound"


async def test_a_reporter_invites_the_own_school_only(world: World) -> None:
    await world.join("201", "孙红", "第二小学")
    found = sheets(await world.says("201", "/invite all"))
    assert {name: [row[0] for row in sheet.rows] for name, sheet in found.items()} == {"第二小学": ["张敏"]}
    assert keys(await world.says("201", "/invite 李梅")) == ["invite.nobody"]


async def test_before_older_links_become_void_it_is_asked_and_a_second_tap_does_nothing(world: World) -> None:
    await world.join("201", "孙红", "第二小学")
    older = ids.code(world.updates.to_bytes(16, "big"), await world.person("张敏", "第二小学"))
    asked = await world.says("201", "邀请")
    assert (keys(asked), asked.facts) == (["invite.renew"], ())
    assert "还有1位没有绑定，其中1位手里的链接还能用" in in_words(asked.says[0])
    button = asked.says[0].choices[0][0].does
    renewed = await world.taps("201", button)
    assert keys(renewed) == ["invite.renewed", "invite.all"]
    again = await world.taps("201", button)
    assert (again.facts, again.says) == ((), ())
    assert again.answer is not None
    assert again.answer.text is not None
    assert again.answer.text.key == "invite.renewed_before"
    assert keys(await world.says("202", f"/start {older}")) == ["enrol.bad_code"]
    newer = code_in(sheets(renewed)["第二小学"].rows[0][3])
    assert keys(await world.says("202", f"/start {newer}"))[0] == "enrol.welcome"


async def test_a_new_link_for_one_says_that_the_older_one_is_void(world: World) -> None:
    await world.join("201", "孙红", "第二小学")
    assert "此前发给这位老师、还没用过的链接已作废" in in_words((await world.says("201", "/invite 张敏")).says[0])
    world.now += timedelta(days=15)
    assert "作废" not in in_words((await world.says("201", "/invite 张敏")).says[0])


async def test_a_class_teacher_may_invite_nobody(world: World) -> None:
    await world.join(TEACHER, "张敏")
    outcome = await world.says(TEACHER, "/invite")
    assert keys(outcome) == ["answer.no_right"]
    assert outcome.facts == ()


async def test_a_name_that_two_schools_have_is_asked(world: World) -> None:
    await world.join(ADMIN, "吴管", None)
    asked = await world.says(ADMIN, "/invite 张敏")
    assert keys(asked) == ["invite.several"]
    assert asked.facts == ()
    assert "中心小学 张敏　三(1)班" in in_words(asked.says[0])
    tapped = await world.taps(ADMIN, asked.says[0].choices[1][0].does)
    assert [type(fact) for fact in tapped.facts] == [Invited]
    typed = await world.says(ADMIN, "/invite 二校 张敏")
    assert typed.says[0].text.values["place"] == "第二小学"


async def made_at_the_machine(world: World, *how: str) -> tuple[str, str]:
    """A new admin's id and code."""
    await world.machine("invite_admin", *how)
    seed = world.updates.to_bytes(16, "big")
    admin = ids.new_id(seed, "admin")
    return admin, ids.code(seed, admin)


async def test_the_code_of_the_machine_makes_a_new_admin(world: World) -> None:
    _, code = await made_at_the_machine(world)
    outcome = await world.says(ADMIN, f"/start {code}")
    assert "您已绑定：学区" in in_words(outcome.says[0])
    assert "holiday" in outcome.says[1].menu
    assert keys(await world.says(ADMIN, "/invite"))[0] == "invite.all"


async def machine_made_admins(world: World) -> list[str]:
    people = await world.ask(Staff(None, MONDAY))
    return [one.id for one in people if one.name == "管理员"]


async def test_admins_whom_nobody_ever_bound_do_not_pile_up(world: World) -> None:
    _, first = await made_at_the_machine(world)
    second, code = await made_at_the_machine(world)
    assert keys(await world.says(ADMIN, f"/start {first}")) == ["enrol.bad_code"]
    await world.says(ADMIN, f"/start {code}")
    third, _ = await made_at_the_machine(world)
    assert sorted(await machine_made_admins(world)) == sorted([second, third])
    assert keys(await world.says(ADMIN, "/who")) == ["who.all"]


async def test_an_admin_may_be_made_instead_of_those_before(world: World) -> None:
    _, code = await made_at_the_machine(world)
    await world.says(ADMIN, f"/start {code}")
    new, _ = await made_at_the_machine(world, "instead")
    assert await machine_made_admins(world) == [new]
    assert keys(await world.says(ADMIN, "/who")) == ["enrol.stranger"]


async def test_the_invitations_of_all_leave_the_machines_own_code_alone(world: World) -> None:
    _, code = await made_at_the_machine(world)
    await world.machine("invites", "")
    assert keys(await world.says(ADMIN, f"/start {code}"))[0] == "enrol.welcome"


async def test_nobody_left_to_invite_is_said(world: World) -> None:
    await world.machine("invites", "")
    seed = world.updates.to_bytes(16, "big")
    for n, (name, school) in enumerate((("孙红", "第二小学"), ("张敏", "第二小学"))):
        await world.says(f"30{n}", f"/start {ids.code(seed, await world.person(name, school))}")
    assert keys(await world.says("300", "/invite")) == ["invite.none"]


@pytest.mark.parametrize(("said", "language"), [("en", "en"), ("English", "en"), ("中文", "zh")])
async def test_a_language_is_chosen_by_name(world: World, said: str, language: str) -> None:
    person = await world.join(TEACHER, "张敏")
    outcome = await world.says(TEACHER, f"/language {said}")
    assert outcome.facts == (LanguageChosen(person, language),)
    assert [bool(message.menu) for message in outcome.says] == [False, True]


async def test_a_language_is_offered_by_two_buttons(world: World) -> None:
    person = await world.join(TEACHER, "张敏")
    offered = await world.says(TEACHER, "/language 火星文")
    assert [one.does for one in offered.says[0].choices[0]] == ["language:zh", "language:en"]
    tapped = await world.taps(TEACHER, "language:en")
    assert tapped.facts == (LanguageChosen(person, "en"),)
    assert in_words(tapped.says[0], language="en") == "From now on: English."


async def test_a_blocked_chat_is_lost_once_and_comes_back(world: World) -> None:
    await world.join(TEACHER, "张敏")
    assert (await world.says(TEACHER, "/blocked")).facts == (AddressLost("telegram", TEACHER, "blocked"),)
    assert (await world.machine("lost", "telegram", TEACHER, "blocked")).facts == ()
    assert (await world.says(TEACHER, "/unblocked")).facts == (AddressBack("telegram", TEACHER),)
    assert await state(world, TEACHER) == "bound"


async def test_who_said_not_me_is_not_bound_again_by_unblocking(world: World) -> None:
    person = await world.join(TEACHER, "张敏")
    await world.taps(TEACHER, f"not_me:{person}")
    assert (await world.says(TEACHER, "/unblocked")).facts == ()
    assert await state(world, TEACHER) == "unbound"


async def group(world: World, verb: str, *args: str) -> list[object]:
    """What happened to the group -100, as the platform tells it: facts and text keys."""
    said = replace(world.draw("telegram", "-100", verb, args, ""), private=False, sender=ADMIN)
    outcome = await world.update(said)
    return [*outcome.facts, *keys(outcome)]


async def test_an_unknown_group_hears_one_sentence(world: World) -> None:
    assert await group(world, "joined") == ["chats.joined"]
    assert await group(world, "removed") == []


async def test_the_loss_of_the_leaders_group_is_told_to_the_admins(world: World) -> None:
    await world.join(ADMIN, "吴管", None)
    await group(world, "bind", "leaders")
    assert await group(world, "removed") == [AddressLost("telegram", "-100", "gone"), "chats.group_lost"]
    assert await group(world, "joined") == [AddressBack("telegram", "-100"), "chats.group_back"]
    assert await group(world, "migrated", "-1002") == [GroupMoved("telegram", "-100", "-1002")]
    assert (await world.machine("moved", "telegram", "-100", "-1002")).facts == ()


async def test_the_address_of_the_bot_is_stated_when_it_changes(world: World) -> None:
    assert (await world.machine("link", "telegram", "https://t.me/zero_report_bot?start=")).facts == ()
    assert len((await world.machine("link", "telegram", "https://t.me/other?start=")).facts) == 1


async def test_a_menu_shows_what_the_person_may_use(world: World) -> None:
    await world.machine("invites", "")
    seed = world.updates.to_bytes(16, "big")
    menus = {}
    for n, (name, school) in enumerate((("李梅", "中心小学"), ("周校", "中心小学"), ("郑联", None))):
        outcome = await world.says(f"40{n}", f"/start {ids.code(seed, await world.person(name, school))}")
        menus[name] = outcome.says[1].menu
    assert menus == {
        "李梅": (
            *("report", "cases", "intervals", "travel", "observed"),
            *("today", "late", "staff", "gate_list", "papers", "leave", "clinic", "ledger", "substitute"),
            *("consent", *EVERYBODYS, "thermometer", "reviewer", "invite"),
        ),
        "周校": (
            *("cases", "intervals", "travel", "observed"),
            *("today", "late", "staff"),
            "gate_list",
            "ledger",
            "viewed",
            *EVERYBODYS,
            "reviewer",
        ),
        "郑联": ("intervals", "today", "late", "staff", "gate_list", "ledger", "viewed", *EVERYBODYS),
    }


async def test_the_command_line_makes_the_workbook_again_from_the_seed(world: World) -> None:
    await world.machine("invites", "")
    seed = world.updates.to_bytes(16, "big")
    people = await world.asking(lambda ask: unbound(ask, None, MONDAY))
    made = workbook(people, seed, "", "2026-09-21", "invites")
    _, _, _, line, _, sentence = next(row for sheet in made.sheets for row in sheet.rows if row[0] == "李梅")
    assert str(line).startswith("/start ")
    assert f"在与机器人的对话里发送下面这一行，绑定中心小学零报告：{line}" in in_words(sentence)
    assert keys(await world.says("104", str(line)))[0] == "enrol.welcome"
