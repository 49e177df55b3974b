"""/staff: how many of the staff have said how they are; who is unwell is named to 校医 and 校长 of the school alone."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from msgspec import Struct

from handlers.model import (
    DISTRICT_OFFICE,
    Cell,
    Duty,
    Message,
    Person,
    Private,
    Sheet,
    StaffHealth,
    Text,
    ToHere,
    Update,
    Value,
    text,
)
from handlers.outcome import Outcome
from handlers.questions import Ask, RulesOn, Schools, Staff, StaffHealthOn
from handlers.rulebook import Rules
from handlers.staff_health.words import how
from handlers.words import NOTHING, day_full, listed, literal

HEADERS: Final = tuple(
    f"export.column.{one}" for one in ("day", "school", "staff_due", "staff_reported", "staff_unwell", "staff_fever")
)


class Counted(Struct, frozen=True):
    """The staff of one school who can be asked, and what they have said."""

    people: tuple[Person, ...]
    known: Mapping[str, StaffHealth]
    rules: Rules

    @property
    def unwell(self) -> tuple[Person, ...]:
        return tuple(one for one in self.people if one.id in self.known and not self.known[one.id].well)

    @property
    def silent(self) -> tuple[Person, ...]:
        return tuple(one for one in self.people if one.id not in self.known)

    @property
    def fevers(self) -> int:
        return sum(self._fever(self.known[one.id]) for one in self.unwell)

    def _fever(self, health: StaffHealth) -> bool:
        line = self.rules.fever[health.method or self.rules.method]
        return health.temperature is not None and health.temperature >= line

    @property
    def figures(self) -> dict[str, Value]:
        due = len(self.people)
        return {"due": due, "reported": due - len(self.silent), "unwell": len(self.unwell), "fever": self.fevers}


def counted(ask: Ask, school: str, day: date) -> Counted | None:
    """None where the staff are not asked on that day."""
    rules = ask(RulesOn(day))
    if rules.staff_round(school) is None:
        return None
    known = ask(StaffHealthOn(school, day))
    people = tuple(one for one in ask(Staff(school, day)) if one.bound or one.id in known)
    return Counted(people, known, rules)


def staff_count(update: Update, ask: Ask, school: str, day: date) -> Text | str:
    """教职工：应报50，已报48，不适1（发热1）, figures alone; nothing where they are not asked."""
    found = counted(ask, school, day)
    return text("health.count", **found.figures) if found else NOTHING


def overview(update: Update, ask: Ask, person: Person) -> Outcome:
    """`/staff`, 教职工: one's own school, or every school's figures for the district's office."""
    district = person.has(*DISTRICT_OFFICE)
    schools = [one for one in ask(Schools(update.today)) if district or one.id == person.school]
    lines: list[Text] = []
    for school in schools:
        found = counted(ask, school.id, update.today)
        if found is None:
            continue
        lines.append(text("health.of_school", school=school.name, count=text("health.count", **found.figures)))
        if update.private and person.school == school.id and person.has(Duty.NURSE, Duty.PRINCIPAL):
            lines += _named(found)
    words = text("health.overview", day=day_full(update.today), lines=tuple(lines)) if lines else text("health.none")
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words),))


def _named(found: Counted) -> list[Text]:
    lines = [
        text(
            "health.named",
            name=one.name,
            how=Private(how(found.known[one.id])),
            phone=one.phone or text("phone.unknown"),
        )
        for one in found.unwell
    ]
    silent = listed([literal(one.name) for one in found.silent])
    return [*lines, text("health.silent", names=silent)] if silent else lines


def sheet(ask: Ask, day: date, schools: Sequence[str], name: str) -> tuple[Sheet, ...]:
    """Of an export: a row a school, in figures."""
    names = {one.id: one.name for one in ask(Schools(day))}
    rows: list[tuple[Cell, ...]] = []
    for school in schools:
        found = counted(ask, school, day)
        if found is not None:
            figures = [int(str(value)) for value in found.figures.values()]
            rows.append((day.isoformat(), names[school], *figures))
    return (Sheet(f"{name}_staff", HEADERS, tuple(rows)),) if rows else ()
