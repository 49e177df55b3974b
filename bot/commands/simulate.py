"""`python -m bot simulate`: so many days of invented districts with everything that can go wrong, and what did not
hold."""

import hashlib
import logging
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

from msgspec import Struct

from bot.commands import Say
from bot.simulate.district import simulate
from bot.simulate.plan import Plan, plan
from bot.simulate.shrinking import shrunk
from bot.simulate.town import Town
from handlers.values import replace

T = TypeVar("T")

IN_A_ROW = 3  # days of one district: ledger, seals and history go on from one to the next
AT_ONCE = 2  # districts that a process takes
SAID = 500  # days, after each of which it is said how far it is
SMALL, LARGE = Town(classes=4, pupils=6), Town(classes=18, pupils=12)


class Wanted(Struct, frozen=True):
    """`acts` and `faults`: of one plan those alone, by their places in it; None for all. `processes`: 0 for as many as
    there are cores; what is found does not depend on it."""

    days: int
    seed: int
    large: bool = False
    processes: int = 0
    faults: tuple[int, ...] | None = None
    acts: tuple[int, ...] | None = None
    acks: tuple[int, ...] | None = None


class Failure(Struct, frozen=True):
    plan: Plan
    whole: Plan
    wrong: tuple[str, ...]


class Part(Struct, frozen=True):
    """What became of some districts."""

    days: int
    failures: tuple[Failure, ...]
    digests: tuple[str, ...]


def places(words: str | None) -> tuple[int, ...] | None:
    """0,3 or none; None for all."""
    if words is None or words == "none":
        return None if words is None else ()
    return tuple(int(one) for one in words.split(","))


def run(wanted: Wanted, say: Say) -> int:
    """1 when something did not hold: each failing district is made smaller and said with the line that repeats it. The
    trace is of all that was shown and answered: the same where everything went the same way."""
    town = LARGE if wanted.large else SMALL
    plans = list(_plans(wanted, town))
    days, failed, trace = 0, 0, hashlib.sha256()
    for part in _played(plans, town, wanted.processes or os.cpu_count() or 1):
        before, days = days, days + part.days
        failed += len(part.failures)
        if before // SAID < days // SAID:
            say(f"{days} days, {failed} failed")
        trace.update("".join(part.digests).encode())
        for failure in part.failures:
            _tell(failure, town, wanted, say)
    faults = Counter(fault.kind.value for one in plans for fault in one.faults)
    said = ", ".join(f"{kind} {n}" for kind, n in sorted(faults.items()))
    say(f"{days} days of {len(plans)} districts from seed {wanted.seed}: {failed} failed")
    say(f"trace {trace.hexdigest()[:16]}")
    say(f"faults: {said or 'none'}")
    return 1 if failed else 0


def _plans(wanted: Wanted, town: Town) -> Iterator[Plan]:
    """A district has the next seed: so the seed of one is the seed with which it is the first."""
    for number, begun in enumerate(range(0, wanted.days, IN_A_ROW)):
        whole = plan(wanted.seed + number, town, min(IN_A_ROW, wanted.days - begun))
        yield replace(
            whole,
            faults=_some(whole.faults, wanted.faults),
            acts=_some(whole.acts, wanted.acts),
            acks=_some(whole.acks, wanted.acks),
        )


def _some(parts: Sequence[T], places: Sequence[int] | None) -> tuple[T, ...]:
    return tuple(parts) if places is None else tuple(parts[place] for place in places)


def _played(plans: Sequence[Plan], town: Town, processes: int) -> Iterator[Part]:
    parts = [plans[begin : begin + AT_ONCE] for begin in range(0, len(plans), AT_ONCE)]
    if processes < 2 or len(parts) < 2:
        yield from (_of_some(town, part) for part in parts)
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), logging.disable, (logging.CRITICAL,)) as pool:
        yield from pool.map(partial(_of_some, town), parts)


def _of_some(town: Town, plans: Sequence[Plan]) -> Part:
    results = [simulate(one, town) for one in plans]
    return Part(
        sum(one.days for one in results),
        tuple(Failure(whole, whole, tuple(one.wrong)) for whole, one in zip(plans, results, strict=True) if one.wrong),
        tuple(one.digest for one in results),
    )


def _tell(failure: Failure, town: Town, wanted: Wanted, say: Say) -> None:
    names = {_check(words) for words in failure.wrong}

    def fails(smaller: Plan) -> bool:
        return bool(names & {_check(words) for words in simulate(smaller, town).wrong})

    small = shrunk(failure.plan, fails)
    for words in failure.wrong:
        say(f"✗ {words}")
    for fault in small.faults:
        say(f"  {fault}")
    say(f"  {_line(failure.whole, small, wanted)}")


def _check(words: str) -> str:
    return words.split(":", 1)[0].split()[-1]


def _line(whole: Plan, small: Plan, wanted: Wanted) -> str:
    """The command that repeats it."""
    fresh = plan(whole.seed, LARGE if wanted.large else SMALL, small.days)
    options = [f"--days {small.days} --seed {whole.seed}", *(["--large"] if wanted.large else [])]
    for name in ("faults", "acts", "acks"):
        all_, kept = getattr(fresh, name), getattr(small, name)
        if kept != all_ and set(kept) <= set(all_):
            options.append(f"--{name} {','.join(str(all_.index(one)) for one in kept) or 'none'}")
    return f"python -m bot simulate {' '.join(options)}"
