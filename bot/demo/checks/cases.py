"""Of each child who was away or had a fever: what the morning's card says of them, and how their case stands when the
day is over."""

from collections.abc import Iterator
from datetime import date, time, timedelta

from bot.demo import reading, truth
from bot.demo.checks.played import OPENS, Played, differ, differ_in_all, silent
from sandbox.crowd import FLU, PERSONAL, POX, SICK, WATCH, ZONE, Case, Listed

NEEDS = "（要复课证明和校医复核）"
DAYS = {POX: 21}
DEADLINE = time(8, 30)  # who may come back by then comes on this day


def carried_over(played: Played) -> Iterator[str]:
    """The cards of 07:30: every open case of the class with its day, its cause and its day of return, and no other."""
    opened = played.hour(OPENS)
    for plan in played.plans:
        true = {f"{one.seat}号": of_morning(played, one.case) for one in plan.words}
        for teacher in () if silent(plan) else plan.klass.teachers:
            where = f"card of {truth.named(plan.klass)}, {teacher.name}: those of yesterday"
            faces = [one for one in played.witness.first_faces(teacher.id) if one.at >= opened]
            card = next((one for one in faces if reading.asks_for(one.text) == plan.klass.key.name), None)
            yield from differ(where, reading.open_cases(card.text) if card else None, true)


def of_morning(played: Played, case: Case) -> str:
    """As the card of that morning says it."""
    (klass,) = (one for one in played.people.classes if one.key == case.key)
    (name,) = (pupil.name for pupil in klass.pupils if pupil.seat == case.seat)
    listed, day = case.listed, (played.day - case.opened).days + 1
    sick = listed.away_sick
    kind = f"{(SICK if sick else listed.absence)}第{day}天" if case.away else "观察中"
    warm = f"{_day(case.seen)} {_degrees(listed)}" if case.fever_at and _degrees(listed) else ""
    cause = listed.cause or ("病因未明" if sick else "")
    said = "，".join(filter(None, (kind, warm, *listed.symptoms, cause)))
    return f"{name} {said}{_back(case)}"


def _degrees(listed: Listed) -> str:
    return f"{listed.temperature / 10:.1f}℃（{listed.method}）" if listed.temperature is not None else ""


def _back(case: Case) -> str:
    """From when on they may come back."""
    cause = case.listed.cause
    if not case.away:
        return ""
    if cause in DAYS:
        return f"；最早{_day(case.opened + timedelta(days=DAYS[cause]))}返校{NEEDS}"
    if case.fever_at is None or case.listed.absence == PERSONAL or cause not in (None, FLU):
        return ""
    back = (case.fever_at + WATCH).astimezone(ZONE)
    day = back.date() + timedelta(days=back.time() > DEADLINE)
    return f"；最早{_day(day)}返校{NEEDS if cause == FLU else ''}"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def followed(played: Played) -> Iterator[str]:
    """Every absence has its case, from the day on which it began, and no child has two; who is back has none."""
    yield from differ_in_all("cases", played.kept, map(of_evening, played.cases))


def of_evening(case: Case) -> str:
    """As it is kept when the day is over."""
    end = f"{case.ended} {case.ended_on}" if case.ended_on else "open"
    cause = case.listed.cause or ""
    return " ".join(filter(None, (truth.named(case.key), f"{case.seat}号", f"{case.opened} {case.seen}", cause, end)))
