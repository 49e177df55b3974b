"""`make bench`: the bot beside two peers and the floor, in turn in one run, and what it costs by itself. Prints a table
and writes bench/result.json. Ratios alone mean something: this machine's seconds are not another's."""

import argparse
import asyncio
import json
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.race import AIOGRAM, FLOOR, OURS, PTB, Crowd, Racer, Run, Stable, stable
from bench.teachers import SCRIPTS

HERE: Final = Path(__file__).parent
WELL: Final = Crowd(ill=0.0)
AWAY: Final = Crowd(teachers=300, latency=0.05)
CALM: Final = Crowd(teachers=600, rate=30.0)
CHARTS: Final = Crowd(teachers=600, rate=30.0, charts=0.5)


@dataclass(frozen=True)
class Row:
    """`must`: what it must reach, as said in the issue; `found`: one value a round."""

    key: str
    what: str
    must: str
    found: Sequence[float]

    def line(self) -> str:
        least, most = min(self.found), max(self.found)
        return f"{self.what:<58} {least:9.3g} {statistics.median(self.found):9.3g} {most:9.3g}   {self.must}"


class Bench:
    """Each comparison is raced in turn, round after round, so that a slow minute of the machine meets all."""

    def __init__(self, at: Stable, rounds: int, say: Callable[[str], None]) -> None:
        self._at = at
        self._rounds = rounds
        self._say = say
        self.cost_of_a_call = 0.0

    async def _races(self, crowd: Crowd, *racers: Racer) -> dict[Racer, list[Run]]:
        found: dict[Racer, list[Run]] = {racer: [] for racer in racers}
        for _ in range(self._rounds):
            for racer in racers:
                run = await self._at.race(racer, crowd)
                found[racer].append(run)
                self._say(
                    f"  {racer.name:<8} {run.updates_per_s:8.0f} updates/s, p99 {1000 * run.p99:7.1f} ms, "
                    f"{1000 * run.cpu:6.2f} ms of processor a report"
                )
        return found

    async def _measured(self, module: str, *words: str) -> dict[str, Any]:
        """What a program of the bench says at its end, as JSON; what it says before is passed on."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *words, cwd=HERE.parent, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"{module} ended with {process.returncode}")
        *lines, last = out.decode().splitlines()
        for line in lines:
            self._say(line)
        told: dict[str, Any] = json.loads(last)
        return told

    async def speed(self) -> list[Row]:
        self._say("one report in ten has somebody ill; the platform answers at once")
        found = await self._races(Crowd(), OURS, PTB, AIOGRAM)
        self.cost_of_a_call = statistics.median(run.cpu_a_call for run in found[OURS])
        ours = updates(found[OURS])
        return [
            Row("updates_per_s", "updates/s", "", ours),
            Row("updates_per_s_vs_ptb", "updates/s, × python-telegram-bot", "≥ 6", over(ours, updates(found[PTB]))),
            Row("updates_per_s_vs_aiogram", "updates/s, × aiogram", "≥ 3", over(ours, updates(found[AIOGRAM]))),
            *self._reports("reports_per_s", "reports/s", Crowd(), found),
        ]

    async def well(self) -> list[Row]:
        self._say("all well; the platform answers at once")
        found = await self._races(WELL, OURS, PTB, FLOOR)
        ours = found[OURS]
        return [
            Row(
                "share_of_floor",
                "updates/s, share of the floor",
                "",
                over(updates(ours), updates(found[FLOOR])),
            ),
            Row(
                "cpu_per_report_vs_ptb",
                "processor a healthy report, × python-telegram-bot",
                "≤ 0.125",
                over([run.cpu for run in ours], [run.cpu for run in found[PTB]]),
            ),
            Row(
                "calls_per_report",
                "calls a healthy report, its card among them",
                "3",
                [1 + sum(n for name, n in run.calls.items() if name != "getUpdates") for run in ours],
            ),
        ]

    async def away(self) -> list[Row]:
        self._say("50 ms between us and the platform")
        found = await self._races(AWAY, OURS, PTB, AIOGRAM)
        ours = updates(found[OURS])
        return [
            Row("at_50ms_vs_ptb", "updates/s at 50 ms, × python-telegram-bot", "≥ 30", over(ours, updates(found[PTB]))),
            Row("at_50ms_vs_aiogram", "updates/s at 50 ms, × aiogram", "≥ 2", over(ours, updates(found[AIOGRAM]))),
            *self._reports("reports_at_50ms", "reports/s at 50 ms", AWAY, found),
        ]

    def _reports(self, key: str, what: str, crowd: Crowd, found: dict[Racer, list[Run]]) -> list[Row]:
        """A report is one tap of ours where all are well, and three updates of theirs: so both are said."""
        each = {
            racer: [one / SCRIPTS[racer.script].updates(crowd.ill) for one in updates(runs)]
            for racer, runs in found.items()
        }
        return [
            Row(f"{key}_vs_{racer.name}", f"{what}, × {racer.name}", "", over(each[OURS], each[racer]))
            for racer in (PTB, AIOGRAM)
        ]

    async def calm(self) -> list[Row]:
        self._say("30 updates a second")
        found = await self._races(CALM, OURS, PTB)
        self._say("30 updates a second, and two summary pictures")
        drawn = await self._races(CHARTS, OURS)
        assert all(run.calls["sendPhoto"] > 0 for run in drawn[OURS])
        ours, theirs, beside = ([run.p99 for run in runs] for runs in (found[OURS], found[PTB], drawn[OURS]))
        return [
            Row("p99_ms_at_30", "reply p99 at 30 updates/s, ms", "", [1000 * one for one in ours]),
            Row("p99_at_30_vs_ptb", "reply p99 at 30 updates/s, × python-telegram-bot", "≤ 0.5", over(ours, theirs)),
            Row("p99_charts_vs_quiet", "reply p99 while charts are drawn, × without", "≤ 1.5", over(beside, ours)),
        ]

    async def pictures(self) -> list[Row]:
        told = await self._measured("bench.pictures", "500")
        return [
            Row("picture_ms", "summary picture of 135 schools, warm, ms", "≤ 250", [told["picture_ms"]]),
            Row("pictures_grow_mb", "memory after 500 pictures, MB more", "0", [told["grown_mb"]]),
        ]

    async def history(self) -> list[Row]:
        told = await self._measured("bench.history", "3500", "600")
        return [
            Row(key, f"{key.split('_')[0]} after 3 years of 3,500 classes, × in a young district", "≤ 1.1", [value])
            for key, value in told.items()
        ]

    async def tick(self) -> list[Row]:
        told = await self._measured("bench.tick", "12800")
        return [
            Row("tick_s", "tick over 12,800 classes until all is written, s", "≤ 2", [told["tick_s"]]),
            Row("tick_tap_ms", "answer to a tap in the middle of it, ms", "≤ 100", [told["tap_ms"]]),
        ]

    async def where(self) -> list[Row]:
        told = await self._measured("bench.where", "1500")
        return [
            Row("turn_ms", "processor of a healthy report's turn, ms", "", [told["turn_ms"]]),
            Row("statements_ms", "of it in statements of the database, commits waited for, ms", "", [told["sql_ms"]]),
        ]

    async def shares(self) -> list[Row]:
        self._say("a race of healthy reports under cProfile")
        told = await self._measured("bench.shares", "1000")
        return [Row(f"time: {what}", f"of the loop's time: {what}", "", [share]) for what, share in told.items()]

    async def rest(self) -> list[Row]:
        told = await self._measured("bench.rest", "3500")
        return [
            Row("first_poll_s", "start to first poll, 3,500 classes, s", "≤ 1.5", [told["first_poll_s"]]),
            Row("rss_mb", "memory at rest, MB", "≤ 100", [told["rss_mb"]]),
            Row("matplotlib_loaded", "matplotlib loaded before anything is drawn", "0", [told["matplotlib_loaded"]]),
        ]

    async def pings(self) -> list[Row]:
        told = await self._measured("bench.pings", "3500", "8")
        return [
            Row("pings_per_s", "messages a second while 3,500 teachers are asked", "≥ 29", [told["per_s"]]),
            Row("pings_most", "most in any second", "≤ 30", [told["most_in_a_second"]]),
            Row("alert_s", "longest that an alert waited meanwhile, s", "≤ 1", [told["alert_s"]]),
        ]

    async def workers(self) -> list[Row]:
        self._say("12,800 classes at once, decided by several processes on one PostgreSQL database")
        told = await self._measured("bench.workers")
        return [
            Row("cores", "processors of this machine", "", [told["cores"]]),
            *(
                Row(f"workers_{one['workers']}", f"updates/s, {one['workers']} workers", "", [one["per_s"]])
                for one in told["workers"]
            ),
        ]

    async def xl(self) -> list[Row]:
        self._say("the morning of 12,800 classes on several processes: half an hour")
        played = (await self._measured("bench.xl"))["stretches"]
        busiest = [one for one in played if one["check_ins"]]
        return [
            Row("xl_check_ins", "check-ins in that minute of 12,800 classes", "774", column("check_ins", busiest)),
            Row("xl_lost", "of the morning's check-ins, lost", "0", column("lost", played)),
            Row("xl_twice", "of the morning's check-ins, stored twice", "0", column("twice", played)),
            Row("xl_p50_ms", "reply p50 in that minute; 1, 2, 4 workers, ms", "", milliseconds("p50", busiest)),
            Row("xl_p99_ms", "reply p99 in that minute; 1, 2, 4 workers, ms", "", milliseconds("p99", busiest)),
            Row("xl_backlog_s", "from its end until all is answered, s", "", column("backlog_s", busiest)),
        ]


def column(key: str, told: Sequence[Mapping[str, Any]]) -> list[float]:
    return [float(one[key]) for one in told]


def milliseconds(key: str, told: Sequence[Mapping[str, Any]]) -> list[float]:
    return [1000 * value for value in column(key, told)]


def updates(runs: Sequence[Run]) -> list[float]:
    """A second, round by round."""
    return [run.updates_per_s for run in runs]


def over(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Round by round."""
    return [one / other for one, other in zip(ours, theirs, strict=True)]


