"""Who looked: a pupil's health with the name beside it, opened by somebody to whom nobody had sent it."""

from collections.abc import Iterable

from handlers.class_said import class_said
from handlers.facts import Viewed
from handlers.model import DISTRICT_OFFICE, Duty, Message, Person, School, Text, ToHere, Update, text
from handlers.outcome import Outcome
from handlers.questions import Ask, Classes, RulesOn, Schools, View, ViewsOf, WhoIs
from handlers.rules.names import Pupil, find
from handlers.scene import Scene, look
from handlers.words import day_short

MOST = 40


def may_ask(person: Person) -> bool:
    """校长 of the school; 联络员 and 管理员."""
    return person.has(Duty.PRINCIPAL, Duty.LIAISON, Duty.ADMIN)


def looked_at(scene: Scene, person: Person, what: str, pupils: Iterable[str] | None = None) -> tuple[Viewed, ...]:
    """A class that is not one's own: who of it is listed. A teacher's own class is theirs to look at every morning."""
    if pupils is None:
        pupils = (entry.pupil for entry in scene.report.entries) if scene.report else ()
    seen = tuple(dict.fromkeys(pupils))
    if not seen or person.teaches(scene.view.klass.id):
        return ()
    return (Viewed(what, scene.view.klass.id, seen, person.id, scene.update.at),)


def viewed(update: Update, ask: Ask, person: Person) -> Outcome:
    """/viewed 三(2)班17号: who opened what is kept of this pupil's health, the latest first."""
    schools = _schools(update, ask, person)
    said = class_said(update.text, schools)
    if said.klass is None or not said.rest:
        return _say(update, text("viewed.how"))
    if said.school is None:
        return _say(update, text("leave.school"))
    scene = _class(update, ask, said.school, said.klass)
    found = find(said.rest, scene.everybody).pupils if scene else ()
    if scene is None or len(found) != 1:
        return _say(update, text("leave.no_pupil", klass=said.klass))
    return _say(update, _views(update, ask, scene, found[0]))


def _schools(update: Update, ask: Ask, person: Person) -> tuple[School, ...]:
    schools = ask(Schools(update.today))
    district = person.has(*DISTRICT_OFFICE)
    return schools if district else tuple(one for one in schools if one.id == person.school)


def _class(update: Update, ask: Ask, school: School, name: str) -> Scene | None:
    rounds = ask(RulesOn(update.today)).rounds
    class_id = next((one.id for one in ask(Classes(school.id, update.today)) if one.name == name), None)
    return look(update, ask, class_id, update.today, rounds[0].id) if class_id and rounds else None


def _views(update: Update, ask: Ask, scene: Scene, pupil: Pupil) -> Text:
    views = ask(ViewsOf(pupil.id, MOST))
    lines = tuple(_line(update, ask, one) for one in views) or (text("viewed.nobody"),)
    return text("viewed.list", klass=scene.view.klass.name, seat=pupil.seat, lines=lines)


def _line(update: Update, ask: Ask, one: View) -> Text:
    who = ask(WhoIs(one.person, update.day_of(one.at)))
    return text(
        "viewed.line",
        day=day_short(update.day_of(one.at)),
        time=update.local(one.at),
        who=who.title if who else text("viewed.machine"),
        what=text(f"viewed.what.{one.what}"),
    )


def _say(update: Update, words: Text) -> Outcome:
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words),))
