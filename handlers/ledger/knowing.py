"""Who was added after the class's report: when was it known? One tap; fell ill later, or parents told later, is 补报
and no fault."""

from handlers.cards import KNOWN, home, refresh, show
from handlers.facts import KnownWhen
from handlers.ledger.closing import evidence_of
from handlers.ledger.opening import ClassOf, keeps_ledger, opened
from handlers.model import Answer, Attendance, Entry, Person, Report, Update, text
from handlers.outcome import Outcome, pop_up
from handlers.questions import AddedView, Ask
from handlers.rules.fever import Lines, is_unwell
from handlers.scene import Scene, look, named

KINDS = {"known": "omitted", "unsure": "doubtful"}  # what the ledger makes of an answer; of the others nothing


def newly_added(scene: Scene, entries: tuple[Entry, ...]) -> tuple[str, ...]:
    """Whom a later revision lists as unwell or missing, and the one before it did not."""
    before = scene.report
    if before is None or not keeps_ledger(scene.rules, scene.day):
        return ()
    cases = _cases(before, scene.rules.fever)
    return tuple(one.pupil for one in entries if is_case(one, scene.rules.fever) and one.pupil not in cases)


def is_case(entry: Entry, lines: Lines) -> bool:
    """Unwell, or missing without a known cause."""
    return is_unwell(entry, lines) or entry.attendance is Attendance.UNKNOWN


def _cases(report: Report, lines: Lines) -> frozenset[str]:
    return frozenset(entry.pupil for entry in report.entries if is_case(entry, lines))


def known(update: Update, ask: Ask, person: Person) -> Outcome:
    """`known CLASS DAY ROUND PUPIL WHEN`, a button of the receipt. The first answer holds."""
    where = named(update)
    scene = look(update, ask, *where) if where else None
    if scene is None or len(update.args) != 5 or update.args[4] not in KNOWN:
        return pop_up(text("answer.unknown_button"))
    pupil, when = update.args[3:]
    added = next((one for one in scene.added if one.pupil == pupil), None)
    if added is None:
        answer = Answer(text("known.over"), loud=True)
        return Outcome(says=(show(scene, person, home(scene, person)),), answer=answer)
    return _answered(scene, ask, person, added, when)


def _answered(scene: Scene, ask: Ask, person: Person, added: AddedView, when: str) -> Outcome:
    now = scene.with_added(one for one in scene.added if one != added)
    here = home(scene, person)
    fact = KnownWhen(added.day, added.round, added.class_id, added.pupil, when, person.id, scene.update.at)
    outcome = Outcome(
        facts=(fact,),
        says=(show(now, person, here), *refresh(now, ask, besides=here)),
        answer=Answer(text(f"known.answer_{when}")),
    )
    kind = KINDS.get(when)
    if kind is None:
        return outcome
    of = ClassOf(scene.view.school, scene.view.klass, scene.day, scene.round.id)
    return outcome + opened(scene.update, ask, of, kind, evidence_of(added, scene.seat(added.pupil), when))[1]
