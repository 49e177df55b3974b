"""What 1, 2 and 4 workers decide in a second on one PostgreSQL database, and where that ends.
`python -m bench.workers`; figures as JSON in the last line.

Every class of a capital says 全员正常 in one instant: the taps are in the inbox, no listener and no postman takes part,
and the platform answers at once. The programs are the real ones (`python -m bot run --work`), the database lies on the
disk with every promise of durability."""

import argparse
import asyncio
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import psutil

from bench import district
from bench.fleet import Fleet, Hours, Program, Server, server
from bench.race import cpu_of
from bench.stand_in import StandIn, listening, options
from bot.clock import SystemClock
from storage import Storage, Tx, open_storage
from storage.inbox import Arrival, put
from storage.postgres_calls import PostgresCalls

MORNING: Final = datetime(2026, 9, 1, 8, 0, tzinfo=district.ZONE)
LOOK: Final = 0.05  # seconds
LIMIT: Final = 600.0
CLASSES: Final = """SELECT c.id, c.school, a.native FROM class c JOIN duty d ON d.class = c.id
  JOIN address a ON a.person = d.person ORDER BY c.id"""
OPEN: Final = "SELECT 1 FROM inbox WHERE state = 'open' AND channel = 'telegram' LIMIT 1"
COMMITS: Final = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
# what the workers' connections do: compute, wait for the worker's next statement, or for a lock, a flush, a page
DOING: Final = """SELECT CASE WHEN wait_event_type IS NULL THEN 'computes' WHEN wait_event = 'ClientRead' THEN 'worker'
    WHEN wait_event_type = 'Lock' THEN 'lock' WHEN wait_event LIKE 'WAL%' THEN 'flush' ELSE 'other' END AS doing
  FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()"""


@dataclass(frozen=True)
class Figures:
    """`busy`: processors that each kept busy, on average. `doing`: what the database's connections were at, in
    hundredths of the time in which they had a transaction open."""

    workers: int
    per_s: float
    commits_per_s: float
    busy: dict[str, float]
    doing: dict[str, int]


class Taps:
    """Of one run: put in one instant, and watched until all are decided."""

    def __init__(self, postgres: Server, name: str, fleet: Fleet) -> None:
        self._postgres = postgres
        self._name = name
        self._fleet = fleet
        self._seen: Counter[str] = Counter()

    async def measure(self, storage: Storage, calls: PostgresCalls, workers: int) -> Figures:
        arrivals = await storage.read(_taps)
        await storage.run(lambda tx: put(tx, arrivals, MORNING))
        loop = asyncio.get_running_loop()
        commits, used, begun = self._commits(), self._used(), loop.time()
        calls.call("turn")
        async with asyncio.timeout(LIMIT):
            while await storage.read(lambda tx: tx.all(OPEN)):
                self._seen.update(row["doing"] for row in await storage.read(lambda tx: tx.all(DOING)))
                await asyncio.sleep(LOOK)
        seconds, looks = loop.time() - begun, max(1, self._seen.total())
        return Figures(
            workers,
            per_s=len(arrivals) / seconds,
            commits_per_s=(self._commits() - commits) / seconds,
            busy={name: round((now - used[name]) / seconds, 2) for name, now in self._used().items()},
            doing={name: round(100 * n / looks) for name, n in self._seen.most_common()},
        )

    def _commits(self) -> int:
        return int(self._postgres.run(COMMITS, self._name)[0][0])

    def _used(self) -> dict[str, float]:
        return {
            "workers": sum(self._fleet.used().values()),
            "postgresql": cpu_of(self._postgres.process),
            "platform": sum(psutil.Process().cpu_times()[:2]),
        }


def _taps(tx: Tx) -> list[Arrival]:
    return [
        Arrival(row["school"], "telegram", str(n), district.tap(n, row["id"], int(row["native"])), bytes(16))
        for n, row in enumerate(tx.all(CLASSES), 1)
    ]


async def decided(folder: Path, postgres: Server, workers: int) -> Figures:
    name = f"workers_{workers}"
    url, anchor = postgres.copy("district", name), SystemClock().now().timestamp()
    storage, calls = await open_storage(url), PostgresCalls(url)
    calling = asyncio.create_task(calls.run(lambda _: None))
    async with listening(StandIn(options(0, MORNING, anchor))) as port:
        fleet = Fleet(folder, url, port, [Program(f"worker-{n}", ("work",)) for n in range(workers)])
        try:
            await fleet.start(Hours(MORNING, anchor))
            return await Taps(postgres, name, fleet).measure(storage, calls, workers)
        finally:
            calling.cancel()
            await fleet.end()
            await storage.close()


def table(found: Sequence[Figures]) -> Iterator[str]:
    """With where each number of workers ends: at all of the processors, or at what the connections wait for."""
    yield "workers updates/s commits/s   processors busy: workers, PostgreSQL, platform; of all   a connection, of 100"
    for one in found:
        busy = ", ".join(f"{value:.2f}" for value in one.busy.values())
        doing = ", ".join(f"{name} {share}" for name, share in one.doing.items())
        whole = 100 * sum(one.busy.values()) / (os.cpu_count() or 1)
        yield f"{one.workers:7} {one.per_s:9.0f} {one.commits_per_s:9.0f}   {busy}; {whole:.0f} %   {doing}"


async def main(classes: int, counts: Sequence[int], known: Path | None) -> None:
    with tempfile.TemporaryDirectory(prefix="zero-report-bench-") as name, server() as postgres:
        path = known or Path(name) / "district.db"
        if not path.exists():
            await district.prepare(path, classes, district.EVE, MORNING)
        postgres.fill("district", path)
        found = [await decided(Path(name), postgres, count) for count in counts]
    print("\n".join(table(found)))
    print(json.dumps({"workers": [asdict(one) for one in found], "cores": os.cpu_count()}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.workers", description=__doc__)
    parser.add_argument("--classes", type=int, default=12_800)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--district", type=Path, help="a database that `python -m bench.district` made, to save time")
    chosen = parser.parse_args()
    asyncio.run(main(chosen.classes, chosen.workers, chosen.district))
