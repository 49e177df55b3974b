"""Before the morning begins (rule `quiet`) nobody has looked at a class: what is typed then is no report. It is kept as
an open walk, and a fever in it is told to the school's officers at once."""

from handlers.cards import home, show
from handlers.drafts import turned
from handlers.model import Answer, Draft, Message, Person, Text, ToPerson, Urgency, text
from handlers.outcome import Outcome
from handlers.questions import Ask, Staff
from handlers.rules.fever import is_flagged
from handlers.scene import Scene
from handlers.values import replace
from handlers.walk import show_walk
from handlers.words import entry_lines


def kept(scene: Scene, ask: Ask, person: Person, draft: Draft) -> Outcome:
    """Instead of a report: the walk goes on, to be sent when its author has seen the class."""
    told = _told(scene, ask, person, draft)
    here = turned(draft, note="walk.early_told" if told else "walk.early")
    answer = replace(_answer(scene), shown=True)
    return Outcome(says=(show_walk(scene, here, person), *told), drafts=(here,), answer=answer)


def refused(scene: Scene, person: Person) -> Outcome:
    """全员正常 of pupils who are still at home."""
    return Outcome(says=(show(scene, person, home(scene, person)),), answer=_answer(scene))


def _answer(scene: Scene) -> Answer:
    return Answer(text("answer.early", since=f"{scene.rules.quiet[1]:%H:%M}"), loud=True)


def _told(scene: Scene, ask: Ask, person: Person, draft: Draft) -> tuple[Message, ...]:
    """One message an officer, which goes on to say what is kept when that changes."""
    rules = scene.rules
    flagged = tuple(entry for entry in draft.entries if is_flagged(entry, rules.fever, rules.alarming))
    if not flagged:
        return ()
    officers = [one for one in ask(Staff(scene.view.school.id, scene.day)) if one.has(*rules.told)]
    words = _words(scene, person, entry_lines(flagged, scene.seat, {}))
    return tuple(
        Message(f"{scene.key('early', one)}:{person.id}", ToPerson(one.id), words, urgency=Urgency.ALERT)
        for one in officers
        if one.id != person.id and one.reachable
    )


def _words(scene: Scene, person: Person, lines: tuple[Text, ...]) -> Text:
    return text(
        "early.told",
        klass=scene.view.klass.name,
        by=person.title,
        phone=person.phone or text("phone.unknown"),
        time=scene.update.local(scene.update.at),
        lines=lines,
    )
