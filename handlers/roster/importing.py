"""花名册: the office's file of one school, checked, becomes one fact."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from handlers.facts import RollChanged
from handlers.menus import STRANGER, commands, menu
from handlers.model import Message, Person, ToPerson, Update
from handlers.outcome import Outcome
from handlers.questions import Ask, Movers, RollOf, RollView, WhoIs
from handlers.rolls import SchoolRoll, from_json
from handlers.roster.diff import change, differs, is_office
from handlers.words import NOTHING, literal


def roster(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """At the machine: `roster PLACE SINCE` with a school's roll as text. Nothing where nothing differs. Raises
    ValueError, KeyError or TypeError for a roll that was not checked."""
    place, since = int(update.args[0]), date.fromisoformat(update.args[1])
    roll = from_json(update.text)
    view = known(ask, roll, since)
    fact = change(roll, view, place, since, update.seed, movers(ask, roll, view))
    if not differs(fact, view):
        return Outcome()
    return Outcome(facts=(fact,), says=_menus(ask, fact, view, update.today))


def known(ask: Ask, roll: SchoolRoll, since: date) -> RollView:
    """The school of that name as it is known on that day."""
    return ask(RollOf(roll.school, since, is_office(roll)))


def movers(ask: Ask, roll: SchoolRoll, view: RollView) -> Mapping[str, str]:
    """Pupils of the file whom another school, or an earlier year, knows by their 学号."""
    here = {pupil.student_no for pupil in view.pupils}
    return ask(Movers(tuple(row.student_no for row in roll.pupils if row.student_no and row.student_no not in here)))


def _menus(ask: Ask, fact: RollChanged, view: RollView, today: date) -> tuple[Message, ...]:
    """Rights begin and end with the roll, and with them what a menu shows. Only who is bound has a menu."""
    before = {one.id: ask(WhoIs(one.id, today)) for one in view.people}
    bound = {id: one for id, one in before.items() if one is not None and one.reachable}
    ended = tuple(
        Message(f"menu:{id}", ToPerson(id), literal(NOTHING), menu=STRANGER, fresh=True)
        for id in fact.retired
        if id in bound
    )
    return ended + tuple(
        menu(now)
        for now in (replace(bound[one.id], duties=one.duties) for one in fact.people if one.id in bound)
        if commands(now) != commands(bound[now.id])
    )
