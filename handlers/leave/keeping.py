"""/leave: a pupil is set on leave, or is back. A name is always confirmed: a wrong one would leave 应到 unseen."""

from datetime import date, timedelta

from handlers.answering import KEEPERS, keeps
from handlers.facts import LeaveEnded, LeaveSet
from handlers.leave.listing import back_button, line, listing
from handlers.leave.saying import Misread, Said, read_leave
from handlers.model import (
    Answer,
    Choices,
    Duty,
    Message,
    Person,
    PupilRef,
    Put,
    School,
    Text,
    ToHere,
    Update,
    choice,
    text,
)
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, ClassDay, Classes, OnLeave, RulesOn, SchoolOf, Schools
from handlers.rolls import PupilStatus
from handlers.rulebook import Kind
from handlers.rules.names import Pupil, find
from handlers.scene import Scene, look
from handlers.words import NOTHING, day_short, leave_until

OPEN = "-"  # stands in a button for a leave without an end


def may_keep(update: Update, ask: Ask, person: Person) -> bool:
    """管理员; the 报告人 and deputy, for the school whose class a button names."""
    if person.has(Duty.ADMIN):
        return True
    if update.verb == "leave":
        return person.school is not None and person.has(*KEEPERS)
    school = ask(SchoolOf(update.args[0])) if update.args else None
    return school is not None and keeps(person, school.id)


def leave(update: Update, ask: Ask, person: Person) -> Outcome:
    """/leave, 长假: who is on leave; with class, pupil and day, a proposal to be confirmed by its button."""
    schools = _schools(update, ask, person)
    if not update.text.strip():
        return Outcome(says=tuple(listing(update, ask, school) for school in schools))
    said = read_leave(update.text, schools, update.today)
    if isinstance(said, Misread):
        return _say(update, text(f"leave.{said.why}"))
    return _propose(update, ask, said)


def _schools(update: Update, ask: Ask, person: Person) -> tuple[School, ...]:
    schools = ask(Schools(update.today))
    return schools if person.has(Duty.ADMIN) else tuple(one for one in schools if one.id == person.school)


def _say(update: Update, words: Text, choices: Choices = ()) -> Outcome:
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words, choices),))


# Setting


def _propose(update: Update, ask: Ask, said: Said) -> Outcome:
    scene = _class(update, ask, said)
    if scene is None:
        return _say(update, text("leave.no_class", klass=said.klass))
    found = find(said.who, scene.everybody)
    if not found.pupils:
        return _say(update, text("leave.no_pupil", klass=said.klass))
    end = f"{said.until:%Y%m%d}" if said.until else OPEN
    buttons = tuple(
        (
            choice(
                text("button.on_leave", pupil=PupilRef(pupil.id, pupil.seat, alone=True)),
                "on_leave",
                scene.view.klass.id,
                pupil.id,
                said.kind,
                end,
            ),
        )
        for pupil in found.pupils
    )
    words = text(
        "leave.confirm" if found.exact else "leave.who",
        klass=scene.view.klass.name,
        kind=text(f"leave.{said.kind}"),
        until=leave_until(said.until),
        back=text("leave.back", day=day_short(said.until + timedelta(days=1))) if said.until else NOTHING,
    )
    return _say(update, words, buttons)


def _class(update: Update, ask: Ask, said: Said) -> Scene | None:
    classes = ask(Classes(said.school.id, update.today))
    class_id = next((one.id for one in classes if one.name == said.klass), None)
    return _scene(update, ask, class_id) if class_id else None


def _scene(update: Update, ask: Ask, class_id: str) -> Scene | None:
    """The class's day, in a round of all its pupils."""
    rounds = (one for one in ask(RulesOn(update.today)).every_round if one.kind is Kind.CLASS)
    first = next(rounds, None)
    return look(update, ask, class_id, update.today, first.id) if first else None


def set_leave(update: Update, ask: Ask, person: Person) -> Outcome:
    """The button of a proposal. A report of today stands: then the leave begins tomorrow."""
    terms, scene = _terms(update), _scene(update, ask, update.args[0]) if update.args else None
    pupil = _pupil(scene, update) if scene else None
    if terms is None or scene is None or pupil is None:
        return pop_up(text("answer.unknown_button"))
    kind, until = terms
    held = scene.on_leave.get(pupil.id)
    if held is not None and held.by_file:
        return pop_up(text("leave.by_file_already"))
    since = update.today + timedelta(days=1) if _reported(update, ask, scene) else update.today
    if until is not None and until < since:
        return pop_up(text("leave.past" if until < update.today else "leave.reported_today"))
    one = OnLeave(scene.view.klass, pupil, kind, until, by_file=False)
    words = text("leave.set", line=line(one), since=day_short(since))
    fact = LeaveSet(pupil.id, scene.view.klass.id, kind, since, until, person.id)
    return _kept(update, scene, fact, words, ((back_button(one),),))


def returned(update: Update, ask: Ask, person: Person) -> Outcome:
    """已返校: in 应到 again, from today on."""
    scene = _scene(update, ask, update.args[0]) if len(update.args) == 2 else None
    pupil = _pupil(scene, update) if scene else None
    if scene is None or pupil is None:
        return pop_up(text("answer.unknown_button"))
    held = scene.on_leave.get(pupil.id)
    if held is not None and held.by_file:
        return pop_up(text("leave.by_file_already"))
    words = text("leave.ended", klass=scene.view.klass.name, seat=pupil.seat, day=day_short(update.today))
    return _kept(update, scene, LeaveEnded(pupil.id, scene.view.klass.id, update.today, person.id), words)


def _pupil(scene: Scene, update: Update) -> Pupil | None:
    return next((one for one in scene.everybody if one.id == update.args[1]), None) if len(update.args) > 1 else None


def _terms(update: Update) -> tuple[str, date | None] | None:
    """Kind and end that a button names."""
    if len(update.args) != 4 or update.args[2] not in (PupilStatus.LEAVE, PupilStatus.HOME_TAUGHT):
        return None
    try:
        end = None if update.args[3] == OPEN else date.fromisoformat(update.args[3])
    except ValueError:
        return None
    return update.args[2], end


def _reported(update: Update, ask: Ask, scene: Scene) -> bool:
    """In any round of today: what was reported has counted the pupil as expected."""
    rounds = ask(RulesOn(update.today)).rounds
    views = (ask(ClassDay(scene.view.klass.id, update.today, one.id)) for one in rounds)
    return any(view is not None and view.report is not None for view in views)


def _kept(update: Update, scene: Scene, fact: LeaveSet | LeaveEnded, words: Text, choices: Choices = ()) -> Outcome:
    """Said in the message that was tapped; the class's open cards show the new 应到."""
    school = scene.view.school.id
    again = Put(school, f"cards_again:{update.id}", "cards_again", (school, update.today.isoformat(), fact.class_id))
    shown = Message(update.on or f"answer:{update.id}", ToHere(), words, choices, in_place=True)
    return Outcome((fact,), (shown,), Answer(text("answer.leave_kept")), puts=(again,))
