"""What an import would do, in words: for the dry run, which the office reads at the machine before it says yes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handlers.facts import KnownPerson, KnownPupil, RollChanged
from handlers.model import Text, Value, text
from handlers.questions import RollView
from handlers.words import NOTHING, listed, literal


@dataclass(frozen=True)
class Changes:
    """One school's. `counts` by what happens, such as pupil_moved; `lines` say each, with names."""

    school: str
    new_school: bool
    counts: Mapping[str, int]
    lines: tuple[Text, ...]


def changes(fact: RollChanged, view: RollView) -> Changes:
    """`view` is what was known when `fact` was made of it."""
    found = tuple(_found(fact, view))
    counts = {kind: sum(one == kind for one, _ in found) for kind in dict.fromkeys(kind for kind, _ in found)}
    return Changes(
        fact.school.name, view.school is None and not fact.district, counts, tuple(line for _, line in found)
    )


Found = tuple[str, Text]


def _found(fact: RollChanged, view: RollView) -> Iterator[Found]:
    names = {klass.id: klass.name for klass in (*view.classes, *fact.classes)}
    for klass in fact.classes:
        yield _line("class_opened", klass=klass.name)
    for class_id in fact.closed:
        yield _line("class_closed", klass=names[class_id])
    people = {person.id: person for person in view.people}
    for person in fact.people:
        yield _person(person, people.get(person.id), names)
    for id in fact.retired:
        yield _line("person_retired", name=people[id].name)
    pupils = {pupil.id: pupil for pupil in view.pupils}
    for pupil in fact.pupils:
        yield _pupil(pupil, pupils.get(pupil.id), names)
    for id in fact.left:
        yield _line("pupil_left", klass=names[pupils[id].class_id], seat=pupils[id].seat, name=pupils[id].name)


def _person(now: KnownPerson, before: KnownPerson | None, names: Mapping[str, str]) -> Found:
    classes = [literal(names[held.class_id]) for held in now.duties if held.class_id]
    duties = [text(f"duty.{duty}") for duty in dict.fromkeys(held.duty for held in now.duties)]
    what: dict[str, Value] = {"name": now.name, "duties": listed(duties), "classes": listed(classes)}
    if before is None:
        return _line("person_new", **what)
    renamed = text("roster.was", name=before.name) if before.name != now.name else NOTHING
    return _line("person_changed", **what, was=renamed)


def _pupil(now: KnownPupil, before: KnownPupil | None, names: Mapping[str, str]) -> Found:
    what: dict[str, Value] = {"klass": names[now.class_id], "seat": now.seat, "name": now.name}
    if before is None:
        return _line("pupil_new", **what)
    if (before.class_id, before.seat) != (now.class_id, now.seat):
        return _line("pupil_moved", **what, old_klass=names[before.class_id], old_seat=before.seat)
    renamed = text("roster.was", name=before.name) if before.name != now.name else NOTHING
    return _line("pupil_changed", **what, was=renamed)


def _line(kind: str, **values: Value) -> Found:
    return kind, text(f"roster.{kind}", **values)
