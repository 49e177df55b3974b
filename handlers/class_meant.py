"""Which class a sentence speaks of: the one that is named, else one's own where that is the only one, else the one of
the walk that is open."""

from collections.abc import Collection, Mapping
from datetime import datetime, time

from handlers.answering import KEEPERS
from handlers.drafts import RECHECK
from handlers.model import Draft, Person, Text, Typed, Update, text
from handlers.proposal import reading_of
from handlers.questions import Ask, Classes, DraftsOf
from handlers.rules.reading import read
from handlers.scene import look


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
    walks = [one for one in _open_walks(update, ask, person, mine.values()) if _fits(update, ask, one)]
    if len(walks) == 1:
        return walks[0].class_id
    return text("typed.which_class_ill" if said.lines else "typed.which_class", first=next(iter(mine)))


def _open_walks(update: Update, ask: Ask, person: Person, classes: Collection[str]) -> list[Draft]:
    """Those of today: a line without a class goes on in the one that is open."""
    drafts = ask(DraftsOf(person.id, datetime.combine(update.today, time(), update.zone)))
    return [one for one in drafts if one.class_id in classes and one.day == update.today and one.kind != RECHECK]


def _fits(update: Update, ask: Ask, draft: Draft) -> bool:
    """Everybody named is of that class: of a pupil who is not, it is asked which class is meant."""
    scene = look(update, ask, draft.class_id, draft.day, draft.round)
    if scene is None:
        return False
    return not any(doubt.kind == "unknown_name" for doubt in reading_of(scene, update.text).doubts)


def _classes(update: Update, ask: Ask, person: Person) -> Mapping[str, str]:
    """Of whom a person may speak, name → id: a teacher of their own classes, the 报告人 of all of the school."""
    if person.school is None:
        return {}
    all_of_them = person.has(*KEEPERS)
    classes = ask(Classes(person.school, update.today))
    return {one.name: one.id for one in classes if all_of_them or person.teaches(one.id)}


def not_understood(update: Update, person: Person) -> Text:
    return text("typed.not_understood", words=Typed(update.text[:100], person.id))
