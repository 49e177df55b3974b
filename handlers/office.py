"""What the office asks: today, late, status, who is bound; and the admin's remind, summary, bind."""

from handlers.checkin import current_round
from handlers.facts import GroupBound, GroupUnbound
from handlers.leaders import District, caption_of, morning_picture, percent
from handlers.model import DISTRICT_OFFICE, Duty, Message, Person, Text, ToHere, Update, Value, text
from handlers.morning import behalf_choices, late_words, reminders
from handlers.numbers import Count, count
from handlers.outcome import Outcome
from handlers.pictures import Morning
from handlers.questions import (
    Ask,
    ClassRow,
    DayOf,
    GroupHere,
    RulesOn,
    SchoolMorning,
    SchoolMorningView,
    Schools,
    Staff,
)
from handlers.rulebook import Round, Rules
from handlers.words import NOTHING, day_full, findings, listed, literal

LEADERS = "leaders"
MOST_NAMED = 40


def _here(update: Update, words: Text, picture: Morning | None = None) -> Message:
    return Message(f"answer:{update.id}", ToHere(), words, picture=picture)


def _round(update: Update, ask: Ask) -> tuple[Rules, Round] | None:
    rules = ask(RulesOn(update.today))
    return (rules, current_round(rules.rounds, update)) if rules.rounds else None


def _no_school(update: Update, ask: Ask) -> Outcome | None:
    view = ask(DayOf(update.today))
    if view.school_day:
        return None
    why: Value = view.name or text("card.no_school")
    return Outcome(says=(_here(update, text("office.no_school", day=day_full(update.today), why=why)),))


def _schools(update: Update, ask: Ask, person: Person) -> list[str]:
    """By right: the whole district for its office (and in its leaders' group), else one's own school."""
    if person.has(*DISTRICT_OFFICE):
        return [school.id for school in ask(Schools(update.today))]
    return [person.school] if person.school else []


# Anybody of the staff


def status(update: Update, ask: Ask, person: Person) -> Outcome:
    """/status: how each of my classes stands today."""
    found = _round(update, ask)
    off = _no_school(update, ask)
    if off is not None:
        return off
    if found is None or person.school is None:
        return Outcome(says=(_here(update, text("report.no_class")),))
    rules, round = found
    rows = [
        row for row in ask(SchoolMorning(person.school, update.today, round.id)).rows if row.klass.id in person.classes
    ]
    if not rows:
        return Outcome(says=(_here(update, text("report.no_class")),))
    lines = tuple(_status_line(update, rules, row) for row in rows)
    words = text("office.status", day=day_full(update.today), round=text(f"round.{round.id}"), lines=lines)
    return Outcome(says=(_here(update, words),))


def _status_line(update: Update, rules: Rules, row: ClassRow) -> Text:
    if row.off is not None:
        return text("office.class_off", klass=row.klass.name, why=row.off or text("card.no_school"))
    if row.report is None:
        return text("office.class_missing", klass=row.klass.name)
    one = count([row], rules.fever)
    return text(
        "office.class_reported",
        klass=row.klass.name,
        time=update.local(row.report.first_at or row.report.at),
        timely=text("receipt.on_time" if row.report.timely else "receipt.late"),
        found=findings(one.sums),
        expected=one.sums.expected,
        present=one.sums.present,
    )


def help_(update: Update, ask: Ask, person: Person) -> Outcome:
    """/help: what this person can do here, by their own duties."""
    office = ask(RulesOn(update.today)).office_phone
    parts = [text("help.teacher")] if person.classes else []
    if person.has(Duty.REPORTER, Duty.DEPUTY, Duty.PRINCIPAL, Duty.NURSE, Duty.LIAISON, Duty.LEADER, Duty.ADMIN):
        parts.append(text("help.office"))
    if person.has(Duty.ADMIN):
        parts.append(text("help.admin"))
    return Outcome(says=(_here(update, text("help.all", title=person.title, parts=tuple(parts), phone=office)),))


# The office


