"""Whose turn it is to phone the classes of a list: the 疫情报告人, then the 副报告人 where it was not taken in time."""

from collections.abc import Iterable
from datetime import date

from handlers.answering import KEEPERS, keeps
from handlers.model import Choices, Duty, Person, Put, Update, Value, choice, text
from handlers.questions import Ask, SchoolMorningView, StandInsOf, TurnView
from handlers.rulebook import Rules
from handlers.words import NOTHING

PASS_LIST = "pass_list"  # noqa: S105 - a verb


def in_turn(staff: Iterable[Person]) -> tuple[Person, ...]:
    """疫情报告人, the first of the office's file first; then 副报告人. Where none can be reached, the 校长."""
    people = tuple(staff)
    known = [one for duty in KEEPERS for one in people if one.has(duty)]
    if not any(one.reachable for one in known):
        known += [one for one in people if one.has(Duty.PRINCIPAL)]
    return tuple(dict.fromkeys(known))


def may_take(person: Person, school: str) -> bool:
    return keeps(person, school) or (person.school == school and person.has(Duty.PRINCIPAL))


def following(turn: Iterable[Person], person: str | None) -> Person | None:
    """The next who can be reached; the first where nobody has had it yet."""
    people = list(turn)
    had = next((at for at, one in enumerate(people, 1) if one.id == person), 0)
    return next((one for one in people[had:] if one.reachable), None)


def wait(update: Update, rules: Rules, view: SchoolMorningView, of: tuple[date, str, str], one: Person) -> Put:
    """Comes back when their time is up. `of`: day, round and kind of the list."""
    day, round_id, kind = of
    args = (day.isoformat(), round_id, kind, one.id)
    return Put(
        view.school.id, ":".join((PASS_LIST, view.school.id, *args)), PASS_LIST, args, at=update.now + rules.call
    )


def at_work(ask: Ask, view: SchoolMorningView, day: date, person: str) -> bool:
    """They have begun to report for a class, or named a substitute: as good as 我来打."""
    drafts = any(draft.person == person and draft.kind == "behalf" for row in view.rows for draft in row.drafts)
    reports = any(row.report and row.report.behalf and row.report.by == person for row in view.rows)
    return drafts or reports or any(one.by.id == person for one in ask(StandInsOf(view.school.id, day)))


def turn_line(update: Update, view: SchoolMorningView, turn: TurnView | None, reader: Person) -> Value:
    """Who has taken the list; else whose turn it is, and what follows."""
    people = in_turn(view.staff)
    holder = next((one for one in people if turn and one.id == turn.person), None) or following(people, None)
    if holder is None:
        return NOTHING
    if turn is not None and turn.taken_at is not None:
        return text("late.taken", time=update.local(turn.taken_at), who=holder.title)
    if holder.id != reader.id:
        return text("late.passed", time=update.local(turn.since), who=holder.title) if turn else NOTHING
    key, after = "late.passed_to_you" if turn else "late.yours", following(people, holder.id)
    return text(key, who=after.title) if after else text(f"{key}_last")


def take_button(view: SchoolMorningView, of: tuple[date, str, str], turn: TurnView | None) -> Choices:
    if turn is not None and turn.taken_at is not None:
        return ()
    day, round_id, kind = of
    return ((choice(text("button.take_list"), "take_list", view.school.id, f"{day:%Y%m%d}", round_id, kind),),)
