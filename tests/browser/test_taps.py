"""How many taps the commonest mornings cost, counted on the page itself: issue after issue may only make them fewer."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.practice import Visitor, practice

COUNT = """() => {
  window.taps = 0;
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-testid=btn]")) window.taps += 1;
  }, true);
}"""
FEVER = ("38.5", "咳嗽", "选好了", "在校留观")
COUGH = ("不发热", "咳嗽", "选好了", "居家")
LEAVE = ("事假",)
AT_HOME = ("38.5", "咳嗽", "选好了", "居家")
SOON = 20_000
Pupils = tuple[tuple[str, ...], ...]

MORNINGS: dict[str, tuple[Pupils, int]] = {
    "all well": ((), 1),
    "one on leave": ((LEAVE,), 4),
    "one with a fever and a cough": ((FEVER,), 7),
    "one with a cough, at home": ((COUGH,), 7),
    "a fever and a leave": ((FEVER, LEAVE), 9),
    "two with a fever and a cough": ((FEVER, FEVER), 12),
}

# Who was listed on the day before, what is tapped on the morning after, and how many taps that is.
MORNINGS_AFTER: dict[str, tuple[Pupils, tuple[str, ...], int]] = {
    "one on leave, as before": ((LEAVE,), ("都同昨日",), 1),
    "two on leave, as before": ((LEAVE, LEAVE), ("都同昨日",), 1),
    "one on leave, all back": ((LEAVE,), ("全到了",), 1),
    "two on leave, one back": ((LEAVE, LEAVE), ("1号已返校", "都同昨日"), 2),
    "a fever, as before": ((AT_HOME,), ("都同昨日", "不发热"), 2),
}


@pytest.mark.timeout(240)
async def test_the_commonest_mornings_cost_so_many_taps(phone: Page) -> None:
    async with practice() as address:
        visitor = Visitor(phone)
        await visitor.arrive(address)
        await visitor.next_event()
        teachers = await visitor.with_a_card("全员正常", len(MORNINGS) + 1)
        await phone.evaluate(COUNT)
        counted = {}
        for teacher, (name, (pupils, _)) in zip(teachers, MORNINGS.items(), strict=False):
            await visitor.open(teacher)
            counted[name] = await taps(visitor, pupils)
        assert counted == {name: wanted for name, (_, wanted) in MORNINGS.items()}

        await visitor.open(teachers[-1])
        assert await taps_after_a_line(visitor) == 1


@pytest.mark.timeout(540)
async def test_the_morning_after_costs_so_many_taps(phone: Page) -> None:
    async with practice() as address:
        visitor = Visitor(phone)
        await visitor.arrive(address)
        await visitor.next_event()
        teachers = await visitor.with_a_card("全员正常", len(MORNINGS_AFTER))
        for teacher, (pupils, _, _) in zip(teachers, MORNINGS_AFTER.values(), strict=True):
            await visitor.open(teacher)
            await _report(visitor, pupils)
        await visitor.leave_until(address, "07:29")  # of the day after: it is 07:30 now
        await visitor.jump("07:31")
        await phone.evaluate(COUNT)
        counted = {}
        for teacher, (name, (_, pressed, _)) in zip(teachers, MORNINGS_AFTER.items(), strict=True):
            await visitor.open(teacher)
            await expect(visitor.last()).to_contain_text("昨天还没结束的", timeout=SOON)
            before = await _tapped(visitor)
            for label in pressed:
                await visitor.press(label)
            await expect(visitor.last()).to_contain_text("✅ 已报", timeout=SOON)
            counted[name] = await _tapped(visitor) - before
        assert counted == {name: wanted for name, (_, _, wanted) in MORNINGS_AFTER.items()}


async def taps(visitor: Visitor, pupils: Pupils) -> int:
    """From the card to the receipt."""
    before = await _tapped(visitor)
    await _report(visitor, pupils)
    return await _tapped(visitor) - before


async def _report(visitor: Visitor, pupils: Pupils) -> None:
    if not pupils:
        await visitor.press("全员正常")
    else:
        await visitor.press("有异常")
        for seat, answers in enumerate(pupils, 1):
            await visitor.press(re.compile(rf"^(✓ )?{seat}号"))
            for answer in answers:
                await visitor.press(answer)
        await visitor.press("✅ 发送")
    await expect(visitor.last()).to_contain_text("✅ 已报", timeout=SOON)


async def taps_after_a_line(visitor: Visitor) -> int:
    """The line that the card teaches, and 发送."""
    before = await _tapped(visitor)
    await visitor.write("3号同学38.5去医院了，17号同学事假")
    await expect(visitor.last()).to_contain_text("核对无误", timeout=SOON)
    await visitor.press("✅ 发送")
    await expect(visitor.last()).to_contain_text("✅ 已报", timeout=SOON)
    return await _tapped(visitor) - before


async def _tapped(visitor: Visitor) -> int:
    return int(await visitor.page.evaluate("window.taps"))
