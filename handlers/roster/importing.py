"""花名册: the office's file of one school, checked, becomes one fact; and whom it concerns is told."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from handlers.facts import ConsentGiven, RollChanged, StaffMoved
from handlers.model import Message, Person, Put, ToPerson, Update, Urgency, text
from handlers.outcome import Outcome
from handlers.questions import Ask, Classes, ConsentsOf, Movers, RollOf, RollView, RulesOn, StaffElsewhere, WhoIs
from handlers.rolls import SchoolRoll, from_json
from handlers.roster.diff import change, differs, is_office
from handlers.roster.summary import holds
from handlers.values import replace
from handlers.words import day_short


def roster(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """At the machine: `roster PLACE SINCE` with a school's roll as text. Nothing where nothing differs. Raises
    TooEarly, and ValueError, KeyError or TypeError for a roll that was not checked."""
    place, since = int(update.args[0]), date.fromisoformat(update.args[1])
    roll = from_json(update.text)
    view = known(ask, roll, since)
    fact = change(roll, view, place, since, update.seed, movers(ask, roll, view))
    consents = consented(ask, roll, view, fact)
    told = carried_out(update, ask, fact, view) if differs(fact, view) else Outcome()
    return replace(told, facts=(*told.facts, *consents), puts=(*told.puts, *_from_elsewhere(update, ask, fact, view)))


def carried_out(update: Update, ask: Ask, fact: RollChanged, view: RollView) -> Outcome:
    """The fact, and whoever it concerns hears of it. `view` is what was known when it was made."""
    concerned = _concerned(ask, fact, view, update)
    puts, first = _afterwards(fact, update, concerned), ask(RulesOn(update.today)).starts_on
    if first is not None and update.today < first:
        return Outcome((fact,), puts=(*puts, *(_held_back(update, one.id, fact.since, first) for one in concerned)))
    return Outcome((fact,), tuple(_told(fact, view, update, concerned)), puts=puts)


def known(ask: Ask, roll: SchoolRoll, since: date) -> RollView:
    """The school of that name as it is known on that day."""
    return ask(RollOf(roll.school, since, is_office(roll)))


def movers(ask: Ask, roll: SchoolRoll, view: RollView) -> Mapping[str, str]:
    """Pupils of the file whom another school, or an earlier year, knows by their 学号."""
    here = {pupil.student_no for pupil in view.pupils}
    return ask(Movers(tuple(row.student_no for row in roll.pupils if row.student_no and row.student_no not in here)))


def consented(ask: Ask, roll: SchoolRoll, view: RollView, fact: RollChanged) -> tuple[ConsentGiven, ...]:
    """What the file says of consents and is not known yet, a fact a day and version. An empty cell says nothing: a
    consent is taken back by /consent alone."""
    now = {one.id: one for one in view.pupils} | {one.id: one for one in fact.pupils}
    ids = {(one.class_id, one.seat, one.name): one.id for one in now.values()}
    classes = {one.name: one.id for one in (*view.classes, *fact.classes)}
    known = ask(ConsentsOf(fact.school.id, fact.since)) if view.school else {}
    current = ask(RulesOn(fact.since)).consent_version
    found: dict[tuple[date, str], list[str]] = {}
    for row in roll.pupils:
        if row.consent is not None:
            day, version = date.fromisoformat(row.consent), row.consent_version or current
            pupil = ids[classes[row.class_name], row.seat, row.name]
            if pupil not in known or known[pupil].since < day:
                found.setdefault((day, version), []).append(pupil)
    return tuple(ConsentGiven(tuple(some), *when, by="machine") for when, some in sorted(found.items()))


def _concerned(ask: Ask, fact: RollChanged, view: RollView, update: Update) -> tuple[Person, ...]:
    """Who is bound and gets other duties, or has none any more."""
    before = {one.id: one.duties for one in view.people}
    changed = [one.id for one in fact.people if one.id in before and one.duties != before[one.id]]
    people = (ask(WhoIs(id, update.today)) for id in (*changed, *fact.retired))
    return tuple(one for one in people if one is not None and one.bound)


def _told(fact: RollChanged, view: RollView, update: Update, concerned: Sequence[Person]) -> Iterator[Message]:
    names = {klass.id: klass.name for klass in (*view.classes, *fact.classes)}
    now = {one.id: one for one in fact.people}
    day = day_short(fact.since)
    for one in concerned:
        if one.id in now:
            new = now[one.id]
            words = text("roster.told_now", title=new.title, day=day, holds=holds(new, names))
        else:
            words = text("roster.told_gone", title=one.title, day=day)
        to = ToPerson(one.id, leaving=one.id not in now)
        yield Message(f"roll:{update.id}", to, words, urgency=Urgency.BROADCAST)


def _held_back(update: Update, person: str, since: date, first: date) -> Put:
    """Before `starts_on` nobody of the staff hears of a roll; on that day each hears once, of all of them."""
    at = datetime.combine(first, time.min, update.zone).astimezone(UTC)
    return Put(update.lane, f"roll_told:{first}:{person}", "roll_told", (person, since.isoformat()), at=at)


def roll_told(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`roll_told PERSON SINCE`, put by a roll from before the first day: what the person is now, or not any more."""
    id, since, first = update.args[0], date.fromisoformat(update.args[1]), ask(RulesOn(update.today)).starts_on
    if first is not None and update.today < first:  # it was put off meanwhile
        return Outcome(puts=(_held_back(update, id, since, first),))
    now, before = ask(WhoIs(id, update.today)), ask(WhoIs(id, since - timedelta(days=1)))
    day = day_short(since)
    if now is not None:
        names = {one.id: one.name for one in ask(Classes(now.school, update.today))} if now.school else {}
        words = text("roster.told_now", title=now.title, day=day, holds=holds(now, names))
    elif before is not None:
        words = text("roster.told_gone", title=before.title, day=day)
    else:
        return Outcome()
    said = Message(f"roll:{update.id}", ToPerson(id, leaving=now is None), words, urgency=Urgency.BROADCAST)
    return Outcome(says=(said,))


