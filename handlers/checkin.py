"""A class's morning begins: 全员正常 in one tap, 有异常, 订正, 补报, 代报."""

from handlers import early
from handlers.answering import for_another, keeps, whom_to_phone
from handlers.cards import already, expired, home, off, show
from handlers.drafts import HALF, next_open, open_walk, turned, walk_of
from handlers.earlier import going_on, stamp_of, to_measure
from handlers.model import Answer, Draft, Entry, Person, Unsure, Update, text
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask
from handlers.report import Making, commit
from handlers.scene import Scene, look, named
from handlers.steps import step, take
from handlers.values import replace
from handlers.walk import left, show_walk


def zero(update: Update, ask: Ask, person: Person) -> Outcome:
    """全员正常: the tap is the report. On a class that has one it changes nothing and shows it."""
    scene = _unreported(update, ask, person)
    if isinstance(scene, Outcome):
        return scene
    known = walk_of(scene, ask, person)
    if known is not None and known.begun:
        return _unsent(scene, person, known)
    if for_another(scene, person):
        said = None if scene.left_open else scene.expected
        return _begin(scene, ask, person, "behalf", open="how", said_present=said)
    if scene.closed and not keeps(person, scene.view.school.id):
        return _closed(scene, ask, person, "answer.closed_unreported")
    if scene.early:
        return early.refused(scene, person)
    if going_on(scene):  # a button from before the earlier round listed anybody
        return Outcome(says=(show(scene, person, home(scene, person)),), answer=Answer(text("answer.older")))
    return commit(scene, ask, person, (), Making("report", home(scene, person)))


def same(update: Update, ask: Ask, person: Person) -> Outcome:
    """与晨检相同: one tap reports a later round of the day with whom the earlier one listed. Who had a fever and is at
    school is measured again first. A button of another list than stands now changes nothing."""
    scene = _unreported(update, ask, person)
    if isinstance(scene, Outcome):
        return scene
    if update.args[4:] != (stamp_of(scene),):
        return Outcome(says=(show(scene, person, home(scene, person)),), answer=Answer(text("answer.older")))
    known, hot = walk_of(scene, ask, person), to_measure(scene)
    if known is not None and known.begun:
        return _unsent(scene, person, known)
    if for_another(scene, person):
        return _begin(scene, ask, person, "behalf", open="how")
    if scene.closed and not keeps(person, scene.view.school.id):
        return _closed(scene, ask, person, "answer.closed_unreported")
    entries = going_on(scene)
    if not hot:
        return commit(scene, ask, person, entries, Making("report", home(scene, person)))
    return _begin(scene, ask, person, "report", measure=tuple(entry for entry in entries if entry.pupil in hot))


def ill(update: Update, ask: Ask, person: Person) -> Outcome:
    """有异常／有人未到: opens the walk, or goes on with the one that is open. No close refuses a sick child."""
    scene = _unreported(update, ask, person)
    if isinstance(scene, Outcome):
        return scene
    return _begin(scene, ask, person, "behalf" if for_another(scene, person) else "report")


def of_case(update: Update, ask: Ask, person: Person) -> Outcome:
    """都同昨日, 仍缺勤, 已返校, 病因已明: on the card they begin the walk, in it they are answers like any other."""
    scene = _unreported(update, ask, person)
    if isinstance(scene, Outcome):
        return scene
    known = walk_of(scene, ask, person)
    if (known is not None and known.begun) or update.args[3:4] != (str(scene.rev),):
        return step(update, ask, person)
    kind = "behalf" if for_another(scene, person) else "report"
    draft = open_walk(scene, person, kind, home(scene, person), known)
    outcome = take(scene, ask, person, draft, update.verb, update.args[4] if len(update.args) > 4 else "")
    return outcome.and_say(*left(scene, person, known, draft.key))


def correct(update: Update, ask: Ask, person: Person) -> Outcome:
    """订正: the report as it stands, to be changed and sent with a reason. After the close the 报告人 only."""
    scene = _scene(update, ask, person, past=True)
    if isinstance(scene, Outcome):
        return scene
    if scene.report is None:
        return _no_report(scene, person)
    if scene.closed and not keeps(person, scene.view.school.id):
        return _closed(scene, ask, person, "answer.closed")
    if scene.report.counts is not None:
        shown = show(scene, person, home(scene, person))
        return Outcome(says=(shown,), answer=Answer(text("answer.pruned"), loud=True))
    return _begin(scene, ask, person, "correction", entries=scene.report.entries)


