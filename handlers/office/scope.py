"""What every answer to the office starts from: today's round, whether there is school, whose schools; said here."""

from collections.abc import Iterable, Iterator, Sequence

from handlers.model import DISTRICT_OFFICE, Choices, Message, Person, Text, ToHere, Update, Value, text
from handlers.outcome import Outcome
from handlers.pictures import Morning
from handlers.questions import Ask, ClassRow, DayOf, RulesOn, SchoolMorning, Schools
from handlers.rulebook import Round, Rules
from handlers.scene import class_rounds, current_round
from handlers.words import day_full


def here(
    update: Update, words: Text, picture: Morning | None = None, *, choices: Choices = (), place: int = 0
) -> Message:
    """`place`: among the messages of one answer."""
    key = f"answer:{update.id}:{place}" if place else f"answer:{update.id}"
    return Message(key, ToHere(), words, choices, picture=picture)


def following(update: Update, pages: Sequence[Text]) -> tuple[Message, ...]:
    """What a caption only counts, behind it."""
    return tuple(here(update, page, place=n) for n, page in enumerate(pages, 1))


def round_now(update: Update, ask: Ask, person: Person) -> tuple[Rules, Round] | None:
    """The one that the classes of the person's schools are in."""
    rounds = class_rounds(update, ask, None if person.has(*DISTRICT_OFFICE) else person.school)
    return (ask(RulesOn(update.today)), current_round(rounds, update)) if rounds else None


def post_now(update: Update, ask: Ask, person: Person) -> tuple[Rules, Round] | None:
    """The one that the day is looked at by: in whose post to the leaders the present one stands."""
    found = round_now(update, ask, person)
    return (found[0], found[0].post_of(found[1]) or found[1]) if found else None


def no_school(update: Update, ask: Ask, rows: Iterable[ClassRow]) -> Outcome | None:
    """None where the district has school, or any of these classes all the same: it, its grade or its school may have
    a word of its own, or it has reported before the day was called off."""
    view = ask(DayOf(update.today))
    if view.school_day or any(row.off is None for row in rows):
        return None
    why: Value = view.name or text("card.no_school")
    return Outcome(says=(here(update, text("office.no_school", day=day_full(update.today), why=why)),))


def rows_of(update: Update, ask: Ask, person: Person) -> Iterator[ClassRow]:
    """Today's classes of the person's schools, looked up only as far as somebody reads."""
    for school in schools_of(update, ask, person):
        for round in ask(RulesOn(update.today)).rounds:
            yield from ask(SchoolMorning(school, update.today, round.id)).rows


def schools_of(update: Update, ask: Ask, person: Person) -> list[str]:
    """By right: the whole district for its office (and in its leaders' group), else one's own school."""
    if person.has(*DISTRICT_OFFICE):
        return [school.id for school in ask(Schools(update.today))]
    return [person.school] if person.school else []
