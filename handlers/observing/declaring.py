"""/travel, 外出: a pupil or one of the staff has been out of town; an observation opens by itself, by the rule."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from handlers.answering import answers_for
from handlers.cards import refresh
from handlers.class_meant import class_meant
from handlers.facts import TravelDeclared
from handlers.following.showing import observation_line
from handlers.model import (
    ABSENT,
    Answer,
    Choice,
    Choices,
    Duty,
    Message,
    Observation,
    Person,
    PupilRef,
    Sure,
    Text,
    ToHere,
    ToPerson,
    Trip,
    Update,
    Urgency,
    Value,
    choice,
    in_rows,
    text,
)
from handlers.observing.opening import open_one
from handlers.observing.reading import read_travel
from handlers.observing.showing import PLACES, place, place_of
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, Observations, RulesOn, Staff
from handlers.rules.names import Pupil, find
from handlers.scene import Scene, current_round, look
from handlers.values import replace
from handlers.words import NOTHING, day_short

SELF = "self"  # stands in a button for whoever taps it
NOT_BACK = "-"  # … for a return that has not come
IN = "in"  # … for whose class is known only
DAYS_BACK = 7
SEATS_A_ROW = 6
CLASSES_A_ROW = 3


class Travel(Struct, frozen=True):
    """Where somebody was. `scene`: the class's day of a pupil; None for one of the staff."""

    scene: Scene | None
    pupil: str | None
    person: Person | None
    destination: str
    left: date | None
    returned: date | None
    risk: Sure = Sure.UNSURE
    contact: Sure = Sure.UNSURE


def travel(update: Update, ask: Ask, person: Person) -> Outcome:
    """/travel: who was away? With words after it, all of it in one line."""
    if person.school is None:
        return _say(update, text("report.no_class"))
    if not update.text.strip():
        return _who(update, ask, person)
    said = read_travel(update.text, update.today)
    if said is None:
        return _say(update, text("travel.how"))
    if said.returned and said.left and said.returned < said.left:
        return _say(update, text("travel.order"))
    if not said.who:
        of = Travel(None, None, person, said.destination, said.left, said.returned, said.risk, said.contact)
        return declare(update, ask, person, of)
    scene = _class(update, ask, person, said.who)
    if isinstance(scene, Text):
        return _say(update, scene)
    found = find(_without_class(said.who, scene), scene.everybody)
    if not found.exact:
        return _say(update, text("travel.nobody"))
    of = Travel(scene, found.pupils[0].id, None, said.destination, said.left, said.returned, said.risk, said.contact)
    return declare(update, ask, person, of)


def _class(update: Update, ask: Ask, person: Person, words: str) -> Scene | Text:
    rounds = ask(RulesOn(update.today)).rounds
    found = class_meant(_typed(update, words), ask, person) if rounds else text("typed.no_class")
    if isinstance(found, Text):
        return found
    return look(update, ask, found, update.today, current_round(rounds, update).id) or text("typed.no_class")


def _typed(update: Update, words: str) -> Update:
    return replace(update, text=words)


def _without_class(words: str, scene: Scene) -> str:
    return words.replace(scene.view.klass.name, " ").strip()


# Tapped: who, since when back, where


def _who(update: Update, ask: Ask, person: Person) -> Outcome:
    """Of several classes first which: a seat alone would be anybody's."""
    scenes = _scenes(update, ask, person)
    rows = _seats(scenes[0]) if len(scenes) == 1 else _classes(scenes)
    myself = choice(text("button.myself"), "travelled", SELF)
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), text("travel.who"), ((myself,), *rows)),))


def _classes(scenes: Sequence[Scene]) -> Choices:
    classes = [one.view.klass for one in scenes]
    return in_rows([choice(text("literal", words=one.name), "travelled", IN, one.id) for one in classes], CLASSES_A_ROW)


def _seats(scene: Scene) -> Choices:
    return in_rows([_seat(one) for one in scene.register.pupils], SEATS_A_ROW)


