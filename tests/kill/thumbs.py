"""People with phones who do not give up: they read the screen, press what brings them on, and press again."""

import re
from collections.abc import Callable
from datetime import timedelta

from bot.clock import Clock
from bot.simulate.town import Member
from sandbox import Message, Tap
from tests.kill.platforms import ALL_WELL, Platform
from tests.kill.town import How, Ill, List, Plan

REPORTED = "✅ 已报 ·"
REVISED = "（第2版"
PATIENCE = timedelta(seconds=45)  # then she presses again
GLANCE = timedelta(seconds=3)
SEAT = re.compile(r"(\d+)号")
FILLING_IN = ("取消", "返回", "选好了", "没有其他症状")


class Phone:
    """One person's private chat with the bot."""

    def __init__(self, platform: Platform, clock: Clock, member: Member) -> None:
        self.platform = platform
        self.clock = clock
        self.member = member
        self.taps: list[Tap] = []
        self.pressed = 0

    def messages(self) -> list[Message]:
        """The bot's, the one that changed last at the end."""
        said = [one for one in self.platform.chat(self.member.id) if one.sender == 0 and not one.deleted]
        return sorted(said, key=lambda one: one.edit_date or one.date)

    def shows(self, words: str) -> bool:
        return any(words in one.text for one in self.messages())

    def press(self, message: Message, label: str) -> None:
        self.pressed += 1
        tap = self.platform.press(self.member.id, message, label)
        if tap is not None:
            self.taps.append(tap)

    def write(self, words: str) -> None:
        self.platform.phones.write(self.member.id, self.member.id, words)

    async def wait(self, condition: Callable[[], bool], patience: timedelta) -> None:
        """Until it holds, or patience ends."""
        until = self.clock.now() + patience
        while not condition() and self.clock.now() < until:
            await self.clock.sleep_until(self.clock.now() + GLANCE)


class Teacher:
    """Carries out one class's plan."""

    def __init__(self, phone: Phone, plan: Plan) -> None:
        self.phone = phone
        self.plan = plan
        self._written = 0

    async def live(self) -> None:
        """Returns when all that was planned is seen to be done."""
        await self.phone.clock.sleep_until(self.plan.at)
        if self.plan.how is How.BLOCKED:
            self.phone.platform.phones.block(self.phone.member.id)
        if not self.plan.reports:
            return
        await self._until(REPORTED, self.plan.ill)
        if self.plan.then is not None:
            when, final = self.plan.then
            await self.phone.clock.sleep_until(when)
            await self._until(REVISED, final)

    async def _until(self, words: str, ill: List) -> None:
        while not self.phone.shows(words):
            before = self._screen()
            if before is not None:
                self._act(before, ill)
            elif self.phone.shows(REPORTED):
                self.phone.write("订正")  # the number under the receipt counts no more
            await self.phone.wait(lambda: self.phone.shows(words) or self._screen() != before, PATIENCE)  # noqa: B023

    def _screen(self) -> Message | None:
        """The last thing that has buttons for her to press; who has typed waits for what is to be sent, and who is
        filling in goes on with that: the card beside it, which leads to it, may have changed last."""
        screens = [one for one in self.phone.messages() if one.keyboard and "不是我" not in labels(one)]
        to_send = [one for one in screens if any("发送" in label for label in labels(one))]
        if self._written and to_send:
            return to_send[-1]
        filled_in = [one for one in screens if any(word in label for label in labels(one) for word in FILLING_IN)]
        return next(reversed(filled_in or screens), None)

    def _act(self, screen: Message, ill: List) -> None:
        if self.plan.how is How.TYPED and self._written <= self.phone.platform.lost(self.phone.member.id, ALL_WELL):
            self._written += 1  # once only: what the platform has not given up, the bot has or will have
            self.phone.write(ALL_WELL)
            return
        label = choice(screen, labels(screen), ill)
        if label is not None and (self.plan.how is not How.TYPED or "发送" in label):
            self.phone.press(screen, label)


def labels(message: Message) -> list[str]:
    return [button.text for row in message.keyboard for button in row]


def choice(screen: Message, on: list[str], ill: List) -> str | None:
    """What to press here so that in the end exactly these are listed and sent; None where nothing helps."""
    if "继续填写" in on:
        return "继续填写"
    if "有异常／有人未到" in on:
        return "有异常／有人未到" if ill else "全员正常"
    if "复测" in on:
        return "复测"
    if "量过，不发热" in on:
        return _temperature(screen, on, ill)
    if "没有其他症状 →" in on or "选好了 →" in on:
        return _symptom(screen, on, ill)
    if "在校留观" in on:
        one = _current(screen, ill)
        return one.place if one else None
    if "取消" in on:
        return _in_list(on, ill)
    return "订正" if "订正" in on else None


def _current(screen: Message, ill: List) -> Ill | None:
    """Of whom the screen speaks."""
    seat = SEAT.search(screen.text)
    return next((one for one in ill if seat is not None and one.seat == int(seat[1])), None)


def _temperature(screen: Message, on: list[str], ill: List) -> str | None:
    one = _current(screen, ill)
    if one is None:
        return "移出名单" if "移出名单" in on else "返回"
    if one.absence is not None:
        return one.absence
    return "量过，不发热" if one.tenths is None else f"{one.tenths / 10:.1f}"


def _symptom(screen: Message, on: list[str], ill: List) -> str:
    one = _current(screen, ill)
    if one is not None and one.symptom in on:
        return one.symptom or ""
    return "选好了 →" if "选好了 →" in on else "没有其他症状 →"


def _in_list(on: list[str], ill: List) -> str | None:
    """Somebody who is to be taken off, somebody who is not on it yet, else 发送."""
    listed = {int(seat[1]) for label in on if label.startswith("✓ ") and (seat := SEAT.search(label))}
    wanted = {one.seat for one in ill}
    change = next(iter(sorted((listed - wanted) or (wanted - listed))), None)
    if change is None:
        return "发送" if any("发送" in label for label in on) else None
    return next((label for label in on if (seat := SEAT.search(label)) and int(seat[1]) == change), None)


class Officer:
    """A 疫情报告人: presses 已知悉 under every alert until the button is gone."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone

    async def live(self) -> None:
        """Until cancelled."""
        while True:
            for one in self.phone.messages():
                if "已知悉" in labels(one):
                    self.phone.press(one, "已知悉")
            await self.phone.clock.sleep_until(self.phone.clock.now() + PATIENCE)
