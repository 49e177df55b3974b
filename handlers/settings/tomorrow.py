"""17:00, before a day out of the ordinary: what the bot will do tomorrow, and one tap to change it."""

from collections.abc import Iterator
from datetime import date, timedelta

from handlers.admins import admins, tell
from handlers.facts import CalendarDay, CalendarSet
from handlers.model import Answer, Choices, Message, Person, Text, ToPerson, Update, Urgency, Value, choice, text
from handlers.outcome import Outcome, pop_up
from handlers.questions import Announced, Ask, DayOf, DayView, RulesOn, SchoolMorning, Schools, WhoIs
from handlers.settings.holidays import DISTRICT, OFF, ON, SATURDAY, SOURCE, tomorrow_again
from handlers.words import NOTHING, day_full, day_short, listed

A_DAY = timedelta(days=1)
AHEAD = timedelta(weeks=6)  # before New Year: the country's days are announced in November


def eve(update: Update, ask: Ask, day: date) -> Outcome:
    """The evening of `day`, each admin once. Nothing where tomorrow is as the plain week has it."""
    tomorrow, says = day + A_DAY, _unannounced(ask, day)
    whys = tuple(_whys(ask, tomorrow))
    if whys:
        words, choices = _said(ask, tomorrow, whys, NOTHING)
        until = ask(RulesOn(day)).silence(day, update.zone)
        says += tuple(
            Message(_key(tomorrow), ToPerson(one.id), words, choices, Urgency.REMINDER, not_after=until)
            for one in admins(ask, day)
        )
    return Outcome(says=says)


def change(update: Update, ask: Ask, person: Person) -> Outcome:
    """`tomorrow DAY on|off`: the district's word for that day, until the day has begun."""
    named = _named(update)
    if named is None:
        return pop_up(text("answer.unknown_button"))
    day, on = named
    if update.today >= day:
        return pop_up(text("tomorrow.begun", day=day_short(day)))
    says_so = Answer(text("tomorrow.on" if on else "tomorrow.off"))
    if ask(DayOf(day)).school_day == on:
        return Outcome(answer=says_so)
    fact = CalendarSet((CalendarDay(day, DISTRICT, on, ON if on else OFF, SOURCE),))
    return Outcome(facts=(fact,), answer=says_so, puts=(tomorrow_again(update, day, person),))


def _named(update: Update) -> tuple[date, bool] | None:
    """None for a button of another form."""
    try:
        said, turn = update.args
        return date.fromisoformat(said), {"on": True, "off": False}[turn]
    except (ValueError, KeyError):
        return None


def again(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`tomorrow_again DAY PERSON`: who changed it, and the way back."""
    day, by = date.fromisoformat(update.args[0]), ask(WhoIs(update.args[1], update.today))
    changed = text("tomorrow.changed", time=update.local(update.now), by=by.title if by else NOTHING)
    words, choices = _said(ask, day, tuple(_whys(ask, day)), changed)
    return Outcome(
        says=tuple(
            Message(_key(day), ToPerson(one.id), words, choices, Urgency.BROADCAST, only_if_shown=True)
            for one in admins(ask, update.today)
        )
    )


def _key(day: date) -> str:
    return f"tomorrow:{day:%Y%m%d}"


# What is out of the ordinary


def _whys(ask: Ask, day: date) -> Iterator[Text]:
    here, before, after = (ask(DayOf(one)) for one in (day, day - A_DAY, day + A_DAY))
    if here.school_day and _first_of_all(ask, day):
        yield text("tomorrow.first_of_all")
    elif here.school_day and not before.school_day and (name := _break(ask, day, -A_DAY)):
        yield text("tomorrow.first", name=name)
    if here.school_day and day.isoweekday() >= SATURDAY:
        yield text("tomorrow.extra", name=here.name)
    if here.school_day and not after.school_day and (name := _break(ask, day, A_DAY)):
        yield text("tomorrow.last", name=name)
    if not here.school_day and before.school_day and (name := _break(ask, day - A_DAY, A_DAY)):
        yield text("tomorrow.break", name=name)


def _first_of_all(ask: Ask, day: date) -> bool:
    """No school day since that of `starts_on`, which may itself be a day off."""
    starts_on = ask(RulesOn(day)).starts_on
    if starts_on is None:
        return False
    since = (starts_on + n * A_DAY for n in range((day - starts_on).days))
    return not any(ask(DayOf(one)).school_day for one in since)


def _break(ask: Ask, beside: date, step: timedelta) -> Value | None:
    """The name of the break that lies beside this school day; None for a plain weekend. More than that is every run
    of days off with a day of the plain week in it, and of three days one is."""
    run: list[tuple[date, DayView]] = []
    for n in (1, 2, 3):
        view = ask(DayOf(beside + n * step))
        if view.school_day:
            break
        run.append((beside + n * step, view))
    if all(day.isoweekday() >= SATURDAY for day, _ in run):
        return None
    return next((view.name for _, view in run if view.name), text("settings.vacation"))


# How it is said


def _said(ask: Ask, day: date, whys: tuple[Text, ...], changed: Value) -> tuple[Text, Choices]:
    rounds = ask(RulesOn(day)).rounds
    asked = {one.id: _classes(ask, day, one.id) for one in rounds}
    first = next((one for one in rounds if asked[one.id]), None)
    classes = len(set().union(*asked.values()))
    words = text(
        "tomorrow.asks" if first else "tomorrow.nobody",
        day=day_full(day),
        why=listed(whys, "list.comma"),
        n=classes,
        opens=f"{first.opens:%H:%M}" if first else NOTHING,
        round=first.name if first else NOTHING,
        changed=changed,
    )
    turn = "off" if ask(DayOf(day)).school_day else "on"
    label = text(f"button.tomorrow_{turn}_again" if changed else f"button.tomorrow_{turn}")
    return words, ((choice(label, "tomorrow", day.isoformat(), turn),),)


def _classes(ask: Ask, day: date, round_id: str) -> set[str]:
    """Who is asked in a round."""
    views = (ask(SchoolMorning(school.id, day, round_id)) for school in ask(Schools(day)))
    return {row.klass.id for view in views for row in view.rows if row.off is None}


# A year whose holidays nobody knows yet


def _unannounced(ask: Ask, day: date) -> tuple[Message, ...]:
    """Once ahead of it, and once more when it has come."""
    ahead, when = (day + AHEAD).year, "now"
    if ahead != day.year and not ask(Announced(ahead)):
        when = "ahead"
    elif ask(Announced(day.year)):
        return ()
    year = ahead if when == "ahead" else day.year
    return tell(admins(ask, day), f"unannounced:{year}:{when}", text(f"tomorrow.unannounced_{when}", year=year))
