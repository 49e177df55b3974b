"""/substitute, 代班: which class is handed over, to whom, until when; typed in one line, or tapped."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from handlers.answering import KEEPERS, keepers, keeps, owns
from handlers.facts import SubstituteAccepted, SubstituteNamed
from handlers.ids import new_id
from handlers.model import (
    Answer,
    Choice,
    Choices,
    Duty,
    Klass,
    Message,
    Person,
    Text,
    ToHere,
    ToPerson,
    Typed,
    Update,
    choice,
    in_rows,
    text,
)
from handlers.outcome import Outcome, pop_up
from handlers.questions import (
    Ask,
    ClassBy,
    ClassDay,
    Classes,
    RulesOn,
    SchoolOf,
    Schools,
    Staff,
    StandIn,
    StandInBy,
    StandInsOf,
)
from handlers.rulebook import Rules
from handlers.rules.spelling import plain
from handlers.substitutes.ending import end, later, lists_again, rights_changed
from handlers.substitutes.saying import Days, read_handing, wrong
from handlers.substitutes.telling import NOTICE, TODAY, key_of, notice, notices, span
from handlers.values import replace
from handlers.words import NOTHING, day_full, day_short, listed, literal

MOST_OFFERED = 24
A_ROW = 2
FRIDAY = 4


def may_hand_over(update: Update, ask: Ask, person: Person) -> bool:
    """管理员; of the class that a button names its own teachers, and the school's 疫情报告人 and deputy."""
    if person.has(Duty.ADMIN):
        return True
    if update.verb == "substitute":
        return person.has(Duty.HOMEROOM, Duty.TEACHER, *KEEPERS)
    school = ask(SchoolOf(update.args[0])) if update.args else None
    return school is None or keeps(person, school.id) or owns(person, update.args[0])


# The command


def substitute(update: Update, ask: Ask, person: Person) -> Outcome:
    """/substitute: who stands in now, and for which class somebody is to be named. With a name, and perhaps class and
    days: a proposal to be confirmed by its button."""
    schools = ask(Schools(update.today))
    if not person.has(Duty.ADMIN):
        schools = tuple(one for one in schools if one.id == person.school)
    said = read_handing(update.text, schools, update.today)
    school = said.school.id if said.school else person.school or (schools[0].id if len(schools) == 1 else None)
    if school is None:
        return _say(update, text("substitute.which_school"))
    classes = _classes(update, ask, person, school)
    if said.klass is not None:
        classes = tuple(one for one in classes if one.name == said.klass)
        if not classes:
            return _say(update, text("typed.other_class", klass=said.klass))
    if said.days is not None and (why := wrong(said.days, update.today)):
        return _say(update, text(f"substitute.{why}"))
    if len(classes) != 1:
        return _which_class(update, ask, school, classes, asked=bool(update.text.strip()))
    return _who(update, ask, person, classes[0], said.who, said.days)


def _classes(update: Update, ask: Ask, person: Person, school: str) -> tuple[Klass, ...]:
    """Those that the person may hand over: their own, the whole school's for its 报告人 and for 管理员."""
    every = keeps(person, school) or person.has(Duty.ADMIN)
    return tuple(one for one in ask(Classes(school, update.today)) if every or owns(person, one.id))


def _say(update: Update, words: Text, choices: Choices = ()) -> Outcome:
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words, choices),))


def _which_class(update: Update, ask: Ask, school: str, classes: Sequence[Klass], *, asked: bool) -> Outcome:
    shown = {one.id for one in classes}
    known = [one for one in ask(StandInsOf(school, update.today)) if one.klass.id in shown]
    lines = tuple(_line(one) for one in known) or (text("substitute.nobody"),)
    words = text(
        "substitute.list", lines=lines, ask=text("substitute.one_class" if asked else "substitute.which_class")
    )
    return _say(update, words, in_rows((choice(literal(one.name), "hand_over", one.id) for one in classes), 3))


def _line(one: StandIn) -> Text:
    state = "declined" if one.declined_at else "accepted" if one.accepted_at else "waiting"
    return text(
        "substitute.line",
        klass=one.klass.name,
        span=span(one),
        absent=one.absent.title if one.absent else text("substitute.no_teacher"),
        person=one.person.title,
        state=text(f"substitute.is_{state}"),
    )


# To whom


