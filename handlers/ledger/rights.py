"""Who reads the ledger and who settles in it: the person concerned, 疫情报告人 and 校长 of the school, 学区联络员;
nobody else, be it the 副报告人, the 校医, a leader or the 管理员."""

from handlers.answering import KEEPERS
from handlers.model import Duty, Person
from handlers.questions import Ask, LedgerPage, LedgerView

SETTLES = (Duty.REPORTER, Duty.PRINCIPAL)
FINDS = (Duty.PRINCIPAL, Duty.LIAISON)


def reads_school(person: Person, school: str) -> bool:
    """The whole ledger of this school."""
    return person.has(Duty.LIAISON) or (person.school == school and person.has(*SETTLES))


def may_read(person: Person, entry: LedgerView) -> bool:
    return entry.person.id == person.id or reads_school(person, entry.school.id)


def may_settle(person: Person, entry: LedgerView) -> bool:
    """疫情报告人 and 校长 of the school, but nobody in a matter of their own."""
    return person.school == entry.school.id and person.has(*SETTLES) and person.id != entry.person.id


def may_find(person: Person, school: str) -> bool:
    """校长 of the school, 联络员."""
    return person.has(Duty.LIAISON) or (person.school == school and person.has(Duty.PRINCIPAL))


def may_read_some(ask: Ask, person: Person) -> bool:
    """Teachers their own; who has no class any more keeps what they were told of."""
    if person.classes or person.has(*SETTLES, Duty.LIAISON):
        return True
    return bool(ask(LedgerPage(None, person.id, 0, 1)))


def may_write_for_clinic(person: Person) -> bool:
    """校医, 疫情报告人, 副报告人."""
    return person.school is not None and person.has(*KEEPERS, Duty.NURSE)
