"""What the clock says of open cases: one list a person, and only of what is still open at its hour."""

from collections.abc import Sequence, Set
from datetime import date, datetime

from handlers.answering import office_of_school
from handlers.cards import refresh
from handlers.facts import CaseEnded, CauseAsked
from handlers.following.due import cause_overdue, over
from handlers.following.lists import OFFICE, Lists, lists_of, office, own, own_key
from handlers.following.tasks import Task
from handlers.model import Case, Message, Person, Update, Urgency
from handlers.observing.releasing import over_today
from handlers.outcome import Outcome
from handlers.questions import Ask, FollowedOn, RulesOn, ShownAbout
from handlers.scene import look
from handlers.values import replace


def follow_back(update: Update, ask: Ask, day: date) -> Outcome:
    """The day begins: what rested while there was no school comes back, and whose 医学观察 is over is said."""
    if day != update.today:
        return Outcome()
    lists = lists_of(update, ask, update.lane)
    back = [task for task in lists.tasks if task.at is not None and task.rested]
    return Outcome(says=(*_to_owners(lists, back), *over_today(update, ask, day)))


def unasked(update: Update, ask: Ask, day: date) -> Outcome:
    """Who has not been asked after by the hour: the teachers each hear of theirs, the 报告人 of all. It rings for what
    has become due since the hour before; what they have been told of already stands in the list."""
    if day != update.today:
        return Outcome()
    ended = _watched_long_enough(update, ask, day)
    lists = lists_of(update, ask, update.lane, *ended)
    late = [task for task in lists.tasks if task.late(update.now)]
    told = {shown.key for shown in ask(ShownAbout(lists.about))}
    new = [task for task in late if _newly(lists, task)]
    owners = _to_owners(lists, [task for task in late if task in new or not _knows(task, day, told)])
    office = new or not any(key.startswith(f"{OFFICE}:") for key in told)
    return Outcome(says=owners) + _released(update, ask, day, ended) + _to_office(lists, late if office else [])


def _newly(lists: Lists, task: Task) -> bool:
    """By the second hour, only what it asks for itself."""
    rules, now = lists.ask(RulesOn(lists.day)), lists.update.now
    first, second = (
        datetime.combine(lists.day, hour, lists.update.zone) for hour in (rules.first_contact, rules.daily_contact)
    )
    since = first if now >= second else None
    return any(at <= now and (since is None or at > since) for at in task.hours)


def _knows(task: Task, day: date, told: Set[str]) -> bool:
    return task.owner is not None and any(key.startswith(own_key(task.owner, day)) for key in told)


def _to_office(lists: Lists, todo: list[Task]) -> Outcome:
    update, ask = lists.update, lists.ask
    unknown = _causes(update, ask, lists.day)
    people = office_of_school(ask, update.lane, lists.day) if todo or unknown else ()
    says = tuple(_rings(lists, office(lists, one)) for one in people)
    return Outcome(facts=(CauseAsked(unknown, update.at),) if unknown else (), says=says)


def _to_owners(lists: Lists, tasks: list[Task]) -> tuple[Message, ...]:
    owners: dict[str, Person] = {task.owner.id: task.owner for task in tasks if task.owner is not None}
    hour = lists.update.local(lists.update.now)  # each stays true by edits, also the one of an earlier hour
    said = (
        own(lists, person, f"{own_key(person, lists.day)}:{hour}") for person in owners.values() if person.reachable
    )
    return tuple(_rings(lists, one) for one in said)


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
