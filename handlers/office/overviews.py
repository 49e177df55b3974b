"""What the office looks over: /today in figures, /late by class and phone number."""

from handlers.caption import LONG, say
from handlers.district import AsOf, District
from handlers.late_list import behalf_choices, late_words
from handlers.model import DISTRICT_OFFICE, Choices, Duty, Message, Person, Text, ToHere, Update, choice, text
from handlers.office.scope import following, here, no_school, post_now, round_now, rows_of, schools_of
from handlers.outcome import Outcome
from handlers.questions import Ask, ClassRow, Holders, SchoolMorning, SchoolMorningView
from handlers.schools import school_today
from handlers.words import NOTHING, day_full, listed, literal


def today(update: Update, ask: Ask, person: Person) -> Outcome:
    """/today: the caller's own school, or the district by right."""
    found, off = post_now(update, ask, person), no_school(update, ask, rows_of(update, ask, person))
    if off is not None:
        return off
    if found is None:
        return Outcome(says=(here(update, text("report.no_round")),))
    _, round = found
    if person.has(*DISTRICT_OFFICE):
        district = District(update, ask, update.today, round)
        if district.whole.standing.due == 0:
            return Outcome(says=(here(update, text("office.nothing_due")),))
        said = say(district, AsOf(update.local(update.now)), LONG, kept=False)
        return Outcome(says=(here(update, said.caption, choices=_file(update)), *following(update, said.pages)))
    says = [
        here(
            update,
            school_today(update, ask, round, ask(SchoolMorning(school, update.today, round.id)), update.today),
            choices=_file(update),
        )
        for school in schools_of(update, ask, person)
    ]
    return Outcome(says=tuple(says))


def _file(update: Update) -> Choices:
    """导出Excel, in private only."""
    return ((choice(text("button.export"), "export", update.today.isoformat()),),) if update.private else ()


def late(update: Update, ask: Ask, person: Person) -> Outcome:
    """/late: who has not reported, with phone numbers; in a group, classes only."""
    found, off = round_now(update, ask, person), no_school(update, ask, rows_of(update, ask, person))
    if off is not None:
        return off
    if found is None:
        return Outcome(says=(here(update, text("report.no_round")),))
    _, round = found
    views = [ask(SchoolMorning(school, update.today, round.id)) for school in schools_of(update, ask, person)]
    if person.has(*DISTRICT_OFFICE) or not update.private:
        return Outcome(says=(here(update, _late_district(ask, views, update, named=update.private)),))
    says: list[Message] = []
    for view in views:
        rows = _missing(view)
        own = person.has(Duty.REPORTER, Duty.DEPUTY)
        choices = behalf_choices(round, update.today, rows) if own else ()
        words = late_words(update, ask, round, view, update.today, rows, "late", person)
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
    reporters = ask(Holders(view.school.id, Duty.REPORTER, update.today)) if named else ()
    phones = [text("late.teacher", title=one.title, phone=one.phone or text("phone.unknown")) for one in reporters]
    return text(
        "office.late_school",
        school=view.school.short,
        n=len(rows),
        classes=listed([literal(row.klass.name) for row in rows]),
        reporter=text("office.late_reporter", who=listed(phones)) if phones else NOTHING,
    )