def hand_over(update: Update, ask: Ask, person: Person) -> Outcome:
    """`hand_over CLASS`, or `hand_over CLASS today` beside a class that is late: who is there to be named."""
    klass = _klass(update, ask)
    if klass is None:
        return pop_up(text("answer.unknown_button"))
    days = (update.today, update.today) if update.args[1:] == (TODAY,) else None
    return _who(update, ask, person, klass, NOTHING, days) + Outcome(answer=Answer())


def _klass(update: Update, ask: Ask) -> Klass | None:
    return ask(ClassBy(update.args[0], update.today)) if update.args else None


def _who(update: Update, ask: Ask, person: Person, klass: Klass, name: str, days: Days | None) -> Outcome:
    there = _candidates(update, ask, person, klass)
    found = [one for one in there if not name or name in (plain(one.name), plain(one.title))]
    if not found:
        return _say(update, text("substitute.no_such", words=Typed(name, person.id)))
    reached = [one for one in found if one.reachable]
    if not reached:
        return _say(update, text("substitute.unreachable", who=listed([literal(one.name) for one in found[:3]])))
    words = text(
        "substitute.who",
        klass=klass.name,
        span=_span(days) if days else NOTHING,
        more=text("substitute.more", klass=klass.name) if len(reached) > MOST_OFFERED else NOTHING,
    )
    buttons = in_rows((_button(one, klass, days) for one in reached[:MOST_OFFERED]), A_ROW)
    # what is shown of the 代班 later is shown in this message: it has its id from the beginning
    key = key_of(new_id(update.seed, "substitute", klass.id), person)
    return Outcome(says=(Message(key, ToPerson(person.id), words, buttons, fresh=True),))


def _span(days: Days) -> Text:
    since, until = (day_short(day) for day in days)
    return text("substitute.on", day=since) if days[0] == days[1] else text("substitute.span", since=since, until=until)


def _candidates(update: Update, ask: Ask, person: Person, klass: Klass) -> list[Person]:
    """The class's own teachers first, then other teachers, then whoever else is of the school; not who is away."""
    absent = absent_of(update, ask, person, klass)
    staff = [one for one in ask(Staff(klass.school, update.today)) if absent is None or one.id != absent.id]
    return sorted(staff, key=lambda one: (not one.teaches(klass.id), not one.classes))


def _button(one: Person, klass: Klass, days: Days | None) -> Choice:
    if days is None:
        return choice(literal(one.name), "days", klass.id, one.id)
    return choice(literal(one.name), "named", klass.id, one.id, *(f"{day:%Y%m%d}" for day in days))


def absent_of(update: Update, ask: Ask, person: Person, klass: Klass) -> Person | None:
    """For whom somebody stands in: a teacher for themself; else for the class's 班主任, else for the first of its
    teachers. None where it has none."""
    view = ask(ClassDay(klass.id, update.today, NOTHING))
    own = [one for one in view.teachers if owns(one, klass.id)] if view else []
    if not keeps(person, klass.school) and any(one.id == person.id for one in own):
        return person
    return next((one for one in own if _homeroom(one, klass.id)), own[0] if own else None)


def _homeroom(person: Person, class_id: str) -> bool:
    return any(held.duty is Duty.HOMEROOM and held.class_id == class_id for held in person.duties)


# Until when


def days(update: Update, ask: Ask, person: Person) -> Outcome:
    """`days CLASS PERSON`: the likeliest spans, a tap each."""
    klass = _klass(update, ask)
    who = _staff(update, ask, klass) if klass else None
    if klass is None or who is None:
        return pop_up(text("answer.unknown_button"))
    first = _first_day(update, ask(RulesOn(update.today)))
    buttons = (
        choice(
            text("button.one_day" if last == first else "button.until", day=day_full(last)),
            "named",
            klass.id,
            who.id,
            f"{first:%Y%m%d}",
            f"{last:%Y%m%d}",
        )
        for last in _lasts(first)
    )
    words = text("substitute.until_when", klass=klass.name, who=who.title, name=who.name)
    shown = Message(update.on or f"answer:{update.id}", ToHere(), words, in_rows(buttons, 1), in_place=True)
    return Outcome(says=(shown,), answer=Answer())


def _staff(update: Update, ask: Ask, klass: Klass) -> Person | None:
    people = ask(Staff(klass.school, update.today))
    return next((one for one in people if one.id == update.args[1]), None) if len(update.args) > 1 else None


def _first_day(update: Update, rules: Rules) -> date:
    """Today, until the day is closed."""
    over = all(round.closed(update.at, update.today, update.zone) for round in rules.rounds)
    return update.today + timedelta(days=1) if over else update.today


