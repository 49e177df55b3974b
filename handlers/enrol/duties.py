"""What a roll, or a 代班, changes for those whose duties it changes, on the day from which it holds."""

from datetime import UTC, datetime, time

from handlers.answering import answers_for
from handlers.enrol.binding import cards_of_today
from handlers.menus import menu, no_menu
from handlers.model import Draft, Forget, Message, Person, Update, Urgency
from handlers.outcome import Outcome
from handlers.questions import Ask, DraftsOf, RulesOn, ShownAbout, WhoIs
from handlers.scene import FIRST_DAY, look
from handlers.unsent import handed_on
from handlers.values import replace


def duties_changed(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`duties_changed PERSON …`: menus, cards and open walks become those of the duties that hold now."""
    outcome = Outcome()
    for id in update.args:
        now = ask(WhoIs(id, update.today))
        outcome += Outcome(says=_begun(update, ask, now) if now is not None else (no_menu(id),))
        outcome += _ended(update, ask, id, now)
    return outcome


def _begun(update: Update, ask: Ask, person: Person) -> tuple[Message, ...]:
    """The menu of now, and today's card of a class that is new to the person: behind the words that say why."""
    cards = cards_of_today(update, ask, person, ask(RulesOn(update.today)))
    new = (card for card in cards if card.about and not _has_card(ask, card.about, person))
    return menu(person), *(replace(card, urgency=Urgency.BROADCAST) for card in new)


def _has_card(ask: Ask, subject: str, person: Person) -> bool:
    return any(one.person == person.id for one in ask(ShownAbout(subject)))


def _ended(update: Update, ask: Ask, id: str, now: Person | None) -> Outcome:
    """The open walks for classes that are no longer the person's; what is in one goes to who answers for it now."""
    outcome = Outcome()
    for draft in ask(DraftsOf(id, datetime.combine(FIRST_DAY, time(), UTC))):
        if not _still(update, ask, draft, now):
            gone = Forget(id, draft.class_id, draft.day, draft.round)
            outcome += Outcome(says=handed_on(update, ask, draft), drafts=(gone,))
    return outcome


def _still(update: Update, ask: Ask, draft: Draft, now: Person | None) -> bool:
    scene = look(update, ask, draft.class_id, update.today, draft.round)
    return now is not None and scene is not None and answers_for(scene, now)