def _seat(pupil: Pupil) -> Choice:
    label = text("button.pupil", pupil=PupilRef(pupil.id, pupil.seat, alone=True))
    return replace(choice(label, "travelled", pupil.id), number=pupil.seat)


def travelled(update: Update, ask: Ask, person: Person) -> Outcome:
    """`travelled WHO [RETURNED [PLACE]]`, `travelled in CLASS`: what is still to be said is asked next."""
    match update.args:
        case (str() as who, class_id) if who == IN:
            return _of_class(update, ask, person, class_id)
        case (who,):
            return _asked(update, text("travel.back"), _returns(update, who))
        case (who, returned):
            return _asked(update, text("travel.where"), _places(who, returned))
        case (who, returned, place) if place in PLACES:
            return _declared(update, ask, person, who, returned, place)
        case _:
            return pop_up(text("answer.unknown_button"))


def _asked(update: Update, words: Text, choices: Choices) -> Outcome:
    return Outcome(says=(_here(update, words, choices),), answer=Answer())


def _here(update: Update, words: Text, choices: Choices = ()) -> Message:
    return Message(update.on or f"answer:{update.id}", ToHere(), words, choices, in_place=update.on is not None)


def _returns(update: Update, who: str) -> Choices:
    days = [update.today - timedelta(days=back) for back in range(DAYS_BACK)]
    buttons = [choice(text("literal", words=day_short(day)), "travelled", who, f"{day:%Y%m%d}") for day in days]
    away = choice(text("button.not_back"), "travelled", who, NOT_BACK)
    return (tuple(buttons[:4]), tuple(buttons[4:]), (away,))


def _places(who: str, returned: str) -> Choices:
    return tuple((choice(text(f"place.{one}"), "travelled", who, returned, one),) for one in PLACES)


def _declared(update: Update, ask: Ask, person: Person, who: str, returned: str, place: str) -> Outcome:
    try:
        back = None if returned == NOT_BACK else date.fromisoformat(returned)
    except ValueError:
        return pop_up(text("answer.unknown_button"))
    risk = Sure.YES if place == "risk" else Sure.UNSURE
    if who == SELF:
        return declare(update, ask, person, Travel(None, None, person, place, None, back, risk))
    scene = _scene_of(update, ask, person, who)
    if scene is None:
        return pop_up(text("answer.not_yours"))
    return declare(update, ask, person, Travel(scene, who, None, place, None, back, risk))


def _of_class(update: Update, ask: Ask, person: Person, class_id: str) -> Outcome:
    scene = next((one for one in _scenes(update, ask, person) if one.view.klass.id == class_id), None)
    return _asked(update, text("travel.who"), _seats(scene)) if scene else pop_up(text("answer.not_yours"))


def _scene_of(update: Update, ask: Ask, person: Person, pupil: str) -> Scene | None:
    """Of the classes that this person answers for."""
    scenes = _scenes(update, ask, person)
    everywhere = (one for one in scenes if any(known.id == pupil for known in one.everybody))
    return next((one for one in everywhere if answers_for(one, person)), None)


def _scenes(update: Update, ask: Ask, person: Person) -> list[Scene]:
    """Of this person's classes."""
    rounds = ask(RulesOn(update.today)).rounds
    if not rounds:
        return []
    round_id = current_round(rounds, update).id
    found = (look(update, ask, class_id, update.today, round_id) for class_id in dict.fromkeys(person.classes))
    return [scene for scene in found if scene is not None]


# What comes of it


