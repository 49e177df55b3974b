"""不得返校: whom the gate does not let in, by class and seat; names only in private, to those who answer for them."""

from collections.abc import Iterator
from datetime import time

from handlers.model import Case, Message, Person, PupilRef, School, Text, ToHere, Update, Value, text
from handlers.office.scope import schools_of
from handlers.outcome import Outcome
from handlers.questions import Ask, CasesOf, Classes, RulesOn, SchoolOf
from handlers.rulebook import Rules
from handlers.rules.returning import Bar, barred, first_day
from handlers.words import day_full, day_short


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
    lines = tuple(_lines(update, rules, ask(CasesOf(school.id, update.today)), classes))
    return text("gate.school", school=school.short, n=len(lines), lines=lines or (text("gate.nobody"),))


def _lines(update: Update, rules: Rules, cases: tuple[Case, ...], classes: dict[str, str]) -> Iterator[Text]:
    for case in cases:
        bar = barred(case, rules.returns, update.now, update.zone, _morning(rules))
        if bar is not None:
            pupil: Value = text("pupil.seat", seat=case.seat)
            if update.private:
                pupil = PupilRef(case.pupil, case.seat)
            yield text("gate.line", klass=classes.get(case.class_id, ""), pupil=pupil, until=_until(update, rules, bar))


def _morning(rules: Rules) -> time:
    """Until when of a day a pupil is let in who may come in on that day."""
    return rules.rounds[0].deadline if rules.rounds else time()


def _until(update: Update, rules: Rules, bar: Bar) -> Text:
    """至9月15日; else what is still waited for, without a word on the illness."""
    if bar.why == "early" and bar.earliest is not None:
        return text("gate.until", day=day_short(first_day(bar.earliest, update.zone, _morning(rules))))
    return text("gate.waits_paper" if bar.why == "certificate" else "gate.waits_word")
