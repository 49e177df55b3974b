"""The postman against the strict WeCom: nothing is over a limit that WeCom enforces in silence."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from bot.channels.wecom import Api, Crypto, Groups, Receiver, WeCom
from bot.letters import own_id
from bot.postman import Postman
from bot.refusals import Refusals
from bot.texts import Words
from bot.vault import Vault
from handlers.model import Choices, Message, Sheet, ToHere, Update, Urgency, Workbook, choice, text
from handlers.words import literal
from sandbox import Fault, Sandbox
from storage import Storage, Tx, mail, open_storage, saying
from storage.record import address_of
from tests.clocks import LeapingClock
from tests.handlers.world import World

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 8, 31, 23, 41, tzinfo=UTC)
HALF_PAST = datetime(2026, 9, 1, 0, 30, tzinfo=UTC)
BUTTONS: Choices = ((choice(literal("全员正常"), "zero", "k1"),),)
TEACHER = 101
GROUP = "robot:leaders"


@dataclass
class Post:
    storage: Storage
    clock: LeapingClock
    sandbox: Sandbox
    postman: Postman

    async def say(self, words: str, key: str = "m", who: int = TEACHER, **more: object) -> None:
        await self.say_at(f"U{who}", words, key, private=True, **more)

    async def say_at(self, native: str, words: str, key: str, *, private: bool, **more: object) -> None:
        said = Message(key, ToHere(), literal(words), **more)  # type: ignore[arg-type]
        update = self.update(native, private=private)
        await self.storage.run(lambda tx: saying.say(tx, update, [said]))
        self.postman.ring()

    async def say_to(self, people: Sequence[int], words: str, key: str) -> None:
        """In one transaction, as a turn does."""
        said = Message(key, ToHere(), literal(words), urgency=Urgency.BROADCAST)
        updates = [self.update(f"U{number}", private=True) for number in people]

        def put(tx: Tx) -> None:
            for update in updates:
                saying.say(tx, update, [said])

        await self.storage.run(put)
        self.postman.ring()

    def update(self, native: str, *, private: bool) -> Update:
        now = self.clock.now()
        return Update("u", "d", "wecom", native, native, private, now, now, bytes(16), ZONE, "tick")

    async def go(self, seconds: float = 3) -> None:
        async with asyncio.timeout(60):
            await self.clock.advance_to(self.clock.now() + timedelta(seconds=seconds))

    def sent(self) -> list[datetime]:
        return [entry.at for entry in self.sandbox.wecom.journal if entry.method.endswith("/send")]

    def texts(self, chat: int = TEACHER) -> list[str]:
        return [one.text for one in self.sandbox.wecom.chat(chat)]


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    clock = LeapingClock(START)
    time = asyncio.create_task(clock.run())
    sandbox = Sandbox(clock)
    corp = sandbox.wecom
    for number in range(TEACHER, TEACHER + 60):
        sandbox.add_person(number, f"老师{number}")
        corp.employ(number, f"U{number}")
    key = corp.add_robot("学区领导群", [TEACHER, TEACHER + 1]).key
    await sandbox.start()
    storage = await open_storage(f"sqlite:///{tmp_path / 'zero.db'}")
    await World(storage).begin_rules()
    api = Api(sandbox.page_url.rstrip("/"), corp.corp_id, corp.secret, clock)
    receiver = Receiver(Crypto(corp.token, corp.aes_key, corp.corp_id), clock, "127.0.0.1", 0, "/wecom")
    channel = WeCom(api, corp.agent_id, receiver, Groups(api, key, _nobody), clock)
    await channel.open()
    channels = {"wecom": channel}
    refusals = Refusals(storage, clock, channels, lambda: None)
    postman = Postman(storage, clock, channels, channels, refusals, {}, ZONE, Vault(tmp_path / "none"), lambda: None)
    running = asyncio.create_task(postman.run())
    yield Post(storage, clock, sandbox, postman)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await channel.close()
    await sandbox.stop()
    await storage.close()
    time.cancel()
    with suppress(asyncio.CancelledError):
        await time


async def _nobody() -> Sequence[str]:
    return ()


async def test_one_member_gets_no_more_than_wecom_shows_and_all_of_it_in_the_end(post: Post) -> None:
    for n in range(45):
        await post.say(f"第{n}条", f"m{n}")
    await post.go(59)
    assert len(post.texts()) == 28
    await post.go(60)
    assert len(post.texts()) == 45
    assert post.sandbox.wecom.dropped == []


async def test_equal_words_to_many_are_one_call_and_cards_go_singly(post: Post) -> None:
    await post.say_to(range(TEACHER, TEACHER + 60), "明天停课。", "notice")
    await post.go(5)
    assert len(post.sent()) == 1
    assert all(post.texts(number) == ["明天停课。"] for number in range(TEACHER, TEACHER + 60))
    for number in range(TEACHER, TEACHER + 60):
        await post.say("三(1)班\n应到45人", f"card{number}", number, choices=BUTTONS)
    await post.go(5)
    assert len(post.sent()) == 61


async def test_one_call_to_many_holds_up_what_follows_as_one(post: Post) -> None:
    await post.say_to(range(TEACHER, TEACHER + 59), "明天停课。", "notice")
    await post.say("发热", "alert", TEACHER + 59, urgency=Urgency.BROADCAST)
    await post.go(5)
    first, second = post.sent()
    assert second - first < timedelta(seconds=0.1)


async def test_who_was_missed_is_missed_alone(post: Post) -> None:
    post.sandbox.wecom.dismiss(TEACHER + 1)
    await post.say_to(range(TEACHER, TEACHER + 3), "明天停课。", "notice")
    await post.go(5)
    rows = await post.storage.read(lambda tx: tx.all("SELECT address, state FROM message ORDER BY address"))
    assert [row["state"] for row in rows] == ["idle", "never", "idle"]
    lost = await post.storage.read(lambda tx: tx.all("SELECT body FROM inbox WHERE body LIKE '%lost%'"))
    assert [f"U{TEACHER + 1}" in row["body"] for row in lost] == [True]


async def test_a_notice_that_may_have_been_shown_is_repeated_to_exactly_those(post: Post) -> None:
    """WeCom shows an equal request once: one with more receivers would be shown to all of them again."""
    post.sandbox.wecom.faults.append(Fault("drop", "message/send", times=1, when="after"))
    await post.say_to(range(TEACHER, TEACHER + 3), "明天停课。", "notice")
    await post.go(1)
    await post.say_to(range(TEACHER + 3, TEACHER + 6), "明天停课。", "notice")
    await post.go(30)
    assert all(post.texts(number) == ["明天停课。"] for number in range(TEACHER, TEACHER + 6))
    assert len(post.sent()) == 3


async def test_a_post_that_may_have_been_shown_in_a_group_is_repeated_once_and_says_so(post: Post) -> None:
    """Nothing there looks for what is equal."""
    await post.storage.run(lambda tx: address_of(tx, "wecom", GROUP, private=False, now=START))
    [group] = post.sandbox.wecom.groups
    post.sandbox.wecom.faults.append(Fault("drop", "webhook/send", when="after"))
    await post.say_at(GROUP, "今天29个班已报", "post", private=False)
    await post.go(600)
    again = Words("zh").say("postman.again")
    assert post.texts(group.id) == ["今天29个班已报", f"{again}\n今天29个班已报"]


async def test_words_that_may_have_been_shown_under_a_file_are_repeated_without_it(post: Post) -> None:
    await post.storage.run(lambda tx: address_of(tx, "wecom", GROUP, private=False, now=START))
    [group] = post.sandbox.wecom.groups
    book = Workbook("day", (Sheet("一校", ("command.report",), ()),))
    await post.say_at(GROUP, "今天29个班已报", "post", private=False, workbook=book)
    running = asyncio.create_task(post.go(600))
    await post.sandbox.until(lambda: post.texts(group.id) == [""])
    post.sandbox.wecom.faults.append(Fault("drop", "webhook/send", when="after", times=1))
    await running
    again = Words("zh").say("postman.again")
    assert [one.document is not None for one in post.sandbox.wecom.chat(group.id)] == [True, False, False]
    assert post.texts(group.id)[1:] == ["今天29个班已报", f"{again}\n今天29个班已报"]


async def test_words_come_also_under_a_file_that_was_not_answered_twice(post: Post) -> None:
    """Seed 101103: of the leaders' post there were two bare pictures, and no words all day."""
    await post.storage.run(lambda tx: address_of(tx, "wecom", GROUP, private=False, now=START))
    [group] = post.sandbox.wecom.groups
    book = Workbook("day", (Sheet("一校", ("command.report",), ()),))
    post.sandbox.wecom.faults.append(Fault("drop", "webhook/send", when="after", times=2))
    await post.say_at(GROUP, "今天29个班已报", "post", private=False, workbook=book)
    await post.go(600)
    assert [one.document is not None for one in post.sandbox.wecom.chat(group.id)] == [True, True, False]
    assert post.texts(group.id)[2:] == ["今天29个班已报"]


