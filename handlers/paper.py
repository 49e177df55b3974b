"""补录: reports made on paper on a day gone by, entered by the office after an outage or before the start."""

import json
from datetime import date, datetime
from typing import Any

from handlers.facts import Fact, Reported
from handlers.model import Entry, Person, Update
from handlers.numbers import groups_of
from handlers.outcome import Outcome
from handlers.plain import entry_from
from handlers.questions import Ask, RulesOn, SchoolMorning
from handlers.rules.fever import is_fever, is_flagged
from handlers.rules.sums import add_up


def paper(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """Args: day, round. Text: JSON, class id → its listed pupils. A class that has a report keeps it.
    Nobody is alerted: what was urgent on that day was told by phone."""
    day, round_id = date.fromisoformat(update.args[0]), update.args[1]
    rules = ask(RulesOn(day))
    round = rules.round(round_id)
    said: dict[str, list[dict[str, Any]]] = json.loads(update.text)
    if round is None:
        raise ValueError(f"no round {round_id} on {day}")
    at = datetime.combine(day, round.deadline, update.zone)
    facts: list[Fact] = []
    for row in ask(SchoolMorning(update.lane, day, round_id)).rows:
        if row.klass.id not in said or row.report is not None or not row.teachers:
            continue
        entries: tuple[Entry, ...] = tuple(entry_from(entry) for entry in said[row.klass.id])
        facts.append(
            Reported(
                day=day,
                round=round_id,
                class_id=row.klass.id,
                school=update.lane,
                rev=1,
                expected=row.expected,
                entries=entries,
                fevers=tuple(entry.pupil for entry in entries if is_fever(entry, rules.fever)),
                flagged=tuple(entry.pupil for entry in entries if is_flagged(entry, rules.fever, rules.alarming)),
                sums=add_up(row.expected, entries, rules.fever),
                groups=groups_of(entries, rules.fever),
                by=row.teachers[0].id,
                at=at,
                first_at=at,
                timely=True,
                kind="paper",
            )
        )
    return Outcome(facts=tuple(facts))
