"""Who may declare, see and release: a member of staff is seen by 校医 and 校长 alone."""

from handlers.answering import keeps
from handlers.model import Duty, Observation, Person


def releases(person: Person, one: Observation) -> bool:
    """校医 and 报告人 of a pupil, 校医 and 校长 of one of the staff."""
    if person.school != one.school or person.id == one.person:
        return False
    return person.has(Duty.NURSE) or (person.has(Duty.PRINCIPAL) if one.person else keeps(person, one.school))


def takes_back(person: Person, one: Observation) -> bool:
    """Whoever declared it may say on the same day that it was not so."""
    return releases(person, one) or person.id == one.declared_by
