"""What teachers do: report by a tap, by a list, by a sentence; take a fever back; tell of a child that fell ill."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sandbox.crowd.filling import DONE, SEND, SOON, all_well, fill, sentence, step
from sandbox.crowd.following import AS_BEFORE, MORE, account, asked_of, listed_of, says_of
from sandbox.crowd.hand import Hand, Says, Stuck, exactly, labelled, seat, words
from sandbox.crowd.illness import AT_SCHOOL, Listed
from sandbox.crowd.people import Member
from sandbox.crowd.plan import Plan
from sandbox.crowd.record import Record
from sandbox.model import Message

ZERO: Final = words("全员正常")
ILL: Final = words("有异常")
CORRECT: Final = words("订正")
SUPPLEMENT: Final = words("补报")
GO_ON: Final = words("继续填写")
MEASURED_AGAIN: Final = "复测"
NORMAL: Final = 368  # tenths of ℃
A_MINUTE: Final = timedelta(seconds=60)
QUARTER: Final = timedelta(minutes=15)


class Teacher:
    """One class of one teacher. Raises Stuck when the bot does not do its part."""

    def __init__(self, hand: Hand, plan: Plan, who: Member, record: Record) -> None:
        self._hand = hand
        self._klass = plan.klass
        self._words = plan.words
        self._named = plan.named
        self._who = who
        self._record = record

    async def card(self) -> Message:
        """The newest message about the class that asks for its report. In a large district it has to be waited for: a
        platform that takes thirty messages a second needs minutes for thousands."""
        return await self._newest(AS_BEFORE if self._words else ZERO, "has no card", QUARTER)

    async def receipt(self, button: Says = CORRECT) -> Message:
        return await self._newest(button, "has no receipt")

    async def _newest(self, button: Says, missing: str, patience: timedelta = timedelta(0)) -> Message:
        name = self._klass.key.name
        found = await self._hand.see(lambda: self._hand.newest(button, name), patience)
        if found is None:
            raise Stuck(missing)
        return await self._hand.fresh(found, button, name)

    async def tap(self, times: int = 1) -> None:
        """全员正常; once more where ✅ 已报 does not come."""
        card = await self.card()
        await self._hand.pause(0.5, 2.0)
        await self._press_zero(card, times)

    async def tap_on(self, card: Message) -> None:
        """全员正常 on a card as it was read a moment ago."""
        await self._press_zero(card, 1)

    async def _press_zero(self, card: Message, times: int) -> None:
        mine = self._record.classes[self._klass.key]
        for again in range(times):
            if again:
                await self._hand.pause(0.2, 0.8)
            self._hand.press(card, ZERO)
            mine.taps += 1
            self._says((), "report")
        if await self._hand.see(lambda: self._hand.confirmed(card)) is None:
            self._hand.press(card, ZERO)
            mine.taps += 1
            await self._confirm(card)

    async def walk(self, listed: tuple[Listed, ...]) -> None:
        """Who was away first, then whoever else is ill."""
        screen = await self.card()
        screen, before = await account(self._hand, screen, self._words)
        if listed:
            screen = await step(self._hand, screen, MORE if self._words else ILL)
            screen = await fill(self._hand, screen, listed)
        await self._send(screen, (*before, *listed), "report")

    async def follow(self) -> None:
        """都同昨日 where nobody has come back and nothing else is new; only what it asks is answered."""
        if any(one.came or one.cause for one in self._words):
            await self.walk(())
            return
        card = await self.card()
        await self._hand.pause(*SOON)
        at = self._hand.now()
        self._hand.press(card, AS_BEFORE)
        screen = await self._hand.changed(card)
        while self._hand.confirmed(screen) is None:
            await says_of(self._hand, screen, asked_of(screen, self._words))
            at = self._hand.now()
            screen = await self._hand.changed(screen)
        self._says(listed_of(self._words, at), "report", at)

    async def begin(self, listed: tuple[Listed, ...]) -> None:
        """A walk that something interrupts."""
        screen = await step(self._hand, await self.card(), ILL)
        await fill(self._hand, screen, listed)

    async def resume(self, listed: tuple[Listed, ...]) -> None:
        """Interrupted with everybody listed; the reminder brings it back, with 继续."""
        await self.begin(listed)
        reminder = await self._hand.see(lambda: self._hand.newest(GO_ON, self._klass.key.name), QUARTER)
        if reminder is None:
            raise Stuck("was not reminded of what she had begun")
        screen = await step(self._hand, reminder, GO_ON, then=seat(listed[0].seat))
        await self._send(screen, listed, "report")

    async def sentence(self, listed: tuple[Listed, ...]) -> None:
        await self._type(sentence(self._hand.dice, self._klass.expected, listed), listed)

    async def words(self) -> None:
        await self._type(all_well(self._hand.dice, self._klass.key.name, self._klass.expected), ())

    async def _type(self, said: str, listed: tuple[Listed, ...]) -> None:
        self._record.classes[self._klass.key].typed = True
        name = self._klass.key.name
        written = self._hand.write(said if not self._named or said.startswith(name) else f"{name}{said}")

        def answer() -> Message | None:
            found = self._hand.newest(SEND, self._klass.key.name)
            return found if found is not None and found.id > written.id else None

        read = await self._hand.see(answer)
        if read is None:
            raise Stuck(f"was not understood: {said}")
        await self._hand.pause(2.0, 6.0)
        await self._send(read, listed, "report")

    async def take_back(self, first: Listed) -> None:
        """订正: this child, measured again, has no fever."""
        others = (one for one in self._stands() if one.seat != first.seat)
        screen = await step(self._hand, await self.receipt(), CORRECT)
        screen = await step(self._hand, screen, seat(first.seat))
        self._hand.write(f"{NORMAL / 10:.1f}")
        screen = await self._hand.changed(screen)
        screen = await step(self._hand, screen, DONE)
        screen = await step(self._hand, screen, exactly(AT_SCHOOL))
        screen = await step(self._hand, screen, SEND)
        await self._hand.pause(*SOON)
        self._hand.press(screen, exactly(MEASURED_AGAIN))
        self._says((*others, replace(first, temperature=NORMAL)), "correction")
        await self._confirm(screen)

    async def supplement(self, child: Listed) -> None:
        """补报: news of a child who fell ill after the report."""
        stands = self._stands()
        screen = await step(self._hand, await self.receipt(SUPPLEMENT), SUPPLEMENT)
        screen = await fill(self._hand, screen, (child,))
        await self._send(screen, (*(one for one in stands if one.seat != child.seat), child), "supplement")

    async def corrects_too_late(self) -> None:
        """订正 when the day is sealed: what she is told."""
        receipt = await self.receipt()
        since = self._hand.all()[-1].id
        tap = self._hand.press(receipt, CORRECT)
        await self._hand.pause(10, 20)
        self._record.odd.append(("a correction after the close", self._hand.told(tap, since)))

    async def _send(self, screen: Message, listed: tuple[Listed, ...], kind: str) -> None:
        current = self._hand.look(screen)
        if current is None or labelled(current, SEND) is None:
            raise Stuck(f"cannot send: {current.text[:80] if current else 'gone'!r}")
        await self._hand.pause(*SOON)
        self._hand.press(current, SEND)
        self._says(listed, kind)
        await self._confirm(screen)

    async def _confirm(self, message: Message) -> None:
        if await self._hand.see(lambda: self._hand.confirmed(message), A_MINUTE) is None:
            raise Stuck("never saw ✅ 已报")

    def _stands(self) -> tuple[Listed, ...]:
        return self._record.classes[self._klass.key].versions[-1].listed

    def _says(self, listed: tuple[Listed, ...], kind: str, at: datetime | None = None) -> None:
        self._record.says(self._klass.key, at or self._hand.now(), self._who, listed, kind)


async def report(teacher: Teacher, plan: Plan) -> None:
    """The class's report in the way that was planned, by one teacher alone."""
    match plan.how:
        case "tap" | "together":
            await teacher.tap()
        case "twice":
            await teacher.tap(times=2)
        case "followed":
            await teacher.follow()
        case "walk":
            await teacher.walk(plan.listed)
        case "sentence":
            await teacher.sentence(plan.listed)
        case "words":
            await teacher.words()
        case "resumed":
            await teacher.resume(plan.listed)
        case "unfinished":
            await teacher.begin(plan.listed)
        case "never" | "blocked" | "unbound" | "off":
            pass
