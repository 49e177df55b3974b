"""What a roll changes for those whose duties it changes, on the day from which it holds."""

from datetime import datetime, time

from handlers.enrol.binding import cards_of_today
from handlers.menus import menu, no_menu
from handlers.model import Duty, Forget, Message, Person, Update
from handlers.outcome import Outcome
from handlers.questions import Ask, DraftsOf, RulesOn, ShownAbout, WhoIs


def duties_changed(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`duties_changed PERSON …`: menus, cards and open walks become those of the duties that hold now."""
    outcome = Outcome()
    for id in update.args:
        now = ask(WhoIs(id, update.today))
        says = _begun(update, ask, now) if now is not None else (no_menu(id),)
        outcome += Outcome(says=says, drafts=_ended(update, ask, id, now))
    return outcome


def _begun(update: Update, ask: Ask, person: Person) -> tuple[Message, ...]:
    """The menu of now, and today's card of a class that is new to the person."""
    cards = cards_of_today(update, ask, person, ask(RulesOn(update.today)))
    return menu(person), *(card for card in cards if card.about and not _has_card(ask, card.about, person))


def _has_card(ask: Ask, subject: str, person: Person) -> bool:
    return any(one.person == person.id for one in ask(ShownAbout(subject)))


def _ended(update: Update, ask: Ask, id: str, now: Person | None) -> tuple[Forget, ...]:
    """The open walks for classes that are no longer the person's."""
    midnight = datetime.combine(update.today, time(), update.zone)
    return tuple(
        Forget(id, draft.class_id, draft.day, draft.round)
        for draft in ask(DraftsOf(id, midnight))
        if now is None or not (now.teaches(draft.class_id) or now.has(Duty.REPORTER, Duty.DEPUTY))
    )
