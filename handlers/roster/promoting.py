"""A new school year: every class goes up by one grade and stays the class that it is; the last grade leaves."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from handlers.class_names import class_roll, grade_after
from handlers.facts import CaseEnded, KnownPerson, RollChanged
from handlers.model import Case, Klass, Person, School, Text, Update, text
from handlers.outcome import Outcome
from handlers.questions import Ask, CasesLeft, CasesOf, RaisedSince, RollOf, RollView, RulesOn, SchoolOf
from handlers.roster.diff import TooEarly
from handlers.roster.importing import carried_out
from handlers.values import replace
from handlers.words import NOTHING, listed, literal

FIRST_MONTH, LAST_MONTH = 7, 10  # a year begins between July and October; in any other month it is a slip


class NotNow(ValueError):
    """This school cannot go up on that day; `why` says so to the office."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.key)
        self.why = why


class Promotion(Struct, frozen=True):
    """What a new year makes of one school. `cases`: the open ones of those who leave."""

    fact: RollChanged
    view: RollView
    cases: tuple[Case, ...]


def promote(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """At the machine, in the school's lane: `promote SCHOOL DAY`. Raises NotNow and TooEarly."""
    school, on = ask(SchoolOf(update.args[0])), date.fromisoformat(update.args[1])
    if school is None:
        raise ValueError(f"no school {update.args[0]}")
    planned = promotion(ask, school, on)
    return carried_out(update, ask, planned.fact, planned.view)


def promotion(ask: Ask, school: School, on: date) -> Promotion:
    """Nothing is changed. Raises NotNow where the year does not begin then or has begun, TooEarly."""
    if not FIRST_MONTH <= on.month <= LAST_MONTH:
        raise NotNow(text("promote.no_new_year", day=on.isoformat()))
    raised = ask(RaisedSince(school.id, date(on.year, FIRST_MONTH, 1)))
    if raised is not None:
        raise NotNow(text("promote.already", school=school.name, day=raised.isoformat()))
    view = ask(RollOf(school.name, on, district=False))
    if view.latest is not None and on < view.latest:
        raise TooEarly(view.latest)
    up = _up(view.classes, ask(RulesOn(on)).last_grades_of(school.name))
    twice = [name for name, n in Counter(one.name for one in up.values() if one).items() if n > 1]
    if twice:
        raise NotNow(text("promote.twice", school=school.name, klass=twice[0]))
    gone = frozenset(id for id, now in up.items() if now is None)
    fact = RollChanged(
        school=school,
        district=False,
        since=on,
        classes=tuple(now for now in up.values() if now is not None),
        closed=tuple(sorted(gone)),
        people=tuple(_without(view.people, gone)),
        retired=(),
        pupils=(),
        left=tuple(pupil.id for pupil in view.pupils if pupil.class_id in gone),
    )
    cases = ask(CasesOf(school.id, on - timedelta(days=1)))
    return Promotion(fact, view, tuple(case for case in cases if case.class_id in gone))


def _up(classes: Sequence[Klass], last: frozenset[str]) -> Mapping[str, Klass | None]:
    """By class what it will be called; None for one that leaves. A grade is the last where the district says so, unless
    the school goes on with the next one: the sixth of a nine-year school."""
    grades = {klass.grade for klass in classes}
    found: dict[str, Klass | None] = {}
    for klass in classes:
        grade = grade_after(klass.grade)
        leaves = grade is None or (klass.grade in last and grade not in grades)
        named = None if leaves or grade is None else class_roll(grade, klass.number)
        found[klass.id] = replace(klass, name=named.name, grade=named.grade) if named else None
    return found


def _without(people: Sequence[KnownPerson], gone: frozenset[str]) -> Iterator[KnownPerson]:
    """Teachers stay with their class; of one that has left they are none any more."""
    for one in people:
        duties = tuple(held for held in one.duties if held.class_id not in gone)
        if duties != one.duties:
            yield replace(one, duties=duties)


# What is read before anybody says yes


def lines(planned: Promotion) -> Iterator[Text]:
    """Each class with what becomes of it and who teaches it, by what it is called now."""
    now = {klass.id: klass.name for klass in planned.fact.classes}
    sizes = Counter(pupil.class_id for pupil in planned.view.pupils)
    for klass in sorted(planned.view.classes, key=lambda one: (one.id not in now, one.name)):
        who = listed([literal(one.name) for one in planned.view.people if _teaches(one, klass)])
        if klass.id in now:
            yield text("promote.up", was=klass.name, klass=now[klass.id], n=sizes[klass.id], who=who)
        else:
            of = text("promote.no_longer", who=who) if who else NOTHING
            yield text("promote.leaves", klass=klass.name, n=sizes[klass.id], of=of)
    names = {klass.id: klass.name for klass in planned.view.classes}
    for case in planned.cases:
        yield text("promote.case", klass=names[case.class_id], seat=case.seat, day=case.opened.isoformat())


def _teaches(person: KnownPerson, klass: Klass) -> bool:
    return any(held.class_id == klass.id for held in person.duties)


def pupils_left(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`pupils_left`, in the school's lane as the day after begins: a case of a pupil who is in no class of the district
    any more is ended, that of one who has moved goes along."""
    ended = (
        CaseEnded(case.id, "left", update.today, "machine", update.now)
        for case in ask(CasesLeft(update.lane, update.today))
    )
    return Outcome(facts=tuple(ended))
