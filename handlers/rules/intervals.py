"""四早: how long it took from one time of a case to the next, as median and 90th percentile."""

import math
from collections.abc import Sequence
from datetime import datetime, tzinfo

from msgspec import Struct

from handlers.model import Case

HOURS_A_DAY = 24


class Spread(Struct, frozen=True):
    """Hours, of `n` cases of which both times are known; both None for none."""

    n: int
    median: float | None
    p90: float | None


def spread(hours: Sequence[float]) -> Spread:
    """The 90th percentile by the nearest rank: one that did occur."""
    if not hours:
        return Spread(0, None, None)
    ranked = sorted(hours)
    half = len(ranked) // 2
    median = ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2
    return Spread(len(ranked), median, ranked[math.ceil(0.9 * len(ranked)) - 1])


def reported_after(case: Case, zone: tzinfo) -> float:
    """发病→报告. Of an onset only the day is known: whole days; 0 where another illness has come to the first."""
    return float(HOURS_A_DAY * max(0, (case.reported_at.astimezone(zone).date() - case.onset).days))


def after_report(case: Case, at: datetime | None) -> float | None:
    """报告→隔离, 报告→就医; 0 for what had happened before the report; None where it is not known."""
    return None if at is None else max(0.0, (at - case.reported_at).total_seconds() / 3600)
