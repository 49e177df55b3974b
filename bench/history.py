"""What a tap, a tick, the summary and its picture cost in a young district, and in the same one after three years.
`python -m bench.history CLASSES DAYS`; medians of several rounds as JSON.

The years are one played day, written again and again into the past as what retention leaves of it. Both districts are
measured in turn, a few schools a round."""

import asyncio
import json
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from bench.district import DAY, ZONE, prepare, tap
from bot.channels.telegram import Telegram
from bot.charts import draw_morning
from bot.clock import AffineClock
from bot.texts import Words
from bot.turn import Turn
from handlers import decide
from handlers.bodies import decode
from handlers.facts import Summarised
from handlers.model import Update
from handlers.pictures import Morning
from handlers.plain import stamp
from storage import Storage, Tx, inbox, open_storage
from storage.answers import Answers

ROUNDS: Final = 21
SCHOOLS: Final = 6  # a round
EIGHT: Final = datetime(2026, 9, 1, 8, tzinfo=ZONE)
NINE: Final = datetime(2026, 9, 1, 9, tzinfo=ZONE)
HALF_PAST: Final = datetime(2026, 9, 1, 7, 30, tzinfo=ZONE)
# each row of the day, of a day that is `back.k` days gone; what was said in it has been erased
PAST: Final = (
    """INSERT INTO report SELECT date(day, '-' || k || ' days'), round, class, rev, latest, school, expected, present,
         sick, personal, unknown, unwell, fever, zero, listed, groups, person, datetime(at, '-' || k || ' days'),
         datetime(first_at, '-' || k || ' days'), timely, kind, behalf, heard_at, reason FROM played.report, back""",
    """INSERT INTO school_sums SELECT date(day, '-' || k || ' days'), round, school, classes, expected, sick, fever
       FROM played.school_sums, back""",
    """INSERT INTO fact SELECT lane || ':-' || (n + 1000 * k), lane, -(n + 1000 * k), kind, '', x'', digest, actor,
         datetime(at, '-' || k || ' days'), channel, cause || ':' || k FROM played.fact, back
       WHERE kind = 'Reported'""",
    """INSERT INTO inbox SELECT id || ':' || k, lane, channel, native || ':' || k, '', ours,
         datetime(received, '-' || k || ' days'), NULL, seed, 'done', 0, outcome, place,
         datetime(decided_at, '-' || k || ' days'), NULL, on_key FROM played.inbox, back WHERE channel = 'telegram'""",
)
BACK: Final = """CREATE TEMP TABLE back AS
  WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < ?) SELECT k FROM n"""


class District:
    """One of the two, with a slice of its classes for each round."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.clock = AffineClock(EIGHT, 1)
        telegram = Telegram("1:bench", "http://127.0.0.1:1/bot", self.clock)
        self._turn = Turn(storage, self.clock, ZONE, {"telegram": telegram}, lambda: None, lambda: None)
        self._updates = 0

    async def schools(self) -> list[str]:
        rows = await self._storage.read(lambda tx: tx.all("SELECT id FROM school WHERE place >= 0 ORDER BY name, id"))
        return [row["id"] for row in rows]

    async def taps(self, schools: Sequence[str]) -> None:
        """全员正常 of every class of these schools."""
        await self._put([await self._tap(school, row) for school in schools for row in await self._classes(school)])

    async def cards(self, schools: Sequence[str]) -> None:
        """The tick of half past seven."""
        args = ("open", stamp(HALF_PAST), "am", DAY.isoformat())
        await self._put(
            [inbox.own(school, "clock", f"tick:open:{school}", "tick", args, "", bytes(16)) for school in schools]
        )

    async def summary(self) -> Morning:
        """What the tick of nine would say; nothing is written."""
        args = ("summary", stamp(NINE), "am", DAY.isoformat())
        at = self.clock.now()
        update = Update("bench", "district", "clock", "clock", "clock", True, at, at, bytes(16), ZONE, "tick", args)
        outcome = await self._storage.read(lambda tx: decide(update, Answers(tx)))
        (version,) = (fact for fact in outcome.facts if isinstance(fact, Summarised))
        picture = decode(version.shown[0]).picture
        assert picture is not None
        return picture

    async def _classes(self, school: str) -> list[tuple[str, int]]:
        rows = await self._storage.read(
            lambda tx: tx.all(
                """SELECT c.id, a.native FROM class c JOIN duty d ON d.class = c.id
                   JOIN address a ON a.person = d.person WHERE c.school = :school ORDER BY a.native""",
                school=school,
            )
        )
        return [(row["id"], int(row["native"])) for row in rows]

    async def _tap(self, school: str, of: tuple[str, int]) -> inbox.Arrival:
        self._updates += 1
        return inbox.Arrival(school, "telegram", str(self._updates), tap(self._updates, *of), bytes(16))

    async def _put(self, arrivals: Sequence[inbox.Arrival]) -> None:
        def put(tx: Tx) -> int:
            return inbox.put(tx, arrivals, self.clock.now())

        await self._storage.run(put)

    async def drain(self) -> None:
        await self._turn.drain()


def age(young: Path, played: Path, days: int) -> None:
    database = sqlite3.connect(young, isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("ATTACH ? AS played", (str(played),))
    database.execute(BACK, (days,))
    database.execute("BEGIN")
    for statement in PAST:
        database.execute(statement)
    database.execute("COMMIT")
    database.close()


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Processor milliseconds."""
    begun = time.process_time()
    await work()
    return 1000 * (time.process_time() - begun)


async def measure(young: District, old: District) -> dict[str, float]:
    took: dict[str, list[tuple[float, float]]] = {"tap": [], "tick": [], "summary": [], "chart": []}
    schools = await young.schools()
    for n in range(min(ROUNDS, len(schools) // SCHOOLS)):
        some = schools[n * SCHOOLS : (n + 1) * SCHOOLS]
        one: dict[str, list[float]] = {what: [] for what in took}
        for district in (young, old):
            await district.cards(some)
            one["tick"].append(await timed(district.drain))
            await district.taps(some)
            one["tap"].append(await timed(district.drain))
            one["summary"].append(await timed(district.summary))
            picture = await district.summary()
            begun = time.process_time()
            draw_morning(picture, Words(picture.language).say)
            one["chart"].append(1000 * (time.process_time() - begun))
        for what, (before, after) in one.items():
            took[what].append((before, after))
    return {
        f"{what}_after_3_years": statistics.median(after / before for before, after in pairs)
        for what, pairs in took.items()
    }


async def main(classes: int, days: int) -> None:
    with tempfile.TemporaryDirectory(prefix="zero-report-bench-") as folder:
        young, played, old = (Path(folder) / f"{name}.db" for name in ("young", "played", "old"))
        await prepare(young, classes)
        for copy in (played, old):
            shutil.copy(young, copy)
        async with opened(played) as district:
            await district.taps(await district.schools())
            await district.drain()
        age(old, played, days)
        async with opened(young) as one, opened(old) as other:
            print(json.dumps(await measure(one, other)))


class opened:
    def __init__(self, path: Path) -> None:
        self._path = path

    async def __aenter__(self) -> District:
        self._storage = await open_storage(f"sqlite:///{self._path}", inline=True)
        return District(self._storage)

    async def __aexit__(self, *_: object) -> None:
        await self._storage.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
