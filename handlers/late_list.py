"""The 08:45 list: the missing classes, for the 报告人 to phone; and the list of those of which nobody can be reached.
One person takes it; it is kept true by edits."""

from collections.abc import Iterable
from datetime import date, datetime

from handlers import calls, unsent
from handlers.answering import keeps, owns
from handlers.facts import ListPassed, ListTaken
from handlers.model import (
    Answer,
    Choices,
    Message,
    Person,
    Text,
    ToPerson,
    Update,
    Urgency,
    Value,
    choice,
    text,
)
from handlers.outages import beside_deadline, could_report, line
from handlers.outcome import Outcome, pop_up
from handlers.questions import (
    Ask,
    ClassRow,
    ListTurn,
    RulesOn,
    SchoolMorning,
    SchoolMorningView,
    SchoolOf,
    TurnView,
)
from handlers.rulebook import Round, Rules
from handlers.rules.fever import Lines
from handlers.scene import named, school_round
from handlers.substitutes.telling import TODAY
from handlers.values import replace
from handlers.words import NOTHING, day_full, listed, literal

MOST_LISTED = 20  # classes in one message
LATE, UNREACHED = "late", "unreached"  # the lists of classes to be phoned


def due_rows(view: SchoolMorningView) -> list[ClassRow]:
    return [row for row in view.rows if row.off is None and row.report is None]


def late_list(update: Update, ask: Ask, rules: Rules, round: Round, view: SchoolMorningView, day: date) -> Outcome:
    """Who is missing, with phone numbers, to the 报告人: call, then report on behalf."""
    return list_of(update, ask, rules, round, view, day, LATE)


def list_of(
    update: Update, ask: Ask, rules: Rules, round: Round, view: SchoolMorningView, day: date, kind: str
) -> Outcome:
    """To the first of those in turn who can be reached, to be taken; where nobody can, it is kept for the first."""
    turn = calls.in_turn(view.staff)
    if not _rows(view, kind) or not turn:
        return Outcome()
    first = calls.following(turn, None)
    says = _to_office(update, ask, round, view, day, kind, (first or turn[0],))
    return Outcome(says=says, puts=(calls.wait(update, rules, view, (day, round.id, kind), first),) if first else ())


def _rows(view: SchoolMorningView, kind: str) -> list[ClassRow]:
    """The classes of a list: those that are missing, or those none of whose teachers can be reached."""
    due = due_rows(view)
    return due if kind == LATE else [row for row in due if not any(teacher.reachable for teacher in row.asked)]


