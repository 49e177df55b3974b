"""The demo that somebody plays by hand: the crowd lives by the page's clock and leaves a touched phone alone."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from bot.demo.stage import DAY, ZONE, Stage, staged
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
        async with staged(SEED, tmp_path_factory.mktemp("practice"), 0) as opened:
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
