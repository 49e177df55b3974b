"""/holiday: an admin sets days off and school days, for the district, a school, a grade or a class, today included."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from handlers.cards import refresh, show
from handlers.district import BEGINS
from handlers.enrol.binding import is_open
from handlers.facts import CalendarDay, CalendarSet
from handlers.model import Klass, Message, Person, Put, School, Text, ToHere, Typed, Update, Urgency, Value, text
from handlers.outcome import Outcome
from handlers.questions import (
    Ask,
    ClassBy,
    ClassRow,
    DayOf,
    DayView,
    PartDay,
    PartDays,
    RulesOn,
    SchoolMorning,
    Schools,
)
from handlers.rulebook import Round
from handlers.scene import Scene, look
from handlers.settings.saying import Misread, Said, read_holiday
from handlers.values import replace
from handlers.words import NOTHING, day_full, listed, literal

AHEAD = 60  # days that the list shows
DISTRICT = "district"
OFF, ON = "放假", "上学"  # what a day is called where the admin gave it no name
SOURCE = "本学区规定"
SATURDAY = 6


def holiday(update: Update, ask: Ask, person: Person) -> Outcome:
    """Without words, the list of coming days that differ from the plain week."""
    if not update.text.strip():
        return _say(update, _list(ask, update.today))
    schools = ask(Schools(update.today))
    said = read_holiday(update.text, schools, update.today)
    if isinstance(said, Misread):
        return _misread(update, person, said.why)
    places = _places(ask, said, schools, person, update.today)
    if isinstance(places, Misread):
        return _misread(update, person, places.why)
    starts_on = ask(RulesOn(update.today)).starts_on
    if said.school_day and starts_on is not None and said.first < starts_on:
        return _say(update, text("settings.not_begun", day=day_full(starts_on)))
    return _set(update, ask, person, said, places, schools)


def _misread(update: Update, person: Person, why: str) -> Outcome:
    """Nothing was set: what was wrong, and an example that works."""
    example = f"{update.today + timedelta(days=7):%Y-%m-%d}"
    words = Typed(update.text, person.id)
    return _say(update, text(f"settings.{why}", words=words, how=text("settings.how", day=example)))


def _say(update: Update, words: Text) -> Outcome:
    return Outcome(says=(Message(f"holiday:{update.id}", ToHere(), words),))


# For whom

Place = tuple[School | None, str, str]  # the school, the calendar's scope, how it is called


def _places(
    ask: Ask, said: Said, schools: Sequence[School], person: Person, today: date
) -> tuple[Place, ...] | Misread:
    """A grade without a school is every school's; a class without one must be the only one of that name."""
    within = [one for one in schools if said.school in (None, one)]
    if not said.grade and not said.klass:
        return ((said.school, said.school.id, said.school.name),) if said.school else ((None, DISTRICT, NOTHING),)
    if not said.school and person.school:
        within = [one for one in within if one.id == person.school] or within
    found = tuple(place for school in within for place in _parts(school, said, _classes(ask, school, today)))
    if not found:
        return Misread("scope")
    return Misread("which_school") if said.klass and len(found) > 1 else found


def _classes(ask: Ask, school: School, today: date) -> tuple[Klass, ...]:
    return tuple(row.klass for row in ask(SchoolMorning(school.id, today, NOTHING)).rows)


def _parts(school: School, said: Said, classes: Sequence[Klass]) -> Iterator[Place]:
    if said.klass:
        yield from ((school, one.id, f"{school.short}{one.name}") for one in classes if one.name == said.klass)
    elif any(one.grade == said.grade for one in classes):
        yield school, f"grade:{school.id}:{said.grade}", _grade_name(school, said.grade)


def _grade_name(school: School, grade: str) -> str:
    return f"{school.short}{grade}{NOTHING if len(grade) > 1 else '年级'}"


# Setting


def _set(
    update: Update, ask: Ask, person: Person, said: Said, places: Sequence[Place], schools: Sequence[School]
) -> Outcome:
    name = said.name or (ON if said.school_day else OFF)
    days = tuple(CalendarDay(day, scope, said.school_day, name, SOURCE) for day in said.days for _, scope, _ in places)
    today, tomorrow = update.today in said.days, update.today + timedelta(days=1)
    puts = tuple(_again(update, ask, said, places, schools)) if today else ()
    if tomorrow in said.days:
        puts += (tomorrow_again(update, tomorrow, person),)
    words = text(
        "settings.on" if said.school_day else "settings.off",
        where=_where(places),
        span=_span(said.first, said.last),
        name=name,
        today=text("settings.cards_change") if today else NOTHING,
    )
    return Outcome(facts=(CalendarSet(days),), puts=puts) + _say(update, words)


def tomorrow_again(update: Update, day: date, person: Person) -> Put:
    """Once the calendar holds, what was said of that day the evening before becomes true."""
    return Put(DISTRICT, f"tomorrow_again:{update.id}", "tomorrow_again", (day.isoformat(), person.id))


def _where(places: Sequence[Place]) -> Value:
    names = "、".join(name for _, _, name in places)
    return literal(names) if names else text("settings.everywhere")


def _span(first: date, last: date) -> Text:
    return day_full(first) if first == last else text("settings.span", first=day_full(first), last=day_full(last))


