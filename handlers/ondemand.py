"""The card on demand: /report for one's own classes, and for the 报告人 any class of the school, also of a past day."""

import re
from datetime import date

from handlers.answering import KEEPERS
from handlers.cards import show
from handlers.class_names import read_class
from handlers.model import Choice, Message, Person, Text, ToHere, Update, choice, in_rows, text
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, Classes, ClassRow, RulesOn, SchoolMorning, SchoolOf
from handlers.rulebook import Round
from handlers.rules.dates import of_month, read_day
from handlers.rules.spelling import plain
from handlers.scene import Scene, class_now, class_rounds, current_round, look, named
from handlers.views import looked_at
from handlers.words import day_full

MOST = 96  # classes on one keyboard
_NUMBERED = re.compile(r"(\d{1,2})号")
_ASKED = re.compile(r"\s*(?:报告|补报|订正)?\s*(?P<what>.+)")


def report(update: Update, ask: Ask, person: Person) -> Outcome:
    """/report, 报告: today's card of each of the person's classes, sent anew; for the 报告人 the school's classes.
    With a class, and perhaps a day: that card."""
    if update.text.strip():
        wanted = read_asked(update.text, update.today)
        return one_card(update, ask, person, *wanted) if wanted else _say(update, text("report.how"))
    rounds = class_rounds(update, ask, person.school)
    if not rounds:
        return _say(update, text("report.no_round"))
    says = [
        show(scene, person, _key(update, class_id), fresh=True)
        for class_id in dict.fromkeys(person.classes)
        if (scene := class_now(update, ask, class_id)) is not None
    ]
    if person.school is not None and person.has(*KEEPERS):
        says.append(_school(update, ask, person.school, current_round(rounds, update)))
    return Outcome(says=tuple(says)) if says else _say(update, text("report.no_class"))


def _key(update: Update, class_id: str, place: int = 0) -> str:
    """Its own: what was sent before stays known, and is edited with the others. `place`: among a day's rounds."""
    return f"asked:{class_id}:{update.id}:{place}" if place else f"asked:{class_id}:{update.id}"


def _scenes(update: Update, ask: Ask, class_id: str, day: date) -> tuple[Scene, ...]:
    """Today's round; of a day gone by each in which the class was due or reported, else its first."""
    if day == update.today:
        now = class_now(update, ask, class_id)
        return (now,) if now else ()
    school = ask(SchoolOf(class_id))
    rounds = ask(RulesOn(day)).rounds_of(school.id) if school else ()
    looked = (look(update, ask, class_id, day, one.id) for one in rounds if one.of_classes)
    scenes = tuple(scene for scene in looked if scene is not None)
    return tuple(one for one in scenes if one.report is not None or one.view.off is None) or scenes[:1]


# One card


def asks_for_card(words: str, today: date) -> tuple[str, date] | None:
    """三(2)班, 报告 三(2)班, 订正三(2)班9月1日: what is typed instead of /report."""
    found = _ASKED.fullmatch(words)
    return read_asked(found["what"], today) if found and "班" in words else None


def read_asked(words: str, today: date) -> tuple[str, date] | None:
    """The class in its one spelling, and the day, today where none is said; None when it says anything else."""
    said = words.strip()
    for end in range(len(said), 0, -1):
        roll = read_class(said[:end])
        day = _day(plain(said[end:]).strip(), today) if roll else None
        if roll is not None and day is not None:
            return roll.name, day
    return None


def _day(said: str, today: date) -> date | None:
    """Today or a day gone by. 5号 is a day here, for no seat is asked for."""
    if not said:
        return today
    numbered = _NUMBERED.fullmatch(said)
    if numbered:
        return of_month(int(numbered[1]), today).back
    read = read_day(said, 0, today)
    day = read[0].back if read and read[1] == len(said) else None
    return day if day and day <= today else None


def one_card(update: Update, ask: Ask, person: Person, name: str, day: date) -> Outcome:
    """A teacher's own class, or any of the school for its 报告人."""
    class_id = _class_named(ask, person, name, day)
    scenes = _scenes(update, ask, class_id, day) if class_id else ()
    if not scenes:
        return _say(update, text("typed.other_class", klass=name))
    outcome = Outcome()
    for place, scene in enumerate(scenes):
        outcome += _opened(update, scene, person, place)
    return outcome


def _opened(update: Update, scene: Scene, person: Person, place: int = 0) -> Outcome:
    shown = show(scene, person, _key(update, scene.view.klass.id, place), fresh=True)
    return Outcome(facts=looked_at(scene, person, "card"), says=(shown,))


def _class_named(ask: Ask, person: Person, name: str, day: date) -> str | None:
    """As it was called on that day."""
    classes = ask(Classes(person.school, day)) if person.school else ()
    mine = (one.id for one in classes if one.name == name and (person.teaches(one.id) or person.has(*KEEPERS)))
    return next(mine, None)


# The school's classes


def _school(update: Update, ask: Ask, school: str, round: Round) -> Message:
    """How each class stands, each a button that opens its card."""
    view = ask(SchoolMorning(school, update.today, round.id))
    due = [row for row in view.rows if row.off is None]
    words = text(
        "report.school",
        school=view.school.name,
        day=day_full(update.today),
        round=round.name,
        time=update.local(update.now),
        due=len(due),
        reported=sum(row.report is not None for row in due),
        more=text("report.more", n=len(view.rows) - MOST) if len(view.rows) > MOST else "",
    )
    buttons = [_class_button(row, update.today, round.id) for row in view.rows[:MOST]]
    choices = in_rows(buttons, 3)
    return Message(f"classes:{update.id}", ToHere(), words, choices)


def _class_button(row: ClassRow, day: date, round_id: str) -> Choice:
    key = "reported" if row.report is not None else "not_due" if row.off is not None else "not_reported"
    return choice(text(f"button.{key}", klass=row.klass.name), "card", row.klass.id, f"{day:%Y%m%d}", round_id)


def class_card(update: Update, ask: Ask, person: Person) -> Outcome:
    """A class of the keyboard: its card as it stands now, as a message of its own."""
    where = named(update)
    scene = look(update, ask, *where) if where else None
    if scene is None:
        return pop_up(text("answer.unknown_button"))
    return _opened(update, scene, person)


def _say(update: Update, words: Text) -> Outcome:
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words),))
