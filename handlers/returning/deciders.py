"""Who decides on a return: 校医, or the role that the school has named (rule `reviewer.SCHOOL`); others of the school's
office in their place, while none of them can be reached or has answered in time."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from handlers.model import Case, Duty, Person, Update
from handlers.questions import Ask, RulesOn, Staff
from handlers.rulebook import Rules
from handlers.rules.returning import DECIDE


class Deciders(Struct, frozen=True):
    """`first` decide, `then` in their place; each once."""

    first: tuple[Person, ...]
    then: tuple[Person, ...]
    duty: Duty  # of the first

    @property
    def reached(self) -> tuple[Person, ...]:
        return tuple(one for one in self.first if one.reachable)

    @property
    def in_their_place(self) -> tuple[Person, ...]:
        return tuple(one for one in self.then if one.reachable)

    @property
    def asked(self) -> tuple[Person, ...]:
        """Whom a question goes to now."""
        return self.reached or self.in_their_place


def deciders(ask: Ask, rules: Rules, school: str, update: Update) -> Deciders:
    staff = ask(Staff(school, update.today))
    named = rules.reviewers.get(school, Duty.NURSE)
    order = dict.fromkeys((named, *DECIDE))
    duty = next((duty for duty in order if _holding(staff, duty)), named)
    first = _holding(staff, duty)
    then = tuple(one for one in staff if one.has(*DECIDE) and one not in first)
    return Deciders(first, then, duty)


def _holding(staff: Sequence[Person], duty: Duty) -> tuple[Person, ...]:
    return tuple(one for one in staff if one.has(duty))


def may_decide(update: Update, ask: Ask, person: Person, case: Case) -> bool:
    """In private is looked at elsewhere."""
    if person.school != case.school or not person.has(*DECIDE):
        return False
    rules = ask(RulesOn(update.today))
    there = deciders(ask, rules, case.school, update)
    return person in there.first or not there.reached or _overdue(case, rules, update.now)


def _overdue(case: Case, rules: Rules, now: datetime) -> bool:
    return case.asked_at is not None and now >= case.asked_at + rules.patience


def may_see(update: Update, ask: Ask, person: Person, case: Case) -> bool:
    """A certificate: 校医, 疫情报告人 and deputy of the school, and whoever decides in their stead."""
    if person.school != case.school:
        return False
    return person.has(Duty.NURSE, Duty.REPORTER, Duty.DEPUTY) or may_decide(update, ask, person, case)


def as_whom(person: Person, there: Deciders) -> Duty:
    """As whom they say their word."""
    return there.duty if person in there.first else next(duty for duty in DECIDE if person.has(duty))
