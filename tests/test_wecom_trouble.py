"""A morning on WeCom on which the line fails in every way: a class is reported once, and its phone shows it once."""

import itertools
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from sandbox import Fault, Message
from tests.mortal import Fate
from tests.small_district import PHONES
from tests.stack import Stack, hour
from tests.test_crash import EVERY_STEP, mortal, school_days

TEACHER = "赵强"
CARD = "三(2)班 · 9月1日"
DONE = "✅ 已报 · 三(2)班"


class Morning:
    """One teacher's: the card comes at half past seven, a tap makes it the receipt."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.wecom = stack.sandbox.wecom

    async def begins(self) -> None:
        """The cards have come, so far as they can."""
        await self.until("07:30")
        await self.goes_on(minutes=3)

    def tap(self) -> None:
        self._stack.phones.press(PHONES[TEACHER], PHONES[TEACHER], "全员正常", CARD)

    def forge(self, data: str) -> None:
        self._stack.phones.forge(PHONES[TEACHER], PHONES[TEACHER], data, CARD)

    async def until(self, time: str) -> None:
        await self._stack.go(hour(time))

    async def goes_on(self, **span: float) -> None:
        await self._stack.settle(timedelta(**span))

    async def restarts(self) -> None:
        await self._stack.stop_bot()
        await self._stack.start_bot()

    async def is_away(self) -> None:
        await self._stack.stop_bot()

    async def reports(self) -> Sequence[int]:
        """The revisions of what was reported: nobody else reports."""
        return [row["rev"] for row in await self._stack.rows("SELECT rev FROM report")]

    def shown(self, words: str) -> list[Message]:
        return [one for one in self._stack.chat(TEACHER) if one.text.startswith(words)]

    async def forget(self, card: Message) -> None:
        """What a row says of the card when its message has been sent anew: nothing."""
        ref = str(card.card["task_id"])
        await self._stack.storage.run(lambda tx: tx.run("UPDATE message SET ref = NULL WHERE ref = :ref", ref=ref))

    def calls(self, method: str) -> int:
        return sum(1 for entry in self.wecom.journal if entry.method == method)


async def crashes_at(stack: Stack, fate: Fate, step: int, day: date) -> bool:
    """One school day a crash. False when all was done before that step."""
    card = f"三(2)班 · {day.month}月{day.day}日"
    await stack.go(hour("07:29:50", day))
    await stack.start_bot()
    await stack.settle(timedelta(minutes=2))
    before = stack.crashes
    fate.arm(step)
    stack.phones.press(PHONES[TEACHER], PHONES[TEACHER], "全员正常", card)
    await stack.settle(timedelta(seconds=10))
    where, crashed = fate.steps[-1], stack.crashes > before
    reported = await _reports(stack, day)
    assert reported or not _done(stack, day), f"{where}: shown, and no row"
    fate.live()
    if crashed:
        await stack.start_bot()
        await stack.settle(timedelta(seconds=30))
    if not await _reports(stack, day):
        assert "commit 1" in where, f"{where}: lost"
        stack.phones.press(PHONES[TEACHER], PHONES[TEACHER], "全员正常", card)
        await stack.settle(timedelta(seconds=30))
    assert await _reports(stack, day) == [1], where
    assert 1 <= len(_done(stack, day)) <= 2, where
    assert not await stack.rows("SELECT key FROM message WHERE state = 'due'"), where
    assert not await stack.rows("SELECT key FROM message WHERE problem LIKE '42014%'"), f"{where}: taken for unshown"
    assert not await stack.rows("SELECT id FROM inbox WHERE state <> 'done'"), where
    await stack.stop_bot()
    return crashed


async def _reports(stack: Stack, day: date) -> Sequence[int]:
    return [row["rev"] for row in await stack.rows("SELECT rev FROM report WHERE day = :day", day=day.isoformat())]


def _done(stack: Stack, day: date) -> list[Message]:
    return [one for one in stack.chat(TEACHER) if one.text.startswith(f"{DONE} {day.month}月{day.day}日")]


async def test_a_crash_at_any_step_of_a_report_loses_nothing_that_was_shown(tmp_path: Path) -> None:
    """What died before commit 1 was never acknowledged: WeCom gives it up after three tries, and the card goes on
    asking."""
    stack, fate = mortal(f"sqlite:///{tmp_path}/zero.db", on="wecom")
    try:
        await stack.open()
        await stack.stop_bot()
        seen: set[str] = set()
        for step, day in zip(itertools.count(1), school_days(), strict=False):
            crashed = await crashes_at(stack, fate, step, day)
            seen |= set(fate.steps)
            if not crashed:
                break
        assert seen >= EVERY_STEP - {"before the answer to a tap", "after the answer to a tap"}
    finally:
        await stack.close()


@pytest.fixture
async def morning(tmp_path: Path) -> AsyncIterator[Morning]:
    stack = Stack(f"sqlite:///{tmp_path}/zero.db", on="wecom")
    try:
        await stack.open()
        yield Morning(stack)
    finally:
        await stack.close()


async def test_what_wecom_tells_twice_is_reported_once(morning: Morning) -> None:
    await morning.begins()
    morning.wecom.faults.append(Fault("duplicate"))
    morning.tap()
    await morning.goes_on(minutes=1)
    assert await morning.reports() == [1]
    assert len(morning.shown(DONE)) == 1
    assert morning.calls("message/update_template_card") == 1


async def test_a_token_that_is_invalidated_or_ends_in_the_middle_of_a_morning_costs_nothing(morning: Morning) -> None:
    fetched = morning.calls("gettoken")
    morning.wecom.invalidate_token()
    await morning.begins()
    assert len(morning.shown(CARD)) == 1
    assert morning.calls("gettoken") == fetched + 1
    morning.wecom.invalidate_token()
    morning.tap()
    await morning.goes_on(minutes=1)
    assert len(morning.shown(DONE)) == 1
    assert morning.calls("gettoken") == fetched + 2
    await morning.until("09:40")
    assert morning.calls("gettoken") == fetched + 3
    assert {entry.error for entry in morning.wecom.journal if entry.error} == {"40014 invalid access_token"}


@pytest.mark.parametrize("kind", ["timeout", "drop", "500"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_card_that_may_have_been_shown_is_repeated_and_shown_once(
    morning: Morning, kind: str, when: str
) -> None:
    fault = Fault(kind, method="message/send", chat=PHONES[TEACHER], times=2, when=when)  # type: ignore[arg-type]
    morning.wecom.faults.append(fault)
    await morning.begins()
    assert len(morning.shown(CARD)) == 1
    morning.tap()
    await morning.goes_on(minutes=1)
    assert len(morning.shown(DONE)) == 1
    assert await morning.reports() == [1]


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_update_that_may_have_been_shown_ends_as_the_receipt(morning: Morning, when: str) -> None:
    """Its code is good for one: where the try that nobody answered has used it, the receipt stands there."""
    await morning.begins()
    fault = Fault("drop", method="message/update_template_card", times=1, when=when)  # type: ignore[arg-type]
    morning.wecom.faults.append(fault)
    morning.tap()
    await morning.goes_on(minutes=2)
    assert await morning.reports() == [1]
    assert len(morning.shown(DONE)) == 1
    assert not morning.shown(CARD)


@pytest.mark.parametrize("errcode", [-1, 45009, 45033, 60020])
async def test_what_wecom_refuses_for_now_goes_out_later(morning: Morning, errcode: int) -> None:
    morning.wecom.faults.append(Fault("errcode", errcode=errcode, method="message/send", chat=PHONES[TEACHER], times=2))
    await morning.begins()
    assert len(morning.shown(CARD)) == 1


async def test_a_tap_while_nobody_listens_is_lost_and_the_next_one_counts(morning: Morning) -> None:
    """WeCom tries three times and keeps nothing; the card goes on asking, and never says 已报."""
    await morning.begins()
    await morning.is_away()
    morning.tap()
    await morning.goes_on(seconds=30)
    assert len(morning.wecom.lost) == 1
    await morning.restarts()
    await morning.goes_on(seconds=30)
    assert (await morning.reports(), len(morning.shown(DONE))) == ([], 0)
    morning.tap()
    await morning.goes_on(minutes=1)
    assert await morning.reports() == [1]
    assert len(morning.shown(DONE)) == 1


async def test_a_card_that_was_sent_anew_is_closed_by_a_tap_that_makes_nothing_else_of_it(morning: Morning) -> None:
    """The tap is answered, and its code says on the old card where the new one is: nobody taps it again."""
    await morning.begins()
    [old] = morning.shown(CARD)
    await morning.forget(old)
    morning.forge("nonsense!")
    await morning.goes_on(minutes=1)
    assert len(morning.shown("这个按钮无法识别")) == 1
    [closed] = morning.shown("这张卡片已过期")
    assert closed.id == old.id
    assert not closed.keyboard


async def test_a_card_of_ours_stays_open_whatever_is_tapped_on_it(morning: Morning) -> None:
    await morning.begins()
    morning.forge("nonsense!")
    await morning.goes_on(minutes=1)
    assert not morning.shown("这张卡片已过期")
    morning.tap()
    await morning.goes_on(minutes=1)
    assert len(morning.shown(DONE)) == 1
