"""When somebody must next ask after a pupil: every open case has an owner and an hour until it ends."""

from datetime import date, datetime, time, timedelta, tzinfo

from msgspec import Struct

from handlers.model import Attendance, Case
from handlers.rulebook import Rules
from handlers.rules.returning import OBSERVATION

FRESH = timedelta(days=1)
NOON = time(12)  # what is measured from here on is the second temperature of a day


class Day(Struct, frozen=True):
    """The day for which it is reckoned. `rested`: the day before was none of school, so that nobody asked on it."""

    day: date
    rules: Rules
    zone: tzinfo
    rested: bool = False

    def at(self, hour: time) -> datetime:
        return datetime.combine(self.day, hour, self.zone)

    def is_on(self, instant: datetime | None) -> bool:
        return instant is not None and instant.astimezone(self.zone).date() == self.day


def due(case: Case, on: Day) -> datetime | None:
    """By when, on this day, somebody must have asked; None where it is done, or nothing is to be asked today."""
    return min(hours(case, on), default=None)


def hours(case: Case, on: Day) -> tuple[datetime, ...]:
    """Every hour of this day by which something of it must be asked: the parents, and how warm they are."""
    if case.ended is not None:
        return ()
    return tuple(at for at in (_contact(case, on), _second_temperature(case, on)) if at is not None)


def _contact(case: Case, on: Day) -> datetime | None:
    """The parents of who is away: by the first hour on the first day and after days without school, else by the
    second. Who could not be reached is tried once more by the second."""
    if not case.away or on.is_on(case.contacted_at) or _granted(case, on.day, on.rules):
        return None
    first, second = on.at(on.rules.first_contact), on.at(on.rules.daily_contact)
    if on.is_on(case.tried_at):
        return second if case.tried_at is not None and case.tried_at < second else None
    if on.is_on(case.reported_at) and case.reported_at >= first:
        return second if case.reported_at < second else None  # of the evening: by tomorrow's first hour
    return first if case.contacted_at is None or on.rested else second


def _granted(case: Case, day: date, rules: Rules) -> bool:
    """事假 to a day that is still to come: once somebody has spoken with the parents it rests until its end."""
    until = case.entry.until
    granted = case.entry.attendance is Attendance.PERSONAL and until is not None and day <= until
    return granted and case.contacted_at is not None and not observed(case, rules)


def observed(case: Case, rules: Rules) -> bool:
    """Kept at home well, after having been elsewhere."""
    rule = rules.returns.get(OBSERVATION)
    return rule is not None and case.cause == rule.term


def _second_temperature(case: Case, on: Day) -> datetime | None:
    """A fever that is followed is measured twice a day: the first is the morning's report."""
    second, noon = on.at(on.rules.daily_contact), on.at(NOON)
    if not watched(case, noon, on.rules) or (case.fever_at is not None and case.fever_at >= noon):
        return None
    known = [at for at in (case.measured_at, case.tried_at) if at is not None]
    return second if all(at < noon for at in known) else None


def watched(case: Case, at: datetime, rules: Rules) -> bool:
    """A fever is followed until it has been gone for rule `fever.watch_hours`."""
    return case.fever_at is not None and at < case.fever_at + rules.fever_watch


def over(case: Case, at: datetime, rules: Rules) -> bool:
    """So long without a fever, and somebody has measured within a day: silence is not health."""
    if case.fever_at is None or case.measured_at is None or watched(case, at, rules):
        return False
    return case.measured_at > case.fever_at and at - case.measured_at <= FRESH


def cause_overdue(case: Case, at: datetime, rules: Rules) -> bool:
    """原因未明 for longer than the district bears."""
    return unexplained(case) and at >= case.reported_at + rules.unknown_after


def unexplained(case: Case) -> bool:
    """Away, and nobody knows why."""
    return case.ended is None and case.entry.attendance is Attendance.UNKNOWN
