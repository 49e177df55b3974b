"""The program dies at every step of a morning and is started again: confirmed is stored once, nothing is lost."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.seed import country
from handlers import decide
from handlers.model import Update
from handlers.outcome import Outcome
from handlers.plain import stamp
from handlers.questions import Ask
from sandbox import Message
from storage import Busy, Full, Storage, StorageError, Tx, inbox
from tests.mortal import Fate, MortalChannel, MortalStorage
from tests.small_district import LEADERS_GROUP
from tests.stack import TUESDAY, Stack, hour

T = TypeVar("T")
EVERY_STEP = {
    "before commit 1",
    "at the end of the transaction of commit 1",
    "after commit 1",
    "before commit 2",
    "at the end of the transaction of commit 2",
    "after commit 2",
    "before the answer to a tap",
    "after the answer to a tap",
    "before the platform's yes",
    "after the platform's yes",
    "before commit 3",
    "at the end of the transaction of commit 3",
    "after commit 3",
}


class Morning:
    """One school day a crash: a healthy class by one tap, a fever by one tap, at the same moment."""

    def __init__(self, stack: Stack, fate: Fate) -> None:
        self._stack = stack
        self._fate = fate
        self.seen: set[str] = set()

    async def crashes_at(self, step: int, day: date) -> bool:
        """False when the morning was over before that step."""
        stack, fate = self._stack, self._fate
        await stack.go(hour("07:29:50", day))
        await stack.start_bot()
        await stack.go(hour("07:30:10", day))
        stack.write("孙红", "2号38.5在校留观")
        await stack.settle()
        before = stack.crashes
        fate.arm(step)
        stack.tap("孙红", "发送", on="2号")
        stack.tap("赵强", "全员正常", on=f"三(2)班 · {day.month}月{day.day}日")
        await stack.settle()
        self.seen |= set(fate.steps)
        crashed, wire = stack.crashes > before, fate.on_the_wire
        await self._confirmed_is_stored(day)
        fate.live()
        if crashed:
            await stack.start_bot()
        await stack.settle(timedelta(seconds=30))
        await self._nothing_is_lost(day)
        self._nothing_is_said_twice(day, wire)
        await stack.stop_bot()
        return crashed

    async def _confirmed_is_stored(self, day: date) -> None:
        """What a phone shows as reported is a row, whatever died."""
        for who, school in (("赵强", "中心小学"), ("孙红", "第二小学")):
            if any(one.text.startswith("✅ 已报") for one in self._of_today(who, day)):
                assert await self._reports(day, school) == [1], f"{self._fate.steps[-1]}: {who}"

    async def _nothing_is_lost(self, day: date) -> None:
        where = self._fate.steps[-1] if self._fate.steps else ""
        for school in ("中心小学", "第二小学"):
            assert await self._reports(day, school) == [1], f"{where}: {school}"
        waiting = await self._stack.rows("SELECT key FROM message WHERE state = 'due'")
        assert not waiting, f"{where}: {[row['key'] for row in waiting]}"
        rows = await self._stack.rows("SELECT id FROM inbox WHERE state <> 'done'")
        assert not rows, f"{where}: {[row['id'] for row in rows]}"
        assert any(one.text.startswith("✅ 已报 · 三(2)班") for one in self._of_today("赵强", day)), where
        for who in ("郑华", "冯远"):
            assert any("发热提醒" in one.text for one in self._of_today(who, day)), f"{where}: {who}"

    def _nothing_is_said_twice(self, day: date, wire: int) -> None:
        """But for what was on the wire."""
        said = Counter(one.text for who in ("郑华", "冯远") for one in self._of_today(who, day))
        groups = Counter(one.text for one in self._stack.sandbox.chat(LEADERS_GROUP) if one.date >= hour("07:00", day))
        repeats = sum(count - 1 for count in groups.values()) + sum(max(0, count - 2) for count in said.values())
        assert repeats <= wire, f"{repeats} repeats with {wire} on the wire"

    def _of_today(self, who: str, day: date) -> list[Message]:
        return [one for one in self._stack.chat(who) if one.date >= hour("07:00", day)]

    async def _reports(self, day: date, school: str) -> list[int]:
        """Revisions, and one fact behind each."""
        rows = await self._stack.rows(
            """SELECT r.rev, (SELECT count(*) FROM fact f WHERE f.kind = 'Reported' AND f.lane = r.school
                               AND f.at >= :since) AS facts
               FROM report r JOIN school s ON s.id = r.school WHERE r.day = :day AND s.name = :school""",
            day=day.isoformat(),
            school=school,
            since=stamp(hour("07:00", day)),
        )
        assert all(row["facts"] == len(rows) for row in rows), f"{self._fate.steps[-1:]}: {rows}"
        return [row["rev"] for row in rows]


def school_days() -> Iterator[date]:
    """Of the plain week; a holiday is not one of them."""
    off = {day["day"] for day in country(TUESDAY.year) if not day["school_day"]}
    days = (TUESDAY + timedelta(days=n) for n in range(400))
    return (day for day in days if day.isoweekday() < 6 and day.isoformat() not in off)


def mortal(url: str, on: str = "telegram") -> tuple[Stack, Fate]:
    stack = Stack(url, on=on)
    fate = Fate(stack.died)
    stack.wrap_storage = lambda storage, role: MortalStorage(storage, role, fate)
    stack.wrap_channel = lambda channel: MortalChannel(channel, fate)
    return stack, fate


async def test_a_crash_at_any_step_of_a_morning_loses_nothing_and_doubles_nothing(storage_url: str) -> None:
    # a step in three on PostgreSQL, where a start takes longer: the steps are the same
    stride = 1 if storage_url.startswith("sqlite") else 3
    stack, fate = mortal(storage_url)
    try:
        await stack.open()
        await stack.stop_bot()
        morning = Morning(stack, fate)
        steps = itertools.count(1, stride)
        last = 0
        for step, day in zip(steps, school_days(), strict=False):
            last = step
            if not await morning.crashes_at(step, day):
                break
        assert morning.seen >= EVERY_STEP
        assert last > len(EVERY_STEP)
    finally:
        await stack.close()


# A database that is away


class Failing:
    """The turn's storage: the next transactions fail as a database away does, with nothing written."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.errors: list[StorageError] = []

    async def run(self, work: Callable[[Tx], T]) -> T:
        if self.errors:
            raise self.errors.pop()
        return await self._storage.run(work)

    async def read(self, work: Callable[[Tx], T]) -> T:
        return await self._storage.read(work)

    async def close(self) -> None:
        await self._storage.close()


