"""长假 and 送教上门, dated: who is not in 应到, until when."""

from datetime import date, timedelta

from handlers import facts as f
from storage.record.roll import FOREVER
from storage.transaction import Tx


def leave_set(tx: Tx, fact: f.LeaveSet) -> None:
    """What was set before for these days is replaced."""
    _end(tx, fact.pupil, fact.since)
    tx.run(
        "INSERT INTO long_leave (pupil, since, until, kind) VALUES (:pupil, :since, :until, :kind)",
        pupil=fact.pupil,
        since=fact.since.isoformat(),
        until=(fact.until + timedelta(days=1)).isoformat() if fact.until else FOREVER,
        kind=fact.kind,
    )


def leave_ended(tx: Tx, fact: f.LeaveEnded) -> None:
    _end(tx, fact.pupil, fact.day)


def _end(tx: Tx, pupil: str, day: date) -> None:
    """From this day on nothing holds; what began on it or later has never held."""
    since = {"pupil": pupil, "day": day.isoformat()}
    tx.run("DELETE FROM long_leave WHERE pupil = :pupil AND since >= :day", **since)
    tx.run("UPDATE long_leave SET until = :day WHERE pupil = :pupil AND until > :day", **since)