def pass_list(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`pass_list DAY ROUND KIND PERSON`: their time is up. Nothing where the list was taken, or is empty by now."""
    day, round_id, kind, had = date.fromisoformat(update.args[0]), *update.args[1:]
    rules = ask(RulesOn(day))
    round = rules.round(round_id)
    if round is None or round.closed(update.now, day, update.zone):
        return Outcome()
    view, known = ask(SchoolMorning(update.lane, day, round.id)), ask(ListTurn(day, round.id, update.lane, kind))
    after = calls.following(calls.in_turn(view.staff), had)
    if not _rows(view, kind) or after is None or (known and known.taken_at) or calls.at_work(ask, view, day, had):
        return Outcome()
    now = TurnView(after.id, update.now, None)
    others = tuple(one for one in calls.in_turn(view.staff) if one.id != after.id)
    return Outcome(
        (ListPassed(day, round.id, update.lane, kind, after.id, update.now),),
        (
            *(replace(one, fresh=True) for one in _to_office(update, ask, round, view, day, kind, (after,), now)),
            *(one.edit for one in _to_office(update, ask, round, view, day, kind, others, now)),
        ),
        puts=(calls.wait(update, rules, view, (day, round.id, kind), after),),
    )


def take_list(update: Update, ask: Ask, person: Person) -> Outcome:
    """我来打: who phones is seen by everybody who has the list, and it goes to nobody else."""
    found = _list_named(update, ask)
    if found is None or not calls.may_take(person, found[1].school.id):
        return pop_up(text("answer.not_yours"))
    round, view, day, kind = found
    known = ask(ListTurn(day, round.id, view.school.id, kind))
    mine = known is None or known.taken_at is None
    now = TurnView(person.id, update.at, update.at) if mine else known
    says = tuple(one.edit for one in _to_office(update, ask, round, view, day, kind, calls.in_turn(view.staff), now))
    facts = (ListTaken(day, round.id, view.school.id, kind, person.id, update.at),) if mine else ()
    return Outcome(facts, says, Answer())


def _list_named(update: Update, ask: Ask) -> tuple[Round, SchoolMorningView, date, str] | None:
    """School, day, round and kind that a button names."""
    where, kind = named(update), update.args[3:]
    if where is None or kind not in ((LATE,), (UNREACHED,)) or ask(SchoolOf(where[0])) is None:
        return None
    school, day, round_id = where
    round = ask(RulesOn(day)).round(round_id)
    return (round, ask(SchoolMorning(school, day, round.id)), day, kind[0]) if round else None


def late_list_again(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """A class has reported since: the list that stands in the chat becomes true."""
    found = school_round(update, ask)
    if found is None:
        return Outcome()
    day, round, view = found
    everybody = calls.in_turn(view.staff)
    late = _to_office(update, ask, round, view, day, LATE, everybody)
    unreached = _to_office(update, ask, round, view, day, UNREACHED, everybody)
    return Outcome(says=tuple(one.edit for one in (*late, *unreached)))


def _to_office(
    update: Update,
    ask: Ask,
    round: Round,
    view: SchoolMorningView,
    day: date,
    kind: str,
    people: Iterable[Person],
    turn: TurnView | None = None,
) -> tuple[Message, ...]:
    """The list as it stands, to these people. `turn`: where it is not recorded yet."""
    rows, of = _rows(view, kind), (day, round.id, kind)
    known = turn or ask(ListTurn(day, round.id, view.school.id, kind))
    take = calls.take_button(view, of, known) if rows else ()
    return tuple(
        Message(
            f"{kind}:{day:%Y%m%d}:{round.id}:{one.id}",
            ToPerson(one.id),
            late_words(update, ask, round, view, day, rows, kind, one, calls.turn_line(update, view, known, one)),
            (*take, *(behalf_choices(round, day, rows) if keeps(one, view.school.id) else ())),
            Urgency.REMINDER,
            not_after=datetime.combine(day, round.close, update.zone),
        )
        for one in people
    )


# Its words


def late_words(
    update: Update,
    ask: Ask,
    round: Round,
    view: SchoolMorningView,
    day: date,
    rows: list[ClassRow],
    kind: str,
    reader: Person,
    turn: Value = NOTHING,
) -> Text:
    """As one of the office reads it, whose own walks are theirs. `turn`: who phones."""
    due = [row for row in view.rows if row.off is None]
    beside, rules = beside_deadline(update, ask, round, day), ask(RulesOn(day))
    reported = sum(row.report is not None for row in due)
    return text(
        f"{kind}.list",
        school=view.school.short,
        day=day_full(day),
        round=round.name,
        time=update.local(update.now),
        due=len(due),
        reported=reported,
        missing=len(rows),
        outage=line(update, ask, round, day),
        lines=tuple(
            _late_line(n, row, _late_state(row, rules.fever, view.staff, reader), beside=beside)
            for n, row in enumerate(rows[:MOST_LISTED], 1)
        ),
        more=text("late.more", n=len(rows) - MOST_LISTED) if len(rows) > MOST_LISTED else NOTHING,
        turn=turn if rows else NOTHING,
        then=text(f"{kind}.phone", summary=f"{round.posted:%H:%M}")
        if rows
        else text(f"{kind}.none" if due else "office.nothing_due"),
    )


def _late_line(n: int, row: ClassRow, state: Text, *, beside: bool) -> Text:
    who: Value = listed([_phone(teacher, row) for teacher in row.asked]) or _nobody(row)
    if beside and could_report(row.asked):
        state = text("late.by_system", state=state)
    return text("late.line", n=n, klass=row.klass.name, who=who, state=state)


def _phone(teacher: Person, row: ClassRow) -> Text:
    key = "late.teacher" if owns(teacher, row.klass.id) else "late.substitute"
    return text(key, title=teacher.title, phone=teacher.phone or text("phone.unknown"))


def _nobody(row: ClassRow) -> Text:
    """Of whom no report is asked: everybody is away, or there never was a teacher."""
    away = listed([literal(teacher.title) for teacher in row.teachers])
    return text("late.away", who=away) if away else text("late.no_teacher")


def _late_state(row: ClassRow, lines: Lines, staff: Iterable[Person], reader: Person) -> Text:
    """Of the teachers, and of whoever else is filling it in: a teacher who did nothing is still to be phoned."""
    filling, others = unsent.states_of(row, lines, staff, reader)
    state = filling or _of_teachers(row)
    return text("late.and_behalf", state=state, behalf=listed(others)) if others else state


def _of_teachers(row: ClassRow) -> Text:
    if row.teachers and not row.asked:
        return text("late.nobody_asked")
    if not any(teacher.bound for teacher in row.asked):
        return text("late.unbound")
    if not any(teacher.reachable for teacher in row.asked):
        return text("late.unheard" if any(teacher.unheard for teacher in row.asked) else "late.blocked")
    return text("late.reminded", n=row.reminded) if row.reminded else text("late.not_reminded")


def behalf_choices(round: Round, day: date, rows: list[ClassRow]) -> Choices:
    """A row a class: report for it now, or name a substitute for today."""
    return tuple(
        (
            choice(text("button.behalf", klass=row.klass.name), "behalf", row.klass.id, f"{day:%Y%m%d}", round.id, 0),
            choice(text("button.substitute", klass=row.klass.name), "hand_over", row.klass.id, TODAY),
        )
        for row in rows[:MOST_LISTED]
    )
