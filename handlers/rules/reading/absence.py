"""Of all that was said of a pupil: here or away, why, where, and until when."""

from datetime import date, timedelta

from handlers.model import Attendance, Where
from handlers.rules.cues import Cue
from handlers.rules.reading.entry import Entry
from handlers.rules.reading.result import Doubt
from handlers.rules.reading.tokens import Lasting, Until


def attendance_of(entry: Entry, doubts: list[Doubt], *, ill: bool) -> Attendance | None:
    """Illness makes an absence a 病假; one without any reason is 原因未明; a 请假 without a reason is asked about."""
    said = tuple(entry.meant_today())
    plain = {meant.attendance for meant in said if meant.attendance}
    places = {meant.where for meant in said if meant.where}
    here = Attendance.PRESENT in plain
    if Attendance.LATE in plain:
        return Attendance.LATE
    if Attendance.SICK in plain:
        return Attendance.SICK
    if Attendance.PERSONAL in plain:
        if ill:
            doubts.append(Doubt("reason", entry.said))
        return Attendance.PERSONAL
    if Where.HOSPITAL in places and not here:
        return Attendance.SICK
    absent = Attendance.UNKNOWN in plain or any(meant.cue is Cue.AWAY for meant in said)
    if Where.SCHOOL in places and Attendance.UNKNOWN not in plain:
        return Attendance.PRESENT
    ends = any(isinstance(one.sense, (Until, Lasting)) for one in entry.all)
    leaves = ends or any(meant.cue is Cue.LEAVE for meant in said)
    if absent or leaves or (Where.HOME in places and not here):
        return _away(entry, doubts, ill=ill, absent=absent)
    back = any(meant.cue is Cue.BACK for meant in said)
    return Attendance.PRESENT if here or back else None


def _away(entry: Entry, doubts: list[Doubt], *, ill: bool, absent: bool) -> Attendance:
    if ill:
        return Attendance.SICK
    if not absent:
        doubts.append(Doubt("reason", entry.said))
    return Attendance.UNKNOWN


def is_returned(entry: Entry, attendance: Attendance | None) -> bool:
    """返校了, 今天来了; not who is only measured, or watched at school."""
    said = tuple(entry.meant_today())
    here = any(meant.cue is Cue.BACK or meant.attendance is Attendance.PRESENT for meant in said)
    return here and attendance is Attendance.PRESENT


def where_of(entry: Entry, attendance: Attendance | None) -> Where | None:
    """The last place that was said of today; 早上在家吐了，来上学了 is of somebody who is not at home."""
    places = [meant.where for meant in entry.meant_today() if meant.where]
    where = places[-1] if places else None
    return None if where is Where.HOME and attendance is Attendance.PRESENT else where


def until_of(entry: Entry, doubts: list[Doubt], today: date) -> date | None:
    """The last day away: 到周五 is the Friday, 请假3天 counts today, 从昨天起请假3天 yesterday."""
    until: date | None = None
    for fact in entry.all:
        match fact.sense:
            case Until(day=day):
                until = day.ahead
                if until is None:
                    doubts.append(Doubt("date", entry.said))
            case Lasting(days=days, since=since):
                until = (since or today) + timedelta(days - 1)
            case _:
                continue
    if until is not None and until < today:
        doubts.append(Doubt("old_date", entry.said, (until.isoformat(),)))
    return until
