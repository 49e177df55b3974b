"""Does it add up: 应到, 实到, those listed, 全勤 and 无异常 against one another; the day; the class."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from handlers.class_names import read_class
from handlers.model import Attendance, Where
from handlers.rules.reading.notes import Tally
from handlers.rules.reading.result import Doubt, Line
from handlers.rules.reading.tokens import Count, Total

# Older than this, counted in weekdays, is not corrected by a sentence (DOMAIN §3).
_SCHOOL_DAYS_BACK = 3
_SURELY_AWAY = (Attendance.SICK, Attendance.PERSONAL, Attendance.UNKNOWN)


def totals(counts: Iterable[Count], *, all_here: bool) -> tuple[int | None, int | None]:
    """应到 and 实到 as said, or as they follow from each other."""
    expected = present = None
    full = all_here
    for count in counts:
        match count.total:
            case Total.EXPECTED:
                expected = count.number if expected is None else expected
            case Total.PRESENT:
                present = count.number if present is None else present
            case Total.BOTH:
                expected, present = expected or count.number, present or count.number
            case Total.RATE:
                full = full or count.number == 100
    if full:
        return expected if expected is not None else present, present if present is not None else expected
    return expected, present


def sums(
    expected: int | None, present: int | None, lines: Iterable[Line], tallies: Iterable[Tally], *, all_here: bool
) -> list[Doubt]:
    """Who is listed as away must be as many as are missing; who may be either way is let pass."""
    doubts = [Doubt("sum", one.said) for one in tallies if one.number and one.listed and one.listed != one.number]
    unnamed = [one for one in tallies if one.number and not one.listed]
    doubts += [Doubt("pupil", one.said) for one in unnamed if one.absence]
    listed = tuple(lines)
    sure = sum(line.attendance in _SURELY_AWAY for line in listed)
    perhaps = sum(_may_be_away(line) for line in listed)
    if expected is not None and present is not None:
        missing = expected - present
        said = f"{expected}/{present}"
        if missing < 0:
            doubts.append(Doubt("present_above_expected", said))
        elif not sure <= missing <= sure + perhaps and not any(one.number == missing for one in unnamed):
            doubts.append(Doubt("sum", said))
    elif all_here and sure:
        doubts.append(Doubt("sum", "0"))
    return doubts


def _may_be_away(line: Line) -> bool:
    if line.attendance is Attendance.LATE:
        return True
    return line.attendance in (None, Attendance.PRESENT) and line.where in (None, Where.COLLECTED, Where.HOSPITAL)


def is_well(line: Line, fever_from: int) -> bool:
    """事假 and 迟到 leave a report a zero report; illness and an unknown cause do not."""
    fever = line.temperature is not None and line.temperature >= fever_from
    disease = line.disease and not line.recovered
    ill = line.symptoms or disease or fever or line.where in (Where.HOSPITAL, Where.COLLECTED, Where.SCHOOL)
    return not ill and line.pupil is not None and line.attendance not in (Attendance.SICK, Attendance.UNKNOWN)


def class_of(said: Iterable[str], classes: Mapping[str, str] | None) -> tuple[str | None, str | None, list[Doubt]]:
    """The class id, what was said, and a doubt when it is several or none of the sender's."""
    names = tuple(dict.fromkeys(said))
    if not names:
        return None, None, []
    spoken = "、".join(names)
    if classes is None:
        return None, names[0], [Doubt("class", spoken)] if len(names) > 1 else []
    spelled = {_spell(name): class_id for name, class_id in classes.items()}
    found = {class_id for name in names for class_id in _fitting(name, spelled)}
    if len(found) == 1 and len(names) == 1:
        return found.pop(), names[0], []
    return None, names[0], [Doubt("class", spoken, tuple(sorted(found)))]


def _spell(name: str) -> str:
    roll = read_class(name)
    return roll.name if roll else name


def _fitting(name: str, classes: Mapping[str, str]) -> Iterable[str]:
    """二班 fits 三(2)班."""
    if name in classes:
        return (classes[name],)
    part = read_class(f"一({name.removesuffix('班').strip('()')})班")
    tail = part.name[1:] if part and len(name) <= 4 and "(" not in name else None
    return tuple(class_id for spelled, class_id in classes.items() if tail and spelled.endswith(tail))


def day_doubts(day: date | None, today: date, earliest: date | None) -> list[Doubt]:
    if day is None:
        return []
    if day > today:
        return [Doubt("future_date", day.isoformat(), (day.isoformat(),))]
    if day < (earliest or weekdays_back(today, _SCHOOL_DAYS_BACK)):
        return [Doubt("old_date", day.isoformat(), (day.isoformat(),))]
    return []


def weekdays_back(today: date, number: int) -> date:
    """So many Mondays to Fridays before today: for callers that have no school calendar."""
    day = today
    while number:
        day -= timedelta(1)
        number -= day.weekday() < 5
    return day
