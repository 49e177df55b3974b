"""Where the processor time of a healthy report goes that is ours: one turn, statement by statement and function by
function. `python -m bench.where CLASSES`. What is added to it on the way there and back is the rest of a race."""

import asyncio
import cProfile
import json
import pstats
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from bench.district import prepare
from bench.history import opened
from storage.sqlite import Sqlite

MOST: Final = 6  # lines of each kind
WIDTH: Final = 100
Function = tuple[str, int, str]  # file, line, name


@dataclass
class Statements:
    """Seconds by statement, while `counted`. SQLite steps through its rows as they are read, so that is in it."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    times: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    @contextmanager
    def counted(self) -> Iterator[None]:
        kept: dict[str, Callable[..., Any]] = {name: vars(Sqlite)[name] for name in ("all", "run", "_control")}
        for name, one in kept.items():
            setattr(Sqlite, name, self._timed(one))
        try:
            yield
        finally:
            for name, one in kept.items():
                setattr(Sqlite, name, one)

    def _timed(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(sqlite: Sqlite, sql: str, /, **params: Any) -> Any:
            begun = time.perf_counter()
            try:
                return work(sqlite, sql, **params)
            finally:
                self.seconds[sql] += time.perf_counter() - begun
                self.times[sql] += 1

        return timed


async def main(classes: int) -> None:
    """The first third of the schools is timed, of the second the statements, of the third the functions."""
    with tempfile.TemporaryDirectory(prefix="zero-report-bench-") as folder:
        path = Path(folder) / "district.db"
        await prepare(path, classes)
        async with opened(path) as district:
            schools = await district.schools()
            await district.cards(schools)
            await district.drain()
            third = len(schools) // 3
            parts = schools[:third], schools[third : 2 * third], schools[2 * third : 3 * third]
            count = classes * third // len(schools)
            await district.taps(parts[0])
            begun = time.process_time()
            await district.drain()
            turn = (time.process_time() - begun) / count
            statements = Statements()
            await district.taps(parts[1])
            with statements.counted():
                await district.drain()
            await district.taps(parts[2])
            profile = cProfile.Profile()
            profile.enable()
            await district.drain()
            profile.disable()
    sql = sum(statements.seconds.values()) / count
    print(f"one 全员正常, of {count}: {1000 * turn:.2f} ms of processor, {1000 * sql:.2f} ms of it in statements")
    for one, seconds in sorted(statements.seconds.items(), key=lambda item: -item[1])[:MOST]:
        words = " ".join(one.split())[:WIDTH]
        print(f"  {1e6 * seconds / count:7.0f} µs, {statements.times[one] / count:4.1f} times: {words}")
    print("and by function, its own time (the profile makes each call dearer than it is):")
    dearest = sorted(functions(pstats.Stats(profile)).items(), key=lambda one: -one[1].own)
    for (file, line, name), told in dearest[:MOST]:
        where = f"{Path(file).parent.name}/{Path(file).name}:{line} {name}"
        print(f"  {1e6 * told.own / count:7.0f} µs, {told.times / count:6.1f} times: {where}")
    print(json.dumps({"turn_ms": 1000 * turn, "sql_ms": 1000 * sql}))


class Told(NamedTuple):
    """Seconds by itself, and with all that it called."""

    times: int
    own: float
    whole: float


def functions(stats: pstats.Stats) -> dict[Function, Told]:
    """What a profile tells of each."""
    every: dict[Function, Any] = stats.stats  # type: ignore[attr-defined]
    return {function: Told(times, own, whole) for function, (_, times, own, whole, _) in every.items()}


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