def _again(update: Update, ask: Ask, said: Said, places: Sequence[Place], schools: Sequence[School]) -> Iterator[Put]:
    """Once the calendar holds: each school's cards and lists are set right in its own lane, then the leaders' post.
    What a school day would have had by now it has now."""
    begins = (BEGINS,) if said.school_day else ()
    day, rounds = update.today.isoformat(), ask(RulesOn(update.today)).rounds
    for school, scope, _ in places:
        for one in schools if school is None else (school,):
            yield Put(one.id, f"cards_again:{update.id}:{one.id}:{scope}", "cards_again", (one.id, day, scope))
            for verb in ("late_list_again", "own_lines_again"):
                for round in rounds:
                    yield Put(one.id, f"{verb}:{update.id}:{one.id}:{round.id}", verb, (day, round.id, *begins))
    for round in rounds:
        yield Put(DISTRICT, f"summary_again:{update.id}:{round.id}", "summary_again", (day, round.id, *begins))


def cards_again(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`cards_again SCHOOL DAY SCOPE`, put by /holiday: today's cards show what holds now. Cards that could not be
    sent before go out; one in which somebody is filling in a report is left alone."""
    school, day, scope = update.args[0], date.fromisoformat(update.args[1]), update.args[2]
    if day != update.today:
        return Outcome()
    says: list[Message] = []
    for round in ask(RulesOn(day)).rounds:
        for row in ask(SchoolMorning(school, day, round.id)).rows:
            scene = look(update, ask, row.klass.id, day, round.id) if _concerns(scope, row.klass) else None
            if scene is not None and scene.report is None:
                says += _card(scene, ask, row, round)
    return Outcome(says=tuple(says))


def _concerns(scope: str, klass: Klass) -> bool:
    return scope in (DISTRICT, klass.school, f"grade:{klass.school}:{klass.grade}", klass.id)


def _card(scene: Scene, ask: Ask, row: ClassRow, round: Round) -> tuple[Message, ...]:
    """`refresh` leaves a walk with a pupil in it alone; nor is one that has only begun buried under a new card."""
    says = refresh(scene, ask)
    stop = round.span(scene.day, scene.update.zone)[1]
    if scene.view.off is None and is_open(scene.update, round) and scene.update.now < stop:
        sent = (show(scene, person, scene.key("card", person)) for person in scene.view.asked)
        says = (*says, *(replace(message, urgency=Urgency.BROADCAST, not_after=stop) for message in sent))
    walks = {draft.key for draft in row.drafts}
    return tuple(message for message in says if message.key not in walks)


# The list


def _list(ask: Ask, today: date) -> Text:
    how = text("settings.how", day=f"{today + timedelta(days=7):%Y-%m-%d}")
    lines = tuple(_line(first, last, view) for first, last, view in _runs(ask, today))
    return text(
        "settings.list",
        days=AHEAD,
        terms=_terms(ask, today),
        lines=lines or (text("settings.none"),),
        parts=_parts_ahead(ask, today),
        how=how,
    )


def _terms(ask: Ask, today: date) -> Text:
    terms = ask(RulesOn(today)).terms
    ahead = [_span(first, last) for first, last in terms if last >= today]
    if ahead:
        return text("settings.terms", terms=listed(ahead))
    return text("settings.terms_over" if terms else "settings.no_terms")


def _line(first: date, last: date, view: DayView) -> Text:
    name = view.name or text("settings.vacation")
    return text("settings.line_on" if view.school_day else "settings.line_off", span=_span(first, last), name=name)


def _runs(ask: Ask, today: date) -> Iterator[tuple[date, date, DayView]]:
    """Days that differ from the plain week, neighbours of one kind and name together."""
    run: tuple[date, date, DayView] | None = None
    for day in (today + timedelta(n) for n in range(AHEAD)):
        view = ask(DayOf(day))
        if run and run[2] == view and not _plain(run[0], view):
            run = run[0], day, view
            continue
        if run and not _plain(run[0], run[2]):
            yield run
        run = day, day, view
    if run and not _plain(run[0], run[2]):
        yield run


def _parts_ahead(ask: Ask, today: date) -> Value:
    """What was set for a school, grade or class, and how the first of it is taken back."""
    named = [(name, run) for run in _part_runs(ask, today) if (name := _called(ask, run[0].scope, today))]
    if not named:
        return NOTHING
    lines = tuple(
        text("settings.line_part", where=name, line=_line(run[0].day, run[-1].day, run[0].view)) for name, run in named
    )
    name, run = named[0]
    days = f"{run[0].day}..{run[-1].day}" if len(run) > 1 else f"{run[0].day}"
    back = f"/holiday {name} {days} {OFF if run[0].view.school_day else ON}"
    return text("settings.parts", lines=lines, back=back)


def _part_runs(ask: Ask, today: date) -> Iterator[list[PartDay]]:
    """Neighbouring days of one scope, kind and name together."""
    run: list[PartDay] = []
    for one in ask(PartDays(today, today + timedelta(AHEAD - 1))):
        if run and one == replace(run[-1], day=run[-1].day + timedelta(days=1)):
            run.append(one)
            continue
        if run:
            yield run
        run = [one]
    if run:
        yield run


def _called(ask: Ask, scope: str, today: date) -> str | None:
    """As /holiday understands it; None for a school or class that is no more."""
    schools = {one.id: one for one in ask(Schools(today))}
    if scope in schools:
        return schools[scope].name
    if scope.startswith("grade:"):
        _, school, grade = scope.split(":")
        return _grade_name(schools[school], grade) if school in schools else None
    klass = ask(ClassBy(scope, today))
    return f"{schools[klass.school].short}{klass.name}" if klass else None


def _plain(day: date, view: DayView) -> bool:
    return not view.name and view.school_day == (day.isoweekday() < SATURDAY)