def declare(update: Update, ask: Ask, person: Person, of: Travel) -> Outcome:
    """The travel is kept; where the rule says so, an observation opens, or has its days now that they are back."""
    school = person.school
    if school is None:
        return _say(update, text("report.no_class"))
    rules = ask(RulesOn(update.today))
    known = _open(ask(Observations(school, update.today)), of)
    new = Observation(
        id=NOTHING,
        school=school,
        class_id=of.scene.view.klass.id if of.scene else None,
        pupil=of.pupil,
        seat=of.scene.seat(of.pupil) if of.scene and of.pupil else 0,
        person=of.person.id if of.person else None,
        since=None,
        until=None,
        left=of.left,
        destination=of.destination,
        risk=of.risk,
        contact=of.contact,
        declared_by=person.id,
        declared_on=update.today,
    )
    opened = open_one(update, rules, known, new, of.returned)
    declared = _trip_facts(update, person, of)
    if opened is None:
        said = _here(update, _words(of, "travel.noted", NOTHING, person))
        return Outcome(facts=declared, says=(said,), answer=Answer())
    says = _told(update, ask, person, of, opened.observation)
    return Outcome(facts=(*declared, opened), says=says, answer=Answer())


def _trip_facts(update: Update, person: Person, of: Travel) -> tuple[TravelDeclared, ...]:
    """Of a pupil it stands beside what the holiday reports declare."""
    if of.scene is None or of.pupil is None:
        return ()
    place = NOTHING if of.destination in PLACES else of.destination
    away = of.returned is None
    trip = Trip(of.pupil, away=away, destination=place, contact=of.contact, risk=of.risk, by=person.id)
    scene = of.scene
    return (TravelDeclared(scene.day, scene.round.id, scene.view.school.id, scene.view.klass.id, trip, update.at),)


def _open(found: tuple[Observation, ...], of: Travel) -> Observation | None:
    person = of.person.id if of.person else None
    return next((one for one in found if one.how is None and (one.pupil, one.person) == (of.pupil, person)), None)


def _told(update: Update, ask: Ask, person: Person, of: Travel, now: Observation) -> tuple[Message, ...]:
    """Whoever declared it; the class's cards; of one of the staff 校医 and 校长, who alone see it."""
    what = observation_line(now, update.today)
    key = "travel.observed_pupil" if of.scene else "travel.observed_staff"
    undo = ((choice(text("button.undo"), "release", now.id, "mistaken"),),)
    here = _here(update, _words(of, key, what, person), undo)
    if of.scene is None:
        return (here, *_to_office(update, ask, person, now, what))
    return (here, *refresh(replace(of.scene, observed=_observed(of.scene, now)), ask))


def _observed(scene: Scene, now: Observation) -> tuple[Observation, ...]:
    others = tuple(one for one in scene.observed if one.id != now.id)
    return (*others, now) if now.bars(scene.day) else others


def _to_office(update: Update, ask: Ask, of: Person, now: Observation, what: Text) -> tuple[Message, ...]:
    people = [one for one in ask(Staff(now.school, update.today)) if one.has(Duty.NURSE, Duty.PRINCIPAL)]
    words = text("travel.told_staff", who=of.title, what=what, place=place_of(now))
    return tuple(
        Message(f"observation:{now.id}:{one.id}", ToPerson(one.id), words, urgency=Urgency.REMINDER)
        for one in people
        if one.id != of.id
    )


def _words(of: Travel, key: str, what: Value, author: Person) -> Text:
    seat = of.scene.seat(of.pupil) if of.scene and of.pupil else 0
    who: Value = text("travel.myself")
    if of.scene is not None and of.pupil is not None:
        who = text("observation.pupil", klass=of.scene.view.klass.name, pupil=PupilRef(of.pupil, seat))
    return text(
        key,
        who=who,
        left=text("travel.left", day=day_short(of.left)) if of.left else NOTHING,
        place=place(of.destination, author.id),
        back=text("observation.returned", day=day_short(of.returned)) if of.returned else text("travel.not_back"),
        what=what,
        now=_now(of),
    )


def _now(of: Travel) -> Text | str:
    """In class today, as far as was reported: where they go now."""
    report = of.scene.report if of.scene else None
    if report is None or of.returned is None:
        return NOTHING
    away = any(entry.pupil == of.pupil and entry.attendance in ABSENT for entry in report.entries)
    return NOTHING if away else text("travel.at_school")


def _say(update: Update, words: Text) -> Outcome:
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words),))
