"""同意, 不同意, 看不清: the word of whoever decides. The first of two counts; the second sees whose it was."""

from handlers.cards import refresh
from handlers.facts import ReturnReviewed
from handlers.following.course import waiting
from handlers.model import Answer, Attendance, Case, Entry, Person, PupilRef, Text, Update, text
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, WhoIs
from handlers.report import Making, recorded
from handlers.returning.cards import (
    again,
    called,
    case_named,
    is_waiting,
    objection,
    scene_of,
    shown_of,
    state,
    teachers,
    tell,
)
from handlers.returning.deciders import as_whom, deciders
from handlers.scene import Scene
from handlers.values import replace

VERDICTS = {"agree": "yes", "disagree": "no", "unclear": "unclear"}


def decide_return(update: Update, ask: Ask, person: Person) -> Outcome:
    """`agree`, `disagree`, `unclear` CASE TURN."""
    case = case_named(update, ask)
    scene = scene_of(update, ask, case) if case is not None else None
    if case is None or scene is None or len(update.args) < 2:
        return pop_up(text("answer.unknown_button"))
    if update.args[1] != str(case.turn) or case.ended is not None:
        return _second(scene, ask, case)
    return _said(scene, ask, person, case, VERDICTS[update.verb])


def _second(scene: Scene, ask: Ask, case: Case) -> Outcome:
    """Somebody was first, or a new certificate has come since: it is shown, and nothing done."""
    return Outcome(says=again(scene, ask, case), answer=Answer(_why_not(scene, ask, case), loud=True))


def _why_not(scene: Scene, ask: Ask, case: Case) -> Text:
    if case.ended is not None:
        return text("answer.case_over")
    said = state(scene, ask, case)
    waits = said.key in ("return.waits", "return.waits_again")
    return text("answer.older") if waits else text("answer.reviewed_before", state=said)


def _said(scene: Scene, ask: Ask, person: Person, case: Case, verdict: str) -> Outcome:
    there = deciders(ask, scene.rules, case.school, scene.update)
    bar = objection(scene, replace(case, review=None))
    over = bar.why if bar is not None and verdict == "yes" and bar.why != "review" else None
    at = scene.update.at
    fact = ReturnReviewed(case.id, verdict, over, as_whom(person, there), person.id, at)
    now = reviewed(case, verdict, person, scene)
    after = with_case(scene, now)
    outcome = Outcome(facts=(fact,), answer=Answer(text(f"answer.review_{verdict}")))
    if verdict == "yes" and _may_change(scene) and is_waiting(scene, case):
        changed, after = let_in(after, ask, person, now)
        outcome += changed
        now = replace(now, ended="returned", ended_on=scene.day)
    else:
        outcome += Outcome(says=refresh(after, ask))
    told = tell(scene.update, teachers(scene, ask, person), _told(scene, ask, case, verdict, person))
    outcome += Outcome(takes_back=(shown_of(case.id),))
    return outcome.and_say(*again(after, ask, now), *told)


def reviewed(case: Case, verdict: str, person: Person, scene: Scene) -> Case:
    """As it is once the word is recorded."""
    word = verdict if verdict in ("yes", "no") else None
    paper = None if verdict == "unclear" else case.certified_at
    at, turn = scene.update.at, case.turn + 1
    return replace(case, review=word, reviewed_at=at, reviewed_by=person.id, turn=turn, certified_at=paper)


def with_case(scene: Scene, case: Case) -> Scene:
    return replace(scene, cases=tuple(case if one.id == case.id else one for one in scene.cases))


def _may_change(scene: Scene) -> bool:
    """After the close a report is the 报告人's; the word holds from the next morning on."""
    return not scene.closed and not scene.past


def let_in(scene: Scene, ask: Ask, person: Person, case: Case) -> tuple[Outcome, Scene]:
    """A new revision of the class's report, by which the pupil is present."""
    report = scene.report
    if report is None:
        raise ValueError("nobody waits in a class without a report")
    entries = tuple(_present(entry) if entry.pupil == case.pupil else entry for entry in report.entries)
    kept = tuple(entry for entry in entries if entry.pupil != case.pupil or _says_something(entry))
    return recorded(scene, ask, person, kept, Making("clearance", key="", reason="cleared"))


def _present(entry: Entry) -> Entry:
    return replace(entry, attendance=Attendance.PRESENT, where=None, cause=None) if waiting(entry) else entry


def _says_something(entry: Entry) -> bool:
    return entry.temperature is not None or entry.afebrile or bool(entry.symptoms)


def _told(scene: Scene, ask: Ask, case: Case, verdict: str, person: Person) -> Text:
    """What a teacher is to do now."""
    here = "here" if is_waiting(scene, case) else "away"
    key = "return.told_unclear" if verdict == "unclear" else f"return.told_{verdict}_{here}"
    if verdict == "yes" and here == "here" and not _may_change(scene):
        key = "return.told_yes_away"
    who = called(ask(WhoIs(person.id, scene.day)), case)
    pupil = PupilRef(case.pupil, case.seat)
    return text(key, klass=scene.view.klass.name, pupil=pupil, who=who, time=scene.update.local(scene.update.at))
