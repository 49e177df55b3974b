"""续: flagged on the school day before, still at home, nothing new that alarms. The 疫情报告人 alone hears of it."""

from datetime import date, timedelta

from msgspec import Struct

from handlers.model import Attendance, Entry, Where
from handlers.questions import Ask, FlaggedOn, SchoolDays
from handlers.scene import Scene


class Before(Struct, frozen=True):
    """The school day before, and who of the class was flagged on it, as they were last reported."""

    day: date
    flagged: dict[str, Entry]


def before(scene: Scene, ask: Ask) -> Before | None:
    days = ask(SchoolDays(scene.day - timedelta(days=1), 1, scene.day)).days
    if not days:
        return None
    return Before(days[-1], {entry.pupil: entry for entry in ask(FlaggedOn(scene.view.klass.id, days[-1]))})


def continues(scene: Scene, entry: Entry | None, known: Before | None) -> bool:
    """A child in hospital, or fetched from school today, is news; so is a symptom that alarms and was not there."""
    if entry is None or known is None or entry.pupil not in known.flagged:
        return False
    at_home = entry.attendance is Attendance.SICK and entry.where in (None, Where.HOME)
    alarming = set(entry.symptoms) & set(scene.rules.alarming)
    return at_home and alarming <= set(known.flagged[entry.pupil].symptoms)
