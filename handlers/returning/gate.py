"""不得返校: whom the gate does not let in, by class and seat; names only in private, to those who answer for them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from handlers.model import Case, Message, Observation, Person, PupilRef, School, Text, ToHere, Update, Value, text
from handlers.office.scope import schools_of
from handlers.outcome import Outcome
from handlers.questions import Ask, CasesOf, Classes, Observations, RulesOn, SchoolOf
from handlers.rulebook import Rules
from handlers.rules.returning import Bar, barred, first_day
from handlers.words import NOTHING, day_full, day_short


def gate_list(update: Update, ask: Ask, person: Person) -> Outcome:
    """`/gate_list`; for the district of every school, or of the one that is named."""
    rules = ask(RulesOn(update.today))
    blocks = tuple(_school(update, ask, rules, school) for school in _schools(update, ask, person))
    words = text("gate.list", day=day_full(update.today), time=update.local(update.now), schools=blocks)
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words),))


def _schools(update: Update, ask: Ask, person: Person) -> list[School]:
    found = [ask(SchoolOf(id)) for id in schools_of(update, ask, person)]
    schools = [one for one in found if one is not None]
    named = [one for one in schools if update.text.strip() in (one.name, one.short)]
    return named or schools


def _school(update: Update, ask: Ask, rules: Rules, school: School) -> Text:
    classes = {one.id: one.name for one in ask(Classes(school.id, update.today))}
    observed = [one for one in ask(Observations(school.id, update.today)) if one.bars(update.today)]
    kept = {one.pupil for one in observed}
    cases = [case for case in ask(CasesOf(school.id, update.today)) if case.pupil not in kept]
    lines = (*_lines(update, rules, cases, classes), *_observed(update, observed, classes))
    return text("gate.school", school=school.short, n=len(lines), lines=lines or (text("gate.nobody"),))


def _lines(update: Update, rules: Rules, cases: Sequence[Case], classes: Mapping[str, str]) -> Iterator[Text]:
    for case in cases:
        bar = barred(case, rules.returns, update.now, update.zone, rules.morning)
        if bar is not None:
            yield _line(update, classes.get(case.class_id, NOTHING), case.pupil, case.seat, _until(update, rules, bar))


def _observed(update: Update, observed: Sequence[Observation], classes: Mapping[str, str]) -> Iterator[Text]:
    """居家医学观察: until it is released."""
    for one in observed:
        if one.pupil is not None and one.class_id is not None:
            until = _until_over(update, one)
            yield _line(update, classes.get(one.class_id, NOTHING), one.pupil, one.seat, until)


def _until_over(update: Update, one: Observation) -> Text:
    """Its last day may have come and gone; and who is not back yet has none."""
    if one.since is None or one.until is None or one.since > update.today or one.over(update.today):
        return text("gate.waits_release")
    return text("gate.until", day=day_short(one.until + timedelta(days=1)))


def _line(update: Update, klass: str, pupil: str, seat: int, until: Text) -> Text:
    """In a group nobody is named, whatever the channel carries."""
    who: Value = PupilRef(pupil, seat) if update.private else text("pupil.seat", seat=seat)
    return text("gate.line", klass=klass, pupil=who, until=until)


def _until(update: Update, rules: Rules, bar: Bar) -> Text:
    """至9月15日; else what is still waited for, without a word on the illness."""
    if bar.why == "early" and bar.earliest is not None:
        return text("gate.until", day=day_short(first_day(bar.earliest, update.zone, rules.morning)))
    return text("gate.waits_paper" if bar.why == "certificate" else "gate.waits_word")
