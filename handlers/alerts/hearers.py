"""Who there is to hear of a school's alerts, and what each may do about one."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from handlers.admins import officers
from handlers.model import DISTRICT_OFFICE, LEADERS, SCHOOL_OFFICE, Duty, Person
from handlers.questions import AlertView, Ask, Group, Staff

MEASURES = (Duty.REPORTER, Duty.DEPUTY, Duty.NURSE)  # who answers with a 复测


class Hearers(Struct, frozen=True):
    """The school's staff and the district's officers; `group`: a leaders' group is bound."""

    school: str
    people: tuple[Person, ...]
    group: bool

    def of(self, duty: Duty) -> tuple[Person, ...]:
        """Who holds a duty for this school: a liaison may be the 疫情报告人 of another one."""
        here = [one for one in self.people if duty in DISTRICT_OFFICE or one.school == self.school]
        return tuple(one for one in here if one.has(duty))

    def holding(self, chain: Sequence[Duty], step: int) -> frozenset[str]:
        """Who answers at a step of the chain; nobody before its first and after its last."""
        return frozenset(one.id for one in self.of(chain[step])) if 0 <= step < len(chain) else frozenset()

    @property
    def office(self) -> tuple[Person, ...]:
        """The 学区联络员 and 管理员 who can be reached: they hear what the group cannot, and whom to phone."""
        return tuple(one for one in self.people if one.reachable and one.has(Duty.LIAISON, Duty.ADMIN))


def hearers(ask: Ask, school: str, day: date) -> Hearers:
    staff = ask(Staff(school, day))
    group = ask(Group(LEADERS))
    others = tuple(one for one in officers(ask, day) if one.school != school)
    return Hearers(school, (*staff, *others), group is not None and group.state == "bound")


def may_acknowledge(person: Person, alert: AlertView) -> bool:
    """The school's office, and the district's."""
    return (person.school == alert.school.id and person.has(*SCHOOL_OFFICE)) or person.has(*DISTRICT_OFFICE)


def may_measure(person: Person, alert: AlertView) -> bool:
    """疫情报告人, 副报告人 and 校医 of the school."""
    return person.school == alert.school.id and person.has(*MEASURES)
