"""What somebody's classes are called."""

from datetime import date

from handlers.model import Person, Value
from handlers.questions import Ask, ClassBy
from handlers.words import listed, literal


def classes_of(ask: Ask, person: Person, day: date) -> Value:
    """Each once, in the order of the roll; one that is no more is left out."""
    found = [ask(ClassBy(class_id, day)) for class_id in dict.fromkeys(person.classes)]
    return listed([literal(one.name) for one in found if one is not None])
