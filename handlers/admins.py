"""The district's officers, and telling the 管理员, each in private, what only they can mend."""

from collections.abc import Sequence
from datetime import date

from handlers.model import Duty, Message, Person, Text, ToPerson, Urgency
from handlers.questions import Ask, Officers


def officers(ask: Ask, day: date) -> tuple[Person, ...]:
    """Whoever holds a duty of the district, wherever they are listed: a small district has its liaison at a school."""
    return ask(Officers(day))


def admins(ask: Ask, day: date) -> tuple[Person, ...]:
    return tuple(person for person in officers(ask, day) if person.has(Duty.ADMIN))


def tell(people: Sequence[Person], key: str, words: Text, *, everywhere: bool = False) -> tuple[Message, ...]:
    """The same key and words are said once, however often they are told."""
    to = [ToPerson(one.id, everywhere=everywhere) for one in people]
    return tuple(Message(key, one, words, urgency=Urgency.REMINDER) for one in to)
