"""Where the event loop's time goes in a race of healthy reports, which is nearly all there is: the whole program under
cProfile. `python -m bench.shares TEACHERS`. The profile makes each call dearer than it is, so the shares are what it
says, and no milliseconds."""

import asyncio
import cProfile
import json
import math
import pstats
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from bench import ours
from bench.race import OURS, Crowd, Racer, stable

PROFILED: Final = "--profiled"
ASLEEP: Final = "<method 'poll' of 'select.epoll' objects>"
TURN: Final = "the turn"
# by file and function; those behind a dash are parts of the turn, and not counted again
PARTS: Final = (
    (TURN, ("bot/turn.py", "_take_one")),
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
        racer = Racer(OURS.name, (sys.executable, "-m", "bench.shares", PROFILED, str(kept)), OURS.script, cards=True)
        async with stable() as at:
            await at.race(racer, Crowd(teachers=teachers, ill=0.0), lambda bot: bot.send_signal(signal.SIGUSR1))
        print(json.dumps(shares(pstats.Stats(str(kept)))))


def shares(profile: pstats.Stats) -> dict[str, float]:
    """Of the time in which the loop was awake."""
    stats: dict[tuple[str, int, str], Any] = profile.stats  # type: ignore[attr-defined]
    awake: float = sum(own for (_, _, name), (_, _, own, _, _) in stats.items() if name != ASLEEP)
    found = {what: _within(stats, *where) / awake for what, where in PARTS}
    rest = 1 - sum(share for what, share in found.items() if not what.startswith("-"))
    sql: float = sum(own for (_, _, name), (_, _, own, _, _) in stats.items() if name.endswith(SQL))
    return {**found, "the rest: the loop itself, leases, the clock": rest, STATEMENTS: sql / awake}


def _within(stats: dict[tuple[str, int, str], Any], file: str, function: str) -> float:
    """Seconds in a function and all that it called."""
    return math.fsum(told[3] for (where, _, name), told in stats.items() if name == function and where.endswith(file))


def profiled(kept: str, base_url: str, database: str) -> None:
    """bench.ours, its profile from one SIGUSR1 to the next."""
    profile = cProfile.Profile()
    begun: list[bool] = []

    def turn_over() -> None:
        if begun:
            profile.disable()
            profile.dump_stats(kept)
        else:
            begun.append(True)
            profile.enable()

    async def run() -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, turn_over)
        await ours.main(base_url, database)

    asyncio.run(run())


if __name__ == "__main__":
    if sys.argv[1] == PROFILED:
        profiled(*sys.argv[2:])
    else:
        asyncio.run(main(int(sys.argv[1])))
