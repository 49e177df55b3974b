"""What is counted and measured while the program works, for /metrics. No label names a class, a school or a person."""

from datetime import timedelta
from functools import partial
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

from bot.channels import (
    Barred,
    ChannelError,
    Gone,
    Refused,
    Shown,
    TooMany,
    TryLater,
    Unauthorized,
    Unknown,
    Unreachable,
)
from handlers.model import Urgency

A_MOMENT: Final = (0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 1, 5)
A_WHILE: Final = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 120, 600, 3600)
# the first that fits names it: a subclass stands before what it is a kind of
OUTCOMES: Final = {
    Shown: "shown",
    TooMany: "too_many",
    Barred: "barred",
    TryLater: "later",
    Unknown: "unknown",
    Unreachable: "unreachable",
    Refused: "refused",
    Gone: "gone",
    Unauthorized: "unauthorized",
}


class Meters:
    """One program's, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        a_while = partial(Histogram, buckets=A_WHILE, registry=registry)
        self._turn = Histogram(
            "zero_report_turn_seconds", "One transaction of a turn.", buckets=A_MOMENT, registry=registry
        )
        self._rows = Counter("zero_report_rows", "Inbox rows that turns have taken.", registry=registry)
        self._decided = a_while("zero_report_decide_seconds", "From an update's arrival until it was decided.")
        self._tick = a_while("zero_report_tick_late_seconds", "From the hour of a step of the day until it was done.")
        self._tap = a_while("zero_report_reply_seconds", "From a tap's arrival until it was answered.")
        self._delivery = a_while(
            "zero_report_delivery_seconds",
            "From when a message became due until it was shown.",
            ("channel", "urgency"),
        )
        self._pacer = a_while(
            "zero_report_pacer_wait_seconds", "From when a message became due until it went out.", ("channel",)
        )
        self._calls = Counter(
            "zero_report_calls",
            "What became of messages; too_many: the platform answered 429 or its like.",
            ("channel", "outcome"),
            registry=registry,
        )

    def turned(self, seconds: float, rows: int) -> None:
        self._turn.observe(seconds)
        self._rows.inc(rows)

    def decided(self, waited: timedelta) -> None:
        self._decided.observe(_positive(waited))

    def ticked(self, late: timedelta) -> None:
        self._tick.observe(_positive(late))

    def answered(self, waited: timedelta) -> None:
        self._tap.observe(_positive(waited))

    def went_out(self, channel: str, waited: timedelta) -> None:
        self._pacer.labels(channel).observe(_positive(waited))

    def came_back(self, channel: str, outcome: Shown | ChannelError, urgency: Urgency, waited: timedelta) -> None:
        name = next((name for kind, name in OUTCOMES.items() if isinstance(outcome, kind)), "other")
        self._calls.labels(channel, name).inc()
        if isinstance(outcome, Shown):
            self._delivery.labels(channel, urgency.name.lower()).observe(_positive(waited))


def _positive(span: timedelta) -> float:
    """A clock that was set back makes no negative waits."""
    return max(0.0, span.total_seconds())
