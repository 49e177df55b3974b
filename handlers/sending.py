"""The end of a walk: what is sent, what is asked before, and what has overtaken it."""

from handlers.answering import keeps, whom_to_phone
from handlers.cards import show
from handlers.drafts import listed_in, may_send, overtaken, rebased, standing, turned
from handlers.earlier import going_on
from handlers.early import kept
from handlers.hearing import told_when
from handlers.model import Answer, Draft, Entry, Forget, Person, text
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask
from handlers.report import Making, commit, merged
from handlers.rules.fever import is_unwell
from handlers.rules.news import takes_back
from handlers.scene import Scene
from handlers.values import replace
from handlers.walk import REASONS, show_walk

ENDS = ("send", "reason", "heard", "all_well")  # after these nothing may be left to ask


def finish(scene: Scene, ask: Ask, person: Person, draft: Draft, verb: str, value: str) -> Outcome:
    match verb:
        case "heard":
            told = told_when(scene, draft, value)
            return pop_up(text("answer.unknown_button")) if told is None else heard(scene, ask, person, told)
        case "all_well" if draft.open == "health":
            return send(scene, ask, person, replace(draft, said_present=scene.expected), None)
        case "reason" if value in REASONS and draft.open == "reason":
            return send(scene, ask, person, draft, value)
        case "send":
            return send(scene, ask, person, draft, None)
        case _:
            return pop_up(text("answer.unknown_button"))


def heard(scene: Scene, ask: Ask, person: Person, draft: Draft) -> Outcome:
    """代报: when it was heard is told. What was ready to be sent goes; else: is everybody well?"""
    if draft.heard_at is None:
        return _show(scene, person, draft)
    if may_send(scene, draft):
        if draft.entries and draft.entries == going_on(scene):  # of the earlier round, and looked at by nobody yet
            return _show(scene, person, turned(draft, open="review"))
        return send(scene, ask, person, draft, None)
    return _show(scene, person, turned(draft, open="pupil" if draft.begun or draft.cases else "health"))


def send(scene: Scene, ask: Ask, person: Person, draft: Draft, reason: str | None) -> Outcome:
    """Who corrects says why, who reports on behalf how and when they heard: that comes first."""
    if not may_send(scene, draft):
        return _show(scene, person, draft) + Outcome(answer=Answer(text("answer.not_yet"), loud=True))
    if scene.early:
        return kept(scene, ask, person, draft)
    closed = _closed(scene, person, draft)
    if closed is not None:
        return _ended(scene, ask, person, draft, closed)
    if draft.kind == "supplement" and scene.closed and not keeps(person, scene.view.school.id):
        return _after_close(scene, ask, person, draft)
    draft = _as_correction(scene, draft)
    asked = _to_ask(draft, reason)
    if asked is not None:
        return _show(scene, person, turned(draft, open=asked))
    entries = draft.entries
    if draft.kind == "supplement":
        entries = merged(standing(scene), draft.entries, scene.update.at)
    return commit(scene, ask, person, entries, _making(draft, reason))


def _after_close(scene: Scene, ask: Ask, person: Person, draft: Draft) -> Outcome:
    """A teacher's news: the sick are taken, and who asked for more is told that it was not."""
    news = _unwell(scene, draft)
    outcome = commit(scene, ask, person, merged(standing(scene), news, scene.update.at), _making(draft, None))
    if len(news) == len(draft.entries):
        return outcome
    words = text("answer.closed_partly", close=f"{scene.round.close:%H:%M}", who=whom_to_phone(scene, ask, person))
    return Outcome(answer=Answer(words, loud=True)) + outcome


def _as_correction(scene: Scene, draft: Draft) -> Draft:
    """News by which a fever or an illness of this morning would be none is a 订正, with a reason."""
    if draft.kind != "supplement" or not any(_takes_back(scene, draft, entry) for entry in draft.entries):
        return draft
    entries = merged(standing(scene), draft.entries, scene.update.at)
    return replace(draft, kind="correction", entries=entries)


def _takes_back(scene: Scene, draft: Draft, entry: Entry) -> bool:
    known = listed_in(draft.was, entry.pupil)
    return known is not None and takes_back(known, entry, scene.rules.fever, scene.rules.alarming)


def _to_ask(draft: Draft, reason: str | None) -> str | None:
    if draft.kind == "correction" and reason is None:
        return "reason"
    if draft.kind == "behalf" and draft.behalf is None:
        return "how"
    return "heard" if draft.kind == "behalf" and draft.heard_at is None else None


def _making(draft: Draft, reason: str | None) -> Making:
    return Making(draft.kind, draft.key, draft.behalf, draft.heard_at, reason, draft.trips)


def _show(scene: Scene, person: Person, draft: Draft) -> Outcome:
    return Outcome(says=(show_walk(scene, draft, person),), drafts=(draft,))


def _closed(scene: Scene, person: Person, draft: Draft) -> str | None:
    """After the close the 报告人 alone corrects, or reports that all was well. A sick child is news at any hour."""
    if not scene.closed or keeps(person, scene.view.school.id):
        return None
    if draft.kind == "correction":
        return "answer.closed"
    if draft.kind == "supplement":
        return None if _unwell(scene, draft) else "answer.closed"
    return "answer.closed_unreported" if scene.sums(draft.entries).zero else None


def _unwell(scene: Scene, draft: Draft) -> tuple[Entry, ...]:
    """Who is news after the close: the sick, and nobody whom it would make well."""
    return tuple(
        entry for entry in draft.entries if is_unwell(entry, scene.rules.fever) and not _takes_back(scene, draft, entry)
    )


def _ended(scene: Scene, ask: Ask, person: Person, draft: Draft, why: str) -> Outcome:
    """The close came between."""
    gone = Forget(person.id, draft.class_id, draft.day, draft.round)
    words = text(why, close=f"{scene.round.close:%H:%M}", who=whom_to_phone(scene, ask, person))
    return Outcome(says=(show(scene, person, draft.key),), drafts=(gone,), answer=Answer(words, loud=True))


def carried_over(scene: Scene, person: Person, draft: Draft) -> Outcome | None:
    """None where nothing has changed under the walk. Else it is shown as it goes on, still to be sent by a tap."""
    if not overtaken(scene, draft):
        return None
    if draft.outlives_report:
        news = rebased(scene, draft)
        return Outcome(says=(show_walk(scene, news, person),), drafts=(news,), answer=Answer(text("answer.overtaken")))
    gone = Forget(person.id, draft.class_id, draft.day, draft.round)
    answer = Answer(text("answer.overtaken"), loud=True)
    return Outcome(says=(show(scene, person, draft.key),), drafts=(gone,), answer=answer)
