"""Telling the 管理员, each in private, what only they can mend."""

from collections.abc import Sequence
from datetime import date

from handlers.model import Duty, Message, Person, Text, ToPerson, Urgency
from handlers.questions import Ask, Schools, Staff


def admins(ask: Ask, day: date) -> tuple[Person, ...]:
    """Those of the district's office first; an admin may also be on the staff of a school."""
    places = (None, *(school.id for school in ask(Schools(day))))
    return tuple(person for place in places for person in ask(Staff(place, day)) if person.has(Duty.ADMIN))


def tell(people: Sequence[Person], key: str, words: Text) -> tuple[Message, ...]:
    """The same key and words are said once, however often they are told."""
    return tuple(Message(key, ToPerson(one.id), words, urgency=Urgency.REMINDER) for one in people)
