"""The postman against the strict sandbox, over HTTP, with a real database: what is wanted becomes what is shown."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from bot.channels import Unauthorized
from bot.channels.telegram import Telegram
from bot.postman import Postman
from bot.refusals import Refusals
from bot.vault import Vault
from handlers.model import (
    Choices,
    Message,
    PupilRef,
    Sheet,
    Text,
    ToHere,
    Typed,
    Update,
    Urgency,
    Workbook,
    choice,
    text,
)
from handlers.plain import stamp
from handlers.values import replace
from handlers.words import literal
from sandbox import Fault, Sandbox
from sandbox import Message as Shown
from sandbox.entities import veiled
from storage import Busy, Storage, Tx, open_storage, saying
from tests.clocks import LeapingClock
from tests.handlers.world import World

ZONE = ZoneInfo("Asia/Shanghai")
NO_FILES = Vault(Path("there-is-none"))
START = datetime(2026, 8, 31, 23, 30, tzinfo=UTC)
TEACHER, OTHER, GROUP = 101, 102, -500
BUTTONS: Choices = ((choice(literal("全员正常"), "zero", "k1"),),)
T = TypeVar("T")


@dataclass
class Failing:
    """A storage whose next writes fail as those of a locked file do."""

    inner: Storage
    failures: int = 0
    failed: list[int] = field(default_factory=list)

    async def run(self, work: Callable[[Tx], T]) -> T:
        if self.failures:
            self.failures -= 1
            self.failed.append(1)
            raise Busy("the database is locked")
        return await self.inner.run(work)

    async def read(self, work: Callable[[Tx], T]) -> T:
        return await self.inner.read(work)

    async def close(self) -> None:
        await self.inner.close()


class Post:
    """A sandbox, a database, and a postman between them; time is stepped."""

    def __init__(
        self, storage: Storage, clock: LeapingClock, sandbox: Sandbox, telegram: Telegram, world: World
    ) -> None:
        self.world = world
        self.storage = Failing(storage)
        self.clock = clock
        self.sandbox = sandbox
        self.telegram = telegram
        self.woken = 0
        self.postman = self.make()
        self.task: asyncio.Task[None] | None = None

    def make(self, privacy: str = "alone") -> Postman:
        channels = {"telegram": self.telegram}
        refusals = Refusals(self.storage, self.clock, channels, self._wake_turn)
        common = (self.storage, self.clock, channels, channels, refusals)
        self.postman = Postman(*common, {"telegram": privacy}, ZONE, NO_FILES, self._wake_turn)
        return self.postman

    def _wake_turn(self) -> None:
        self.woken += 1

    async def say(self, chat: int, words: str | Text, key: str = "m", **more: object) -> None:
        said = Message(key, ToHere(), literal(words) if isinstance(words, str) else words, **more)  # type: ignore[arg-type]
        now = self.clock.now()
        update = Update(
            id="u",
            lane="district",
            channel="telegram",
            sender=str(chat),
            chat=str(chat),
            private=chat > 0,
            at=now,
            now=now,
            seed=bytes(16),
            zone=ZONE,
            verb="text",
        )
        await self.storage.inner.run(lambda tx: saying.say(tx, update, [said]))
        self.postman.ring()

    async def go(self, seconds: float = 3) -> None:
        """All that happens in this span; the postman's own end is raised."""
        task = self.task = self.task or asyncio.create_task(self.postman.run())
        advance = asyncio.ensure_future(self.clock.advance_to(self.clock.now() + timedelta(seconds=seconds)))
        async with asyncio.timeout(30):
            await asyncio.wait({advance, task}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                advance.cancel()
                task.result()

    async def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()
            with suppress(asyncio.CancelledError, Unauthorized):
                await self.task
            self.task = None

    def shown(self, chat: int = TEACHER) -> list[Shown]:
        return [one for one in self.sandbox.chat(chat) if one.sender == 0 and not one.service and not one.deleted]

    def texts(self, chat: int = TEACHER) -> list[str]:
        return [one.text for one in self.shown(chat)]

    def calls(self, method: str) -> list[datetime]:
        return [entry.at for entry in self.sandbox.journal if entry.method == method and entry.delivered]

    async def rows(self, sql: str) -> list[dict[str, object]]:
        return [dict(row) for row in await self.storage.inner.read(lambda tx: tx.all(sql))]

    async def state(self, key: str = "m") -> str:
        [row] = [row for row in await self.rows("SELECT key, state FROM message") if row["key"] == key]
        return str(row["state"])

    async def heard(self) -> list[tuple[object, ...]]:
        return [tuple(row.values()) for row in await self.rows("SELECT lane, channel, body FROM inbox ORDER BY id")]


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    clock = LeapingClock(START)
    time = asyncio.create_task(clock.run())
    sandbox = Sandbox(clock)
    for number in (TEACHER, OTHER):
        sandbox.add_person(number, f"老师{number}")
        sandbox.write(number, number, "/start")
    sandbox.add_group(GROUP, "学区领导", [TEACHER])
    await sandbox.start()
    telegram = Telegram(sandbox.token, sandbox.base_url, clock)
    await telegram.open()
    storage = await open_storage(f"sqlite:///{tmp_path / 'zero.db'}")
    world = World(storage)
    await world.begin_rules()
    post = Post(storage, clock, sandbox, telegram, world)
    yield post
    await post.stop()
    await telegram.close()
    await sandbox.stop()
    await storage.close()
    time.cancel()
    with suppress(asyncio.CancelledError):
        await time


async def test_a_message_is_sent_once_and_becomes_its_newer_version_by_one_edit(post: Post) -> None:
    await post.say(TEACHER, "今日晨检", choices=BUTTONS)
    await post.go()
    await post.say(TEACHER, "✅ 已报")
    await post.go()
    assert post.texts() == ["✅ 已报"]
    assert (len(post.calls("sendMessage")), len(post.calls("editMessageText"))) == (1, 1)
    assert await post.state() == "idle"


async def test_of_many_versions_only_the_newest_is_shown(post: Post) -> None:
    for n in range(5):
        await post.say(TEACHER, f"第{n}版")
    await post.go()
    assert post.texts() == ["第4版"]
    assert len(post.calls("sendMessage")) == 1


async def test_what_is_wanted_while_a_call_runs_follows_it(post: Post) -> None:
    post.sandbox.faults.append(Fault("slow", method="sendMessage", delay=0.3, times=1))
    await post.say(TEACHER, "先")
    running = asyncio.create_task(post.go())
    await post.sandbox.until(lambda: not post.sandbox.faults)  # the call has arrived
    await post.say(TEACHER, "后")
    await running
    assert post.texts() == ["后"]
    assert (len(post.calls("sendMessage")), len(post.calls("editMessageText"))) == (1, 1)


async def test_a_message_that_must_ring_is_sent_anew(post: Post) -> None:
    await post.say(TEACHER, "一")
    await post.go()
    await post.say(TEACHER, "二", fresh=True)
    await post.go()
    assert post.texts() == ["一", "二"]


async def test_an_alert_goes_ahead_of_all_that_waits(post: Post) -> None:
    for n in range(3):
        await post.say(TEACHER, f"提醒{n}", f"r{n}", urgency=Urgency.REMINDER)
    await post.say(TEACHER, "发热", "alert:x", urgency=Urgency.ALERT)
    await post.go(10)
    assert post.texts()[0] == "发热"
    assert len(post.texts()) == 4


async def test_an_answer_that_is_not_out_yet_stays_one_when_something_less_urgent_is_added_to_it(post: Post) -> None:
    await post.say(TEACHER, "今日晨检", urgency=Urgency.BROADCAST)
    await post.go()
    for n in range(3):
        await post.say(TEACHER, f"提醒{n}", f"r{n}", urgency=Urgency.REMINDER)
    await post.say(TEACHER, "已收到")
    await post.say(TEACHER, "已收到，校长已知悉", urgency=Urgency.BROADCAST)
    await post.go(10)
    assert post.texts()[0] == "已收到，校长已知悉"
    assert post.calls("editMessageText")[0] < post.calls("sendMessage")[2]  # the first left at once


async def test_what_is_added_to_an_answer_that_is_out_goes_behind_what_is_more_urgent(post: Post) -> None:
    await post.say(TEACHER, "已收到")
    await post.go()
    for n in range(3):
        await post.say(TEACHER, f"提醒{n}", f"r{n}", urgency=Urgency.REMINDER)
    await post.say(TEACHER, "已收到，校长已知悉", urgency=Urgency.BROADCAST)
    await post.go(10)
    assert post.calls("sendMessage")[-1] < post.calls("editMessageText")[0]


async def test_a_hundred_chats_are_served_below_the_limit_and_fast(post: Post) -> None:
    for number in range(1000, 1100):
        post.sandbox.add_person(number, "老师")
        post.sandbox.write(number, number, "/start")
        await post.say(number, "今日晨检", f"c{number}")
    await post.go(5)
    sent = post.calls("sendMessage")
    assert len(sent) == 100
    assert not [entry for entry in post.sandbox.journal if entry.error]
    assert sent[-1] - sent[0] < timedelta(seconds=3.6)


async def test_a_chat_and_a_group_get_no_more_than_they_may(post: Post) -> None:
    for n in range(25):
        await post.say(GROUP, f"群{n}", f"g{n}")
        await post.say(TEACHER, f"人{n}", f"p{n}")
    await post.go(90)
    assert len(post.texts(GROUP)) == len(post.texts()) == 25
    assert not [entry for entry in post.sandbox.journal if entry.error]


async def test_a_restarted_postman_remembers_what_it_sent(post: Post) -> None:
    for n in range(20):
        await post.say(GROUP, f"群{n}", f"g{n}")
    await post.go(5)
    await post.stop()
    post.make()
    await post.say(GROUP, "再一条", "last")
    await post.go(20)
    assert "再一条" not in post.texts(GROUP)
    await post.go(60)
    assert "再一条" in post.texts(GROUP)
    assert not [entry for entry in post.sandbox.journal if entry.error]


async def test_a_429_holds_its_chat_and_nobody_else(post: Post) -> None:
    post.sandbox.faults.append(Fault("429", method="sendMessage", chat=TEACHER, times=1, retry_after=10))
    await post.say(TEACHER, "稍后")
    await post.say(OTHER, "马上", "o")
    await post.go(5)
    assert (post.texts(), post.texts(OTHER)) == ([], ["马上"])
    await post.go(10)
    assert post.texts() == ["稍后"]


async def test_who_has_blocked_us_is_named_in_the_inbox_and_gets_nothing(post: Post) -> None:
    post.sandbox.block(TEACHER)
    await post.say(TEACHER, "收不到")
    await post.go()
    assert await post.state() == "never"
    [(lane, channel, body)] = await post.heard()
    assert (lane, channel) == ("district", "postman")
    assert '"lost"' in str(body)
    assert '"blocked"' in str(body)
    assert post.woken == 1


async def test_a_group_that_moved_is_named_in_the_inbox_and_its_message_stays_due(post: Post) -> None:
    new = post.sandbox.migrate(GROUP)
    await post.say(GROUP, "09:00")
    await post.go(1)
    assert await post.state() == "due"
    [(_, _, body)] = await post.heard()
    assert f'"moved", "args": ["telegram", "{GROUP}", "{new}"]' in str(body)
    await post.storage.run(lambda tx: tx.run("UPDATE address SET native = :new", new=str(new)))
    await post.go(10)
    assert post.texts(new) == ["09:00"]


async def test_what_can_no_longer_be_edited_is_sent_anew(post: Post) -> None:
    await post.say(TEACHER, "一")
    await post.go()
    post.sandbox.world.delete(post.shown()[0])
    await post.say(TEACHER, "二")
    await post.go(6)
    assert post.texts() == ["二"]


async def test_a_send_that_may_have_arrived_is_repeated_once_and_marked(post: Post) -> None:
    post.sandbox.faults.append(Fault("502", method="sendMessage", when="after", times=1))
    await post.say(TEACHER, "到了没有")
    await post.go(30)
    first, second = post.texts()
    assert first == "到了没有"
    assert second != first
    assert second.endswith("到了没有")


async def test_a_send_that_is_never_answered_is_not_repeated_for_ever(post: Post) -> None:
    post.sandbox.faults.append(Fault("502", method="sendMessage", when="after"))
    await post.say(TEACHER, "到了没有")
    await post.go(180)
    assert len(post.texts()) == 2
    assert await post.state() == "never"


async def test_an_edit_that_may_have_arrived_is_repeated_until_it_has(post: Post) -> None:
    await post.say(TEACHER, "一")
    await post.go()
    post.sandbox.faults.append(Fault("502", method="editMessageText", times=4))
    await post.say(TEACHER, "二")
    await post.go(120)
    assert post.texts() == ["二"]


async def test_an_alert_that_is_not_shown_in_two_minutes_becomes_an_update_and_goes_on_being_tried(post: Post) -> None:
    post.sandbox.faults.append(Fault("502", method="sendMessage"))
    await post.say(TEACHER, "发热", "alert:a1:p1", urgency=Urgency.ALERT)
    await post.go(100)
    assert await post.heard() == []
    await post.go(40)
    [(_, _, body)] = await post.heard()
    assert '"undelivered", "args": ["alert:a1:p1", ' in str(body)
    post.sandbox.faults.clear()
    await post.go(120)
    assert len(post.texts()) == 1
    assert len(await post.heard()) == 1


async def test_an_alert_to_nobody_is_told_at_once(post: Post) -> None:
    await post.storage.run(
        lambda tx: tx.run(
            """INSERT INTO message (key, address, body, want, shown, urgency, fresh, state, put_at, due_at, tries,
               unknown, told, place) VALUES ('alert:a1:p1', '', '', 1, 0, 0, 0, 'never', :now, :now, 0, 0, 0, 0)""",
            now=stamp(post.clock.now()),
        )
    )
    await post.go(11)
    assert len(await post.heard()) == 1


async def test_what_was_not_sent_in_time_is_not_sent_at_all(post: Post) -> None:
    await post.say(TEACHER, "七点半的", not_after=post.clock.now() - timedelta(seconds=1))
    await post.go(15)
    assert post.texts() == []
    assert await post.state() == "withdrawn"


async def test_a_long_text_is_parted_at_its_lines_with_the_buttons_at_the_end(post: Post) -> None:
    lines = "\n".join(f"{n} " + "未报" * 40 for n in range(100))
    await post.say(TEACHER, lines, choices=BUTTONS)
    await post.go(10)
    pages = post.shown()
    assert "\n".join(page.text for page in pages) == lines
    assert len(pages) == 3
    assert [bool(page.keyboard) for page in pages] == [False, False, True]


LONG = "\n".join(f"{n} " + "未报" * 40 for n in range(100))


async def say_long(post: Post, at_the_second_page: Fault) -> None:
    await post.say(TEACHER, LONG, choices=BUTTONS)
    running = asyncio.create_task(post.go(10))
    await post.sandbox.until(lambda: len(post.shown()) == 1)
    post.sandbox.faults.append(at_the_second_page)
    await running


REFUSED = Fault("429", method="sendMessage", times=1, retry_after=30)


async def test_after_a_stop_between_its_pages_a_text_goes_on_with_the_next(post: Post) -> None:
    await say_long(post, REFUSED)
    await post.stop()
    assert len(post.shown()) == 1
    post.make()
    await post.go(60)
    pages = post.shown()
    assert "\n".join(page.text for page in pages) == LONG
    assert [bool(page.keyboard) for page in pages] == [False, False, True]


async def test_a_page_that_may_have_arrived_is_repeated_without_the_one_before_it_and_marked(post: Post) -> None:
    await say_long(post, Fault("502", method="sendMessage", when="after", times=1))
    await post.go(60)
    first, second, again, last = post.texts()
    assert again.partition("\n")[2] == second
    assert "\n".join((first, second, last)) == LONG


async def test_a_page_behind_one_that_was_repeated_has_a_repeat_of_its_own(post: Post) -> None:
    await say_long(post, Fault("502", method="sendMessage", when="after", times=1))
    running = asyncio.create_task(post.go(60))
    await post.sandbox.until(lambda: len(post.shown()) == 3)
    post.sandbox.faults.append(Fault("502", method="sendMessage", when="after", times=1))
    await running
    await post.go(60)
    first, second, again, last, last_again = post.texts()
    assert again.partition("\n")[2] == second
    assert last_again.partition("\n")[2] == last
    assert "\n".join((first, second, last)) == LONG
    assert await post.state() == "idle"


async def test_after_a_stop_a_page_behind_one_that_was_repeated_is_not_marked(post: Post) -> None:
    await say_long(post, Fault("502", method="sendMessage", when="after", times=1))
    running = asyncio.create_task(post.go(20))
    await post.sandbox.until(lambda: len(post.shown()) == 3)
    post.sandbox.faults.append(REFUSED)
    await running
    assert len(post.shown()) == 3
    await post.stop()
    post.make()
    await post.go(60)
    first, second, _, last = post.texts()
    assert "\n".join((first, second, last)) == LONG


async def test_what_is_to_stand_there_instead_begins_with_its_first_page(post: Post) -> None:
    await say_long(post, REFUSED)
    other = LONG.replace("未报", "已报")
    await post.say(TEACHER, other, choices=BUTTONS)
    await post.go(60)
    assert "\n".join(post.texts()[1:]) == other


async def test_a_menu_is_set_for_its_chat_in_both_languages(post: Post) -> None:
    await post.say(TEACHER, "", "menu:p1", menu=("report", "help"))
    await post.go()
    menus = {language: commands for (_, chat, _, language), commands in post.sandbox.world.menus.items()}
    assert set(menus) == {"", "en"}
    assert [name for name, _ in menus[""]] == ["report", "help"]
    assert await post.state("menu:p1") == "idle"


SHEETS = (
    Sheet("一校", ("command.report",), (("三(2)班",), (text("pupil.seat", seat=3),))),
    Sheet("二校", ("command.report",), ()),
)


async def test_a_workbook_can_be_saved_and_passed_on(post: Post) -> None:
    await post.say(TEACHER, "导出", workbook=Workbook("day", SHEETS), choices=BUTTONS)
    await post.go()
    [message] = post.shown()
    assert message.document is not None
    assert not message.protected
    book = load_workbook(BytesIO(post.sandbox.file(message.document)))
    assert {sheet.title: [row[0].value for row in sheet.rows] for sheet in book.worksheets} == {
        "一校": ["报告班级今天的情况", "三(2)班", "3号"],
        "二校": ["报告班级今天的情况"],
    }


async def test_on_a_day_of_rehearsal_every_message_says_so_and_keeps_saying_it(post: Post) -> None:
    await rehearse(post, {date(2026, 9, 1): True, date(2026, 9, 2): False})
    await post.say(TEACHER, "今日晨检")
    await post.go()
    assert post.texts() == ["【演练】今日晨检"]
    post.clock.leap(START + timedelta(days=1))
    await post.say(TEACHER, "✅ 已报")
    await post.say(TEACHER, "又一天的晨检", "next")
    await post.go()
    assert post.texts() == ["【演练】✅ 已报", "又一天的晨检"]


async def rehearse(post: Post, days: dict[date, bool]) -> None:
    rules = [
        {"key": "rehearsal", "value": value, "valid_from": day.isoformat(), "source": "本学区规定"}
        for day, value in days.items()
    ]
    await post.world.machine("rules", text=json.dumps(rules))


# Silent hours

SIX_IN_THE_EVENING = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
SEVEN_NEXT_MORNING = SIX_IN_THE_EVENING + timedelta(hours=13)


async def test_in_silent_hours_a_reminder_waits_for_the_morning(post: Post) -> None:
    post.clock.leap(SIX_IN_THE_EVENING - timedelta(seconds=5))
    await post.say(TEACHER, "六点前", "before", urgency=Urgency.REMINDER)
    await post.go(10)
    await post.say(TEACHER, "六点后", "after", urgency=Urgency.REMINDER)
    await post.say(OTHER, "广播", "cast", urgency=Urgency.BROADCAST)
    await post.go()
    post.clock.leap(SEVEN_NEXT_MORNING - timedelta(seconds=5))
    await post.go(4)
    assert (post.texts(), post.texts(OTHER)) == (["六点前"], [])
    await post.go(10)
    assert (post.texts(), post.texts(OTHER)) == (["六点前", "六点后"], ["广播"])
    assert [at.astimezone(ZONE).hour for at in post.calls("sendMessage")] == [17, 7, 7]


async def test_in_silent_hours_alerts_and_answers_pass(post: Post) -> None:
    post.clock.leap(SIX_IN_THE_EVENING)
    await post.say(TEACHER, "发热提醒", "alert", urgency=Urgency.ALERT)
    await post.say(OTHER, "回答", "reply", urgency=Urgency.REPLY)
    await post.go()
    assert (post.texts(), post.texts(OTHER)) == (["发热提醒"], ["回答"])


async def test_in_silent_hours_what_is_shown_is_kept_true_without_a_sound(post: Post) -> None:
    await post.say(TEACHER, "还差2班", urgency=Urgency.REMINDER)
    await post.go()
    post.clock.leap(SIX_IN_THE_EVENING)
    await post.say(TEACHER, "还差1班", urgency=Urgency.REMINDER)
    await post.go()
    assert post.texts() == ["还差1班"]
    await post.say(TEACHER, "要响铃的", urgency=Urgency.REMINDER, fresh=True)
    await post.go()
    assert post.texts() == ["还差1班"]


async def test_what_waits_for_the_morning_may_have_gone_stale_by_then(post: Post) -> None:
    post.clock.leap(SIX_IN_THE_EVENING)
    tonight = SIX_IN_THE_EVENING + timedelta(hours=6)
    await post.say(TEACHER, "明天的事", urgency=Urgency.REMINDER, not_after=tonight)
    await post.go()
    post.clock.leap(SEVEN_NEXT_MORNING)
    await post.go(15)
    assert post.texts() == []
    assert await post.state() == "withdrawn"


async def test_an_edit_of_what_was_never_sent_does_not_keep_it_from_going_stale(post: Post) -> None:
    post.sandbox.faults.append(Fault("429", method="sendMessage", retry_after=10))
    noon = START + timedelta(minutes=2)
    await post.say(TEACHER, "今日晨检", not_after=noon)
    await post.go(60)
    await post.say(TEACHER, "今天不用报", only_if_shown=True)
    await post.go(80)
    post.sandbox.faults.clear()
    await post.go(120)
    assert post.texts() == []
    assert await post.state() == "withdrawn"


async def test_a_call_that_is_over_before_it_was_seen_is_not_made(post: Post) -> None:
    await post.say(TEACHER, "请打电话")
    await post.say(TEACHER, "不用再打电话", only_if_shown=True, over=True)
    await post.say(TEACHER, "请打电话", "seen")
    await post.go()
    await post.say(TEACHER, "不用再打电话", "seen", only_if_shown=True, over=True)
    await post.go()
    assert (post.texts(), await post.state()) == (["不用再打电话"], "over")


async def test_a_call_that_is_over_while_it_is_on_the_wire_says_so(post: Post) -> None:
    post.sandbox.faults.append(Fault("slow", method="sendMessage", delay=0.3, times=1))
    await post.say(TEACHER, "请打电话")
    running = asyncio.create_task(post.go())
    await post.sandbox.until(lambda: not post.sandbox.faults)  # the call has arrived
    await post.say(TEACHER, "不用再打电话", only_if_shown=True, over=True)
    await running
    await post.go()
    assert post.texts() == ["不用再打电话"]


async def test_a_message_that_cannot_be_said_is_set_aside_and_holds_up_nobody(post: Post) -> None:
    await post.say(TEACHER, text("no.such.sentence"), "broken")
    await post.say(TEACHER, "下一条")
    await post.go()
    assert post.texts() == ["下一条"]
    assert await post.state("broken") == "never"


async def test_a_database_that_is_locked_makes_nobody_hear_it_twice(post: Post) -> None:
    await post.go(1)
    post.storage.failures = 3
    await post.say(TEACHER, "只一次")
    await post.go(20)
    assert len(post.storage.failed) == 3
    assert post.texts() == ["只一次"]
    assert await post.state() == "idle"


async def test_what_is_on_the_wire_at_the_stop_is_recorded(post: Post) -> None:
    post.sandbox.faults.append(Fault("slow", method="sendMessage", delay=0.3, times=1))
    await post.say(TEACHER, "在路上")
    running = asyncio.create_task(post.go(1))
    await post.sandbox.until(lambda: not post.sandbox.faults)  # the call has arrived
    await post.stop()
    with suppress(asyncio.CancelledError):
        await running
    assert post.texts() == ["在路上"]
    assert await post.state() == "idle"


async def test_a_token_that_is_no_longer_known_stops_the_postman(post: Post) -> None:
    post.sandbox.faults.append(Fault("401"))
    await post.say(TEACHER, "x")
    with pytest.raises(Unauthorized):
        await post.go()
    assert await post.state() == "due"


# Names


async def with_a_class(post: Post, *, duty: str = "homeroom", until: str = "9999-12-31") -> None:
    """TEACHER is 李明's own chat, and answers for 王小明."""

    def put(tx: Tx) -> None:
        tx.run("INSERT INTO school (id, name, short, place) VALUES ('s', '中心小学', '中心', 0)")
        tx.run("INSERT INTO class (id, school) VALUES ('k', 's')")
        tx.run(
            """INSERT INTO person (id, school, name, title, language, place, since, until)
               VALUES ('p', 's', '李明', '李老师', 'zh', 0, '2026-01-01', '9999-12-31')"""
        )
        tx.run(
            "INSERT INTO duty (person, duty, class, since, until) VALUES ('p', :duty, 'k', '2026-01-01', :until)",
            duty=duty,
            until=until,
        )
        tx.run("INSERT INTO pupil (id, name, initials, pinyin) VALUES ('x', '王小明', 'wxm', 'wangxiaoming')")
        tx.run(
            """INSERT INTO enrolment (pupil, class, seat, status, since, until)
               VALUES ('x', 'k', 3, 'enrolled', '2026-01-01', '9999-12-31')"""
        )
        for native, person, private in ((str(TEACHER), "p", 1), (str(GROUP), None, 0)):
            tx.run(
                """INSERT INTO address (id, channel, native, private, person, state, since)
                   VALUES (:id, 'telegram', :native, :private, :person, 'bound', '2026-01-01')""",
                id=f"telegram:{native}",
                native=native,
                private=private,
                person=person,
            )

    await post.storage.run(put)


CHILD = PupilRef("x", 3)


def naming(pupil: PupilRef) -> Text:
    return text("literal", words=pupil)


@pytest.mark.parametrize(
    ("privacy", "alone", "named"),
    [
        ("never", True, False),
        ("never", False, False),
        ("alone", True, True),
        ("alone", False, False),
        ("full", True, True),
        ("full", False, True),
    ],
)
async def test_a_child_is_named_as_the_channel_may(post: Post, privacy: str, alone: bool, named: bool) -> None:
    await with_a_class(post)
    post.make(privacy)
    await post.say(TEACHER, naming(replace(CHILD, alone=alone)))
    await post.go()
    [message] = post.shown()
    assert message.text == ("3号 王小明" if named else "3号")
    assert message.protected is named


async def test_a_name_and_typed_words_are_under_a_spoiler_and_cannot_be_forwarded(post: Post) -> None:
    await with_a_class(post)
    post.make("full")
    [teacher] = {row["person"] for row in await post.rows("SELECT person FROM address WHERE person IS NOT NULL")}
    typed = text("walk.unread", words=Typed("小明又烧了", str(teacher)))
    await post.say(TEACHER, text("list.and", a=naming(CHILD), b=typed))
    await post.go()
    [message] = post.shown()
    assert message.text == "3号 王小明、没有记入的话：“小明又烧了”"
    assert message.protected
    assert veiled(message.text, message.entities) == "3号 ▒▒▒、没有记入的话：“▒▒▒▒▒”"


async def test_a_long_text_is_cut_with_every_name_still_covered(post: Post) -> None:
    await with_a_class(post)
    post.make("full")
    lines = tuple(text("literal", words=text("list.and", a=f"😀第{n}行", b=naming(CHILD))) for n in range(400))
    await post.say(TEACHER, text("literal", words=lines))
    await post.go(10)
    pages = post.shown()
    assert len(pages) > 1
    assert sum(page.text.count("王小明") for page in pages) == 400
    assert not any("王小明" in veiled(page.text, page.entities) for page in pages)


async def test_a_button_names_a_child_too(post: Post) -> None:
    await with_a_class(post)
    await post.say(TEACHER, "谁？", choices=((choice(naming(replace(CHILD, alone=True)), "pick", "x"),),))
    await post.go()
    [message] = post.shown()
    assert message.keyboard[0][0].text == "3号 王小明"
    assert message.protected


async def test_who_answered_for_a_child_yesterday_is_told_a_seat_today(post: Post) -> None:
    await with_a_class(post, until="2026-09-01")
    post.make("full")
    await post.say(TEACHER, naming(CHILD))
    await post.go()
    assert post.texts() == ["3号"]


async def test_a_leader_is_told_a_seat(post: Post) -> None:
    await with_a_class(post, duty="leader")
    await post.storage.run(lambda tx: tx.run("UPDATE duty SET class = ''"))
    post.make("full")
    await post.say(TEACHER, naming(CHILD))
    await post.go()
    assert post.texts() == ["3号"]


async def test_a_group_is_never_told_a_name(post: Post) -> None:
    await with_a_class(post)
    post.make("full")
    await post.say(GROUP, naming(CHILD))
    await post.go()
    assert post.texts(GROUP) == ["3号"]
