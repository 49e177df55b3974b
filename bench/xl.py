"""The morning of a provincial capital: 12,800 classes report through webhooks behind a plain load balancer, to several
processes on one PostgreSQL database. `python -m bench.xl`; figures as JSON in the last line.

All of it is real: the programs with their roles, nginx, the database on the disk with every promise of durability,
Telegram's own pace. Real is also the speed from 08:14 to 08:18, in which the busiest minute falls (08:15, as the first
reminders go out: 774 classes begin), once for each number of workers on a copy of the database as it stood at 08:14;
in the middle of that minute a listener is killed (`kill -9`) and comes back ten seconds later, as a service manager
would have it. What lies before and after is played three to ten times as fast: at so many times the load, and of
Telegram's pace. One class in five lists somebody, one in fifty a fever; a teacher thinks a second before each tap."""

import argparse
import asyncio
import json
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psutil

from bench import district
from bench.balancer import balancing
from bench.capital import Capital, capital
from bench.fleet import Fleet, Hours, Program, server
from bench.morning import Plan, plans
from bench.race import cpu_of
from bench.stand_in import listening
from bot.clock import SystemClock
from bot.ticker import TICKED
from handlers.plain import stamp
from storage import open_storage, progress
from tests.ports import free_port

EVENING: Final = datetime(2026, 8, 31, 19, tzinfo=district.ZONE)  # before: everybody is bound, and has read it
LISTENERS: Final = 2
KILLED: Final = 1 / 2  # of the minute is over then
AWAY: Final = 1 / 6  # of a minute
LOOK: Final = 0.25  # seconds between two looks at what waits
REST: Final = 600.0  # seconds, then what is missing is lost
OPEN: Final = "SELECT count(*) AS n FROM inbox WHERE state = 'open' AND ours = 0"
REPORTS: Final = """SELECT a.native, r.rev FROM report r JOIN duty d ON d.class = r.class
  JOIN address a ON a.person = d.person WHERE r.day = :day"""


def at(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 9, 1, hour, minute, second, tzinfo=district.ZONE)


@dataclass(frozen=True)
class Stretch:
    """Of the morning: who is to begin from `since` until `until` does. Where a `minute` begins in it, that is measured
    for as long as it `lasts` (seconds), and a listener killed in it."""

    since: datetime
    until: datetime
    speed: float = 1.0
    minute: datetime | None = None
    lasts: float = 60.0


CARDS: Final = Stretch(at(7, 25), at(7, 38), 4.0)
BEFORE: Final = Stretch(CARDS.until, at(8, 13, 30), 3.0)
BUSIEST: Final = Stretch(BEFORE.until, at(8, 18), minute=at(8, 15))
AFTER: Final = Stretch(BUSIEST.until, at(9, 1), 10.0)
ALL_THERE: Final = at(8, 14, 30)
TOO_SLOW: Final = "It is {hour:%H:%M:%S} until all of 08:13 is answered: this machine is too busy. Try --hurry 0.5."


@dataclass(frozen=True)
class Figures:
    """Of one stretch. `begun`: classes that reported. `lost`: of those, without a report in the database; `twice`: with
    two. The rest are of its minute: `updates` is what people did, times are in seconds, `backlog_s` from its end until
    all of it was answered, `most_waiting` updates not decided; `cores`: processors that each process kept busy."""

    workers: int
    begun: int
    lost: int
    twice: int
    posted_again: int
    check_ins: int = 0
    updates: int = 0
    p50: float = 0.0
    p99: float = 0.0
    longest: float = 0.0
    backlog_s: float = 0.0
    most_waiting: int = 0
    cores: dict[str, float] = field(default_factory=dict)

    def told(self) -> str:
        """In words."""
        classes = f"{self.workers} workers: {self.begun} classes have reported, {self.lost} lost, {self.twice} twice"
        if not self.check_ins:
            return classes
        times = f"{self.p50:.2f} s (median), {self.p99:.2f} s (p99), {self.longest:.2f} s (longest)"
        cores = ", ".join(f"{name} {value:.2f}" for name, value in self.cores.items())
        lines = (
            classes,
            f"the minute: {self.check_ins} check-ins, {self.updates} updates; {self.posted_again} posted again",
            f"answered in {times}, the last {self.backlog_s:.2f} s after it; {self.most_waiting} undecided at most",
            f"processors kept busy: {cores}; together {sum(self.cores.values()):.2f} of {os.cpu_count()}",
        )
        return "\n  ".join(lines)


