"""Teachers and officers with their phones: they do what they mean to, look whether it went through, and try again."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial

from bot.simulate.model import Model
from bot.simulate.phones import button_of
from bot.simulate.plan import Ack, Act
from bot.simulate.town import Member
from bot.simulate.world import World, at
from sandbox import Message

RECEIPT = re.compile(r"^✅ 已报 · (\S+) (\d+)月(\d+)日")
SEAT = re.compile(r"^(\d+)号 ", re.M)
ALERT = re.compile(r"(?:^🔴 发热提醒｜|^)(\S+班) (\d+)号[　\s]", re.M)
PATIENCE = (40, 90, 200, 400, 900, 1800, 3600, 7200)
GIVES_UP = 16.4  # o'clock


class People:
    """Of one day."""

    def __init__(self, world: World, day: date, model: Model) -> None:
        self._world = world
        self._day = day
        self._model = model
        self._seen: dict[tuple[int, int], str] = {}
        self._teachers = {one.id for one in world.town.members if one.klass is not None}
        self._first = {chat: max(world.phones.raw(chat), default=0) for chat in world.phones.chats}
        self._tasks: list[asyncio.Task[None]] = []
        self._typed: set[Act] = set()
        self._entered: set[Act] = set()  # a phone has shown it as 填写中
        self.gone: list[Act] = []  # was entered, and is neither sent nor there any more
        self.wrote: Counter[int] = Counter()  # each line may be answered by the class's card
        world.phones.listen(self._look)

    def begin(self, acts: list[Act], acks: list[Ack]) -> None:
        for act in acts:
            self._tasks.append(asyncio.ensure_future(self._live(act)))
        for ack in acks:
            for officer in self._world.town.holders(ack.duty, ack.school or None):
                self._tasks.append(asyncio.ensure_future(self._answer(officer, ack.after)))

    def end(self) -> None:
        self._world.phones.unlisten(self._look)
        for task in self._tasks:
            if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                raise error
            task.cancel()

    # Eyes

    def today(self, chat: int) -> list[Message]:
        """What the bot has said in a chat on this day, the oldest first."""
        first = self._first[chat]
        return [one for one in self._world.phones.chat(chat) if one.id > first and one.sender == 0 and not one.deleted]

    def _look(self, chat: int | None) -> None:
        if chat not in self._teachers or chat is None:
            return
        for one in self._world.phones.raw(chat).values():
            if one.sender != 0 or self._seen.get((chat, one.id)) == one.text:
                continue
            self._seen[chat, one.id] = one.text
            found = RECEIPT.match(one.text)
            if found and (int(found[2]), int(found[3])) == (self._day.month, self._day.day):
                seats = frozenset(int(seat) for seat in SEAT.findall(one.text))
                self._model.sees_reported(found[1], seats, self._world.now())

    def _reported(self, act: Act) -> bool:
        row = self._model.classes[act.klass]
        return (row.more_seen if act.what == "more" else row.seen) is not None

    # Thumbs

    async def _live(self, act: Act) -> None:
        await self._world.until(at(self._day, 0) + timedelta(seconds=act.at))
        for patience in PATIENCE:
            if self._reported(act) or self._world.now() > at(self._day, GIVES_UP):
                return
            if act.what == "more" and not self._model.classes[act.klass].tried:
                pass  # nobody adds to what was not said
            elif act.ill:
                await self._type(act)
            else:
                await self._tap(act)
            await self._wait(act, patience)

    def _in_vain(self, act: Act) -> None:
        row = self._model.classes[act.klass]
        if act.what != "more" and row.seen is None and row.tried:
            row.unanswered.append(row.tried[-1])

    async def _wait(self, act: Act, patience: float) -> None:
        until = self._world.now() + timedelta(seconds=patience)
        for pause in (3, 10, 30):
            if self._reported(act) or self._world.now() + timedelta(seconds=pause) > until:
                break
            await self._world.until(self._world.now() + timedelta(seconds=pause))
        if not self._reported(act):
            await self._world.until(until)
            self._in_vain(act)

    async def _tap(self, act: Act) -> None:
        teachers = self._world.town.teachers(act.klass)
        for teacher in teachers if act.what == "both" else teachers[:1]:
            for _ in range(2 if act.what == "twice" else 1):
                if self._press(teacher.id, "全员正常", re.escape(act.klass)):
                    self._model.tries(act.klass, (), self._world.now())
                else:
                    self._write(teacher, "报告")

    async def _type(self, act: Act) -> None:
        """What was entered is not entered again while it stands there."""
        teacher = self._world.town.teachers(act.klass)[0]
        if act in self._typed and self._send(act, teacher):
            return
        if act in self._entered and not self._reported(act) and not any(self._with(teacher.id, "发送", _entered(act))):
            self.gone.append(act)
        self._typed.add(act)
        self._write(teacher, "，".join(one.words for one in act.ill))
        for pause in (4, 10, 40):
            await self._world.until(self._world.now() + timedelta(seconds=pause))
            if self._reported(act) or self._send(act, teacher):
                return

    def _send(self, act: Act, teacher: Member) -> bool:
        if not self._press(teacher.id, "发送", _entered(act)):
            return False
        self._entered.add(act)
        tries = self._model.tries_more if act.what == "more" else self._model.tries
        tries(act.klass, act.ill, self._world.now())
        return True

    def _press(self, who: int, label: str, about: str) -> bool:
        """The newest such button that the phone shows and that still means it."""
        return any(
            self._dared(who, partial(self._world.phones.press, who, message, label))
            for message in self._with(who, label, about)
        )

    def _with(self, who: int, label: str, about: str) -> Iterator[Message]:
        """What bears such a button and says so, the newest first."""
        for message in reversed(self.today(who)):
            if button_of(message, label) is not None and re.search(about, message.text, re.M):
                yield message

    def _write(self, who: Member, words: str) -> None:
        self.wrote[who.id] += 1
        self._dared(who.id, lambda: self._world.phones.write(who.id, words))

    def _dared(self, who: int, act: Callable[[], object]) -> bool:
        """Whoever has blocked the bot, or is gone, can do nothing. A number is written."""
        try:
            done = act()
        except ValueError:
            return False
        self.wrote[who] += isinstance(done, Message)
        return done is not False

    # Officers

    async def _answer(self, officer: Member, after: float) -> None:
        """Looks at the phone once a while, as it rings."""
        done: set[tuple[str, int]] = set()
        due: dict[tuple[str, int], datetime] = {}
        bell = asyncio.Event()

        def rings(chat: int | None) -> None:
            if chat == officer.id:
                bell.set()

        self._world.phones.listen(rings)
        try:
            while True:
                await bell.wait()
                bell.clear()
                for alarm in self._waiting(officer):
                    if alarm not in due:
                        due[alarm] = self._world.now() + timedelta(seconds=after)
                        self._tasks.append(asyncio.ensure_future(self._acknowledge(officer, alarm, due[alarm], done)))
        finally:
            self._world.phones.unlisten(rings)

    def _waiting(self, officer: Member) -> Iterator[tuple[str, int]]:
        for message in self.today(officer.id):
            if message.text.startswith("🔴 发热提醒") and any(
                "已知悉" in one.text for row in message.keyboard for one in row
            ):
                yield from ((found[1], int(found[2])) for found in ALERT.finditer(message.text))

    async def _acknowledge(
        self, officer: Member, alarm: tuple[str, int], when: datetime, done: set[tuple[str, int]]
    ) -> None:
        await self._world.until(when)
        klass, seat = alarm
        for patience in (60, 120, 300, 900):
            known = self._model.alarms.get(alarm)
            if known is None or known.acked is not None:
                return
            if self._press(officer.id, "已知悉", re.escape(f"{klass} {seat}号")):
                known.tapped = known.tapped or self._world.now()
            await self._world.until(self._world.now() + timedelta(seconds=patience))
            self._done(officer, alarm)

    def _done(self, officer: Member, alarm: tuple[str, int]) -> None:
        klass, seat = alarm
        for message in self.today(officer.id):
            if f"{klass} {seat}号" in message.text and re.search(r"✅ \d\d:\d\d .*已知悉", message.text):
                known = self._model.alarms[alarm]
                known.acked = known.acked or self._world.now()


def _entered(act: Act) -> str:
    """How it stands on the phone: in words with its pupils, for something older may stand there twice; or on a card."""
    pupils = "".join(rf"(?=[\s\S]*(?<!\d){one.seat}号)" for one in act.ill)
    return f"填写中{pupils}|未发送$"
