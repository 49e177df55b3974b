"""解除: an observation ends by a person's word, on its last day or after; each morning says whose day has come."""

from collections.abc import Sequence
from datetime import date

from handlers.cards import refresh
from handlers.facts import ObservationReleased
from handlers.model import Answer, Duty, Message, Observation, Person, ToHere, ToPerson, Update, Urgency, text
from handlers.observing.rights import releases, takes_back
from handlers.observing.showing import line, listing
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, DayOf, ObservationBy, Observations, RulesOn, ShownAbout, Staff, WhoIs
from handlers.scene import current_round, look
from handlers.values import replace

OVER = "observed"  # of a message's key: the list of those whose last day has come


def observed(update: Update, ask: Ask, person: Person) -> Outcome:
    """/observed, 观察: who is observed, of those whom this person may release."""
    if person.school is None:
        return pop_up(text("answer.no_right"))
    found = ask(Observations(person.school, update.today))
    words, choices = listing(update, ask, person, found, "observation.list")
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words, choices),))


def release(update: Update, ask: Ask, person: Person) -> Outcome:
    """`release OBSERVATION completed`: on the last day or after; `mistaken`: it was not so."""
    one = ask(ObservationBy(update.args[0], update.today)) if len(update.args) == 2 else None
    if one is None or update.args[1] not in ("completed", "mistaken"):
        return pop_up(text("answer.unknown_button"))
    if one.how is not None:
        return pop_up(text("observation.released_before"))
    how = update.args[1]
    if how == "completed" and not one.over(update.today):
        return pop_up(text("observation.too_early"))
    now = replace(one, how=how, released_on=update.today)
    fact = ObservationReleased(one.id, how, update.today, person.id, update.at)
    shown = Message(
        update.on or f"answer:{update.id}",
        ToHere(),
        text(f"observation.{how}", line=line(ask, one, update.today), by=person.title),
        in_place=True,
    )
    lists = _lists(update, ask, one)
    here = tuple(message for message in lists if message.key == update.on) or (shown,)
    others = tuple(message.edit for message in lists if message.key != update.on)
    says = (replace(here[0], in_place=True), *others, *_cards(update, ask, now))
    return Outcome(facts=(fact,), says=says, answer=Answer(text("observation.done")))


def _lists(update: Update, ask: Ask, done: Observation) -> tuple[Message, ...]:
    """Today's, without the one that has ended."""
    found = [one for one in ask(Observations(done.school, update.today)) if one.id != done.id]
    over = [one for one in found if one.over(update.today)]
    says = []
    for shown in ask(ShownAbout(_about(done.school, update.today))):
        person = ask(WhoIs(shown.person, update.today))
        if person is not None:
            says.append(_list(update, ask, person, over))
    return tuple(says)


def _list(update: Update, ask: Ask, person: Person, over: Sequence[Observation]) -> Message:
    words, choices = listing(update, ask, person, over, "observation.over")
    key = f"{OVER}:{update.today:%Y%m%d}:{person.id}"
    about = _about(person.school or "", update.today)
    return Message(key, ToPerson(person.id), words, choices, Urgency.REMINDER, about=about)


def _about(school: str, day: date) -> str:
    return f"observed:{school}:{day:%Y%m%d}"


def _cards(update: Update, ask: Ask, now: Observation) -> tuple[Message, ...]:
    rounds = ask(RulesOn(update.today)).rounds
    if now.class_id is None or not rounds:
        return ()
    scene = look(update, ask, now.class_id, update.today, current_round(rounds, update).id)
    if scene is None:
        return ()
    others = tuple(one for one in scene.observed if one.id != now.id)
    kept = (*others, now) if now.bars(update.today) else others
    return refresh(replace(scene, observed=kept), ask)


def may_release(person: Person, one: Observation, how: str, today: date) -> bool:
    """By 校医 and 报告人 of a pupil, 校医 and 校长 of one of the staff; by whoever declared it, on that day."""
    return releases(person, one) or (how == "mistaken" and one.declared_on == today and takes_back(person, one))


def over_today(update: Update, ask: Ask, day: date) -> tuple[Message, ...]:
    """今日期满, to whoever may release them: one list a person, only where there are any."""
    found = [one for one in ask(Observations(update.lane, day)) if one.over(day)]
    if not found or not ask(DayOf(day)).school_day:
        return ()
    first = (one for one in ask(Staff(update.lane, day)) if one.has(Duty.NURSE, Duty.REPORTER, Duty.PRINCIPAL))
    people = (one for one in first if any(releases(one, two) for two in found))
    return tuple(_list(update, ask, one, found) for one in people)
