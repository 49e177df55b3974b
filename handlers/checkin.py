"""A class's morning: 全员正常 in one tap, 有异常, 订正, 补报, 代报, and the card on demand."""

from dataclasses import replace

from handlers.cards import already, card, home, off, show
from handlers.model import Answer, Draft, Duty, Entry, Message, Person, Text, ToHere, Update, text
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, DraftOf, RulesOn
from handlers.report import Making, commit
from handlers.rulebook import Round
from handlers.scene import Scene, look, named
from handlers.walk import show_walk
from handlers.words import day_short


def zero(update: Update, ask: Ask, person: Person) -> Outcome:
    """全员正常: the tap is the report. On a class that has one it changes nothing and shows it."""
    scene = _scene(update, ask)
    if isinstance(scene, Text):
        return pop_up(scene)
    if scene.report is not None:
        return Outcome(says=(show(scene, person, home(scene, person)),), answer=already(scene))
    if scene.view.off is not None:
        return Outcome(says=(show(scene, person, home(scene, person)),), answer=Answer(off(scene), loud=True))
    return commit(scene, ask, person, (), Making("report", home(scene, person)))


def ill(update: Update, ask: Ask, person: Person) -> Outcome:
    """有异常／有人未到: opens the walk, or goes on with the one that is open."""
    scene = _scene(update, ask)
    if isinstance(scene, Text):
        return pop_up(scene)
    if scene.report is not None:
        return Outcome(says=(show(scene, person, home(scene, person)),), answer=already(scene))
    if scene.view.off is not None:
        return Outcome(says=(show(scene, person, home(scene, person)),), answer=Answer(off(scene), loud=True))
    return _open(scene, ask, person, "report", ())


def correct(update: Update, ask: Ask, person: Person) -> Outcome:
    """订正: the report as it stands, to be changed and sent with a reason. After the close the 报告人 only."""
    scene = _scene(update, ask, past=True)
    if isinstance(scene, Text):
        return pop_up(scene)
    if scene.report is None:
        return Outcome(says=(show(scene, person, home(scene, person)),), answer=Answer(text("answer.no_report")))
    if scene.closed and not _reporter(scene, person):
        return pop_up(text("answer.closed", close=f"{scene.round.close:%H:%M}"))
    return _open(scene, ask, person, "correction", scene.report.entries)


def supplement(update: Update, ask: Ask, person: Person) -> Outcome:
    """补报: a child who fell ill later is news, at any hour of the day, and no fault of the morning's report."""
    scene = _scene(update, ask)
    if isinstance(scene, Text):
        return pop_up(scene)
    if scene.report is None:
        return Outcome(says=(show(scene, person, home(scene, person)),), answer=Answer(text("answer.no_report")))
    return _open(scene, ask, person, "supplement", ())


def behalf(update: Update, ask: Ask, person: Person) -> Outcome:
    """代报: the school's 报告人 reports for a class, saying how they heard."""
    scene = _scene(update, ask)
    if isinstance(scene, Text):
        return pop_up(scene)
    if not _reporter(scene, person):
        return pop_up(text("answer.not_yours"))
    key = scene.key("behalf", person)
    if scene.report is not None:
        words, choices = card(scene)
        shown = Message(key, ToHere(), words, choices, about=scene.subject, fresh=True)
        return Outcome(says=(shown,), answer=already(scene))
    draft = Draft(
        person=person.id,
        class_id=scene.view.klass.id,
        day=scene.day,
        round=scene.round.id,
        kind="behalf",
        base=0,
        n=_next_n(scene, ask, person),
        key=key,
        open="how",
        method=scene.method,
    )
    return Outcome(says=(replace(show_walk(scene, draft, person), in_place=False, fresh=True),), drafts=(draft,))


def report(update: Update, ask: Ask, person: Person) -> Outcome:
    """/report, 报告: today's card of each of the person's classes, sent anew."""
    if not person.classes:
        return Outcome(says=(_here(update, text("report.no_class")),))
    rules = ask(RulesOn(update.today))
    if not rules.rounds:
        return Outcome(says=(_here(update, text("report.no_round")),))
    says: list[Message] = []
    for class_id in dict.fromkeys(person.classes):
        scene = look(update, ask, class_id, update.today, current_round(rules.rounds, update).id)
        if scene is not None:
            says.append(show(scene, person, scene.key("card", person), fresh=True))
    return Outcome(says=tuple(says))


def current_round(rounds: tuple[Round, ...], update: Update) -> Round:
    """The last round that has opened by now; before the first, the first."""
    local = update.at.astimezone(update.zone).time()
    opened = [one for one in rounds if one.opens <= local]
    return opened[-1] if opened else rounds[0]


def may_report(update: Update, ask: Ask, person: Person) -> bool:
    """The class's teachers, and the school's 报告人 and deputy."""
    where = named(update)
    if where is None:
        return True  # refused as an unknown button
    if person.teaches(where[0]):
        return True
    scene = look(update, ask, *where)
    return scene is None or _reporter(scene, person)


def open_walk(scene: Scene, ask: Ask, person: Person, kind: str, entries: tuple[Entry, ...], key: str) -> Draft:
    return Draft(
        person=person.id,
        class_id=scene.view.klass.id,
        day=scene.day,
        round=scene.round.id,
        kind=kind,
        base=scene.rev,
        n=_next_n(scene, ask, person),
        key=key,
        open="pupil",
        entries=entries,
        method=scene.method,
    )


def _open(scene: Scene, ask: Ask, person: Person, kind: str, entries: tuple[Entry, ...]) -> Outcome:
    known = ask(DraftOf(person.id, scene.view.klass.id, scene.day, scene.round.id))
    if known is not None and known.kind == kind and known.base == scene.rev:
        draft = replace(known, key=home(scene, person), n=known.n + 1)
    else:
        draft = open_walk(scene, ask, person, kind, entries, home(scene, person))
    return Outcome(says=(show_walk(scene, draft, person),), drafts=(draft,))


def _next_n(scene: Scene, ask: Ask, person: Person) -> int:
    """Never a number that a button of an earlier walk of this day may carry."""
    known = ask(DraftOf(person.id, scene.view.klass.id, scene.day, scene.round.id))
    if known is not None:
        return known.n + 1
    return int(scene.update.now.timestamp()) % 1_000_000


def _reporter(scene: Scene, person: Person) -> bool:
    return person.school == scene.view.school.id and person.has(Duty.REPORTER, Duty.DEPUTY)


def _scene(update: Update, ask: Ask, *, past: bool = False) -> Scene | Text:
    """What the button names, or the sentence that refuses it. `past`: a day gone by may be named."""
    where = named(update)
    scene = look(update, ask, *where) if where else None
    if scene is None:
        return text("answer.unknown_button")
    if scene.day == update.today or (past and scene.day < update.today):
        return scene
    return text("answer.stale", day=day_short(scene.day))


def _here(update: Update, words: Text) -> Message:
    return Message(f"answer:{update.id}", ToHere(), words)
