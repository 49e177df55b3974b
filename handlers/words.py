"""Small texts that many sentences are built of: days, temperatures, a listed pupil, sums, enumerations."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from handlers.model import Attendance, Entry, Person, PupilRef, Text, Update, Value, text
from handlers.rules.sums import Sums

NOTHING = ""
DEGREES = (373, 375, 378, 380, 383, 385, 388, 390, 393, 395, 400, 405)  # of a fever, on buttons: tenths of °C


def day_full(day: date) -> Text:
    """9月1日（周二）."""
    return text(
        "day.full", month=text(f"day.month.{day.month}"), day=day.day, weekday=text(f"day.week.{day.isoweekday()}")
    )


def day_short(day: date) -> Text:
    return text("day.short", month=text(f"day.month.{day.month}"), day=day.day)


def hour_of(update: Update, at: datetime, day: date) -> Value:
    """10:00 where that is on the day that is spoken of; else with its own day, 9月2日 10:00."""
    on = update.day_of(at)
    return update.local(at) if on == day else text("day.hour", day=day_short(on), time=update.local(at))


def listed(texts: Sequence[Text], key: str = "list.and") -> Value:
    """A、B、C in one line; nothing for none. Joined by halves: a long list nested one in the other would be too deep
    to be rendered."""
    if not texts:
        return NOTHING
    if len(texts) == 1:
        return texts[0]
    half = (len(texts) + 1) // 2
    return text(key, a=listed(texts[:half], key), b=listed(texts[half:], key))


def literal(words: str) -> Text:
    """Words that are the same in every language, such as a class's name."""
    return text("literal", words=words)


def degrees(tenths: int) -> str:
    return f"{tenths / 10:.1f}"


def temperature(entry: Entry) -> Text | None:
    """38.5℃（额温）, 不发热, or nothing where nothing is known."""
    if entry.temperature is not None:
        return text("temperature.value", degrees=degrees(entry.temperature), method=text(f"method.{entry.method}"))
    return text("temperature.afebrile") if entry.afebrile else None


def symptoms(entry: Entry) -> Value:
    return listed([text(f"symptom.{code}") for code in entry.symptoms])


def entry_line(entry: Entry, seat: int, *, named: bool = True) -> Text:
    """17号 38.5℃（额温），咳嗽，在校留观。"""
    pupil: Value = PupilRef(entry.pupil, seat) if named else text("pupil.seat", seat=seat)
    return text("entry.line", pupil=pupil, what=entry_words(entry))


def entry_words(entry: Entry) -> Value:
    """What is listed of a pupil, without who it is."""
    parts = [
        temperature(entry),
        *(text(f"symptom.{code}") for code in entry.symptoms),
        text(f"attendance.{entry.attendance}") if entry.attendance is not Attendance.PRESENT else None,
        text("entry.onset", day=day_short(entry.onset)) if entry.onset else None,
        text("case.cause", name=entry.cause) if entry.cause else None,
        text(f"where.{entry.where}") if entry.where else None,
        text("entry.until", day=day_short(entry.until)) if entry.until else None,
    ]
    return listed([part for part in parts if part is not None] or [text("temperature.untaken")], "list.comma")


def entry_lines(entries: Iterable[Entry], seat: Callable[[str], int], local: Mapping[str, str]) -> tuple[Text, ...]:
    """A line a pupil; `local` gives the hour of what was added after the morning's report."""
    lines = []
    for entry in entries:
        line = entry_line(entry, seat(entry.pupil))
        lines.append(text("entry.added", line=line, time=local[entry.pupil]) if entry.pupil in local else line)
    return tuple(lines)


def away(sums: Sums) -> Value:
    """病1，事1，未明1: only what there is."""
    parts = [
        text(f"away.{name}", n=n)
        for name, n in (("sick", sums.sick), ("personal", sums.personal), ("unknown", sums.unknown))
        if n
    ]
    return text("away.all", parts=listed(parts, "list.comma")) if parts else NOTHING


def findings(sums: Sums) -> Text:
    """发热1，其他不适2; 无异常 for neither, unless there is somebody of whom nobody knows."""
    parts = [text("found.fever", n=sums.fever)] if sums.fever else []
    if sums.unwell > sums.fever:
        parts.append(text("found.unwell", n=sums.unwell - sums.fever))
    if parts:
        return text("found.some", parts=listed(parts, "list.comma"))
    return text("found.unaccounted" if sums.unknown else "found.none")


def duty_and_title(person: Person, duty: str) -> Text:
    """疫情报告人李老师."""
    return text("duty.with_title", duty=text(f"duty.{duty}"), title=person.title)


def leave_until(until: date | None) -> Value:
    """到10月8日; nothing where no end is known."""
    return text("leave.until", day=day_short(until)) if until else NOTHING
