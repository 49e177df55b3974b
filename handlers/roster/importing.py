"""花名册: the office's file of one school, checked, becomes one fact; and whom it concerns is told."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time

from handlers.facts import KnownPerson, RollChanged
from handlers.model import Message, Person, Put, ToPerson, Update, Urgency, text
from handlers.outcome import Outcome
from handlers.questions import Ask, Movers, RollOf, RollView, WhoIs
from handlers.rolls import SchoolRoll, from_json
from handlers.roster.diff import change, differs, is_office
from handlers.roster.summary import holds
from handlers.words import day_short


def roster(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """At the machine: `roster PLACE SINCE` with a school's roll as text. Nothing where nothing differs. Raises
    TooEarly, and ValueError, KeyError or TypeError for a roll that was not checked."""
    place, since = int(update.args[0]), date.fromisoformat(update.args[1])
    roll = from_json(update.text)
    view = known(ask, roll, since)
    fact = change(roll, view, place, since, update.seed, movers(ask, roll, view))
    if not differs(fact, view):
        return Outcome()
    return Outcome((fact,), tuple(_told(ask, fact, view, update)), puts=_afterwards(fact, view, update))


def known(ask: Ask, roll: SchoolRoll, since: date) -> RollView:
    """The school of that name as it is known on that day."""
    return ask(RollOf(roll.school, since, is_office(roll)))


def movers(ask: Ask, roll: SchoolRoll, view: RollView) -> Mapping[str, str]:
    """Pupils of the file whom another school, or an earlier year, knows by their 学号."""
    here = {pupil.student_no for pupil in view.pupils}
    return ask(Movers(tuple(row.student_no for row in roll.pupils if row.student_no and row.student_no not in here)))


def _told(ask: Ask, fact: RollChanged, view: RollView, update: Update) -> Iterator[Message]:
    """Who is bound hears of other duties, and of having none any more."""
    names = {klass.id: klass.name for klass in (*view.classes, *fact.classes)}
    for now in _other_duties(fact, view):
        if (before := ask(WhoIs(now.id, update.today))) is not None and before.reachable:
            words = text("roster.told_now", title=now.title, day=day_short(fact.since), holds=holds(now, names))
            yield Message(f"roll:{update.id}", ToPerson(now.id), words, urgency=Urgency.BROADCAST)
    for id in fact.retired:
        if (before := ask(WhoIs(id, update.today))) is not None and before.reachable:
            words = text("roster.told_gone", title=before.title, day=day_short(fact.since))
            yield Message(f"roll:{update.id}", ToPerson(id, leaving=True), words, urgency=Urgency.BROADCAST)


def _other_duties(fact: RollChanged, view: RollView) -> list[KnownPerson]:
    before = {one.id: one.duties for one in view.people}
    return [one for one in fact.people if one.id in before and one.duties != before[one.id]]


def _afterwards(fact: RollChanged, view: RollView, update: Update) -> tuple[Put, ...]:
    """Rights begin and end on the day of the roll, and with them menus, cards and open walks."""
    people = (*(one.id for one in _other_duties(fact, view)), *fact.retired)
    if not people:
        return ()
    begins = datetime.combine(fact.since, time.min, update.zone).astimezone(UTC)
    at = begins if begins > update.now else None
    return (Put(update.lane, f"duties_changed:{update.id}", "duties_changed", people, at=at),)
