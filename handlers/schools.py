"""One school's morning: its own lines, for whoever of it asks, and for its 校长 at 09:00 without asking."""

from datetime import date

from handlers import day_view
from handlers.caption import percent
from handlers.day_view import Later
from handlers.district import BEGINS
from handlers.model import Duty, Message, Person, Text, ToPerson, Update, Urgency, Value, text
from handlers.numbers import Count, count
from handlers.outages import beside_deadline, by_system, line
from handlers.outcome import Outcome
from handlers.questions import Ask, RulesOn, SchoolMorning, SchoolMorningView, Staff
from handlers.rulebook import Kind, Round
from handlers.scene import school_round
from handlers.staff_health.overview import staff_count
from handlers.words import NOTHING, day_full, findings, hour_of, listed, literal


def own_lines(update: Update, ask: Ask, round: Round, view: SchoolMorningView, day: date) -> tuple[Message, ...]:
    """To each 校长 of the school (first responsible by 卫办疾控发〔2006〕65号); nothing on a day without school."""
    if _off(view):
        return ()
    return _to_principals(update, ask, round, view, day, school_today(update, ask, round, view, day))


def _off(view: SchoolMorningView) -> bool:
    return all(row.off is not None for row in view.rows)


def _to_principals(
    update: Update, ask: Ask, round: Round, view: SchoolMorningView, day: date, words: Text
) -> tuple[Message, ...]:
    key, rules = f"own_lines:{day:%Y%m%d}:{round.id}", ask(RulesOn(day))
    until = rules.silence(day, update.zone)
    return tuple(
        Message(f"{key}:{one.id}", ToPerson(one.id), words, urgency=Urgency.REMINDER, not_after=until)
        for one in ask(Staff(view.school.id, day))
        if one.has(Duty.PRINCIPAL)
    )


def own_lines_again(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """Reported, corrected or called off since: what stands in the 校长's chat becomes true. They come anew only where
    the day has become a school day after their hour."""
    found = school_round(update, ask)
    if found is None:
        return Outcome()
    day, round, view = found
    said = own_lines(update, ask, round, view, day)
    if BEGINS in update.args and round.summed(update.now, day, update.zone) and not _off(view):
        return Outcome(says=said)
    if _off(view):
        words = text("office.school_off", school=view.school.name, day=day_full(day), time=update.local(update.now))
        said = _to_principals(update, ask, round, view, day, words)
    return Outcome(says=tuple(one.edit for one in said))


def school_today(update: Update, ask: Ask, round: Round, view: SchoolMorningView, day: date) -> Text:
    one = count(view.rows, ask(RulesOn(day)).fever)
    late_by_system, _ = by_system(view.rows, beside=beside_deadline(update, ask, round, day))
    return text(
        "office.school_today",
        school=view.school.name,
        day=day_full(day),
        round=round.name,
        time=hour_of(update, update.now, day),
        due=one.standing.due,
        reported=one.standing.reported,
        on_time=one.standing.on_time,
        late=one.standing.late,
        system=text("summary.system", n=late_by_system) if late_by_system else NOTHING,
        missing=one.standing.missing,
        missing_named=text("office.these", classes=listed([literal(row.klass.name) for row in one.missing]))
        if one.missing
        else NOTHING,
        zero=one.standing.zero,
        outage=line(update, ask, round, day),
        health=_health(one),
        rounds=(*_away(ask, round, view, day), *day_view.lines(one, _later(update, ask, round, view, day))),
        staff=staff_count(update, ask, view.school.id, day),
    )


def _away(ask: Ask, round: Round, view: SchoolMorningView, day: date) -> tuple[Text, ...]:
    """In the holidays: how many are out of town."""
    if round.kind is not Kind.HOME:
        return ()
    return (text("summary.away", n=len(day_view.trips_in(ask, view, day))),)


def _later(update: Update, ask: Ask, round: Round, view: SchoolMorningView, day: date) -> tuple[Later, ...]:
    """The day's rounds of this school that have begun and stand in this one's post."""
    rules, local = ask(RulesOn(day)), update.now.astimezone(update.zone)
    rounds = [one for one in rules.rounds_of(view.school.id) if one.of_classes and one != round]
    begun = [one for one in rounds if local.date() > day or one.opens <= local.time()]
    return tuple(
        Later(one, count(ask(SchoolMorning(view.school.id, day, one.id)).rows, rules.fever))
        for one in begun
        if rules.post_of(one) == round
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
