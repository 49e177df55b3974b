"""补录: reports made on paper on a day gone by, entered by the office after an outage or before the start."""

from datetime import date, datetime

from handlers.facts import Reported
from handlers.following.course import follow
from handlers.model import Entry, Person, Update
from handlers.numbers import groups_of
from handlers.outcome import Outcome
from handlers.plain import read
from handlers.questions import Ask, ClassRow, RulesOn, SchoolMorning
from handlers.rules.fever import is_fever, is_flagged
from handlers.scene import Scene, look
from handlers.values import replace


def paper(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """Args: day, round. Text: JSON, class id → its listed pupils. A class that has a report keeps it.
    Nobody is alerted: what was urgent on that day was told by phone. Whoever was away is followed from then on; who
    was in class was there, also before they might have been."""
    day, round_id = date.fromisoformat(update.args[0]), update.args[1]
    round = ask(RulesOn(day)).round(round_id)
    said = read(dict[str, tuple[Entry, ...]], update.text)
    if round is None:
        raise ValueError(f"no round {round_id} on {day}")
    then = replace(update, at=datetime.combine(day, round.deadline, update.zone))
    outcome = Outcome()
    for row in ask(SchoolMorning(update.lane, day, round_id)).rows:
        scene = look(then, ask, row.klass.id, day, round_id) if row.klass.id in said else None
        if scene is not None and scene.report is None and row.teachers:
            outcome += _reported(scene, row, said[row.klass.id])
    return outcome


def _reported(scene: Scene, row: ClassRow, entries: tuple[Entry, ...]) -> Outcome:
    rules, at, by = scene.rules, scene.update.at, row.teachers[0].id
    fact = Reported(
        day=scene.day,
        round=scene.round.id,
        class_id=row.klass.id,
        school=scene.view.school.id,
        rev=1,
        expected=scene.expected,
        entries=entries,
        fevers=tuple(entry.pupil for entry in entries if is_fever(entry, rules.fever)),
        flagged=tuple(entry.pupil for entry in entries if is_flagged(entry, rules.fever, rules.alarming)),
        sums=scene.sums(entries),
        groups=groups_of(entries, rules.fever),
        by=by,
        at=at,
        first_at=at,
        timely=True,
        kind="paper",
    )
    return Outcome(facts=(fact,)) + follow(scene, by, fact)