def today(update: Update, ask: Ask, person: Person) -> Outcome:
    """/today: the caller's own school, or the district by right."""
    found, off = _round(update, ask), _no_school(update, ask)
    if off is not None:
        return off
    if found is None:
        return Outcome(says=(_here(update, text("report.no_round")),))
    rules, round = found
    if person.has(*DISTRICT_OFFICE):
        district = District(ask, update.today, round)
        if district.whole.standing.due == 0:
            return Outcome(says=(_here(update, text("office.nothing_due")),))
        now = update.local(update.now)
        return Outcome(says=(_here(update, caption_of(update, district, now, None)),))
    says = [
        _here(update, _school_today(update, rules, round, ask(SchoolMorning(school, update.today, round.id))))
        for school in _schools(update, ask, person)
    ]
    return Outcome(says=tuple(says))


def _school_today(update: Update, rules: Rules, round: Round, view: SchoolMorningView) -> Text:
    one = count(view.rows, rules.fever)
    return text(
        "office.school_today",
        school=view.school.name,
        day=day_full(update.today),
        round=text(f"round.{round.id}"),
        time=update.local(update.now),
        due=one.standing.due,
        reported=one.standing.reported,
        on_time=one.standing.on_time,
        late=one.standing.late,
        missing=one.standing.missing,
        missing_named=text("office.these", classes=listed([literal(row.klass.name) for row in one.missing]))
        if one.missing
        else NOTHING,
        zero=one.standing.zero,
        health=_health(one),
    )


def _health(one: Count) -> Value:
    if not one.standing.reported:
        return text("office.no_figures")
    sums = one.sums
    unwell = [text("office.unwell_class", klass=klass, n=n) for klass, n in _by_class(one).items()]
    return text(
        "office.health",
        expected=sums.expected,
        present=sums.present,
        sick=sums.sick,
        personal=sums.personal,
        unknown=sums.unknown,
        rate=percent(sums.sick, sums.expected),
        found=findings(sums),
        classes=listed(unwell),
    )


def _by_class(one: Count) -> dict[str, int]:
    found: dict[str, int] = {}
    for pupil in one.unwell:
        found[pupil.klass.name] = found.get(pupil.klass.name, 0) + 1
    return found


def late(update: Update, ask: Ask, person: Person) -> Outcome:
    """/late: who has not reported, with phone numbers; in a group, classes only."""
    found, off = _round(update, ask), _no_school(update, ask)
    if off is not None:
        return off
    if found is None:
        return Outcome(says=(_here(update, text("report.no_round")),))
    _, round = found
    views = [ask(SchoolMorning(school, update.today, round.id)) for school in _schools(update, ask, person)]
    if person.has(*DISTRICT_OFFICE) or not update.private:
        return Outcome(says=(_here(update, _late_district(ask, views, update, named=update.private)),))
    says: list[Message] = []
    for view in views:
        rows = _missing(view)
        own = person.has(Duty.REPORTER, Duty.DEPUTY)
        choices = behalf_choices(round, update.today, rows) if own else ()
        words = late_words(update, ask, round, view, update.today, rows, "late")
        says.append(Message(f"answer:{update.id}", ToHere(), words, choices))
    return Outcome(says=tuple(says))


def _missing(view: SchoolMorningView) -> list[ClassRow]:
    return [row for row in view.rows if row.off is None and row.report is None]


def _late_district(ask: Ask, views: list[SchoolMorningView], update: Update, *, named: bool) -> Text:
    """A line a school with something missing; in private with the 报告人 to be phoned."""
    lines = tuple(_late_school(ask, view, update, named=named) for view in views if _missing(view))
    n = sum(len(_missing(view)) for view in views)
    if not n:
        return text("late.none")
    return text("office.late_district", day=day_full(update.today), n=n, lines=lines)


def _late_school(ask: Ask, view: SchoolMorningView, update: Update, *, named: bool) -> Text:
    rows = _missing(view)
    reporters = [one for one in ask(Staff(view.school.id, update.today)) if one.has(Duty.REPORTER)] if named else []
    phones = [text("late.teacher", title=one.title, phone=one.phone or text("phone.unknown")) for one in reporters]
    return text(
        "office.late_school",
        school=view.school.short,
        n=len(rows),
        classes=listed([literal(row.klass.name) for row in rows]),
        reporter=text("office.late_reporter", who=listed(phones)) if phones else NOTHING,
    )