PARTS: Final = (
    *("speed", "well", "where", "shares", "away", "calm", "pictures", "history", "pings", "tick", "rest", "workers"),
    "xl",
)
LONG: Final = {"xl"}  # half an hour: only where it is named


async def main(parts: Sequence[str], rounds: int) -> None:
    rows: list[Row] = []
    async with stable() as at:
        bench = Bench(at, rounds, print)
        for part in parts:
            rows += await getattr(bench, part)()
            keep(rows)
    print(f"\n{'':<58} {'least':>9} {'median':>9} {'most':>9}   must be")
    for row in rows:
        print(row.line())
    if bench.cost_of_a_call:
        print(f"a call costs the stand-in {1e6 * bench.cost_of_a_call:.0f} µs of its own processor time")


def keep(rows: Sequence[Row]) -> None:
    """The medians, beside those of parts that were not measured this time."""
    path = HERE / "result.json"
    known = json.loads(path.read_text()) if path.exists() else {"from_to": {}}
    for row in rows:
        known[row.key] = statistics.median(row.found)
        known["from_to"][row.key] = [min(row.found), max(row.found)]
    path.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, []], help="where none is named all but xl, which takes half an hour"
    )
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    asyncio.run(main(options.parts or [part for part in PARTS if part not in LONG], options.rounds))