def _afterwards(fact: RollChanged, update: Update, concerned: Sequence[Person]) -> tuple[Put, ...]:
    """Rights begin and end on the day of the roll, and with them menus, cards and open walks."""
    puts = (_cases_of_leavers(fact, update),) if fact.left else ()
    if not concerned:
        return puts
    begins = datetime.combine(fact.since, time.min, update.zone).astimezone(UTC)
    at = begins if begins > update.now else None
    people = tuple(one.id for one in concerned)
    return (Put(update.lane, f"duties_changed:{update.id}", "duties_changed", people, at=at), *puts)


def _from_elsewhere(update: Update, ask: Ask, fact: RollChanged, view: RollView) -> tuple[Put, ...]:
    """Who is new here and known at another school by 工号 and name has moved: that school's lane ends them there."""
    known = {one.id for one in view.people}
    new = {one.staff_no: one for one in fact.people if one.staff_no and one.id not in known}
    if fact.district or not new:
        return ()
    rows = tuple((number, one.name) for number, one in new.items())
    begins = datetime.combine(fact.since, time.min, update.zone).astimezone(UTC)
    at = begins if begins > update.now else None
    return tuple(
        Put(school, f"moved_away:{id}:{update.id}", "moved_away", (id, new[number].id, fact.since.isoformat()), at=at)
        for number, (id, school) in ask(StaffElsewhere(fact.school.id, rows, fact.since)).items()
    )


def moved_away(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`moved_away PERSON TO SINCE`, in the lane of the school that they have left: nothing of it is theirs any more,
    and what they had not sent there goes to who answers now."""
    old, new, since = update.args
    duties = Put(update.lane, f"duties_changed:{update.id}", "duties_changed", (old, new))
    told = Put(update.lane, f"roll_told:{update.id}", "roll_told", (new, since))
    return Outcome((StaffMoved(old, new, date.fromisoformat(since)),), puts=(duties, told))


def _cases_of_leavers(fact: RollChanged, update: Update) -> Put:
    """As the first day after begins: by then the file of the school to which a pupil has moved is in as well."""
    day = max(fact.since, update.today + timedelta(days=1))
    at = datetime.combine(day, time.min, update.zone).astimezone(UTC)
    return Put(fact.school.id, f"pupils_left:{update.id}", "pupils_left", at=at)
