"""A bot that nobody talks to: how long until it listens, and what it holds. `python -m bench.rest CLASSES`."""

import asyncio
import json
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final

import psutil

from bench.district import ZONE, prepare
from bench.real import running
from bench.stand_in import StandIn, listening, options
from bot.clock import SystemClock

EVENING: Final = datetime(2026, 9, 1, 19, tzinfo=ZONE)  # nothing is due
SETTLED: Final = 8.0  # seconds
LIMIT: Final = 60.0


class Idle(StandIn):
    """Notes the first poll."""

    def poll(self, call: object, body: bytes) -> None:
        self.polled.set()
        super().poll(call, body)  # type: ignore[arg-type]

    polled: asyncio.Event


async def main(classes: int) -> None:
    with tempfile.TemporaryDirectory(prefix="zero-report-bench-") as folder:
        database = Path(folder) / "district.db"
        await prepare(database, classes)
        for _ in range(2):  # the first start sets everybody's menu
            anchor = SystemClock().now().timestamp()
            one = Idle(options(classes, EVENING, anchor))
            one.polled = asyncio.Event()
            async with listening(one) as port:
                begun = one.loop.time()
                async with running(database, port, EVENING, anchor) as bot, asyncio.timeout(LIMIT):
                    await one.polled.wait()
                    took = one.loop.time() - begun
                    await asyncio.sleep(SETTLED)
                    held = psutil.Process(bot.pid).memory_info().rss / 2**20
                    loaded = has_loaded(bot.pid, "matplotlib")
    print(json.dumps({"first_poll_s": took, "rss_mb": held, "matplotlib_loaded": int(loaded)}))


def has_loaded(pid: int, package: str) -> bool:
    return any(package in one.path for one in psutil.Process(pid).memory_maps())


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
