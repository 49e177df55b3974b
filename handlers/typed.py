"""What people write: the answer to an open question, a card asked for, else a morning in one line."""

from datetime import datetime, time

from handlers import pressed
from handlers.answering import answers_for
from handlers.drafts import OF_ANY_DAY, RECHECK, overtaken, rebased
from handlers.model import Draft, Person, Update, text
from handlers.ondemand import asks_for_card, one_card
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, DraftsOf
from handlers.replies import to_question
from handlers.returning.certificates import said_whose
from handlers.scene import Scene, look
from handlers.sentence import say, sentence
from handlers.spoken import ALL_WELL, UNWELL, bare, is_as_before
from handlers.values import replace
from handlers.words import day_short

TOO_LONG = 2000  # characters; a morning in one line is under 300


def said(update: Update, ask: Ask, person: Person) -> Outcome:
    """Text goes to the open question of the walk last touched, else to the sentence reader."""
    if update.today != update.day_of(update.now):
        return say(update, text("typed.yesterday", day=day_short(update.today)))
    if len(update.text) > TOO_LONG:
        return say(update, text("typed.too_long", n=len(update.text), most=TOO_LONG))
    if bare(update.text) in ALL_WELL:
        update = replace(update, text="全员正常")
    answered = said_whose(update, ask, person) or _answer(update, ask, person)
    if answered is not None:
        return answered
    if bare(update.text) in UNWELL:
        return pressed.unwell(update, ask, person)
    if is_as_before(update.text):
        return pressed.as_before(update, ask, person)
    asked = asks_for_card(update.text, update.today)
    return one_card(update, ask, person, *asked) if asked else sentence(update, ask, person)


def _answer(update: Update, ask: Ask, person: Person) -> Outcome | None:
    """To the walk last touched today; what was overtaken meanwhile goes on as what it has become."""
    since = datetime.combine(update.today, time(), update.zone)
    for draft in ask(DraftsOf(person.id, since))[:1]:
        scene = look(update, ask, draft.class_id, draft.day, draft.round)
        if scene is not None and _still_theirs(scene, person, draft):
            return to_question(scene, ask, person, rebased(scene, draft) if overtaken(scene, draft) else draft)
    return None


def _still_theirs(scene: Scene, person: Person, draft: Draft) -> bool:
    """Of a day gone by a correction goes on, and paper that is taken in; a 复测 is asked of whoever was told of it."""
    answers = answers_for(scene, person) or draft.kind == RECHECK
    return answers and (draft.kind in OF_ANY_DAY or not scene.past)


# What is no text


def unreadable(update: Update, ask: Ask, person: Person) -> Outcome:
    """A sticker, a voice message, a photo: the bot reads typed words and its own buttons."""
    return say(update, text("typed.unreadable"))


def forwarded(update: Update, ask: Ask, person: Person) -> Outcome:
    return say(update, text("typed.forwarded"))


def edited(update: Update, ask: Ask, person: Person) -> Outcome:
    """An edited message changes nothing: what was read of it stands until it is corrected."""
    return say(update, text("typed.edited"))


def unasked(update: Update, ask: Ask, person: Person) -> Outcome:
    """A bare number where none was asked for: it is no seat, and none is guessed."""
    return say(update, text("number.unasked"))


def unchosen(update: Update, ask: Ask, person: Person) -> Outcome:
    """Sent off with nothing chosen: what is asked is still open."""
    return pop_up(text("answer.unchosen"))


def forged(update: Update, ask: Ask, person: Person) -> Outcome:
    return pop_up(text("answer.unknown_button"))
