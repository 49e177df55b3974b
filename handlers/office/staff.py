"""What anybody of the staff asks: /status of their own classes, /help by their own duties."""

from collections.abc import Sequence

from msgspec import Struct

from handlers.answering import KEEPERS
from handlers.model import Duty, Person, PupilRef, Text, Update, text
from handlers.numbers import count
from handlers.office.scope import here, no_school
from handlers.outages import beside_deadline, could_report, timeliness
from handlers.outcome import Outcome
from handlers.questions import Ask, ClassRow, RulesOn, SchoolMorning
from handlers.rulebook import Round, Rules
from handlers.scene import class_rounds, look, opened_by
from handlers.words import NOTHING, day_full, entry_words, findings, listed


def status(update: Update, ask: Ask, person: Person) -> Outcome:
    """/status: how each of my classes stands today; with several rounds, side by side, pupil by pupil in private."""
    rules, rounds = ask(RulesOn(update.today)), opened_by(class_rounds(update, ask, person.school), update)
    days = [_Day(round, rows) for round in reversed(rounds) if (rows := _own_rows(update, ask, person, round))]
    off = no_school(update, ask, [row for day in days for row in day.rows])
    if off is not None:
        return off
    if not days:
        return Outcome(says=(here(update, text("report.no_class")),))
    if len(days) == 1:
        lines = tuple(_of_class(update, ask, rules, days[0].round, row) for row in days[0].rows)
        words = text("office.status", day=day_full(update.today), round=days[0].round.name, lines=lines)
        return Outcome(says=(here(update, words),))
    classes = tuple(
        line
        for rows in zip(*(day.rows for day in days), strict=True)
        for line in _side_by_side(update, ask, rules, [(day.round, row) for day, row in zip(days, rows, strict=True)])
    )
    return Outcome(says=(here(update, text("office.status_day", day=day_full(update.today), lines=classes)),))


class _Day(Struct, frozen=True):
    """A round of today and the person's classes in it, in their order."""

    round: Round
    rows: list[ClassRow]


def _own_rows(update: Update, ask: Ask, person: Person, round: Round) -> list[ClassRow]:
    rows = ask(SchoolMorning(person.school, update.today, round.id)).rows if person.school else ()
    return [row for row in rows if row.klass.id in person.classes]


def _of_class(update: Update, ask: Ask, rules: Rules, round: Round, row: ClassRow) -> Text:
    return text("office.of_class", klass=row.klass.name, state=_state(update, ask, rules, round, row))


def _state(update: Update, ask: Ask, rules: Rules, round: Round, row: ClassRow) -> Text:
    if row.off is not None:
        return text("office.class_off", why=row.off or text("card.no_school"))
    if row.report is None:
        return text("office.class_missing")
    one = count([row], rules.fever)
    by_system = beside_deadline(update, ask, round, update.today) and could_report(row.asked)
    return text(
        "office.class_reported",
        time=update.local(row.report.first_at or row.report.at),
        timely=timeliness(row.report, by_system=by_system),
        found=findings(one.sums),
        expected=one.sums.expected,
        present=one.sums.present,
    )


def _side_by_side(update: Update, ask: Ask, rules: Rules, rounds: Sequence[tuple[Round, ClassRow]]) -> tuple[Text, ...]:
    """One class: a line a round that is due, then a line a pupil who was listed in any."""
    due = [(round, row) for round, row in rounds if row.off is None] or rounds[:1]
    lines = [
        text("office.of_round", round=round.name, state=_state(update, ask, rules, round, row)) for round, row in due
    ]
    pupils = _pupils(update, ask, due) if update.private else ()
    return (text("literal", words=rounds[0][1].klass.name), *lines, *pupils)


def _pupils(update: Update, ask: Ask, rounds: Sequence[tuple[Round, ClassRow]]) -> tuple[Text, ...]:
    """17号　晨检 38.5℃（额温），在校留观｜午检 病假，已接回."""
    found: dict[str, list[Text]] = {}
    for round, row in rounds:
        for entry in row.report.entries if row.report else ():
            what = text("office.in_round", round=round.name, what=entry_words(entry))
            found.setdefault(entry.pupil, []).append(what)
    scene = look(update, ask, rounds[0][1].klass.id, update.today, rounds[0][0].id)
    seats = scene.seats if scene else {}
    return tuple(
        text("office.of_pupil", pupil=PupilRef(pupil, seats.get(pupil, 0)), rounds=listed(what, "list.beside"))
        for pupil, what in sorted(found.items(), key=lambda one: seats.get(one[0], 0))
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