class Day:
    """Where the stretches are played: a platform at the port `api`, and the load balancer at `hook`."""

    def __init__(
        self, folder: Path, one: Capital, api: int, hook: str, listeners: Sequence[int], hour: datetime
    ) -> None:
        self._folder = folder
        self._one = one
        self._api = api
        self._hook = hook
        self._listeners = listeners
        self.hour = hour

    async def play(self, stretch: Stretch, url: str, workers: int, postgres: psutil.Process) -> Figures:
        """Returns when all who began have seen their receipt, and the programs have ended."""
        fleet = Fleet(self._folder, url, self._api, programs(self._listeners, workers), self._hook)
        hours = Hours(self.hour, SystemClock().now().timestamp(), stretch.speed)
        again = self._one.again
        measuring = Minute(self._one, fleet, url, postgres, stretch.lasts)
        self._one.set_hour(hours)
        try:
            await fleet.start(hours)
            begins = self._one.loop.time()
            self._one.let_begin(stretch.since, stretch.until)
            found = await measuring.measure(stretch.minute, begins) if stretch.minute is not None else {}
            await asyncio.sleep(max(0.0, self._one.real(stretch.until) - self._one.loop.time()))
            await until(self._one.is_at_rest, REST)
            await fleet.stop()
        finally:
            await fleet.end()
        self.hour = self._one.now().replace(microsecond=0) + timedelta(seconds=1)
        lost, twice = await self._stored(url)
        begun = len(self._one.reporting)
        figures = Figures(workers, begun, lost, twice, posted_again=self._one.again - again, **found)
        print(f"until {stretch.until:%H:%M}, {figures.told()}", flush=True)
        return figures

    async def _stored(self, url: str) -> tuple[int, int]:
        storage = await open_storage(url)
        try:
            rows = await storage.read(lambda tx: tx.all(REPORTS, day=district.DAY.isoformat()))
        finally:
            await storage.close()
        first = {int(row["native"]) for row in rows if row["rev"] == 1}
        return len(self._one.reporting - first), len(rows) - len(first)


def programs(listeners: Sequence[int], workers: int) -> list[Program]:
    return [
        *(Program(f"listener-{n}", ("listen",), port) for n, port in enumerate(listeners, 1)),
        *(Program(f"worker-{n}", ("work",)) for n in range(1, workers + 1)),
        Program("postman", ("post",)),
        Program("clock", ("tick",)),
    ]


class Minute:
    """The busiest one, as it is felt and what it costs."""

    def __init__(self, one: Capital, fleet: Fleet, url: str, postgres: psutil.Process, lasts: float) -> None:
        self._one = one
        self._fleet = fleet
        self._url = url
        self._postgres = postgres
        self._lasts = lasts

    async def measure(self, minute: datetime, since: float) -> dict[str, Any]:
        """Not from before that instant of the loop; returns when the backlog is gone."""
        one, length = self._one, timedelta(seconds=self._lasts)
        begins = max(one.real(minute), since)
        ends = begins + self._lasts
        await asyncio.sleep(max(0.0, begins - one.loop.time()))
        waiting = asyncio.create_task(self._most_waiting(ends))
        cores = await self._cores()
        await self._one_dies()
        await asyncio.sleep(max(0.0, ends - one.loop.time()))
        await until(lambda: not one.awaits(begins, ends), REST)
        meant = [reply for reply in one.replies if begins <= reply.asked < ends]
        return {
            "check_ins": sum(minute <= plan.at < minute + length for plan in one.plans.values()),
            "updates": len(meant),
            **spread([reply.took for reply in meant]),
            "backlog_s": max(0.0, max(reply.asked + reply.took for reply in meant) - ends),
            "most_waiting": await waiting,
            "cores": cores,
        }

    async def _cores(self) -> dict[str, float]:
        """Of the minute until the kill."""
        before, seconds = self._used(), KILLED * self._lasts
        await asyncio.sleep(seconds)
        return {name: round((used - before[name]) / seconds, 3) for name, used in self._used().items()}

    def _used(self) -> dict[str, float]:
        ours, nginx = psutil.Process(), _named("nginx")
        return {
            **self._fleet.used(),
            "postgresql": cpu_of(self._postgres),
            **({"nginx": cpu_of(nginx)} if nginx else {}),
            "platform": sum(ours.cpu_times()[:2]),
        }

    async def _one_dies(self) -> None:
        victim = next(one for one in self._fleet.programs if one.listens)
        await self._fleet.kill(victim)
        await asyncio.sleep(AWAY * self._lasts)
        await self._fleet.begin(victim)

    async def _most_waiting(self, ends: float) -> int:
        """Of what people did, not yet decided at one time."""
        storage, most = await open_storage(self._url), 0
        try:
            while self._one.loop.time() < ends:
                row = await storage.read(lambda tx: tx.one(OPEN))
                most = max(most, row["n"] if row else 0)
                await asyncio.sleep(LOOK)
        finally:
            await storage.close()
        return most


