"""同意书: for whom a guardian has signed it, which text and when; kept by the class's teachers and the 报告人.

Nothing is refused to a pupil without one: that health is looked at in the morning rests on the school's public duty.
Who is missing is a list for the office."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from handlers.answering import keeps
from handlers.class_said import class_said
from handlers.facts import ConsentGiven, ConsentWithdrawn
from handlers.model import Answer, Choices, Klass, Message, Person, School, Text, ToHere, Update, Value, choice, text
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, Classes, ConsentsOf, ConsentView, RulesOn, SchoolOf
from handlers.rules.names import Pupil, find
from handlers.scene import Scene, look
from handlers.words import NOTHING, day_short, listed

ALL, BUT, ONLY = "all", "but", "only"
MOST_SEATS: Final = 12  # that fit on a button
_WITHDRAWN: Final = re.compile(r"撤回|收回|不同意|withdrawn?", re.IGNORECASE)
_BUT: Final = re.compile(r"除了?|except|but", re.IGNORECASE)
_SEATS: Final = re.compile(r"\d{1,2}")


def may_keep(update: Update, ask: Ask, person: Person) -> bool:
    """Of the class that a button names: its teachers, the school's 报告人 and deputy."""
    if not update.args or person.teaches(update.args[0]):
        return True
    school = ask(SchoolOf(update.args[0]))
    return school is None or keeps(person, school.id)


def consent(update: Update, ask: Ask, person: Person) -> Outcome:
    """/consent: who is missing in one's classes; with a class, in that one; with seats or 撤回, what is to be kept."""
    school = ask(SchoolOf(person.school)) if person.school else None
    classes = _classes(update, ask, person, school)
    if school is None or not classes:
        return _say(update, text("report.no_class"))
    said = class_said(update.text, (school,))
    meant = [one for one in classes if said.klass in (None, one.name)]
    if not said.rest:
        return (
            _lists(update, ask, person, meant)
            if meant
            else _say(update, text("typed.other_class", klass=said.klass or ""))
        )
    mine = [one for one in meant if said.klass or person.teaches(one.id)] or meant
    scene = _class(update, ask, mine[0].id) if len(mine) == 1 else None
    return _say(update, text("consent.which")) if scene is None else _proposed(update, ask, scene, said.rest)


def _classes(update: Update, ask: Ask, person: Person, school: School | None) -> list[Klass]:
    every = ask(Classes(school.id, update.today)) if school else ()
    return [one for one in every if person.teaches(one.id) or (school and keeps(person, school.id))]


def _class(update: Update, ask: Ask, class_id: str) -> Scene | None:
    rounds = ask(RulesOn(update.today)).rounds
    return look(update, ask, class_id, update.today, rounds[0].id) if rounds else None


# Who is missing


def _lists(update: Update, ask: Ask, person: Person, classes: list[Klass]) -> Outcome:
    """Each of one's own classes with its button; a whole school as one list of what is missing."""
    own = [one for one in classes if person.teaches(one.id)] or (classes if len(classes) == 1 else [])
    says = [_of_class(update, ask, scene, n) for n, one in enumerate(own) if (scene := _class(update, ask, one.id))]
    if len(own) < len(classes):
        lines = tuple(_missing_line(ask, scene) for one in classes if (scene := _class(update, ask, one.id)))
        missing = tuple(line for line in lines if line is not None)
        key = "consent.school" if missing else "consent.school_whole"
        says.append(Message(f"consent:{update.id}", ToHere(), text(key, lines=missing)))
    return Outcome(says=tuple(says))


def _of_class(update: Update, ask: Ask, scene: Scene, place: int) -> Message:
    missing = _missing(ask, scene)
    words = text(
        "consent.class" if missing else "consent.class_whole",
        klass=scene.view.klass.name,
        n=len(scene.everybody) - len(missing),
        of=len(scene.everybody),
        seats=_seats(missing),
        version=scene.rules.consent_version,
    )
    button = choice(text("button.consent_all", n=len(missing)), "agreed", scene.view.klass.id, ALL)
    return Message(f"consent:{update.id}:{place}", ToHere(), words, ((button,),) if missing else ())


def _missing_line(ask: Ask, scene: Scene) -> Text | None:
    missing = _missing(ask, scene)
    if not missing:
        return None
    return text("consent.line", klass=scene.view.klass.name, n=len(missing), seats=_seats(missing))


