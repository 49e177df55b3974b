"""Who has left the platform's directory: no duty, no right from today on; the school's 疫情报告人 hears of it."""

from collections.abc import Iterable, Sequence

from handlers.admins import admins, tell
from handlers.facts import RollChanged, Unbound
from handlers.model import CLASS_DUTIES, Duty, Message, Person, School, Text, Update, text
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
    ids = {one.id for one in people}
    place = people[0].school
    there = [one for one in ask(Staff(place, update.today)) if one.id not in ids and one.reachable] if place else []
    hearing = next((some for duty in HEARS if (some := [one for one in there if one.has(duty)])), None)
    hearing = hearing or [one for one in admins(ask, update.today) if one.id not in ids]
    names = {one.id: one.name for one in ask(Classes(place, update.today))} if place else {}
    return tell(hearing, f"stopped:{update.id}", _words(update, people, names))


def _words(update: Update, people: Sequence[Person], names: Names) -> Text:
    lines = tuple(text("directory.stopped_one", name=one.name, holds=holds(one, names)) for one in people)
    classes = [literal(name) for name in sorted({names[id] for id in _classes(people) if id in names})]
    vacant = text("directory.stopped_classes", classes=listed(classes)) if classes else NOTHING
    return text("directory.stopped", day=day_short(update.today), lines=lines, vacant=vacant)


def _classes(people: Sequence[Person]) -> Iterable[str]:
    return (held.class_id for one in people for held in one.duties if held.duty in CLASS_DUTIES and held.class_id)
