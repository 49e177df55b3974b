"""How an observation reads: one line with its countdown; the list of those whose last day has come."""

from collections.abc import Sequence
from datetime import date

from handlers.following.showing import observation_line
from handlers.model import (
    Choice,
    Choices,
    Observation,
    Person,
    PupilRef,
    Sure,
    Text,
    Typed,
    Update,
    Value,
    choice,
    text,
)
from handlers.observing.rights import releases
from handlers.questions import Ask, Classes, WhoIs
from handlers.words import NOTHING, day_short

MOST_ROWS = 20


def line(ask: Ask, one: Observation, day: date) -> Text:
    """三(1)班 17号 医学观察第3天/14，到9月14日（武汉，9月1日返回）."""
    return text(
        "observation.full",
        who=who(ask, one, day),
        what=observation_line(one, day),
        place=place_of(one),
        back=text("observation.returned", day=day_short(one.since)) if one.since else NOTHING,
    )


def place_of(one: Observation) -> Value:
    risk = one.risk is Sure.YES or one.contact is Sure.YES
    return text("place.risk") if risk else place(one.destination, one.declared_by)


def place(destination: str, author: str) -> Value:
    """What somebody typed is shown to them alone."""
    if destination in PLACES:
        return text(f"place.{destination}")
    return Typed(destination, author) if destination else text("trip.somewhere")


PLACES = ("province", "country", "abroad", "risk")  # what a button says instead of a place's name


def who(ask: Ask, one: Observation, day: date) -> Value:
    if one.pupil is None:
        person = ask(WhoIs(one.person or NOTHING, day))
        return person.title if person else NOTHING
    klass = next((klass.name for klass in ask(Classes(one.school, day)) if klass.id == one.class_id), NOTHING)
    return text("observation.pupil", klass=klass, pupil=PupilRef(one.pupil, one.seat))


def listing(update: Update, ask: Ask, person: Person, found: Sequence[Observation], key: str) -> tuple[Text, Choices]:
    """Of those that this person may release."""
    mine = [one for one in found if one.how is None and releases(person, one)]
    words = text(
        key if mine else "observation.nobody",
        n=len(mine),
        lines=tuple(line(ask, one, update.today) for one in mine),
    )
    buttons = tuple((_button(ask, one, update.today),) for one in mine if one.over(update.today))
    return words, buttons[:MOST_ROWS]


def _button(ask: Ask, one: Observation, day: date) -> Choice:
    return choice(text("button.release", who=_short(ask, one, day)), "release", one.id, "completed")


def _short(ask: Ask, one: Observation, day: date) -> Value:
    if one.pupil is None:
        return who(ask, one, day)
    klass = next((klass.name for klass in ask(Classes(one.school, day)) if klass.id == one.class_id), NOTHING)
    return text("follow.who", klass=klass, seat=text("pupil.seat", seat=one.seat))