async def test_a_locked_database_during_a_turn_is_waited_for(storage_url: str) -> None:
    stack = Stack(storage_url)
    failing: list[Failing] = []

    def wrap(storage: Storage, role: str) -> Storage:
        if role != "turn":
            return storage
        failing.append(Failing(storage))
        return failing[-1]

    stack.wrap_storage = wrap
    try:
        await stack.open()
        await stack.go(hour("07:30:10"))
        failing[0].errors = [Busy("locked"), Full("no room"), Busy("locked")]
        _, tap = stack.tap("孙红", "全员正常")
        await stack.settle(timedelta(seconds=20))
        assert not failing[0].errors
        assert tap.answer is not None
        assert tap.answer.text == "已报"
        assert [row["rev"] for row in await stack.rows("SELECT rev FROM report")] == [1]
        assert not await stack.set_aside()
    finally:
        await stack.close()


async def test_a_full_disk_during_a_turn_loses_nothing(tmp_path: Path) -> None:
    """SQLite's own limit of pages stands for the disk's: the turn's connection gets no new page."""
    stack = Stack(f"sqlite:///{tmp_path / 'zero.db'}", apart=True)
    try:
        await stack.open()
        await stack.go(hour("07:30:10"))
        storage = stack.storage_of("turn")
        await storage.read(lambda tx: tx.all("SELECT 1"))
        await storage.run(lambda tx: tx.all("PRAGMA max_page_count = 1"))
        stack.tap("张敏", "有异常")  # a keyboard of 45 names needs room
        _, tap = stack.tap("孙红", "全员正常")
        await stack.settle()
        assert not any(one.text.startswith("三(1)班 9月1日晨检 · 填写中") for one in stack.chat("张敏"))
        await storage.run(lambda tx: tx.all("PRAGMA max_page_count = 1000000"))
        await stack.settle(timedelta(seconds=10))
        assert any(one.text.startswith("三(1)班 9月1日晨检 · 填写中") for one in stack.chat("张敏"))
        assert tap.answer is not None
        assert [row["rev"] for row in await stack.rows("SELECT rev FROM report")] == [1]
        assert not await stack.set_aside()
    finally:
        await stack.close()


# An update that raises


async def test_a_poison_update_is_set_aside_while_its_neighbours_go_on(storage_url: str) -> None:
    stack = Stack(storage_url)
    try:
        await stack.open()
        await stack.go(hour("07:30:10"))
        lane = (await stack.rows("SELECT id FROM school WHERE name = '第二小学'"))[0]["id"]
        poison = inbox.own(lane, "machine", "poison", "roster", ("0", "2026-09-01"), "{", bytes(16))
        _, before = stack.tap("孙红", "全员正常")
        await stack.storage.run(lambda tx: inbox.put(tx, [poison], stack.clock.now()))
        stack.write("郑华", "/today")
        await stack.settle(timedelta(seconds=8))
        assert before.answer is not None
        assert before.answer.text == "已报"
        assert "应报1班，已报" in stack.chat("郑华")[-1].text
        assert [row["id"].rpartition(":")[2] for row in await stack.set_aside()] == ["poison"]
        told = [one.text for one in stack.chat("陈刚") if "已搁置" in one.text]
        assert len(told) == 1
        assert "python -m bot replay" in told[0]
        assert "{" not in told[0]
    finally:
        await stack.close()


async def test_words_that_raise_are_answered_and_their_neighbours_taken(
    storage_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(update: Update, ask: Ask) -> Outcome:
        if update.text == "3号38.5":
            raise ValueError("a fault of the reader")
        return decide(update, ask)

    stack = Stack(storage_url)
    try:
        await stack.open()
        await stack.go(hour("07:30:10"))
        monkeypatch.setattr("bot.surveys.decide", failing)
        stack.write("张敏", "3号38.5")
        stack.write("孙红", "全员正常")
        await stack.settle(timedelta(seconds=8))
        assert "您发的这句没有提交" in stack.chat("张敏")[-1].text
        assert "请马上打电话给本校疫情报告人" in stack.chat("张敏")[-1].text
        assert len(await stack.set_aside()) == 1
        assert "应到10" in stack.chat("孙红")[-1].text
    finally:
        await stack.close()
