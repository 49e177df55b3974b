"""What the admin does by hand: /remind, /summary, /bind and /unbind of the leaders' group, /who is bound."""

from handlers.enrol.binding import is_open
from handlers.facts import GroupBound, GroupUnbound
from handlers.leaders import District, caption_of, morning_picture
from handlers.model import LEADERS, Duty, Message, Person, Text, Update, Value, text
from handlers.morning import reminders
from handlers.office.scope import here, no_school, round_now, schools_of
from handlers.outcome import Outcome
from handlers.questions import Ask, GroupHere, SchoolMorning, Schools, Staff
from handlers.words import NOTHING, listed, literal

MOST_NAMED = 40


def remind(update: Update, ask: Ask, person: Person) -> Outcome:
    """/remind: those who have not reported are asked once more, now."""
    found, off = round_now(update, ask), no_school(update, ask)
    if off is not None:
        return off
    if found is None:
        return Outcome(says=(here(update, text("report.no_round")),))
    rules, round = found
    if not is_open(update, round):
        hours = text("office.not_open", opens=f"{round.opens:%H:%M}", close=f"{round.close:%H:%M}")
        return Outcome(says=(here(update, hours),))
    step = f"remind_{update.at:%H%M%S}"
    says: list[Message] = []
    for school in schools_of(update, ask, person):
        view = ask(SchoolMorning(school, update.today, round.id))
        last = not round.on_time(update.at, update.today, update.zone)
        says += reminders(update, ask, rules, round, view, update.today, step, last=last)
    classes, people = len({message.about for message in says}), len({message.to for message in says})
    return Outcome(says=(*says, here(update, text("office.reminded", n=people, classes=classes))))


def summary(update: Update, ask: Ask, person: Person) -> Outcome:
    """/summary: the picture and caption as they stand now, here."""
    found, off = round_now(update, ask), no_school(update, ask)
    if off is not None:
        return off
    if found is None:
        return Outcome(says=(here(update, text("report.no_round")),))
    district = District(ask, update.today, found[1])
    if district.whole.standing.due == 0:
        return Outcome(says=(here(update, text("office.nothing_due")),))
    now = update.local(update.now)
    picture = morning_picture(update, district, now, None)
    return Outcome(says=(here(update, caption_of(update, district, now, None), picture=picture),))


def bind(update: Update, ask: Ask, person: Person) -> Outcome:
    """/bind leaders, written in the group that is to be bound."""
    if update.private:
        return Outcome(says=(here(update, text("bind.there")),))
    if update.args != (LEADERS,):
        return Outcome(says=(here(update, text("bind.how")),))
    fact = GroupBound(LEADERS, update.channel, update.chat)
    return Outcome((fact,), (here(update, text("bind.bound")),))


def unbind(update: Update, ask: Ask, person: Person) -> Outcome:
    """/unbind leaders, anywhere."""
    name = ask(GroupHere(update.channel, update.chat)) if not update.private else LEADERS
    if name is None or update.args not in ((LEADERS,), ()):
        return Outcome(says=(here(update, text("bind.how")),))
    return Outcome((GroupUnbound(LEADERS),), (here(update, text("bind.unbound")),))


def who(update: Update, ask: Ask, person: Person) -> Outcome:
    """/who: bound and not bound, a school at a time; 未绑定 is a state of its own. In private only: it names people."""
    if not update.private:
        return Outcome(says=(here(update, text("answer.in_private")),))
    wanted = update.text.strip()
    views: list[tuple[Value, tuple[Person, ...]]] = [
        (school.name, ask(Staff(school.id, update.today)))
        for school in ask(Schools(update.today))
        if not wanted or wanted in (school.name, school.short)
    ]
    if not wanted:
        views.append((text("who.district"), ask(Staff(None, update.today))))
    return Outcome(
        says=(here(update, text("who.all", lines=tuple(_who_line(name, people) for name, people in views))),)
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