@pytest.mark.parametrize("errcode", [-1, 45033, 60011])
async def test_two_members_for_whom_wecom_is_busy_or_shut_hold_up_nobody_else(post: Post, errcode: int) -> None:
    """系统繁忙 of one call says nothing of the next, and neither does a member outside of the visible range."""
    for number in (TEACHER, TEACHER + 1):
        post.sandbox.wecom.faults.append(Fault("errcode", "message/send", chat=number, errcode=errcode))
        await post.say("三(1)班", f"m{number}", number)
    await post.go(1)
    await post.say("发热", "alert", TEACHER + 2, urgency=Urgency.ALERT)
    await post.go(0.5)
    assert post.texts(TEACHER + 2) == ["发热"]


async def test_who_is_always_busy_is_asked_less_and_less_often(post: Post) -> None:
    post.sandbox.wecom.faults.append(Fault("errcode", "message/send", errcode=-1))
    await post.say("三(1)班")
    await post.go(120)
    assert 5 <= len(post.sent()) <= 8
    post.sandbox.wecom.faults.clear()
    await post.go(60)
    assert post.texts() == ["三(1)班"]


async def test_on_the_half_hour_what_rings_a_second_time_is_spread_too(post: Post) -> None:
    await post.say_to(range(TEACHER, TEACHER + 60), "早上好", "r")
    await post.clock.advance_to(HALF_PAST)
    for number in range(TEACHER, TEACHER + 60):
        await post.say(f"提醒{number}", "r", number, urgency=Urgency.REMINDER, fresh=True, choices=BUTTONS)
    await post.go(60)
    at = sorted((one - HALF_PAST).total_seconds() for one in post.sent()[1:])
    assert len(at) == 60
    assert max(sum(begin <= one < begin + 5 for one in at) for begin in range(55)) < 20, "they come in a heap"


