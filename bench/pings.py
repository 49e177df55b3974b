"""The cards of half past seven at Telegram's own pace, and fevers that are reported meanwhile: how many messages a
second, at most in any second, and how long an alert waits. `python -m bench.pings CLASSES FEVERS`."""

import argparse
import asyncio
import json
import math
import re
import sys
import tempfile
from collections import deque
from pathlib import Path
from typing import Final

from bench.district import OPENS, prepare
from bench.real import running
from bench.stand_in import FIRST_CHAT, StandIn, Teacher, listening, options
from bench.teachers import FEVER, chat_of, shown
from bot.clock import SystemClock

ALERT: Final = "🔴"
APART: Final = 8.0  # seconds between two fevers
LIMIT: Final = 900.0


class Pings(StandIn):
    """Notes when each message came. Whoever has somebody with a fever begins as soon as her card is there."""

    def __init__(self, options: argparse.Namespace, fevers: int) -> None:
        super().__init__(options)
        for n in range(fevers):
            chat = FIRST_CHAT + n * (options.teachers // fevers // 4)  # among those who have their cards early
            self.teachers[chat] = Teacher(chat, FEVER)
        self.fevers = [one for one in self.teachers.values() if one.steps is FEVER]
        self.times: list[float] = []
        self.cards: set[int] = set()
        self.waits: list[float] = []  # from 发送 to the alert
        self.next_fever = 0.0
        self.from_to = (math.inf, 0.0)  # the first card, and the last

    def shown(self, body: bytes) -> None:
        now, chat = self.loop.time(), chat_of(body)
        self.times.append(now)
        seen = shown(body)
        if ALERT in seen.text:
            klass = re.search(r"(\S+班)", seen.text)
            self.waits.append(now - max(one.asked for one in self.fevers if one.at == len(FEVER)) if klass else 0.0)
        teacher = self.teachers.get(chat)
        if teacher is not None and teacher.at == 0 and seen.lets(teacher.steps[0]):
            self.cards.add(chat)
            self.from_to = (min(self.from_to[0], now), now)
            if teacher.steps is FEVER:
                self.next_fever = max(now, self.next_fever + APART)
                self.loop.call_at(self.next_fever, self.act, teacher, seen)
        super().shown(body)
        if len(self.cards) == len(self.teachers) and len(self.waits) >= len(self.fevers):
            self.done.set()

    def most_in_a_second(self) -> int:
        window: deque[float] = deque()
        most = 0
        for at in self.times:
            window.append(at)
            while window[0] <= at - 1.0:
                window.popleft()
            most = max(most, len(window))
        return most


async def main(classes: int, fevers: int) -> None:
    with tempfile.TemporaryDirectory(prefix="zero-report-bench-") as folder:
        database = Path(folder) / "district.db"
        await prepare(database, classes)
        anchor = SystemClock().now().timestamp()
        one = Pings(options(classes, OPENS, anchor), fevers)
        async with listening(one) as port, running(database, port, OPENS, anchor):
            async with asyncio.timeout(LIMIT):
                await one.done.wait()
    first, last = one.from_to
    told = {
        "cards": len(one.cards),
        "per_s": sum(first <= at <= last for at in one.times) / (last - first),
        "most_in_a_second": one.most_in_a_second(),
        "alert_s": max(one.waits),
        "alerts": len(one.waits),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
