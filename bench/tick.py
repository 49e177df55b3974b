"""The tick of a quarter past eight over a whole provincial capital: when the last of its messages is written, and how
long a teacher waits who taps in the middle of it. `python -m bench.tick CLASSES`."""

import asyncio
import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bench.district import A_SCHOOL, ZONE, prepare
from bench.real import running
from bench.stand_in import FIRST_CHAT, StandIn, listening, options
from bench.teachers import Shown
from bot.clock import SystemClock

DUE: Final = datetime(2026, 9, 1, 8, 15, tzinfo=ZONE)
CARDED: Final = datetime(2026, 9, 1, 7, 31, tzinfo=ZONE)  # who is bound now has a card at once
BEFORE: Final = timedelta(seconds=30)  # to start, and to come to rest
MIDDLE: Final = 0.4  # seconds after the tick
LIMIT: Final = 120.0
WRITTEN: Final = "SELECT count(*) FROM message WHERE key LIKE 'remind1:%'"
DONE: Final = "SELECT count(*) FROM inbox WHERE native LIKE 'tick:remind1:%' AND state = 'done'"  # one a school
# what the morning has brought so far: at Telegram's pace it was all there after a quarter of an hour
SHOWN: Final = """UPDATE message SET state = 'idle', shown = want, shown_at = put_at, first_shown_at = put_at,
  ref = (SELECT a.native FROM address a WHERE a.id = message.address) || ':' || rowid WHERE state = 'due'"""
CLASS: Final = """SELECT c.id FROM class c JOIN duty d ON d.class = c.id JOIN address a ON a.person = d.person
  WHERE a.native = ?"""


class Middle(StandIn):
    """Notes when the answer to the tap came."""

    tapped = answered_at = 0.0

    def tap(self, klass: str, chat: int) -> None:
        self.tapped = self.loop.time()
        self.act(self.teachers[chat], Shown("", [("✅ 全员正常", f"zero:{klass}:20260901:am:0")]))

    def called(self, method: bytes) -> None:
        if method == b"answerCallbackQuery" and not self.answered_at:
            self.answered_at = self.loop.time()


async def main(classes: int) -> None:
    with tempfile.TemporaryDirectory(prefix="zero-report-bench-") as folder:
        database = Path(folder) / "district.db"
        await prepare(database, classes, hour=CARDED)
        with closing(sqlite3.connect(database)) as past, past:
            past.execute(SHOWN)
        reading = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        chat = FIRST_CHAT + classes // 2
        (klass,) = reading.execute(CLASS, (str(chat),)).fetchone()
        clock = SystemClock()
        anchor = clock.now().timestamp()
        one = Middle(options(classes, DUE - BEFORE, anchor))
        async with listening(one) as port, running(database, port, DUE - BEFORE, anchor), asyncio.timeout(LIMIT):
            due = anchor + BEFORE.total_seconds()
            await asyncio.sleep(due + MIDDLE - clock.now().timestamp())
            one.tap(klass, chat)
            while reading.execute(DONE).fetchone()[0] < -(-classes // A_SCHOOL):  # noqa: ASYNC110 - it rings no bell
                await asyncio.sleep(0.02)
            took = clock.now().timestamp() - due
            while not one.answered_at:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        (written,) = reading.execute(WRITTEN).fetchone()
        # whoever has tapped before her school's turn is reminded of nothing
        assert written >= classes - 1, written
    print(json.dumps({"messages": written, "tick_s": took, "tap_ms": 1000 * (one.answered_at - one.tapped)}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
