"""Where the event loop's time goes in a race of healthy reports, which is nearly all there is: the whole program under
cProfile. `python -m bench.shares TEACHERS`. The profile makes each call dearer than it is, so the shares are what it
says, and no milliseconds."""

import asyncio
import cProfile
import json
import pstats
import signal
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench import ours
from bench.race import OURS, Crowd, stable
from bench.where import Function, Told, functions

PROFILED: Final = "--profiled"
ASLEEP: Final = "<method 'poll' of 'select.epoll' objects>"
# by file and function; those behind a dash are parts of the turn, and not counted again
PARTS: Final = (
    ("the turn", ("bot/turn.py", "_take_one")),
    ("- deciding", ("handlers/__init__.py", "decide")),
    ("- writing", ("bot/turn.py", "_write")),
    ("the edit of the card, a call", ("bot/postman.py", "_send")),
    ("the answer to the tap, a call", ("bot/turn.py", "_answer")),
    ("what goes next, and its words", ("bot/picking.py", "pick")),
    ("what became of it, written down", ("bot/delivery.py", "record")),
    ("polling, a call", ("telegram/listening.py", "_poll")),
    ("into the inbox", ("bot/listener.py", "_put")),
)
STATEMENTS: Final = "beside these: all that waits for SQLite but COMMIT"
SQL: Final = "of 'sqlite3.Connection' objects>"


async def main(teachers: int) -> None:
    with tempfile.TemporaryDirectory(prefix="zero-report-bench-") as folder:
        kept = Path(folder) / "profile"
        racer = replace(OURS, command=(sys.executable, "-m", "bench.shares", PROFILED, str(kept)))
        async with stable() as at:
            await at.race(racer, Crowd(teachers=teachers, ill=0.0), lambda bot: bot.send_signal(signal.SIGUSR1))
        print(json.dumps(shares(functions(pstats.Stats(str(kept))))))


def shares(found: Mapping[Function, Told]) -> dict[str, float]:
    """Of the time in which the loop was awake."""
    awake = sum(told.own for (_, _, name), told in found.items() if name != ASLEEP)
    parts = {what: _within(found, *where) / awake for what, where in PARTS}
    rest = 1 - sum(share for what, share in parts.items() if not what.startswith("-"))
    sql = sum(told.own for (_, _, name), told in found.items() if name.endswith(SQL))
    return {**parts, "the rest: the loop itself, leases, the clock": rest, STATEMENTS: sql / awake}


def _within(found: Mapping[Function, Told], file: str, function: str) -> float:
    """Seconds in a function and all that it called."""
    return sum(told.whole for (where, _, name), told in found.items() if name == function and where.endswith(file))


def profiled(kept: str, base_url: str, database: str) -> None:
    """bench.ours, its profile from one SIGUSR1 to the next."""
    profile = cProfile.Profile()

    def end() -> None:
        profile.disable()
        profile.dump_stats(kept)

    steps = iter((profile.enable, end))

    async def run() -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, lambda: next(steps)())
        await ours.main(base_url, database)

    asyncio.run(run())


if __name__ == "__main__":
    if sys.argv[1] == PROFILED:
        profiled(*sys.argv[2:])
    else:
        asyncio.run(main(int(sys.argv[1])))
