"""When the classes of a district report, and with what."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bench.district import DAY, ZONE
from bench.teachers import FEVER, OURS, Step

FIRST: Final = datetime(DAY.year, DAY.month, DAY.day, 7, 30, tzinfo=ZONE)  # the cards
MIDNIGHT: Final = FIRST.replace(hour=0, minute=0)
NEVER: Final = 0.03  # of the classes
ILL: Final = 5  # every fifth class has somebody ill
FEVERS: Final = 50  # and every fiftieth somebody with a fever
SEED: Final = 62  # of the mornings of 12,800 classes one whose busiest minute, 08:15, has 774


@dataclass(frozen=True)
class Plan:
    """What a class reports, and when its teacher begins."""

    at: datetime
    steps: Sequence[Step]


def plans(classes: int, seed: int = SEED) -> list[Plan | None]:
    """One a class, in no order; None of whom nothing comes."""
    minutes = list(_minutes(classes, random.Random(seed)))
    kinds = [FEVER if n % FEVERS == 1 else OURS.ill if n % ILL == 1 else OURS.well for n in range(classes)]
    made: list[Plan | None] = [
        Plan(max(FIRST, MIDNIGHT + timedelta(minutes=minute)), steps)
        for minute, steps in zip(minutes, kinds, strict=False)
    ]
    made += [None] * (classes - len(made))
    random.Random(seed).shuffle(made)
    return made


def _minutes(classes: int, dice: random.Random) -> Iterator[float]:
    """Of the day: before school, as it begins, and after the reminders of 08:15 and 08:30."""
    before, begins, first, last = (round(share * classes) for share in (0.10, 0.66, 0.14, 1 - NEVER - 0.90))
    yield from (dice.gauss(7 * 60 + 45, 6) for _ in range(before))
    yield from (dice.gauss(8 * 60 + 5, 8) for _ in range(begins))
    yield from (8 * 60 + 15 + dice.expovariate(1 / 2.5) for _ in range(first))
    yield from (8 * 60 + 30 + dice.expovariate(1 / 6) for _ in range(last))