def _lasts(first: date) -> list[date]:
    """That day, the next, the Friday of that week and of the week after."""
    friday = first + timedelta(days=(FRIDAY - first.weekday()) % 7)
    return sorted({first, first + timedelta(days=1), friday, friday + timedelta(days=7)})


# Done


def named(update: Update, ask: Ask, person: Person) -> Outcome:
    """`named CLASS PERSON SINCE UNTIL`: from now on they may report, and are asked to accept. Who stood in on these
    days before does so no longer."""
    klass, said = _klass(update, ask), _days_of(update)
    who = _staff(update, ask, klass) if klass else None
    if klass is None or who is None or said is None:
        return pop_up(text("answer.unknown_button"))
    absent = absent_of(update, ask, person, klass)
    if why := _refused(update, absent, who, said):
        return pop_up(why)
    known = [one for one in ask(StandInsOf(klass.school, said[0], klass.id)) if _same(one.absent, absent)]
    one = _arranged(update, ask, klass, (absent, who, person), _beyond(known, who, said))
    if one is None:
        return pop_up(text("substitute.already", who=who.title))
    before = Outcome()
    for other in known:
        if other.since <= one.until and other.until >= one.since:
            before += end(update, ask, other, max(other.since, one.since), person, heard=None)
    now = _begun(update, ask, one)
    answer = Answer(text("substitute.done", who=who.title))
    return Outcome(before.facts + now.facts, now.says + before.says, answer, puts=before.puts + now.puts)


def _refused(update: Update, absent: Person | None, who: Person, said: Days) -> Text | None:
    if why := wrong(said, update.today):
        return text(f"substitute.{why}")
    if absent is not None and absent.id == who.id:
        return text("substitute.same")
    return None if who.reachable else text("substitute.unreachable", who=who.name)


def _days_of(update: Update) -> Days | None:
    try:
        since, until = (date.fromisoformat(day) for day in update.args[2:4])
    except ValueError:
        return None
    return since, until


def _same(one: Person | None, other: Person | None) -> bool:
    return (one.id if one else None) == (other.id if other else None)


def _beyond(known: Sequence[StandIn], who: Person, said: Days) -> Days:
    """Days that the same person has accepted stay as they are: only what follows them is new."""
    since, until = said
    for one in known:
        if one.person.id == who.id and one.accepted_at and not one.declined_at and one.holds(since):
            since = one.until + timedelta(days=1)
    return since, until


def _arranged(
    update: Update, ask: Ask, klass: Klass, people: tuple[Person | None, Person, Person], said: Days
) -> StandIn | None:
    absent, who, by = people
    since, until = said
    if since > until:
        return None
    return StandIn(
        id=_id(update, ask, klass),
        klass=klass,
        absent=absent,
        person=who,
        since=since,
        until=until,
        by=by,
        named_at=update.at,
        accepted_at=update.at if who.id == by.id else None,
    )


def _id(update: Update, ask: Ask, klass: Klass) -> str:
    """The one that the message with the names has; a new one where that is taken."""
    kind, _, rest = (update.on or "").partition(":")
    waiting = rest.partition(":")[0] if kind == NOTICE else ""
    return waiting if waiting and ask(StandInBy(waiting)) is None else new_id(update.seed, "substitute", klass.id)


def _begun(update: Update, ask: Ask, one: StandIn) -> Outcome:
    fact = SubstituteNamed(
        id=one.id,
        school=one.klass.school,
        class_id=one.klass.id,
        absent=one.absent.id if one.absent else None,
        person=one.person.id,
        since=one.since,
        until=one.until,
        by=one.by.id,
        at=update.at,
    )
    accepted = (SubstituteAccepted(one.id, update.at),) if one.accepted_at else ()
    office = keepers(ask, one.klass.school, update.today)[:1]
    others = {reader.id for reader in (one.person, one.absent, *office) if reader} - {one.by.id}
    mine = replace(notice(update, ask, one, one.by), in_place=True)
    rest = tuple(message for message in notices(update, ask, one, ring=others) if message.key != mine.key)
    begins = datetime.combine(one.since, time.min, update.zone).astimezone(UTC)
    puts = (
        *rights_changed(update, one, at=begins if begins > update.now else None),
        later(update, one, one.until + timedelta(days=1)),
        *lists_again(update, ask, one),
    )
    return Outcome((fact, *accepted), (*rest, mine), puts=puts)
