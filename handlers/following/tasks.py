"""What is still to be asked today, of whom, and by whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from handlers.facts import Contacted
from handlers.following.due import Day, due, observed, watched
from handlers.model import Attendance, Case, Duty, How, Klass, Learnt, Person
from handlers.questions import Ask, Followed, FollowedOn, RulesOn, Staff
from handlers.rulebook import Rules

OWNERS = (Duty.HOMEROOM, Duty.TEACHER)


@dataclass(frozen=True)
class Task:
    """An open case of today. `at`: by when it must be asked after; None where that is done, or nothing is to ask."""

    case: Case
    klass: Klass
    owner: Person | None
    at: datetime | None
    rested: bool
    fever: bool  # how warm they are is asked: a fever that is followed, or 医学观察

    def late(self, now: datetime) -> bool:
        return self.at is not None and now >= self.at


def tasks_of(ask: Ask, school: str, day: date, zone: tzinfo, *changed: Case) -> tuple[Task, ...]:
    """The school's, what is due first standing first. `changed`: cases as they are with what is being stated now."""
    rules, now = ask(RulesOn(day)), {case.id: case for case in changed}
    owners = owners_of(ask, school, day)
    followed = ask(FollowedOn(school, day))
    found = [_task(replace(one, case=now.get(one.case.id, one.case)), owners, day, rules, zone) for one in followed]
    return tuple(sorted((one for one in found if one.case.ended is None), key=_order))


def _order(task: Task) -> tuple[bool, datetime]:
    return (task.at is None, task.at or task.case.reported_at)


def _task(one: Followed, owners: Mapping[str, Person], day: date, rules: Rules, zone: tzinfo) -> Task:
    rested = one.rested and one.case.opened < day
    on = Day(day, rules, zone, rested)
    at = due(one.case, on) if one.off is None else None
    fever = watched(one.case, on.at(rules.daily_contact), rules) or observed(one.case, rules)
    return Task(one.case, one.klass, owners.get(one.klass.id), at, rested and one.off is None, fever)


def owners_of(ask: Ask, school: str, day: date) -> Mapping[str, Person]:
    """By class, who asks after its pupils: its 班主任, else another of its teachers."""
    found: dict[str, Person] = {}
    people = ask(Staff(school, day))
    for duty in OWNERS:
        for person in people:
            for held in person.duties:
                if held.duty is duty and held.class_id is not None:
                    found.setdefault(held.class_id, person)
    return found


def with_contact(case: Case, fact: Contacted) -> Case:
    """The case as it is once this is recorded."""
    reached = fact.how is not How.UNREACHED
    measured = fact.fever or fact.afebrile or fact.temperature is not None
    return replace(
        case,
        entry=fact.entry,
        contacts=case.contacts + 1,
        tried_at=fact.at,
        contacted_at=fact.at if reached else case.contacted_at,
        fever_at=fact.at if fact.fever else case.fever_at,
        measured_at=fact.at if measured else case.measured_at,
        symptoms_on=fact.day if Learnt.UNWELL in fact.learnt else case.symptoms_on,
        visited_at=case.visited_at or fact.visited_at,
    )


def of_owner(tasks: Iterable[Task], person: Person) -> tuple[Task, ...]:
    """Of the classes that a person answers for."""
    return tuple(task for task in tasks if person.teaches(task.klass.id))


def personal(case: Case) -> bool:
    return case.entry.attendance is Attendance.PERSONAL
