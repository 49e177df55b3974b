"""Who has left the platform's directory: no duty, no right from today on; the school's 疫情报告人 hears of it."""

from collections.abc import Sequence

from handlers.admins import admins, tell
from handlers.facts import RollChanged, Unbound
from handlers.model import Duty, Message, Person, School, Text, Update, text
from handlers.outcome import Outcome
from handlers.questions import Ask, Classes, RollOf, RulesOn, SchoolOf, Sender, Staff
from handlers.roster.diff import OFFICE
from handlers.roster.importing import carried_out
from handlers.roster.summary import Names, holds
from handlers.words import NOTHING, day_short, listed, literal

HEARS = (Duty.REPORTER, Duty.DEPUTY, Duty.PRINCIPAL)  # the first of them of whom somebody can be reached


def stopped(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """At the machine, in the school's lane: `stopped CHANNEL NATIVE …`, people of one school, or of the district's
    office. They leave the roll as if the office's file had come without them; their chats elsewhere are no use to them
    either. Who is nobody's any more is passed over."""
    channel, *natives = update.args
    gone = {native: who for native in natives if (who := ask(Sender(channel, native, update.today)).person)}
    if not gone:
        return Outcome()
    people = tuple(gone.values())
    fact = _without(update, ask, people)
    view = ask(RollOf(fact.school.name, update.today, fact.district))
    unbound = Outcome(tuple(Unbound(channel, native) for native in gone))
    return unbound + carried_out(update, ask, fact, view).and_say(*_told(update, ask, people))


def _without(update: Update, ask: Ask, people: Sequence[Person]) -> RollChanged:
    """Raises ValueError for people of several schools."""
    places = {one.school for one in people}
    if len(places) != 1:
        raise ValueError("these people are of several schools")
    place = places.pop()
    school = ask(SchoolOf(place)) if place else None
    office = ask(RulesOn(update.today)).district
    retired = tuple(one.id for one in people)
    whose = school or School(OFFICE, office, office, 0)
    return RollChanged(whose, school is None, update.today, (), (), (), retired, (), ())


def _told(update: Update, ask: Ask, people: Sequence[Person]) -> tuple[Message, ...]:
    """The 疫情报告人; where none can be reached the 副报告人, then the 校长, then the 管理员."""
    ids, place = {one.id for one in people}, people[0].school
    staying = [one for one in ask(Staff(place, update.today)) if one.id not in ids]
    heads = [[one for one in staying if one.reachable and one.has(duty)] for duty in HEARS if place]
    hear = next(filter(None, heads), [one for one in admins(ask, update.today) if one.id not in ids])
    names = {one.id: one.name for one in ask(Classes(place, update.today))} if place else {}
    return tell(hear, f"stopped:{update.id}", _words(update, people, staying, names))


def _words(update: Update, people: Sequence[Person], staying: Sequence[Person], names: Names) -> Text:
    lines = tuple(text("directory.stopped_one", name=one.name, holds=holds(one, names)) for one in people)
    left = {id for one in people for id in one.classes if not any(other.teaches(id) for other in staying)}
    classes = listed([literal(name) for name in sorted(names[id] for id in left)])
    vacant = text("directory.stopped_classes", classes=classes) if left else NOTHING
    return text("directory.stopped", day=day_short(update.today), lines=lines, vacant=vacant)