def supplement(update: Update, ask: Ask, person: Person) -> Outcome:
    """补报: a child who fell ill later is news, at any hour of the day, and no fault of the morning's report."""
    scene = _scene(update, ask, person)
    if isinstance(scene, Outcome):
        return scene
    if scene.report is None:
        return _no_report(scene, person)
    return _begin(scene, ask, person, "supplement")


def behalf(update: Update, ask: Ask, person: Person) -> Outcome:
    """代报: the school's 报告人 reports for a class, saying how and when they heard; in a message of its own."""
    scene = _scene(update, ask, person, past=True)
    if isinstance(scene, Outcome):
        return scene
    if not keeps(person, scene.view.school.id):
        return pop_up(text("answer.not_yours"))
    key = f"behalf:{scene.view.klass.id}:{update.id}"
    if scene.report is not None:
        return Outcome(says=(show(scene, person, key, fresh=True),), answer=already(scene))
    if scene.view.off is not None:
        return pop_up(off(scene))
    return _begin(scene, ask, person, "behalf", key=key, open="how")


def _unreported(update: Update, ask: Ask, person: Person) -> Scene | Outcome:
    """What a button of a prompt names; where nothing is to be reported the report there is, or why none is due."""
    scene = _scene(update, ask, person)
    if isinstance(scene, Outcome):
        return scene
    if scene.report is None and scene.view.off is None:
        return scene
    answer = already(scene) if scene.report is not None else Answer(off(scene), loud=True, shown=True)
    return Outcome(says=(show(scene, person, home(scene, person)),), answer=answer)


def _unsent(scene: Scene, person: Person, known: Draft) -> Outcome:
    """全员正常 beside a walk of one's own with somebody in it: which of the two is meant?"""
    here = turned(known, key=home(scene, person))
    says = (show_walk(scene, here, person), *left(scene, person, known, here.key))
    return Outcome(says=says, drafts=(here,), answer=Answer(text("answer.unsent", n=known.many), loud=True))


def _closed(scene: Scene, ask: Ask, person: Person, key: str) -> Outcome:
    words = text(key, close=f"{scene.round.close:%H:%M}", who=whom_to_phone(scene, ask, person))
    return Outcome(says=(show(scene, person, home(scene, person)),), answer=Answer(words, loud=True))


def _no_report(scene: Scene, person: Person) -> Outcome:
    return Outcome(says=(show(scene, person, home(scene, person)),), answer=Answer(text("answer.no_report")))


def _begin(
    scene: Scene,
    ask: Ask,
    person: Person,
    kind: str,
    *,
    key: str = "",
    open: str = "pupil",
    entries: tuple[Entry, ...] = (),
    measure: tuple[Entry, ...] = (),
    said_present: int | None = None,
) -> Outcome:
    """Opens a walk, in the message that was tapped or in a new one `key`; what was entered in one of the kind goes
    on there. `measure`: whose temperature is asked first, though they are listed."""
    at = key or home(scene, person)
    known = walk_of(scene, ask, person)
    if known is not None and known.begun and known.kind != kind:
        return _unsent(scene, person, known)
    if known is not None and known.begun:
        draft = replace(known, key=at, n=known.n + 1)
    else:
        new = open_walk(scene, person, kind, at, known)
        pending = tuple(Unsure(entry, (), HALF, remeasure=True) for entry in measure)
        draft = replace(new, open=open, entries=entries or new.entries, said_present=said_present, pending=pending)
        draft = next_open(draft) if pending else draft
    shown = show_walk(scene, draft, person)
    if key:
        shown = replace(shown, in_place=False, fresh=True)
    return Outcome(says=(shown, *left(scene, person, known, at)), drafts=(draft,))


def _scene(update: Update, ask: Ask, person: Person, *, past: bool = False) -> Scene | Outcome:
    """What the button names, or the sentence that refuses it. `past`: a day gone by may be named."""
    where = named(update)
    scene = look(update, ask, *where) if where else None
    if scene is None or scene.day > update.today:
        return pop_up(text("answer.unknown_button"))
    return expired(scene, person) if scene.past and not past else scene
