"""What /metrics shows of this moment: rows that wait, the pulse of the loops, the disks. Labels are fixed words."""

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge

from bot.health import Health
from storage.vitals import Vitals, Waiting


class Gauges:
    """Filled for one look, in a registry of its own."""

    def __init__(self, now: datetime) -> None:
        self.registry = CollectorRegistry()
        self._now = now

    def health(self, health: Health) -> None:
        self._set("zero_report_progressing", "0: a loop has stopped, /healthz says which.", int(health.progresses))
        stopped = self._of("zero_report_loops_stopped", "Loops that make no progress.")
        stopped.set(len(health.stopped))

    def vitals(self, vitals: Vitals | None) -> None:
        """None: the database does not answer, so that nothing of it is known."""
        self._set("zero_report_database_up", "0: the database does not answer.", int(vitals is not None))
        if vitals is None:
            return
        touch = self._of("zero_report_touch_age_seconds", "Since a platform last answered.", "channel")
        for channel, at in vitals.touched.items():
            touch.labels(channel).set(self._age(at))
        self._waiting("zero_report_inbox", "rows that are not decided yet", vitals.inbox)
        self._waiting("zero_report_unacknowledged", "alerts of today that nobody has acknowledged", vitals.alerts)
        self._set("zero_report_set_aside", "Updates that raised and wait for a replay.", vitals.set_aside)
        due = self._of("zero_report_due", "Messages that are due and not shown.", "urgency")
        oldest = self._of("zero_report_due_oldest_seconds", "For how long the oldest of them has been.", "urgency")
        for urgency, waiting in vitals.due.items():
            due.labels(urgency.name.lower()).set(waiting.many)
            oldest.labels(urgency.name.lower()).set(self._age(waiting.since))
        if vitals.backed_up is not None:
            age = self._age(vitals.backed_up)
            self._set("zero_report_backup_age_seconds", "Since a backup was last made and found whole.", age)

    def disks(self, places: Mapping[str, Path]) -> None:
        free = self._of("zero_report_disk_free_bytes", "Free where it lies.", "place")
        for place, path in places.items():
            free.labels(place).set(free_at(path))

    def _waiting(self, name: str, what: str, waiting: Waiting) -> None:
        self._set(name, f"How many {what}.", waiting.many)
        self._set(f"{name}_oldest_seconds", f"The age of the oldest of the {what}.", self._age(waiting.since))

    def _set(self, name: str, says: str, value: float) -> None:
        self._of(name, says).set(value)

    def _of(self, name: str, says: str, *labels: str) -> Gauge:
        return Gauge(name, says, labels, registry=self.registry)

    def _age(self, since: datetime | None) -> float:
        return 0.0 if since is None else max(0.0, (self._now - since).total_seconds())


def free_at(path: Path) -> int:
    """Bytes, for this user."""
    return shutil.disk_usage(nearest(path)).free


def nearest(path: Path) -> Path:
    """Itself, or of what is not there yet the folder in which it will be made."""
    return next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())
