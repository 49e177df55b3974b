"""What an import would do, in words: for the dry run, which the office reads at the machine before it says yes."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from handlers.facts import KnownPerson, KnownPupil, RollChanged
from handlers.model import CLASS_DUTIES, Duty, Held, Person, Text, Value, text
from handlers.questions import RollView
from handlers.roster.diff import machine_made
from handlers.words import NOTHING, listed, literal

Names = Mapping[str, str]  # class → what it is called


class Changes(Struct, frozen=True):
    """One school's. `lines` by what happens, such as pupil_moved, say each change, with names."""

    school: str
    new_school: bool
    lines: Mapping[str, tuple[Text, ...]]
    staff_before: int
    pupils_before: int

    @property
    def counts(self) -> Mapping[str, int]:
        return {kind: len(lines) for kind, lines in self.lines.items()}

    @property
    def empties(self) -> bool:
        """More than half of a school would go: perhaps a list of new ones only, where the whole school is wanted."""
        gone = self.counts
        return (
            2 * gone.get("person_retired", 0) > self.staff_before > 0
            or 2 * gone.get("pupil_left", 0) > self.pupils_before > 0
        )


def changes(fact: RollChanged, view: RollView) -> Changes:
    """`view` is what was known when `fact` was made of it."""
    lines: dict[str, list[Text]] = {}
    for kind, line in _found(fact, view):
        lines.setdefault(kind, []).append(line)
    return Changes(
        school=fact.school.name,
        new_school=view.school is None and not fact.district,
        lines={kind: tuple(some) for kind, some in lines.items()},
        staff_before=sum(not machine_made(person) for person in view.people),
        pupils_before=len(view.pupils),
    )


Found = tuple[str, Text]


def _found(fact: RollChanged, view: RollView) -> Iterator[Found]:
    were = {klass.id: klass.name for klass in view.classes}
    names = were | {klass.id: klass.name for klass in fact.classes}
    for klass in fact.classes:
        if klass.id in were:
            yield _line("class_renamed", was=were[klass.id], klass=klass.name)
        else:
            yield _line("class_opened", klass=klass.name)
    for class_id in fact.closed:
        yield _line("class_closed", klass=were[class_id])
    people = {person.id: person for person in view.people}
    for person in fact.people:
        yield _person(person, people.get(person.id), were, names)
    for id in fact.retired:
        yield _line("person_retired", name=people[id].name, holds=holds(people[id], were))
    pupils = {pupil.id: pupil for pupil in view.pupils}
    for pupil in fact.pupils:
        yield _pupil(pupil, pupils.get(pupil.id), were, names)
    for id in fact.left:
        yield _line("pupil_left", klass=were[pupils[id].class_id], seat=pupils[id].seat, name=pupils[id].name)


def _line(kind: str, **values: Value) -> Found:
    return kind, text(f"roster.{kind}", **values)


# One of the staff


def _person(now: KnownPerson, before: KnownPerson | None, were: Names, names: Names) -> Found:
    if before is None:
        return _line("person_new", name=now.name, holds=holds(now, names))
    what = [
        _became_of(before, now, were, names),
        text("roster.place", n=now.place + 1) if before.place != now.place else None,
        _became("name", before.name, now.name),
        _became("title", before.title, now.title),
        _became("phone", before.phone, now.phone),
        _became("staff_no", before.staff_no, now.staff_no),
    ]
    return _line("person_changed", name=now.name, what=listed([one for one in what if one], "list.comma"))


def holds(person: KnownPerson | Person, names: Names) -> Value:
    """三(1)班、三(2)班班主任、副报告人: those of a class first, of each duty the classes once."""
    duties: dict[Duty, list[Held]] = {}
    for held in sorted(person.duties, key=lambda one: one.duty not in CLASS_DUTIES):
        duties.setdefault(held.duty, []).append(held)
    return listed([_duty(duty, some, names) for duty, some in duties.items()])


def _duty(duty: Duty, held: list[Held], names: Names) -> Text:
    classes = listed([literal(name) for name in sorted(names[one.class_id] for one in held if one.class_id)])
    return text("roster.duty", duty=text(f"duty.{duty}"), classes=classes)


def _became_of(before: KnownPerson, now: KnownPerson, were: Names, names: Names) -> Text | None:
    if before.duties == now.duties:
        return None
    return text("roster.became", before=holds(before, were), after=holds(now, names))


def _became(what: str, before: str | None, now: str | None) -> Text | None:
    if before == now:
        return None
    nothing = text("roster.nothing")
    return text(f"roster.{what}", change=text("roster.became", before=before or nothing, after=now or nothing))


# One pupil


def _pupil(now: KnownPupil, before: KnownPupil | None, were: Names, names: Names) -> Found:
    place: dict[str, Value] = {"klass": names[now.class_id], "seat": now.seat, "name": now.name}
    if before is None:
        return _line("pupil_new", **place)
    what = listed([one for one in _differences(now, before) if one], "list.comma")
    if (before.class_id, before.seat) == (now.class_id, now.seat):
        return _line("pupil_changed", **place, what=what or text("roster.readings"))
    besides = text("roster.besides", what=what) if what else NOTHING
    return _line("pupil_moved", **place, old_klass=were[before.class_id], old_seat=before.seat, besides=besides)


def _differences(now: KnownPupil, before: KnownPupil) -> Iterator[Text | None]:
    yield _became("name", before.name, now.name)
    yield _became("student_no", before.student_no, now.student_no)
    if before.sex != now.sex:
        yield text("roster.sex")
    if before.status != now.status:
        statuses = {"before": text(f"roster.status.{before.status}"), "after": text(f"roster.status.{now.status}")}
        yield text("roster.became", **statuses)
