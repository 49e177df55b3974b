"""A 已返校 that is refused: the child waits in the observation room, whoever decides is asked at once, and somebody
else in their place when no answer comes."""

from collections.abc import Iterable

from handlers.facts import ReviewAsked
from handlers.following.course import bar, waiting
from handlers.model import Case, Entry, Message, Person, Put, Update, Urgency
from handlers.outcome import Outcome
from handlers.questions import Ask, CaseBy
from handlers.returning.cards import review_card, scene_of, undecided
from handlers.returning.deciders import deciders
from handlers.rules.fever import is_flagged
from handlers.scene import Scene

WAITS = "review_waits"


def ask_about(before: Scene, now: Scene, ask: Ask) -> Outcome:
    """Of whom the report that led from `before` to `now` holds back for the first time today, while the day lasts."""
    if before.gone or before.past or before.closed:
        return Outcome()
    held = _waiting(now) - _waiting(before)
    outcome = Outcome()
    for case in before.open_cases:
        why = bar(before, case) if case.pupil in held else None
        if why is not None:
            outcome += _asked(now, ask, case, why.why)
    return outcome


def _waiting(scene: Scene) -> set[str]:
    """Said to be well again. Who has a fever now is told of as such, and nobody is asked whether they may be back."""
    entries: Iterable[Entry] = scene.report.entries if scene.report else ()
    lines, alarming = scene.rules.fever, scene.rules.alarming
    return {entry.pupil for entry in entries if waiting(entry) and not is_flagged(entry, lines, alarming)}


def _asked(now: Scene, ask: Ask, case: Case, why: str) -> Outcome:
    there = deciders(ask, now.rules, case.school, now.update)
    fact = ReviewAsked(case.id, why, tuple(one.id for one in there.asked), now.update.at)
    says = _ring(now, ask, case, there.asked)
    return Outcome(facts=(fact,), says=says, puts=_come_back(now, case))


def _ring(now: Scene, ask: Ask, case: Case, people: tuple[Person, ...]) -> tuple[Message, ...]:
    return tuple(review_card(now, ask, case, one, urgency=Urgency.ALERT, fresh=True) for one in people)


def _come_back(now: Scene, case: Case) -> tuple[Put, ...]:
    """Once the first have had their time."""
    native, args = f"{WAITS}:{case.id}:{now.update.id}", (case.id, str(case.turn))
    return (Put(case.school, native, WAITS, args, at=now.update.now + now.rules.patience),)


def waits(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`review_waits CASE TURN`: nobody has answered; those who may decide in their place are asked too."""
    case = ask(CaseBy(update.args[0], update.today))
    if case is None or str(case.turn) != update.args[1]:
        return Outcome()
    return _in_their_place(update, ask, case)


def undelivered(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`undelivered review:CASE:PERSON ADDRESS`: who decides has not got it."""
    case = ask(CaseBy(update.args[0].split(":")[1], update.today))
    return Outcome() if case is None else _in_their_place(update, ask, case)


def _in_their_place(update: Update, ask: Ask, case: Case) -> Outcome:
    scene = scene_of(update, ask, case)
    if scene is None or not undecided(scene, case):
        return Outcome()
    there = deciders(ask, scene.rules, case.school, update)
    others = there.in_their_place if there.reached else ()
    return Outcome(says=_ring(scene, ask, case, others))
