"""What the admin does by hand: /remind, /summary, /bind and /unbind of the leaders' group, /who is bound."""

import json
from datetime import date

from handlers.bodies import decode
from handlers.caption import CAPTION, nobody_yet, not_kept, say
from handlers.district import AsOf, District, ready
from handlers.enrol.binding import is_open
from handlers.facts import GroupBound, GroupUnbound
from handlers.leaders import posts_again
from handlers.model import LEADERS, Choices, Message, Person, Text, Update, Value, choice, text
from handlers.morning import reminders
from handlers.morning_picture import morning_picture
from handlers.office.scope import following, here, no_school, post_now, round_now, rows_of, schools_of
from handlers.outcome import Outcome
from handlers.questions import (
    Ask,
    DeafGroup,
    DeepLinks,
    FirstSummary,
    GroupHere,
    LastSummary,
    RulesOn,
    SchoolMorning,
    Schools,
    Staff,
)
from handlers.rules.dates import read_day
from handlers.words import NOTHING, listed, literal

MOST_NAMED = 40


def remind(update: Update, ask: Ask, person: Person) -> Outcome:
    """/remind: those who have not reported are asked once more, now."""
    found, off = round_now(update, ask, person), no_school(update, ask, rows_of(update, ask, person))
    if off is not None:
        return off
    if found is None:
        return Outcome(says=(here(update, text("report.no_round")),))
    rules, round = found
    if not is_open(update, round):
        hours = text("office.not_open", round=round.name, opens=f"{round.opens:%H:%M}", close=f"{round.close:%H:%M}")
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
    """/summary: picture and caption as they stand now, here. With an hour or a day, or by its button: the post as it
    first was."""
    if update.args:
        return _as_it_was(update, ask)
    found, off = post_now(update, ask, person), no_school(update, ask, rows_of(update, ask, person))
    if off is not None:
        return off
    if found is None:
        return Outcome(says=(here(update, text("report.no_round")),))
    district = District(update, ask, update.today, found[1])
    if district.whole.standing.due == 0:
        return Outcome(says=(here(update, text("office.nothing_due")),))
    hours = AsOf(update.local(update.now))
    said = say(district, hours, CAPTION[person.language], kept=False)
    picture = None if nobody_yet(district) else morning_picture(district, hours)
    now = here(update, said.caption, picture, choices=_first_button(district))
    return Outcome(says=(now, *following(update, said.pages)))


def _first_button(district: District) -> Choices:
    last = district.ask(LastSummary(district.day, district.round.id))
    if last is None:
        return ()
    label = text("button.first_post", time=json.loads(last.body)["as_of"])
    return ((choice(label, "summary", district.day.isoformat()),),)


def _as_it_was(update: Update, ask: Ask) -> Outcome:
    says: list[Message] = []
    for day, round_id in _posts(update, ask):
        last, bodies = ask(LastSummary(day, round_id)), [decode(one) for one in ask(FirstSummary(day, round_id))]
        if last is None:
            continue
        hour, edits = json.loads(last.body)["as_of"], last.version - 1
        caption = text("summary.first", time=hour, edits=edits, caption=not_kept(bodies[0].text))
        says.append(here(update, caption, bodies[0].picture, place=len(says)))
        says += [here(update, body.text, place=len(says) + n) for n, body in enumerate(bodies[1:])]
    return Outcome(says=tuple(says) or (here(update, text("summary.no_first")),))


def _posts(update: Update, ask: Ask) -> list[tuple[date, str]]:
    """Which are meant: all of a day, or today's of an hour, as in 09:00."""
    words = " ".join(update.args)
    said = read_day(words, 0, update.today)
    day = said[0].back if said else update.today
    rounds = ask(RulesOn(day)).rounds if day else ()
    return [(day, one.id) for one in rounds if day and one.summary and (said or f"{one.summary:%H:%M}" == words)]


def bind(update: Update, ask: Ask, person: Person) -> Outcome:
    """/bind leaders, written in the group that is to be bound. Today's post comes to it as it stands. In private it
    tells how that is done on this platform."""
    if update.private:
        return Outcome(says=(here(update, _how_bound(update, ask)),))
    if update.args != (LEADERS,):
        return Outcome(says=(here(update, text("bind.how")),))
    fact = GroupBound(LEADERS, update.channel, update.chat)
    return Outcome((fact,), (here(update, text("bind.bound")),), puts=posts_again(update, ask))


def _how_bound(update: Update, ask: Ask) -> Text:
    """A group that hears nothing is set on the machine; a platform without invitations may have such."""
    set_there = ask(DeafGroup(update.channel))
    if set_there is not None:
        return text(f"bind.set_{set_there.partition(':')[0]}")
    return text("bind.there" if update.channel in ask(DeepLinks()) else "bind.by_machine")


def deaf_group(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """Of the machine: (name, channel, native). What is written to in that group is set on the machine, for nobody can
    write to us from it; no native: none is. Today's post goes to who reads it from now on."""
    name, channel, native = update.args
    if not native:
        return Outcome((GroupUnbound(name, channel),))
    return Outcome((GroupBound(name, channel, native, deaf=True),), puts=posts_again(update, ask))


def unbind(update: Update, ask: Ask, person: Person) -> Outcome:
    """/unbind leaders, anywhere: the one of this platform."""
    name = ask(GroupHere(update.channel, update.chat)) if not update.private else LEADERS
    if name is None or update.args not in ((LEADERS,), ()):
        return Outcome(says=(here(update, text("bind.how")),))
    return Outcome((GroupUnbound(LEADERS, update.channel),), (here(update, text("bind.unbound")),))


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
    unheard = [one for one in people if one.unheard]
    blocked = [one for one in people if one.bound and not one.reachable and not one.unheard]
    return text(
        "who.school",
        school=name,
        bound=len(people) - len(unbound),
        n=len(people),
        unbound=text("who.unbound", n=len(unbound), names=_names(unbound)) if unbound else NOTHING,
        unheard=text("who.unheard", n=len(unheard), names=_names(unheard)) if unheard else NOTHING,
        blocked=text("who.blocked", n=len(blocked), names=_names(blocked)) if blocked else NOTHING,
        no_reporter=NOTHING if ready(people) or name == text("who.district") else text("who.not_ready"),
    )


def _names(people: list[Person]) -> Value:
    named = [literal(one.name) for one in people[:MOST_NAMED]]
    if len(people) > MOST_NAMED:
        named.append(text("who.more", n=len(people) - MOST_NAMED))
    return listed(named)