def _missing(ask: Ask, scene: Scene) -> list[Pupil]:
    """Who has none that holds; also one whose guardian has taken it back."""
    kept = ask(ConsentsOf(scene.view.klass.id, scene.day))
    return [one for one in scene.everybody if not _holds(kept, one.id)]


def _holds(kept: Mapping[str, ConsentView], pupil: str) -> bool:
    return pupil in kept and kept[pupil].withdrawn is None


def _seats(pupils: Iterable[Pupil]) -> Value:
    return listed([text("pupil.seat", seat=one.seat) for one in pupils]) or NOTHING


# What is said of somebody


def _proposed(update: Update, ask: Ask, scene: Scene, rest: str) -> Outcome:
    """A button, never at once: a wrong seat would be believed for years."""
    klass, words = scene.view.klass, _BUT.sub(" ", _WITHDRAWN.sub(" ", rest)).strip()
    found = _named(scene, words)
    if not found or len(found) > MOST_SEATS:
        return _say(update, text("consent.unread", klass=klass.name, most=MOST_SEATS))
    seats = "-".join(str(one.seat) for one in found)
    if _WITHDRAWN.search(rest):
        button = choice(text("button.consent_withdrawn", seats=_seats(found)), "disagreed", klass.id, seats)
        return _say(update, text("consent.withdraw", klass=klass.name, seats=_seats(found)), ((button,),))
    how = BUT if _BUT.search(rest) else ONLY
    button = choice(text(f"button.consent_{how}", seats=_seats(found)), "agreed", klass.id, how, seats)
    version = scene.rules.consent_version
    return _say(update, text(f"consent.{how}", klass=klass.name, seats=_seats(found), version=version), ((button,),))


def _named(scene: Scene, words: str) -> list[Pupil]:
    """By seats, else by one name; none where anything is not to be found."""
    numbers = [int(one) for one in _SEATS.findall(words)]
    if not numbers:
        by_name = find(words, scene.everybody)
        return list(by_name.pupils) if by_name.exact and len(by_name.pupils) == 1 else []
    by_seat = {one.seat: one for one in scene.everybody}
    return [by_seat[n] for n in dict.fromkeys(numbers)] if all(n in by_seat for n in numbers) else []


def agreed(update: Update, ask: Ask, person: Person) -> Outcome:
    """The button: all of the class who are missing, all but these, or these."""
    scene = _class(update, ask, update.args[0]) if len(update.args) > 1 else None
    if scene is None or update.args[1] not in (ALL, BUT, ONLY):
        return pop_up(text("answer.unknown_button"))
    named = {int(one) for one in _SEATS.findall(":".join(update.args[2:]))}
    now = [one for one in _missing(ask, scene) if _meant(update.args[1], one.seat, named)]
    if not now:
        return pop_up(text("consent.nothing"))
    fact = ConsentGiven(tuple(one.id for one in now), update.today, scene.rules.consent_version, person.id)
    words = text("consent.kept", klass=scene.view.klass.name, n=len(now), day=day_short(update.today))
    return Outcome((fact,), (_in_place(update, words),), Answer(text("answer.leave_kept")))


def _meant(how: str, seat: int, named: set[int]) -> bool:
    return how == ALL or (seat in named) == (how == ONLY)


def disagreed(update: Update, ask: Ask, person: Person) -> Outcome:
    """撤回. What is kept of the past stays; the office speaks with the guardian about the rest."""
    scene = _class(update, ask, update.args[0]) if len(update.args) == 2 else None
    if scene is None:
        return pop_up(text("answer.unknown_button"))
    kept, named = ask(ConsentsOf(scene.view.klass.id, scene.day)), {int(one) for one in _SEATS.findall(update.args[1])}
    now = [one for one in scene.everybody if one.seat in named and _holds(kept, one.id)]
    if not now:
        return pop_up(text("consent.nothing"))
    fact = ConsentWithdrawn(tuple(one.id for one in now), update.today, person.id)
    words = text("consent.withdrawn", klass=scene.view.klass.name, seats=_seats(now), day=day_short(update.today))
    return Outcome((fact,), (_in_place(update, words),), Answer(text("answer.leave_kept")))


def _in_place(update: Update, words: Text) -> Message:
    return Message(update.on or f"answer:{update.id}", ToHere(), words, in_place=True)


def _say(update: Update, words: Text, choices: Choices = ()) -> Outcome:
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words, choices),))
