"""An entry of the ledger is opened: it names who was responsible at that time, and they hear of it first."""

from datetime import date, datetime

from msgspec import Struct

from handlers.facts import Evidence, LedgerOpened
from handlers.ids import new_id
from handlers.ledger.showing import told
from handlers.model import Duty, Klass, Person, School, Update
from handlers.outcome import Outcome
from handlers.questions import Answerable, Ask, LedgerView, Responsible, RulesOn, SchoolDayAfter, SightingView, Staff
from handlers.rulebook import Rules
from handlers.words import NOTHING


class ClassOf(Struct, frozen=True):
    """The class-day that an entry is about."""

    school: School
    klass: Klass
    day: date
    round: str


def keeps_ledger(rules: Rules, day: date) -> bool:
    """Nobody answers for a rehearsal, nor for a day on which nobody was asked yet."""
    return rules.begun(day) and not rules.rehearsal


def responsible(ask: Ask, of: ClassOf, at: datetime) -> Answerable | None:
    """At that time: who stood in, else the 班主任, else another teacher of the class, else the school's 疫情报告人,
    else the 校长; None for a school that has nobody of these."""
    found = ask(Responsible(of.klass.id, of.day, at))
    if found is not None:
        return found
    staff = ask(Staff(of.school.id, of.day))
    officers = [one for duty in (Duty.REPORTER, Duty.PRINCIPAL) for one in staff if one.has(duty)]
    return Answerable(officers[0]) if officers else None


def opened(
    update: Update,
    ask: Ask,
    of: ClassOf,
    kind: str,
    evidence: Evidence,
    *,
    sighting: SightingView | None = None,
    found_by: Person | None = None,
) -> tuple[LedgerView | None, Outcome]:
    """The entry, and that the person responsible is told; None where there is no such person."""
    found = responsible(ask, of, evidence.due)
    if found is None:
        return None, Outcome()
    person = found.person
    rules = ask(RulesOn(update.today))
    heard, round = _heard(update, rules), ask(RulesOn(of.day)).round(of.round)
    what = (of.klass.id, f"{of.day:%Y%m%d}", of.round, kind, evidence.pupil or "", evidence.sighting or "")
    entry = LedgerView(
        id=new_id(update.seed, "ledger", *what),
        kind=kind,
        day=of.day,
        round=of.round,
        school=of.school,
        klass=of.klass,
        person=person,
        told=person.reachable,
        evidence=evidence,
        opened_at=update.now,
        explain_day=ask(SchoolDayAfter(of.klass.id, heard, rules.explain_days)),
        called=round.name if round else NOTHING,
        sighting=sighting,
        found_by=found_by,
    )
    says = (told(update, rules, entry),) if entry.told else ()
    return entry, Outcome((_fact(entry, heard),), says)


def _heard(update: Update, rules: Rules) -> date:
    """What is opened in the hours in which nothing rings is heard of in the morning."""
    silent = rules.silent(update.now, update.zone)
    at = rules.morning_after(update.now, update.zone) if silent else update.now
    return update.day_of(at)


def _fact(entry: LedgerView, heard: date) -> LedgerOpened:
    return LedgerOpened(
        id=entry.id,
        kind=entry.kind,
        day=entry.day,
        round=entry.round,
        school=entry.school.id,
        class_id=entry.klass.id,
        person=entry.person.id,
        told=entry.told,
        heard=heard,
        evidence=entry.evidence,
        at=entry.opened_at,
        found_by=entry.found_by.id if entry.found_by else None,
    )
