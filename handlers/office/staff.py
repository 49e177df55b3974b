"""What anybody of the staff asks: /status of their own classes, /help by their own duties."""

from handlers.answering import KEEPERS
from handlers.model import Duty, Person, Text, Update, text
from handlers.numbers import count
from handlers.office.scope import here, no_school, round_now
from handlers.outages import beside_deadline, could_report, timeliness
from handlers.outcome import Outcome
from handlers.questions import Ask, ClassRow, RulesOn, SchoolMorning
from handlers.rulebook import Round, Rules
from handlers.words import NOTHING, day_full, findings


def status(update: Update, ask: Ask, person: Person) -> Outcome:
    """/status: how each of my classes stands today."""
    found = round_now(update, ask)
    rows = _own_rows(update, ask, person, found[1]) if found else []
    off = no_school(update, ask, rows)
    if off is not None:
        return off
    if found is None or not rows:
        return Outcome(says=(here(update, text("report.no_class")),))
    rules, round = found
    beside = beside_deadline(update, ask, round, update.today)
    lines = tuple(_status_line(update, rules, row, by_system=beside and could_report(row.asked)) for row in rows)
    words = text("office.status", day=day_full(update.today), round=text(f"round.{round.id}"), lines=lines)
    return Outcome(says=(here(update, words),))


def _own_rows(update: Update, ask: Ask, person: Person, round: Round) -> list[ClassRow]:
    rows = ask(SchoolMorning(person.school, update.today, round.id)).rows if person.school else ()
    return [row for row in rows if row.klass.id in person.classes]


def _status_line(update: Update, rules: Rules, row: ClassRow, *, by_system: bool) -> Text:
    if row.off is not None:
        return text("office.class_off", klass=row.klass.name, why=row.off or text("card.no_school"))
    if row.report is None:
        return text("office.class_missing", klass=row.klass.name)
    one = count([row], rules.fever)
    return text(
        "office.class_reported",
        klass=row.klass.name,
        time=update.local(row.report.first_at or row.report.at),
        timely=timeliness(row.report, by_system=by_system),
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
    if person.has(*KEEPERS):
        parts.append(text("help.keeper"))
    if person.has(Duty.ADMIN):
        parts.append(text("help.admin"))
    elif person.has(Duty.REPORTER):
        parts.append(text("help.inviter"))
    title = person.title if update.private else NOTHING  # a group sees no teacher's name
    return Outcome(says=(here(update, text("help.all", title=title, parts=tuple(parts), phone=office)),))
