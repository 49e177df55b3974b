"""Retention: what has been kept for its days goes, and that it went is a fact. A case that is open keeps its own."""

from datetime import UTC, date, datetime, time
from typing import Final

from handlers.facts import Erased, Fact, Pruned
from handlers.model import Person, Put, Update
from handlers.outcome import Outcome
from handlers.questions import Ask, FactsBefore, Lanes, Prunable, RulesOn
from handlers.returning.pruning import old_files
from handlers.rulebook import Rules

AT_ONCE: Final = 2000  # facts in one update


def prune(update: Update, ask: Ask, day: date) -> Outcome:
    """The tick's. Class-level counts stay; each lane erases the bodies of its own facts. Missed nights
    are made up for by the last of them."""
    if day != update.day_of(update.now):
        return Outcome()
    rules = ask(RulesOn(day))
    before = {kind: day - span for kind, span in rules.kept.items()}
    counts = {kind: ask(Prunable(kind, first)) for kind, first in before.items()}
    facts = tuple(Pruned(kind, before[kind], n) for kind, n in counts.items() if n)
    native = f"erase_old:{day}"
    lanes = tuple(Put(lane, f"{native}:{lane}", "erase_old", (day.isoformat(),)) for lane in ask(Lanes()))
    return Outcome(facts=facts, puts=lanes)


def erase_old(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`erase_old DAY`: of this lane's facts those that are past their days; in as many updates as it needs."""
    day = date.fromisoformat(update.args[0])
    files = old_files(update, ask, update.lane, day)
    old = _old(update, ask, ask(RulesOn(day)), day)
    if not old:
        return files
    facts: tuple[Fact, ...] = (Erased(old, "retention"),)
    more = Put(update.lane, f"erase_old:{update.id}", update.verb, update.args)
    return files + Outcome(facts=facts, puts=(more,) if len(old) == AT_ONCE else ())


def _old(update: Update, ask: Ask, rules: Rules, day: date) -> tuple[str, ...]:
    """What says how a pupil was goes with the health rows, the trail without names much later."""
    health = ask(FactsBefore(update.lane, True, _midnight(update, day - rules.kept["health"]), AT_ONCE))
    others = ask(FactsBefore(update.lane, False, _midnight(update, day - rules.kept["audit"]), AT_ONCE))
    return (health + others)[:AT_ONCE]


def _midnight(update: Update, day: date) -> datetime:
    return datetime.combine(day, time(), update.zone).astimezone(UTC)