def spread(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {"p50": ordered[len(ordered) // 2], "p99": ordered[int(len(ordered) * 0.99)], "longest": ordered[-1]}


def _named(name: str) -> psutil.Process | None:
    return next((one for one in psutil.Process().children() if one.name() == name), None)


async def until(true: Callable[[], bool], seconds: float) -> None:
    """Or until the time is over: then what is missing shows in the figures."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not true():  # noqa: ASYNC110 - it rings no bell
                await asyncio.sleep(LOOK)


async def main(classes: int, workers: Sequence[int], hurry: float, known: Path | None) -> None:
    cards, before, after = (replace(one, speed=hurry * one.speed) for one in (CARDS, BEFORE, AFTER))
    with tempfile.TemporaryDirectory(prefix="zero-report-bench-") as name, server() as postgres:
        folder = Path(name)
        path = known or folder / "district.db"
        if not path.exists():
            print(f"a district of {classes} classes is made", flush=True)
            await district.prepare(path, classes, district.EVE, EVENING)
        postgres.fill("morning", path)
        await has_run_before(postgres.url("morning"), CARDS.since)
        async with playing(folder, plans(classes), CARDS.since) as day:
            found = [await day.play(one, postgres.url("morning"), 2, postgres.process) for one in (cards, before)]
            if (hour := day.hour) > ALL_THERE:
                raise RuntimeError(TOO_SLOW.format(hour=hour.astimezone(district.ZONE)))
            for count in workers:
                day.hour, url = hour, postgres.copy("morning", f"busiest_{count}")
                found.append(await day.play(BUSIEST, url, count, postgres.process))
            found.append(await day.play(after, url, workers[-1], postgres.process))
    print(json.dumps({"stretches": [asdict(one) for one in found], "cores": os.cpu_count()}))


async def has_run_before(url: str, hour: datetime) -> None:
    """So that the cards go out at half past seven however long the programs take to start, and nothing else does."""
    storage = await open_storage(url)
    try:
        await storage.run(lambda tx: tx.run("DELETE FROM message"))
        await storage.run(lambda tx: progress.keep(tx, TICKED, stamp(hour)))
    finally:
        await storage.close()


@asynccontextmanager
async def playing(folder: Path, plans: Sequence[Plan | None], hour: datetime) -> AsyncIterator[Day]:
    """From that hour on."""
    listeners = [free_port() for _ in range(LISTENERS)]
    async with balancing(folder, listeners) as port:
        hook = f"http://127.0.0.1:{port}/telegram"
        async with capital(plans, hook) as one, listening(one) as api:
            yield Day(folder, one, api, hook, listeners, hour)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.xl", description=__doc__)
    parser.add_argument("--classes", type=int, default=12_800)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument(
        "--district", type=Path, help="a database that `python -m bench.district` has made, to save time"
    )
    parser.add_argument("--hurry", type=float, default=1.0, help="how much faster still what is not at real speed")
    options = parser.parse_args()
    asyncio.run(main(options.classes, options.workers, options.hurry, options.district))
