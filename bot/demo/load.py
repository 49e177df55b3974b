"""The district of the demo comes in as an office's would: its rules, its file, its paper of the days before."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from bot.commands import words
from bot.commands.roster import import_roster
from bot.machine import Machine
from bot.seed import started
from handlers import ids
from handlers.model import Attendance, Case, Entry, Method, Symptom, Where
from handlers.plain import canonical
from handlers.questions import Cases, LedgerOn, RollOf, RollView, SchoolDays
from sandbox.crowd import Key, Listed, Paper, Town, past, short
from sandbox.district import OFFICE, District, write_xlsx
from storage import Tx
from storage.answers import Answers
from storage.inbox import Arrival

SINCE: Final = date(2026, 8, 3)
DISTRICT_NAME: Final = "示范学区"
OFFICE_PHONE: Final = "000-0000-0000"
DAYS_BEFORE: Final = 13  # with today the fourteen of the picture's line
ROUND: Final = "am"
KINDS: Final = ("late", "missing", "contradiction")  # of the ledger: what a day can be held against
PRACTICE: Final = "本学区规定（演练）"

SYMPTOMS: Final[Mapping[str, Symptom]] = {
    "咳嗽": Symptom.COUGH,
    "咽痛": Symptom.SORE_THROAT,
    "流涕鼻塞": Symptom.RUNNY_NOSE,
    "呕吐": Symptom.VOMIT,
    "腹泻": Symptom.DIARRHEA,
    "腹痛": Symptom.ABD_PAIN,
    "剧烈呕吐或腹泻": Symptom.SEVERE_GI,
    "皮疹": Symptom.RASH,
    "腮腺肿大": Symptom.PAROTID,
}
PLACES: Final = {"在校留观": Where.SCHOOL, "已接回": Where.COLLECTED, "就医": Where.HOSPITAL, "居家": Where.HOME}
ABSENCES: Final = {
    "病假": Attendance.SICK,
    "事假": Attendance.PERSONAL,
    "未到·原因不明": Attendance.UNKNOWN,
    "迟到": Attendance.LATE,
}


async def load(machine: Machine, district: District, people: Town, folder: Path, seed: int) -> Paper:
    """What the classes wrote down on the days before, for this district has used the bot since August. Raises
    MachineError."""
    await machine.prepare()
    await machine.storage.run(lambda tx: started(tx, datetime.combine(SINCE, time.min, machine.zone)))
    await machine.tell([_rules(machine)])
    file = folder / "花名册.xlsx"
    write_xlsx(file, district)
    await import_roster(machine, [file], SINCE, words(), lambda _: None, lambda: True)
    yesterday = machine.today() - timedelta(days=1)
    days = await machine.storage.read(lambda tx: Answers(tx)(SchoolDays(yesterday, DAYS_BEFORE, yesterday)).days)
    paper = past(seed, people.classes, days)
    rolls = await machine.storage.read(lambda tx: _rolls(tx, people, yesterday))
    for day in days:  # one after the other, for each goes on with those who were away on the one before
        await machine.tell(_paper(machine, day, paper[day], rolls))
    return paper


async def codes(machine: Machine, people: Town) -> Mapping[str, str]:
    """工号 → the code of its one-time link, as `roster invites` makes them."""
    arrival = machine.arrival("invites")
    await machine.tell([arrival])
    rolls = await machine.storage.read(lambda tx: _rolls(tx, people, machine.today()))
    staff = [one for roll in rolls.values() for one in roll.people]
    return {one.staff_no: ids.code(arrival.seed, one.id) for one in staff if one.staff_no is not None}


def _rules(machine: Machine) -> Arrival:
    """The days behind today are of the same rehearsal: whoever was away on them is so in it."""
    said = (
        ("district.name", DISTRICT_NAME),
        ("office.phone", OFFICE_PHONE),
        ("rehearsal", machine.config.district.rehearsal),
    )
    rows = [{"key": key, "value": value, "valid_from": SINCE.isoformat(), "source": PRACTICE} for key, value in said]
    return machine.arrival("rules", (), json.dumps(rows, ensure_ascii=False))


def _rolls(tx: Tx, people: Town, day: date) -> Mapping[str, RollView]:
    ask = Answers(tx)
    return {name: ask(RollOf(name, day, name == OFFICE)) for name in (*people.schools, OFFICE)}


def kept_cases(tx: Tx, people: Town, day: date) -> list[str]:
    """The cases as the bot keeps them on that day: the open ones, and those that ended on it."""
    ask = Answers(tx)
    return [
        _in_words(school, klass.name, case)
        for school, roll in _rolls(tx, people, day).items()
        for klass in roll.classes
        for case in ask(Cases(klass.id, day))
    ]


def kept_ledger(tx: Tx, people: Town, day: date) -> list[str]:
    """Who was late, who missing, where two records disagree, as the bot keeps them of that day."""
    ask = Answers(tx)
    schools = [(name, roll.school.id) for name, roll in _rolls(tx, people, day).items() if roll.school is not None]
    entries = [(name, one) for name, id in schools for one in ask(LedgerOn(id, day)) if one.kind in KINDS]
    return [f"{one.kind} {short(name)}{one.klass.name} {one.person.name}" for name, one in entries]


def _in_words(school: str, klass: str, case: Case) -> str:
    end = f"{case.ended} {case.ended_on}" if case.ended_on else "open"
    said = (short(school) + klass, f"{case.seat}号", f"{case.opened} {case.seen}", case.cause, end)
    return " ".join(filter(None, said))


def _paper(
    machine: Machine, day: date, said: Mapping[Key, Sequence[Listed]], rolls: Mapping[str, RollView]
) -> list[Arrival]:
    """One update a school."""
    rows = []
    for roll in rolls.values():
        school = roll.school
        if school is None or not roll.classes:
            continue
        pupils = {(pupil.class_id, pupil.seat): pupil.id for pupil in roll.pupils}
        classes = {
            klass.id: tuple(_entry(one, pupils[klass.id, one.seat]) for one in said[Key(school.name, klass.name)])
            for klass in roll.classes
            if Key(school.name, klass.name) in said
        }
        rows.append(machine.arrival("paper", (day.isoformat(), ROUND), canonical(classes), lane=school.id))
    return rows


def _entry(one: Listed, pupil: str) -> Entry:
    attendance = ABSENCES[one.absence] if one.absence else Attendance.SICK if one.away_sick else Attendance.PRESENT
    return Entry(
        pupil=pupil,
        attendance=attendance,
        temperature=one.temperature,
        method=Method.FOREHEAD if one.temperature is not None else None,
        afebrile=one.afebrile,
        symptoms=tuple(SYMPTOMS[symptom] for symptom in one.symptoms),
        where=PLACES[one.place] if one.place else None,
    )
