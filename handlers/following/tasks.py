"""What is still to be asked today, of whom, and by whom."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from handlers.facts import Contacted
from handlers.following.due import Day, hours, observed, watched
from handlers.model import Case, How, Klass, Learnt, Person, Update
from handlers.questions import Ask, Followed, FollowedOn, Responsible, RulesOn
from handlers.rulebook import Rules
from handlers.values import replace


class Task(Struct, frozen=True):
    """An open case of today. `hours`: by when something of it must be asked; none where that is done."""

    case: Case
    klass: Klass
    owner: Person | None
    hours: tuple[datetime, ...]
    rested: bool
    fever: bool  # how warm they are is asked: a fever that is followed, or 医学观察

    @property
    def at(self) -> datetime | None:
        return min(self.hours, default=None)

    def late(self, now: datetime) -> bool:
        return self.at is not None and now >= self.at


def tasks_of(ask: Ask, update: Update, school: str, *changed: Case) -> tuple[Task, ...]:
    """The school's, what is due first standing first. `changed`: cases as they are with what is being stated now."""
    now = {case.id: case for case in changed}
    followed = [replace(one, case=now.get(one.case.id, one.case)) for one in ask(FollowedOn(school, update.today))]
    owners = {klass: _owner(ask, update, klass) for klass in dict.fromkeys(one.klass.id for one in followed)}
    rules = ask(RulesOn(update.today))
    found = [_task(one, owners[one.klass.id], update, rules) for one in followed if one.case.ended is None]
    return tuple(sorted(found, key=_order))


def _owner(ask: Ask, update: Update, class_id: str) -> Person | None:
    """Who answers for the class now; None where they are away and nobody stands in."""
    found = ask(Responsible(class_id, update.today, update.now))
    return None if found is None or found.vacant else found.person


def _order(task: Task) -> tuple[bool, datetime]:
    return (task.at is None, task.at or task.case.reported_at)


def _task(one: Followed, owner: Person | None, update: Update, rules: Rules) -> Task:
    rested = one.rested and one.case.opened < update.today
    on = Day(update.today, rules, update.zone, rested)
    asked = hours(one.case, on) if one.off is None else ()
    fever = watched(one.case, on.at(rules.daily_contact), rules) or observed(one.case, rules)
    return Task(one.case, one.klass, owner, asked, rested and one.off is None, fever)


def with_contact(case: Case, fact: Contacted) -> Case:
    """The case as it is once this is recorded."""
    reached = fact.how is not How.UNREACHED
    measured = fact.fever or fact.afebrile or fact.temperature is not None
    return replace(
        case,
        entry=fact.entry,
        onset=fact.entry.onset or case.onset,
        contacts=case.contacts + 1,
        tried_at=fact.at,
        contacted_at=fact.at if reached else case.contacted_at,
        fever_at=fact.at if fact.fever else case.fever_at,
        measured_at=fact.at if measured else case.measured_at,
        symptoms_on=fact.day if Learnt.UNWELL in fact.learnt else case.symptoms_on,
        visited_at=case.visited_at or fact.visited_at,
    )


def of_owner(tasks: Iterable[Task], person: Person) -> tuple[Task, ...]:
    """Of the classes of which a person is asked."""
    return tuple(task for task in tasks if person.asked(task.klass.id))