async def test_on_the_half_hour_what_is_not_urgent_is_spread_and_an_alert_is_not(post: Post) -> None:
    await post.clock.advance_to(HALF_PAST)
    for number in range(TEACHER, TEACHER + 60):
        await post.say(f"提醒{number}", "r", number, urgency=Urgency.REMINDER, choices=BUTTONS)
    await post.say("发热", "alert", urgency=Urgency.ALERT)
    await post.go(1)
    assert post.texts()[0] == "发热"
    await post.go(60)
    at = sorted((one - HALF_PAST).total_seconds() for one in post.sent())
    assert len(at) == 61
    assert max(sum(begin <= one < begin + 5 for one in at) for begin in range(55)) < 20, "they come in a heap"


async def test_a_long_list_is_split_at_a_line_below_2048_bytes(post: Post) -> None:
    lines = [f"{n}. 三(1)班 欧阳老师 13800000001　已提醒2次" for n in range(200)]
    await post.say("\n".join(lines))
    await post.go(30)
    assert "\n".join(post.texts()).split("\n") == lines
    assert all(len(text.encode()) <= 2048 for text in post.texts())
    assert post.sandbox.wecom.cut == []


async def test_a_group_gets_at_most_one_follow_up_in_ten_minutes(post: Post) -> None:
    await post.storage.run(lambda tx: address_of(tx, "wecom", GROUP, private=False, now=START))
    [group] = post.sandbox.wecom.groups
    for minute in range(12):
        await post.say_at(GROUP, f"第{minute}分钟", "post", private=False)
        await post.go(60)
    assert post.texts(group.id) == ["第0分钟", "第9分钟"]
    await post.go(600)
    assert post.texts(group.id) == ["第0分钟", "第9分钟", "第11分钟"]


async def test_a_quiet_edit_without_a_code_is_dropped_and_another_is_sent_anew(post: Post) -> None:
    await post.say("三(1)班\n应到45人", choices=BUTTONS)
    await post.go()
    await post.say("✅ 已报\n零报告", only_if_shown=True)
    await post.go()
    assert post.texts() == ["✅ 已报\n零报告"], "the code that the send brought"
    await post.say("✅ 已报\n第2版", only_if_shown=True)
    await post.go()
    assert post.texts() == ["✅ 已报\n零报告"]
    await post.say("请再看一次", choices=BUTTONS)
    await post.go()
    assert post.texts() == ["✅ 已报\n零报告", "请再看一次"]


