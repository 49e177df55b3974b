"""What the clock says of open cases: one list a person, and only of what is still open at its hour."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from handlers.answering import office_of_school
from handlers.cards import refresh
from handlers.facts import CaseEnded, CauseAsked
from handlers.following.due import cause_overdue, over
from handlers.following.lists import Lists, lists_of, office, own
from handlers.following.tasks import Task
from handlers.model import Case, Message, Person, Update, Urgency
from handlers.observing.releasing import over_today
from handlers.outcome import Outcome
from handlers.questions import Ask, FollowedOn, RulesOn
from handlers.scene import look


def remind(update: Update, ask: Ask, day: date, step: str) -> Outcome:
    """`follow_back`: what rested while there was no school comes back; at the two hours after it who has not been
    asked after. The teachers each hear of theirs, the 报告人 of all."""
    if day != update.today:
        return Outcome()
    ended = _watched_long_enough(update, ask, day)
    lists = lists_of(update, ask, update.lane, *ended)
    todo = [task for task in lists.tasks if _open_at(task, step, update.now)]
    says = tuple(_rings(lists, message) for message in _to_owners(lists, todo))
    outcome = Outcome(says=says) + _released(update, ask, day, ended)
    if step == "follow_back":
        return outcome.and_say(*over_today(update, ask, day))
    return outcome + _to_office(lists, todo)


def _to_office(lists: Lists, todo: list[Task]) -> Outcome:
    update, ask = lists.update, lists.ask
    unknown = _causes(update, ask, lists.day)
    people = office_of_school(ask, update.lane, lists.day) if todo or unknown else ()
    says = tuple(_rings(lists, office(lists, one)) for one in people)
    return Outcome(facts=(CauseAsked(unknown, update.at),) if unknown else (), says=says)


def _open_at(task: Task, step: str, now: datetime) -> bool:
    return task.at is not None and (task.rested if step == "follow_back" else task.late(now))


def _to_owners(lists: Lists, tasks: list[Task]) -> list[Message]:
    owners: dict[str, Person] = {task.owner.id: task.owner for task in tasks if task.owner is not None}
    return [own(lists, person) for person in owners.values() if person.reachable]


def _rings(lists: Lists, message: Message) -> Message:
    quiet = lists.ask(RulesOn(lists.day)).silence(lists.day, lists.update.zone)
    return replace(message, urgency=Urgency.REMINDER, fresh=True, not_after=quiet)


def _causes(update: Update, ask: Ask, day: date) -> tuple[str, ...]:
    """原因未明 for too long, of which the 报告人 has not been told. Days without school rest."""
    rules = ask(RulesOn(day))
    found = (one.case for one in ask(FollowedOn(update.lane, day)) if one.off is None)
    return tuple(case.id for case in found if case.escalated_at is None and cause_overdue(case, update.now, rules))


def _watched_long_enough(update: Update, ask: Ask, day: date) -> tuple[Case, ...]:
    """At school, and without a fever for rule `fever.watch_hours`."""
    rules = ask(RulesOn(day))
    cases = (one.case for one in ask(FollowedOn(update.lane, day)))
    done = [case for case in cases if not case.away and over(case, update.now, rules)]
    return tuple(replace(case, ended="released", ended_on=day) for case in done)


def _released(update: Update, ask: Ask, day: date, ended: Sequence[Case]) -> Outcome:
    """解除观察, and the cards of their classes say so."""
    facts = tuple(CaseEnded(case.id, "released", day, update.channel, update.at) for case in ended)
    says: list[Message] = []
    for case in ended:
        scene = look(update, ask, case.class_id, day, case.round)
        if scene is not None:
            now = {one.id: one for one in (*scene.cases, *ended) if one.class_id == case.class_id}
            says += refresh(replace(scene, cases=tuple(now.values())), ask)
    return Outcome(facts=facts, says=tuple(says))
