"""智能机器人 over the real websocket: every frame both ways, what is lost, and who may be written to."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels import (
    Button,
    Face,
    Gone,
    Heard,
    Raw,
    Refused,
    Rendered,
    Shown,
    TooLarge,
    TryLater,
    Unauthorized,
    Unknown,
    Unreachable,
)
from bot.channels.wecom.connection import Connection
from bot.channels.wecom.robot import Robot
from bot.clock import SteppedClock
from handlers.values import replace
from sandbox import Fault, Message, Sandbox
from sandbox.wecom.aibot import BOT_ID, SECRET, Aibot
from tests.channels.conftest import TEACHER, until
from tests.clocks import LeapingClock

LI = "li"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


class Inbox:
    """Takes what is heard; with `gate` cleared it does not get done."""

    def __init__(self, robot: Robot) -> None:
        self.robot = robot
        self.taken: list[Raw] = []
        self.batches: list[Sequence[Raw]] = []
        self.gaps: list[datetime | None] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def take(self, batch: Sequence[Raw]) -> None:
        await self.gate.wait()
        self.taken += batch
        self.batches.append(batch)
        self.gaps.append(self.robot.out_since)

    @property
    def heard(self) -> list[Heard | None]:
        return [self.robot.read(raw.body) for raw in self.taken]

    @property
    def last(self) -> Heard:
        found = self.heard[-1]
        assert found is not None
        return found


@pytest.fixture
def aibot(sandbox: Sandbox) -> Aibot:
    sandbox.wecom.employ(TEACHER, LI)
    return sandbox.wecom.aibot


@pytest.fixture
async def robot(aibot: Aibot, clock: SteppedClock) -> AsyncIterator[Robot]:
    robot = Robot(BOT_ID, SECRET, aibot.url, clock)
    await robot.open()
    yield robot
    await robot.close()


@pytest.fixture
async def hasty(aibot: Aibot, clock: SteppedClock) -> AsyncIterator[Robot]:
    """It waits for an answer no longer than half a second."""
    connection = Connection(BOT_ID, SECRET, aibot.url, clock, patience=0.5)
    robot = Robot(BOT_ID, SECRET, aibot.url, clock, connection=connection)
    await robot.open()
    yield robot
    await robot.close()


@asynccontextmanager
async def listening(robot: Robot, out_since: datetime | None = None) -> AsyncIterator[Inbox]:
    inbox = Inbox(robot)
    task = asyncio.create_task(robot.listen(inbox.take, out_since))
    try:
        await until(lambda: bool(inbox.batches) or task.done())
        yield inbox
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, Unauthorized):
            await task


async def heard(inbox: Inbox, count: int) -> None:
    await until(lambda: len(inbox.taken) >= count)


async def sit_out(clock: SteppedClock, seconds: float) -> None:
    await clock.advance_to(clock.now() + timedelta(seconds=seconds))


def asked(aibot: Aibot) -> list[object]:
    """The commands that came, in order."""
    return [passed.cmd for passed in aibot.journal if not passed.to_bot]


# Listening


async def test_what_people_write_is_heard_word_for_word(robot: Robot, aibot: Aibot, clock: SteppedClock) -> None:
    async with listening(robot) as inbox:
        aibot.write(TEACHER, "3号38.5，在校留观")
        aibot.write(TEACHER, "/Report 三(2)班")
        aibot.voice(TEACHER, "全员正常。")
        await heard(inbox, 3)
    at = clock.now().timestamp()
    assert inbox.heard == [
        Heard(LI, LI, True, "text", text="3号38.5，在校留观", at=at),
        Heard(LI, LI, True, "report", args=("三(2)班",), text="三(2)班", at=at),
        Heard(LI, LI, True, "text", text="全员正常。", at=at),
    ]
    assert len({raw.native for raw in inbox.taken}) == 3


async def test_a_repeat_bears_the_name_of_the_first(robot: Robot, aibot: Aibot) -> None:
    async with listening(robot) as inbox:
        aibot.write(TEACHER, "你好")
        await heard(inbox, 1)
        said = next(passed.frame for passed in aibot.journal if passed.cmd == "aibot_msg_callback")
        body = said["body"]
        assert isinstance(body, dict)
        assert inbox.taken[0].native == body["msgid"]


async def test_who_opens_the_chat_is_heard_and_counts_as_having_written_nothing(robot: Robot, aibot: Aibot) -> None:
    async with listening(robot) as inbox:
        aibot.enter(TEACHER)
        await heard(inbox, 1)
        assert (inbox.last.verb, inbox.last.chat, inbox.last.private) == ("entered", LI, True)
        with pytest.raises(Unreachable) as refused:
            await sit_out_welcome(robot, inbox)
    assert refused.value.unheard


async def sit_out_welcome(robot: Robot, inbox: Inbox) -> None:
    """The welcome is used up, and then there is none."""
    await robot.show(LI, Rendered("请先写一句话"))
    await robot.show(LI, Rendered("晨检"))


async def test_a_group_is_heard_where_it_names_us_and_answered_there(
    robot: Robot, aibot: Aibot, sandbox: Sandbox
) -> None:
    sandbox.add_person(102, "王校长")
    sandbox.wecom.employ(102, "wang")
    group = aibot.add_group("学区领导", [TEACHER, 102])
    async with listening(robot) as inbox:
        aibot.write(TEACHER, "@零报告 /bind leaders", group.id)
        await heard(inbox, 1)
        said = inbox.last
        assert (said.sender, said.private, said.verb, said.args) == (LI, False, "bind", ("leaders",))
        await robot.show(said.chat, Rendered("已绑定"))
    assert aibot.chat(group.id)[-1].text == "已绑定"


async def test_nothing_is_answered_before_it_was_taken(robot: Robot, aibot: Aibot) -> None:
    async with listening(robot) as inbox:
        inbox.gate.clear()
        aibot.write(TEACHER, "你好")
        await until(lambda: asked(aibot) == ["aibot_subscribe"])
        assert inbox.taken == []
        inbox.gate.set()
        await heard(inbox, 1)


async def test_what_waits_behind_a_slow_database_was_said_when_it_came(
    robot: Robot, aibot: Aibot, clock: LeapingClock
) -> None:
    async with listening(robot) as inbox:
        inbox.gate.clear()
        begun = clock.now()
        aibot.write(TEACHER, "一")
        aibot.write(TEACHER, "二")
        await asyncio.sleep(0.05)
        clock.leap(begun + timedelta(minutes=3))
        inbox.gate.set()
        await heard(inbox, 2)
    assert [one.at for one in inbox.heard if one] == [begun.timestamp()] * 2


async def test_what_could_not_be_taken_ends_the_listening(robot: Robot, aibot: Aibot) -> None:
    async def fail(batch: Sequence[Raw]) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        await robot.listen(fail)


async def test_it_pings_each_thirty_seconds_and_each_answer_is_taken(
    robot: Robot, aibot: Aibot, clock: SteppedClock
) -> None:
    async with listening(robot) as inbox:
        await sit_out(clock, 95)
        await until(lambda: len(inbox.batches) == 4)
    assert asked(aibot) == ["aibot_subscribe", "ping", "ping", "ping"]
    assert inbox.gaps == [None] * 4
    assert aibot.lost == []


async def test_a_wrong_secret_ends_the_listening_with_what_to_do(aibot: Aibot, clock: SteppedClock) -> None:
    robot = Robot(BOT_ID, "another", aibot.url, clock)
    await robot.open()
    with pytest.raises(Unauthorized, match=r"853000 .*wecom\.bot_secret"):
        await robot.listen(Inbox(robot).take)
    await robot.close()


# What is lost


async def test_after_a_break_it_comes_back_and_says_since_when_it_heard_nothing(
    robot: Robot, aibot: Aibot, clock: LeapingClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.channels.wecom")
    async with listening(robot) as inbox:
        aibot.write(TEACHER, "听到了")
        await heard(inbox, 1)
        broken = clock.now()
        aibot.cut()
        aibot.write(TEACHER, "没人听到")
        await until(lambda: robot.out_since is not None)
        await sit_out(clock, 1)
        await until(lambda: len(inbox.batches) == 3)
        aibot.write(TEACHER, "又听到了")
        await heard(inbox, 2)
    assert [one.text for one in inbox.heard if one] == ["听到了", "又听到了"]
    assert [len(batch) for batch in inbox.batches] == [0, 1, 0, 1]
    assert inbox.gaps == [None, None, broken, None]
    assert len(aibot.lost) == 1
    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING", "INFO"]


async def test_a_dead_line_is_noticed_by_its_silence_and_the_gap_begins_where_it_last_spoke(
    hasty: Robot, aibot: Aibot, sandbox: Sandbox, clock: SteppedClock
) -> None:
    async with listening(hasty) as inbox:
        spoke = clock.now()
        sandbox.wecom.faults.append(Fault("silent"))
        await sit_out(clock, 31)
        await until(lambda: hasty.out_since is not None)
        sandbox.wecom.faults.clear()
        await sit_out(clock, 1)
        await until(lambda: len(inbox.batches) == 2)
    assert inbox.gaps == [None, spoke]


async def test_it_waits_longer_each_time_while_nobody_is_there(aibot: Aibot, clock: LeapingClock) -> None:
    robot = Robot(BOT_ID, SECRET, "ws://127.0.0.1:9/aibot", clock)
    await robot.open()
    tries: list[float] = []
    inbox = Inbox(robot)
    task = asyncio.create_task(robot.listen(inbox.take))
    begun = clock.now()
    while len(tries) < 7:
        await until(lambda: clock.next_event() is not None)
        await asyncio.sleep(0.01)
        following = clock.next_event()
        assert following is not None
        tries.append((following - clock.now()).total_seconds())
        await clock.advance_to(following)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await robot.close()
    assert tries == [1, 2, 4, 8, 16, 30, 30]
    assert robot.out_since is not None
    assert robot.out_since <= begun


async def test_a_gap_from_before_the_start_ends_with_the_connection(
    robot: Robot, aibot: Aibot, clock: SteppedClock
) -> None:
    since = clock.now() - timedelta(minutes=5)
    async with listening(robot, since) as inbox:
        pass
    assert inbox.gaps == [since]


async def test_whoever_takes_the_robot_over_is_left_alone(aibot: Aibot, robot: Robot, clock: SteppedClock) -> None:
    inbox = Inbox(robot)
    listener = asyncio.create_task(robot.listen(inbox.take))
    await until(lambda: bool(inbox.batches))
    other = Robot(BOT_ID, SECRET, aibot.url, clock)
    await other.open()
    async with listening(other):
        done, _ = await asyncio.wait([listener], timeout=5)
        assert done
        assert "另一个程序" in str(listener.exception())
        await sit_out(clock, 120)
        assert asked(aibot).count("aibot_subscribe") == 2
    await other.close()


async def test_to_open_it_without_listening_throws_nobody_out(aibot: Aibot, robot: Robot, clock: SteppedClock) -> None:
    async with listening(robot):
        reader = Robot(BOT_ID, SECRET, aibot.url, clock)
        await reader.open()
        await reader.close()
        assert aibot.connected
        assert asked(aibot) == ["aibot_subscribe"]


# Showing


async def test_a_text_goes_as_markdown_to_who_has_written(robot: Robot, aibot: Aibot) -> None:
    async with listening(robot) as inbox:
        aibot.write(TEACHER, "你好")
        await heard(inbox, 1)
        shown = await robot.show(LI, Rendered("您好，李老师", own="m1-0"))
    assert shown.ref == "m1-0"
    assert aibot.chat(TEACHER)[-1].text == "您好，李老师"


async def test_before_the_first_word_somebody_is_unreachable_for_that_reason(robot: Robot, aibot: Aibot) -> None:
    async with listening(robot):
        with pytest.raises(Unreachable) as refused:
            await robot.show(LI, Rendered("晨检"))
    assert refused.value.unheard
    assert "还没有给机器人发过消息" in str(refused.value)


async def test_where_it_may_not_begin_it_answers_what_was_last_written(
    robot: Robot, aibot: Aibot, sandbox: Sandbox, clock: LeapingClock
) -> None:
    async with listening(robot) as inbox:
        aibot.write(TEACHER, "你好")
        await heard(inbox, 1)
        await until(lambda: LI in robot._wrote)
        sandbox.wecom.faults.append(Fault("errcode", "aibot_send_msg", errcode=93006))
        await robot.show(LI, PROMPT)
        assert asked(aibot)[-2:] == ["aibot_send_msg", "aibot_respond_msg"]
        assert on_phone(aibot).text == "三(2)班 晨检\n应到45人"
        clock.leap(clock.now() + timedelta(hours=24, seconds=1))
        with pytest.raises(Unreachable):
            await robot.show(LI, Rendered("晨检"))


async def test_what_people_think_of_an_answer_is_nothing_to_us(robot: Robot) -> None:
    body = {
        "msgid": "1",
        "from": {"userid": LI},
        "event": {"eventtype": "feedback_event", "feedback_event": {"id": "f"}},
    }
    frame = {"cmd": "aibot_event_callback", "headers": {"req_id": "r"}, "body": body}
    assert robot.read(json.dumps(frame)) is None


def frame(kind: str, content: object, **more: object) -> str:
    """A message as WeCom's documentation shows it, of kinds that the sandbox's phones do not send."""
    body = {"msgid": "1", "chattype": "single", "from": {"userid": LI}, "msgtype": kind, kind: content, **more}
    return json.dumps({"cmd": "aibot_msg_callback", "headers": {"req_id": "r"}, "body": body, "heard": 0.0})


PICTURE = {"url": "https://example.invalid/1", "aeskey": "a2V5"}
WORDS = {"msgtype": "text", "text": {"content": "复课证明"}}


@pytest.mark.parametrize(
    ("body", "verb", "args", "text"),
    [
        (frame("mixed", {"msg_item": [WORDS, {"msgtype": "image", "image": PICTURE}]}), "file", "photo", "复课证明"),
        (frame("mixed", {"msg_item": [WORDS]}), "text", None, "复课证明"),
        (frame("video", PICTURE), "unreadable", "video", ""),
        (frame("text", {"content": "  "}), "unreadable", "empty", ""),
        (frame("text", {"content": "@零报告 今日"}, chattype="group", chatid="g"), "text", None, "今日"),
    ],
)
def test_what_else_somebody_may_send(robot: Robot, body: str, verb: str, args: str | None, text: str) -> None:
    heard = robot.read(body)
    assert heard is not None
    assert (heard.verb, heard.args[0] if heard.args else None, heard.text) == (verb, args, text)


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"cmd": "aibot_msg_callback", "headers": {}, "body": {}}'])
def test_what_is_no_frame_cannot_be_read(body: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Robot("b", "s", "ws://nowhere", LeapingClock(datetime(2026, 9, 1, tzinfo=UTC))).read(body)


async def test_who_has_just_opened_the_chat_is_welcomed_there(robot: Robot, aibot: Aibot, clock: LeapingClock) -> None:
    async with listening(robot) as inbox:
        aibot.enter(TEACHER)
        await heard(inbox, 1)
        await until(lambda: LI in robot._entered)
        await robot.show(LI, Rendered("请先写一句话"))
        assert aibot.chat(TEACHER)[-1].text == "请先写一句话"
        assert asked(aibot)[-1] == "aibot_respond_welcome_msg"


async def test_five_seconds_later_there_is_no_welcome_any_more(robot: Robot, aibot: Aibot, clock: LeapingClock) -> None:
    async with listening(robot) as inbox:
        aibot.enter(TEACHER)
        await heard(inbox, 1)
        await until(lambda: LI in robot._entered)
        clock.leap(clock.now() + timedelta(seconds=5))
        with pytest.raises(Unreachable):
            await robot.show(LI, Rendered("请先写一句话"))
    assert "aibot_respond_welcome_msg" not in asked(aibot)


async def test_while_it_is_not_connected_everything_waits(robot: Robot, aibot: Aibot) -> None:
    with pytest.raises(TryLater) as waits:
        await robot.show(LI, Rendered("晨检"))
    assert waits.value.whole


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (Fault("drop", "aibot_send_msg", when="before"), Unknown),
        (Fault("drop", "aibot_send_msg", when="after"), Unknown),
        (Fault("errcode", "aibot_send_msg", errcode=45009), TryLater),
        (Fault("errcode", "aibot_send_msg", errcode=-1), TryLater),
        (Fault("errcode", "aibot_send_msg", errcode=846609), TryLater),
        (Fault("errcode", "aibot_send_msg", errcode=999999), Refused),
    ],
)
async def test_how_a_send_can_fail(
    robot: Robot, aibot: Aibot, sandbox: Sandbox, fault: Fault, raised: type[Exception]
) -> None:
    async with listening(robot) as inbox:
        aibot.write(TEACHER, "你好")
        await heard(inbox, 1)
        sandbox.wecom.faults.append(fault)
        with pytest.raises(raised):
            await robot.show(LI, Rendered("晨检"))


async def test_of_a_send_that_nobody_answers_nothing_is_known(hasty: Robot, aibot: Aibot, sandbox: Sandbox) -> None:
    async with listening(hasty) as inbox:
        aibot.write(TEACHER, "你好")
        await heard(inbox, 1)
        sandbox.wecom.faults.append(Fault("silent"))
        with pytest.raises(Unknown):
            await hasty.show(LI, Rendered("晨检"))
    assert aibot.chat(TEACHER)[-1].text == "晨检"


# Cards

PROMPT = Rendered(
    "三(2)班 晨检",
    buttons=[[Button("全员正常", "zero:c1:20260901:m:0")], [Button("有异常", "ill:c1:20260901:m:0")]],
    face=Face("三(2)班 晨检", "应到45人", options=False),
    closed="已更新",
    submit="提交",
    own="m1-0",
)
LIST = replace(
    PROMPT,
    buttons=[
        [Button("3 李", "on:c1:3", ticked=True), Button("4 王", "on:c1:4", ticked=False)],
        [Button("发送", "send:c1")],
    ],
    face=Face("谁没到？", "", options=True),
    own="m2-0",
)


@asynccontextmanager
async def shown_card(robot: Robot, aibot: Aibot, message: Rendered = PROMPT) -> AsyncIterator[Inbox]:
    """She has written, and the card lies in her chat."""
    async with listening(robot) as inbox:
        aibot.write(TEACHER, "你好")
        await heard(inbox, 1)
        assert await robot.show(LI, message) == Shown(message.own)
        yield inbox


def on_phone(aibot: Aibot) -> Message:
    return aibot.chat(TEACHER)[-1]


async def test_a_card_is_pressed_and_becomes_another_in_its_place(robot: Robot, aibot: Aibot) -> None:
    async with shown_card(robot, aibot) as inbox:
        assert on_phone(aibot).text == "三(2)班 晨检\n应到45人"
        aibot.tap(TEACHER, on_phone(aibot).id, "zero:c1:20260901:m:0")
        await heard(inbox, 2)
        pressed = inbox.last
        assert (pressed.verb, pressed.args, pressed.ref, pressed.tap) == (
            "zero",
            ("c1", "20260901", "m", "0"),
            "m1-0",
            "m1-0",
        )
        receipt = replace(PROMPT, face=Face("✅ 已报", "应到45，实到45", options=False), own="m1-1")
        assert await robot.show(LI, receipt, pressed.ref, pressed.edit_code) == Shown("m1-0")
    assert len(aibot.chat(TEACHER)) == 2
    assert on_phone(aibot).text == "✅ 已报\n应到45，实到45"


async def test_a_press_may_be_answered_once_and_for_five_seconds(
    robot: Robot, aibot: Aibot, clock: LeapingClock
) -> None:
    async with shown_card(robot, aibot) as inbox:
        for wait, good in ((4, True), (5, False)):
            aibot.tap(TEACHER, on_phone(aibot).id, "zero:c1:20260901:m:0")
            await heard(inbox, 2 if good else 3)
            code = inbox.last.edit_code
            clock.leap(clock.now() + timedelta(seconds=wait))
            if good:
                await robot.show(LI, PROMPT, "m1-0", code)
            with pytest.raises(Gone):
                await robot.show(LI, PROMPT, "m1-0", code)
    assert asked(aibot).count("aibot_respond_update_msg") == 1


async def test_without_a_press_nothing_is_edited(robot: Robot, aibot: Aibot) -> None:
    async with shown_card(robot, aibot):
        with pytest.raises(Gone):
            await robot.show(LI, PROMPT, "m1-0", None)


async def test_what_is_over_keeps_one_button_that_says_so_and_does_nothing(robot: Robot, aibot: Aibot) -> None:
    async with shown_card(robot, aibot) as inbox:
        aibot.tap(TEACHER, on_phone(aibot).id, "zero:c1:20260901:m:0")
        await heard(inbox, 2)
        await robot.show(LI, replace(PROMPT, buttons=[]), "m1-0", inbox.last.edit_code)
        ((button,),) = on_phone(aibot).keyboard
        assert button.text == "已更新"
        aibot.tap(TEACHER, on_phone(aibot).id, button.data)
        await heard(inbox, 3)
        assert inbox.heard[-1] is None


async def test_a_card_that_was_shown_and_not_recorded_is_sent_as_another(robot: Robot, aibot: Aibot) -> None:
    """`kill -9` between WeCom's yes and our record of it, once and again: a task_id counts once, and nothing that is
    still wanted is given up for it."""
    async with shown_card(robot, aibot):
        for times in (2, 3, 4):
            shown = await robot.show(LI, PROMPT)
            assert on_phone(aibot).card["task_id"] == shown.ref == f"{PROMPT.own}_{times}"
    assert [one.text for one in aibot.chat(TEACHER)[-4:]] == ["三(2)班 晨检\n应到45人"] * 4


async def test_a_card_that_becomes_words_is_closed_and_the_words_are_sent(robot: Robot, aibot: Aibot) -> None:
    async with shown_card(robot, aibot) as inbox:
        aibot.tap(TEACHER, on_phone(aibot).id, "ill:c1:20260901:m:0")
        await heard(inbox, 2)
        words = Rendered("请写：几号，什么情况", closed="已更新", own="m1-1")
        with pytest.raises(Gone):
            await robot.show(LI, words, "m1-0", inbox.last.edit_code)
        assert on_phone(aibot).text == "已更新"


async def test_what_takes_the_place_of_a_card_closes_it(robot: Robot, aibot: Aibot) -> None:
    async with shown_card(robot, aibot) as inbox:
        card = on_phone(aibot)
        aibot.tap(TEACHER, card.id, "zero:c1:20260901:m:0")
        await heard(inbox, 2)
        assert await robot.show(LI, replace(PROMPT, own="m3-0"), None, inbox.last.edit_code) == Shown("m3-0")
        shown = {message.id: message.text for message in aibot.chat(TEACHER)}
        assert shown[card.id] == "已更新"
        assert on_phone(aibot).text == "三(2)班 晨检\n应到45人"


async def test_several_are_ticked_and_heard_at_once(robot: Robot, aibot: Aibot) -> None:
    async with shown_card(robot, aibot, LIST) as inbox:
        aibot.submit(TEACHER, on_phone(aibot).id, ["on:c1:3", "on:c1:4"])
        await heard(inbox, 2)
        assert (inbox.last.verb, inbox.last.args) == ("chosen", ("on:c1:3", "on:c1:4"))
        aibot.submit(TEACHER, on_phone(aibot).id, ["!send:c1"])
        await heard(inbox, 3)
        assert (inbox.last.verb, inbox.last.args) == ("unticked", ("send:c1",))


async def test_a_forged_button_is_heard_as_one(robot: Robot, aibot: Aibot) -> None:
    async with shown_card(robot, aibot) as inbox:
        for data in ("text:hello", "drop table"):
            aibot.tap(TEACHER, on_phone(aibot).id, data)
        await heard(inbox, 3)
        assert [one.verb for one in inbox.heard[1:] if one] == ["forged", "forged"]


async def test_choices_under_a_text_bear_numbers(robot: Robot, aibot: Aibot) -> None:
    async with shown_card(robot, aibot):
        text = replace(PROMPT, face=None, text="1 全员正常\n2 有异常")
        assert await robot.show(LI, text) == Shown("m1-0", numbered=True)
        assert on_phone(aibot).text == "1 全员正常\n2 有异常"


# Files


async def test_a_picture_and_a_file_go_up_in_pieces_and_arrive_whole(robot: Robot, aibot: Aibot) -> None:
    large = PNG + bytes(range(256)) * 3000  # two pieces
    async with listening(robot) as inbox:
        aibot.write(TEACHER, "你好")
        await heard(inbox, 1)
        await robot.show(LI, Rendered("", photo=large))
        await robot.show(LI, Rendered("", file=("晨检.xlsx", b"PK" + bytes(100))))
    _, picture, book = aibot.chat(TEACHER)
    assert picture.photo is not None
    assert aibot.corp.files[picture.photo].data == large
    assert book.document is not None
    assert aibot.corp.files[book.document].name == "晨检.xlsx"
    assert asked(aibot).count("aibot_upload_media_chunk") == 3


async def test_an_upload_that_breaks_off_has_shown_nothing(robot: Robot, aibot: Aibot, sandbox: Sandbox) -> None:
    async with listening(robot) as inbox:
        aibot.write(TEACHER, "你好")
        await heard(inbox, 1)
        sandbox.wecom.faults.append(Fault("drop", "aibot_upload_media_finish", when="after"))
        with pytest.raises(TryLater):
            await robot.show(LI, Rendered("", photo=PNG))
    assert len(aibot.chat(TEACHER)) == 1


async def test_what_is_too_large_is_refused_here(robot: Robot, aibot: Aibot) -> None:
    async with listening(robot) as inbox:
        aibot.write(TEACHER, "你好")
        await heard(inbox, 1)
        with pytest.raises(Refused):
            await robot.show(LI, Rendered("", photo=bytes(10 << 20) + PNG))
        with pytest.raises(Refused):
            await robot.show(LI, Rendered("报" * 6827))
    assert asked(aibot) == ["aibot_subscribe"]


async def test_what_somebody_sends_is_fetched_and_decrypted(robot: Robot, aibot: Aibot, clock: LeapingClock) -> None:
    async with listening(robot) as inbox:
        aibot.photo(TEACHER, PNG)
        aibot.document(TEACHER, "证明.pdf", b"%PDF-1.4 ...")
        await heard(inbox, 2)
        kinds = [one.args[0] for one in inbox.heard if one]
        files = [one.args[1] for one in inbox.heard if one]
        assert kinds == ["photo", "document"]
        assert [await robot.fetch(file, 1000) for file in files] == [PNG, b"%PDF-1.4 ..."]
        with pytest.raises(TooLarge):
            await robot.fetch(files[0], 10)
        clock.leap(clock.now() + timedelta(minutes=5))
        with pytest.raises(Gone):
            await robot.fetch(files[0], 1000)


async def test_nothing_of_ours_is_refused_for_its_pace(robot: Robot, aibot: Aibot, clock: SteppedClock) -> None:
    """Thirty in a minute pass, and our own pace stays below."""
    assert all(window.count < limit for window, limit in zip(robot.can.pace.private, (30, 1000), strict=True))
    async with listening(robot) as inbox:
        aibot.write(TEACHER, "你好")
        await heard(inbox, 1)
        for _ in range(robot.can.pace.private[0].count):
            await robot.show(LI, Rendered("晨检"))
    assert aibot.over_limit == 0
