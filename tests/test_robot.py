"""The whole bot at a WeCom robot's long connection: a morning, a line that breaks, somebody who has never written."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import typer

from bot.__main__ import TAKEN_OVER, _finish
from bot.channels import Channel, Conflict
from bot.channels.wecom.connection import REPLACED
from bot.channels.wecom.robot import Robot
from bot.clock import Clock
from sandbox import Fault, Message
from sandbox.wecom.aibot import BOT_ID, SECRET
from storage import open_storage
from tests.phones import OnWeCom, find_button
from tests.small_district import LEADERS_GROUP, PHONES
from tests.stack import Stack, hour

MORNING = ("张敏", "李梅", "陈刚", "卫东")  # a class teacher, 疫情报告人, 管理员, 学区领导


class OnRobot(OnWeCom):
    """The same corp, its robot instead of its app."""

    can = Robot.can

    def channel(self, clock: Clock) -> Channel:
        return Robot(BOT_ID, SECRET, self._wecom.aibot.url, clock)

    async def connect(self, channel: Channel) -> None:
        async with asyncio.timeout(5):
            while not self._wecom.aibot.connected:  # noqa: ASYNC110 - it rings no bell
                await asyncio.sleep(0)

    def write(self, person: int, chat: int, text: str) -> Message:
        return self._wecom.aibot.write(person, text)


class RobotStack(Stack):
    """Of the small district those of MORNING have bound themselves, each by writing their code to the robot."""

    async def open(self, *, unbound: tuple[str, ...] = (), group: bool = True) -> None:
        self._time = asyncio.create_task(self.clock.run())
        for name, number in PHONES.items():
            self.sandbox.add_person(number, name)
        await self.sandbox.start()
        self.storage = await open_storage(self.url)
        await self._load()
        phones = self.phones = OnRobot(self.sandbox, LEADERS_GROUP)
        for number in PHONES.values():
            phones.employ(number)
        await self.start_bot()
        for name in MORNING:
            if name not in unbound:
                self.write(name, f"/start {self.code(name)}")
        await self.settle()

    def press(self, who: str, label: str) -> Message:
        """The card's button; what it became stands in the chat afterwards."""
        message, button = find_button(self.chat(who), label)
        self.sandbox.wecom.aibot.tap(PHONES[who], message.id, button.data)
        return message

    def texts(self, who: str) -> list[str]:
        return [message.text for message in self.chat(who)]


@pytest.fixture
async def stack(tmp_path: object) -> AsyncIterator[RobotStack]:
    stack = RobotStack(f"sqlite:///{tmp_path}/robot.db", privacy={"wecom": "alone"})
    yield stack
    await stack.close()


async def test_a_morning_from_the_code_to_the_leaders_picture(stack: RobotStack) -> None:
    await stack.open()
    aibot = stack.sandbox.wecom.aibot
    assert "您已绑定" in stack.texts("张敏")[0]
    group = aibot.add_group("学区领导", [PHONES[name] for name in ("陈刚", "卫东")])
    aibot.write(PHONES["陈刚"], "@零报告 /bind leaders", group.id)
    await stack.settle()
    await stack.go(hour("07:31"))
    card = stack.press("张敏", "全员正常")
    await stack.settle()
    shown = {message.id: message for message in stack.chat("张敏")}
    assert shown[card.id].text.startswith("✅ 已报")
    assert len(shown) == len(stack.chat("张敏"))
    assert stack.chat("张敏")[-1].id == card.id  # nothing new: the card became the receipt
    await stack.go(hour("09:02"))
    *_, picture, words = (message for message in aibot.chat(group.id) if message.date < hour("09:01"))
    assert picture.photo is not None
    assert words.text.startswith("【学区晨检】")
    assert aibot.over_limit == 0
    assert not await stack.set_aside()


async def test_who_has_never_written_is_named_told_and_sent_the_card_with_the_first_word(stack: RobotStack) -> None:
    await stack.open(unbound=("张敏",))
    (row,) = await stack.rows("SELECT id FROM person WHERE name = '张敏'")
    await stack.machine("member", "wecom", stack.phones.native(PHONES["张敏"]), str(row["id"]))
    await stack.go(hour("07:31"))
    assert stack.chat("张敏") == ()
    stack.write("陈刚", "绑定情况")
    await stack.settle()
    assert "还没给机器人发过消息、提醒发不到1人：张敏" in stack.texts("陈刚")[-1]
    stack.sandbox.wecom.aibot.enter(PHONES["张敏"])
    await stack.settle()
    assert ["您先给我发一句话" in text for text in stack.texts("张敏")] == [True]
    stack.write("张敏", "你好")
    await stack.settle()
    stack.press("张敏", "全员正常")
    await stack.settle()
    assert any(text.startswith("✅ 已报") for text in stack.texts("张敏"))


async def test_what_is_pressed_while_the_line_is_down_is_lost_and_the_admins_read_from_when_to_when(
    stack: RobotStack,
) -> None:
    await stack.open()
    await stack.go(hour("07:40"))
    aibot = stack.sandbox.wecom.aibot
    stack.sandbox.wecom.faults.append(Fault("errcode", "aibot_subscribe", errcode=-1, times=6))
    aibot.cut()
    stack.press("张敏", "全员正常")
    assert len(aibot.lost) == 1
    await stack.pass_time(hour("07:42"))
    assert aibot.connected
    told = stack.texts("陈刚")[-1]
    assert told.startswith("系统中断 07:3") or told.startswith("系统中断 07:40–07:4")
    assert "请再发一次、再点一次" in told
    assert not any(text.startswith("✅ 已报") for text in stack.texts("张敏"))
    stack.press("张敏", "全员正常")
    await stack.settle()
    assert any(text.startswith("✅ 已报") for text in stack.texts("张敏"))


def test_a_bot_in_whose_place_another_came_ends_with_a_code_at_which_systemd_leaves_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def taken_over() -> None:
        raise Conflict(REPLACED)

    with pytest.raises(typer.Exit) as ended:
        _finish(taken_over)
    assert ended.value.exit_code == TAKEN_OVER
    assert "请先停掉另一个程序" in capsys.readouterr().err
    unit = (Path(__file__).parents[1] / "deploy" / "zero-report.service").read_text(encoding="utf-8")
    assert f"RestartPreventExitStatus={TAKEN_OVER}\n" in unit
