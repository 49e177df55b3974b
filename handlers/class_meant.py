"""Which class a sentence speaks of: the one that is named, else one's own where that is the only one."""

from collections.abc import Mapping

from handlers.answering import KEEPERS
from handlers.model import Person, Text, Typed, Update, text
from handlers.questions import Ask, Classes
from handlers.rules.reading import read


def class_meant(update: Update, ask: Ask, person: Person) -> str | Text:
    """Its id, or the sentence that asks for it. Read without pupils: those depend on the class."""
    classes = _classes(update, ask, person)
    if not classes:
        return text("typed.no_class")
    said = read(update.text, (), today=update.today, classes=classes)
    if said.class_id is not None:
        return said.class_id
    for doubt in said.doubts:
        if doubt.kind == "class":
            return text("typed.several_classes" if doubt.choices else "typed.other_class", klass=doubt.said)
    mine = {name: one for name, one in classes.items() if person.teaches(one)} or classes
    if len(mine) == 1:
        return next(iter(mine.values()))
    if not said.is_report:
        return not_understood(update, person)
    return text("typed.which_class", first=next(iter(mine)))


def _classes(update: Update, ask: Ask, person: Person) -> Mapping[str, str]:
    """Of whom a person may speak, name → id: a teacher of their own classes, the 报告人 of all of the school."""
    if person.school is None:
        return {}
    all_of_them = person.has(*KEEPERS)
    classes = ask(Classes(person.school, update.today))
    return {one.name: one.id for one in classes if all_of_them or person.teaches(one.id)}


def not_understood(update: Update, person: Person) -> Text:
    return text("typed.not_understood", words=Typed(update.text[:100], person.id))
