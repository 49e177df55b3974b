"""The demo that somebody plays by hand: the crowd lives by the page's clock and leaves a touched phone alone."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.demo.stage import DAY, ZONE, Stage, beside, staged
from bot.demo.switching import Switching
from sandbox.crowd import How, Plan, plain

SEED = 5

pytestmark = [pytest.mark.timeout(240), pytest.mark.asyncio(loop_scope="module")]


def at(hour: int, minute: int) -> datetime:
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=ZONE)


@pytest.fixture(scope="module")
def tappers(stage: Stage) -> list[Plan]:
    return mean_to_tap(stage)


def mean_to_tap(stage: Stage) -> list[Plan]:
    """Of teachers alone with a class who mean to tap before eight."""
    plans = stage.crowd.day.plans if stage.crowd.day else ()
    return [plan for plan in plans if plan.how is How.TAP and len(plan.klass.teachers) == 1 and plan.at < at(8, 0)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A few minutes past eight; one phone was taken in hand before the cards came. What a machine has
    in its environment is of no account."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZERO_REPORT_TELEGRAM__TOKEN", "1:of-a-real-bot")
        patch.setenv("ZERO_REPORT_TELEGRAM__BASE_URL", "http://127.0.0.1:9/bot")
        patch.setenv("ZERO_REPORT_STORAGE__URL", "sqlite:////nowhere/at-all.db")
        async with staged(SEED, tmp_path_factory.mktemp("practice"), 0, both=True) as opened:
            phone = mean_to_tap(opened)[0].who.id
            opened.sandbox.write(phone, phone, "帮助")
            await opened.advance(at(8, 5))
            yield opened
            await opened.crowd.stop()


def receipts(stage: Stage, plan: Plan) -> list[str]:
    texts = [plain(message.text) for message in stage.sandbox.chat(plan.who.id) if message.sender == 0]
    return [text for text in texts if text.startswith("✅ 已报")]


async def test_the_crowd_answers_at_its_hours(stage: Stage, tappers: list[Plan]) -> None:
    for plan in tappers[1:]:
        assert len(receipts(stage, plan)) == 1


async def test_a_phone_that_somebody_holds_is_left_to_them(stage: Stage, tappers: list[Plan]) -> None:
    plan = tappers[0]
    assert stage.crowd.touched(plan.who.id)
    assert not stage.crowd.touched(tappers[1].who.id)
    assert receipts(stage, plan) == []
    card = stage.sandbox.chat(plan.who.id)[-1]
    stage.sandbox.tap(plan.who.id, plan.who.id, card.id, card.button("全员正常").data)
    await stage.advance(stage.clock.now() + timedelta(seconds=3))
    assert len(receipts(stage, plan)) == 1


async def test_the_next_event_is_the_next_step_of_the_day(stage: Stage) -> None:
    assert stage.control.next_event() == at(8, 15)


async def test_all_but_the_unbound_have_joined(stage: Stage) -> None:
    assert stage.crowd.day is not None
    unbound = stage.crowd.day.unbound
    for member in stage.people.members:
        welcomed = any("您已绑定" in message.text for message in stage.sandbox.chat(member.id))
        assert welcomed is (member.id not in unbound)


def switching(stage: Stage) -> Switching:
    return Switching(stage, beside(stage.storage, stage.clock, stage.config))


async def soon(stage: Stage) -> None:
    await stage.advance(stage.clock.now() + timedelta(seconds=3))


async def test_who_is_switched_to_wecom_presses_a_card_there_and_is_left_to_whoever_plays_them(stage: Stage) -> None:
    teacher = mean_to_tap(stage)[1].who
    await switching(stage).join(teacher.id, "wecom")
    stage.sandbox.wecom.write(teacher.id, "报告")
    await soon(stage)
    card = next(one for one in stage.sandbox.wecom.chat(teacher.id) if plain(one.text).startswith("✅ 已报"))
    stage.sandbox.wecom.tap(teacher.id, card.id, card.button("补报").data)
    await soon(stage)
    assert any("补报 " in plain(one.text) for one in stage.sandbox.wecom.chat(teacher.id))
    assert stage.crowd.touched(teacher.id)
    with pytest.raises(ValueError, match="花名册"):
        await switching(stage).join(699_999, "wecom")


async def test_who_is_switched_to_telegram_finds_their_class_there(tmp_path: Path) -> None:
    async with staged(SEED, tmp_path, 0, channel="wecom", both=True) as stage:
        teacher = mean_to_tap(stage)[1].who
        assert stage.sandbox.chat(teacher.id) == ()
        await switching(stage).join(teacher.id, "telegram")
        stage.sandbox.write(teacher.id, teacher.id, "报告")
        await stage.advance(at(7, 31))
        assert teacher.classes[0].name in stage.sandbox.chat(teacher.id)[-1].text
        await stage.crowd.stop()