# The admin


def remind(update: Update, ask: Ask, person: Person) -> Outcome:
    """/remind: those who have not reported are asked once more, now."""
    found, off = _round(update, ask), _no_school(update, ask)
    if off is not None:
        return off
    if found is None:
        return Outcome(says=(_here(update, text("report.no_round")),))
    rules, round = found
    step = f"remind_{update.at:%H%M%S}"
    says: list[Message] = []
    for school in _schools(update, ask, person):
        view = ask(SchoolMorning(school, update.today, round.id))
        last = not round.on_time(update.at, update.today, update.zone)
        says += reminders(update, ask, rules, round, view, update.today, step, last=last)
    classes, people = len({message.until for message in says}), len({message.to for message in says})
    return Outcome(says=(*says, _here(update, text("office.reminded", n=people, classes=classes))))


def summary(update: Update, ask: Ask, person: Person) -> Outcome:
    """/summary: the picture and caption as they stand now, here."""
    found, off = _round(update, ask), _no_school(update, ask)
    if off is not None:
        return off
    if found is None:
        return Outcome(says=(_here(update, text("report.no_round")),))
    district = District(ask, update.today, found[1])
    if district.whole.standing.due == 0:
        return Outcome(says=(_here(update, text("office.nothing_due")),))
    now = update.local(update.now)
    picture = morning_picture(update, district, now, None)
    return Outcome(says=(_here(update, caption_of(update, district, now, None), picture=picture),))


def bind(update: Update, ask: Ask, person: Person) -> Outcome:
    """/bind leaders, written in the group that is to be bound."""
    if update.private:
        return Outcome(says=(_here(update, text("bind.there")),))
    if update.args != (LEADERS,):
        return Outcome(says=(_here(update, text("bind.how")),))
    fact = GroupBound(LEADERS, update.channel, update.chat)
    return Outcome((fact,), (_here(update, text("bind.bound")),))


def unbind(update: Update, ask: Ask, person: Person) -> Outcome:
    """/unbind leaders, anywhere."""
    name = ask(GroupHere(update.channel, update.chat)) if not update.private else LEADERS
    if name is None or update.args not in ((LEADERS,), ()):
        return Outcome(says=(_here(update, text("bind.how")),))
    return Outcome((GroupUnbound(LEADERS),), (_here(update, text("bind.unbound")),))


def who(update: Update, ask: Ask, person: Person) -> Outcome:
    """/who: bound and not bound, a school at a time; 未绑定 is a state of its own. In private only: it names people."""
    if not update.private:
        return Outcome(says=(_here(update, text("answer.in_private")),))
    wanted = update.text.strip()
    views: list[tuple[Value, tuple[Person, ...]]] = [
        (school.name, ask(Staff(school.id, update.today)))
        for school in ask(Schools(update.today))
        if not wanted or wanted in (school.name, school.short)
    ]
    if not wanted:
        views.append((text("who.district"), ask(Staff(None, update.today))))
    return Outcome(
        says=(_here(update, text("who.all", lines=tuple(_who_line(name, people) for name, people in views))),)
    )


def _who_line(name: Value, people: tuple[Person, ...]) -> Text:
    unbound = [one for one in people if not one.bound]
    blocked = [one for one in people if one.bound and not one.reachable]
    return text(
        "who.school",
        school=name,
        bound=len(people) - len(unbound),
        n=len(people),
        unbound=text("who.unbound", n=len(unbound), names=_names(unbound)) if unbound else NOTHING,
        blocked=text("who.blocked", n=len(blocked), names=_names(blocked)) if blocked else NOTHING,
        no_reporter=NOTHING
        if any(one.has(Duty.REPORTER) and one.bound for one in people) or name == text("who.district")
        else text("who.not_ready"),
    )


def _names(people: list[Person]) -> Value:
    named = [literal(one.name) for one in people[:MOST_NAMED]]
    if len(people) > MOST_NAMED:
        named.append(text("who.more", n=len(people) - MOST_NAMED))
    return listed(named)