async def test_what_changes_while_a_first_version_is_on_the_wire_is_quiet_behind_it(post: Post) -> None:
    """Seed 100981: a list of who is late was sent once more, for a change that was not worth a message of its own."""
    update, now = post.update(f"U{TEACHER}", private=True), post.clock.now()
    standing = mail.Standing("task", None, now, numbered=False, answered_by_number=False)

    def wanted(tx: Tx, words: str, *, quietly: bool) -> mail.Due:
        saying.say(tx, update, [Message("m", ToHere(), literal(words), only_if_shown=quietly)])
        [one] = mail.due(tx, now, 9, "wecom", silent=False, edits=False)
        return one

    def play(tx: Tx) -> list[bool]:
        first = wanted(tx, "已报1班", quietly=False)
        unseen = wanted(tx, "已报2班", quietly=True)
        mail.shown(tx, first, standing, now)
        [behind] = mail.due(tx, now, 9, "wecom", silent=False, edits=False)
        louder = wanted(tx, "已转给副校长", quietly=False)
        return [one.quiet for one in (first, unseen, behind, louder, wanted(tx, "已报3班", quietly=True))]

    assert await post.storage.run(play) == [False, False, True, False, False]


async def test_a_card_stands_open_until_the_words_that_take_its_place_stand_below_it(post: Post) -> None:
    """Found by the simulation, seed 4: a draft that was sent off could not be pressed any more, and for the minute in
    which WeCom took nothing new there was no receipt either."""
    await post.say("三(1)班\n应到45人", choices=BUTTONS)
    await post.go()
    post.sandbox.wecom.faults.append(Fault("429", "message/send", times=1))
    await post.say("✅ 已报\n零报告", in_words=True)
    await post.go(30)
    [card] = post.sandbox.wecom.chat(TEACHER)
    assert card.keyboard[0][0].data
    await post.go(60)
    card, receipt = post.sandbox.wecom.chat(TEACHER)
    assert (card.keyboard[0][0].data, receipt.text) == ("", "✅ 已报\n零报告")


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_quiet_edit_that_timed_out_ends_true_and_rings_nobody(
    post: Post, when: Literal["before", "after"]
) -> None:
    """Its code is good for one: where it has been used, the card is what it was to be."""
    await post.say("三(1)班\n应到45人", choices=BUTTONS)
    await post.go()
    post.sandbox.wecom.faults.append(Fault("drop", "message/update_template_card", times=1, when=when))
    await post.say("✅ 已报\n零报告", only_if_shown=True)
    await post.go(120)
    assert post.texts() == ["✅ 已报\n零报告"]
    [card] = post.sandbox.wecom.chat(TEACHER)
    assert [row[0].data for row in card.keyboard] == [""], "and nothing on it can be pressed"
    assert len(post.sent()) == 1


async def test_in_silent_hours_a_groups_follow_up_waits_for_the_morning_and_an_alerts_does_not(post: Post) -> None:
    """What cannot be edited there becomes another message, which rings."""
    await post.storage.run(lambda tx: address_of(tx, "wecom", GROUP, private=False, now=START))
    [group] = post.sandbox.wecom.groups
    await post.say_at(GROUP, "汇总", "summary", private=False, urgency=Urgency.BROADCAST)
    await post.go()
    await post.say_at(GROUP, "发热提醒", "alert", private=False, urgency=Urgency.ALERT)
    await post.go()
    post.clock.leap(datetime(2026, 9, 1, 13, 0, tzinfo=UTC))
    await post.say_at(GROUP, "汇总，更正", "summary", private=False, urgency=Urgency.BROADCAST)
    await post.say_at(GROUP, "发热提醒，已知悉", "alert", private=False, urgency=Urgency.ALERT)
    await post.go(60)
    assert post.texts(group.id) == ["汇总", "发热提醒", "发热提醒，已知悉"]
    post.clock.leap(datetime(2026, 9, 1, 22, 59, tzinfo=UTC))
    await post.go(30)
    assert len(post.texts(group.id)) == 3
    await post.go(60)
    assert post.texts(group.id)[3:] == ["汇总，更正"]


async def test_a_card_that_is_tapped_before_its_sending_is_recorded_is_not_called_out_of_date(post: Post) -> None:
    await post.say("三(1)班\n应到45人", choices=BUTTONS)
    [due] = await post.storage.read(lambda tx: mail.due(tx, START, 9, "wecom", silent=False, edits=False))
    tapped, until = post.update(f"U{TEACHER}", private=True), START + timedelta(hours=71)
    await post.storage.run(
        lambda tx: saying.close(tx, tapped, text("answer.card_over"), f"{own_id(due)}-0", "code", until)
    )
    await post.go(30)
    assert post.texts() == ["三(1)班\n应到45人"]
    assert await post.storage.read(lambda tx: len(tx.all("SELECT key FROM message"))) == 1
