"""What the clock says: cards at 07:30, reminders, the late list, the leaders' post, the day's close."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from handlers import calls, ledger, unsent
from handlers.admins import admins, tell
from handlers.answering import keepers, keeps, owns
from handlers.cards import prompt, prompt_choices, refresh
from handlers.facts import ListPassed, ListTaken, Settled
from handlers.following.reminding import follow_back, unasked
from handlers.following.showing import case_line
from handlers.leaders import noted, summary
from handlers.model import (
    Answer,
    Choices,
    Draft,
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
from handlers.outages import SYSTEM, beside_deadline, could_report, line
from handlers.outcome import Outcome, pop_up
from handlers.plain import unstamp
from handlers.pruning import prune
from handlers.questions import (
    Ask,
    CasesOf,
    ClassDayView,
    ClassRow,
    ListTurn,
    Observations,
    RulesOn,
    SchoolMorning,
    SchoolMorningView,
    SchoolOf,
    TurnView,
)
from handlers.rulebook import DAILY, Kind, Round, Rules, Step
from handlers.rules.fever import Lines
from handlers.scene import Scene, look, named
from handlers.schools import own_lines, own_lines_again
from handlers.sealing import seal
from handlers.settings.tomorrow import eve
from handlers.staff_health.answering import staff_step
from handlers.substitutes.telling import TODAY
from handlers.words import NOTHING, day_full, listed, literal

MOST_LISTED = 20  # classes in one message
LATE, UNREACHED = "late", "unreached"  # the lists of classes to be phoned


DAILY_STEPS: Final[Mapping[str, Callable[[Update, Ask, date], Outcome]]] = {
    "seal": seal,
    "prune": prune,
    "follow_back": follow_back,
    "first_contact": unasked,
    "daily_contact": unasked,
    "eve": eve,
}


def tick(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """A step that is due. One whose hour is no longer the step's (the deadline was moved) states nothing."""
    name, due, round_id, day_text = update.args
    day = date.fromisoformat(day_text)
    rules = ask(RulesOn(day))
    known = rules.due(name, round_id, day, update.zone)
    if known is None or known.at != unstamp(due):
        return Outcome()
    if round_id == DAILY:
        return DAILY_STEPS[name](update, ask, day)
    step, round = known.step, rules.round(round_id)
    if round is None:
        return Outcome()
    if step.district:
        return noted(update, ask, day, round) if step.name == "noted" else summary(update, ask, day, round)
    if not round.of_classes:
        return staff_step(update, ask, day, round, step)
    view = ask(SchoolMorning(update.lane, day, round.id))
    match step.name:
        case "open":
            return _open(update, ask, rules, round, view, day)
        case "late_list":
            return late_list(update, ask, rules, round, view, day)
        case "own_lines":
            return Outcome(says=own_lines(update, ask, round, view, day))
        case "close":
            return _close(update, ask, round, view, day)
        case _:
            return _remind(update, ask, rules, round, view, day, step)


def _due_rows(view: SchoolMorningView) -> list[ClassRow]:
    return [row for row in view.rows if row.off is None and row.report is None]


def _scenes(
    update: Update, ask: Ask, rules: Rules, round: Round, view: SchoolMorningView, day: date
) -> list[tuple[ClassRow, Scene]]:
    """Of each class that is due. A card needs a class's numbers and its open cases, not its names; those are looked up
    when somebody opens the walk, or where an earlier round has listed any."""
    cases, observed = ask(CasesOf(view.school.id, day)), ask(Observations(view.school.id, day))
    found = []
    for row in _due_rows(view):
        plain = Scene(
            update,
            ClassDayView(row.klass, view.school, None, (), row.teachers, None, ()),
            day,
            round,
            rules,
            (),
            cases=tuple(case for case in cases if case.class_id == row.klass.id),
            count=row.expected,
            observed=tuple(one for one in observed if one.class_id == row.klass.id),
        )
        listed = row.earlier is not None and bool(row.earlier.entries)
        known = look(update, ask, row.klass.id, day, round.id) if listed or round.kind is not Kind.CLASS else None
        found.append((row, known or plain))
    return found


# 07:30


def _open(update: Update, ask: Ask, rules: Rules, round: Round, view: SchoolMorningView, day: date) -> Outcome:
    """One message a class and teacher, while it is morning. A class none of whose teachers can be reached is the
    报告人's from now on."""
    if round.stopped(update.now, day, update.zone):
        return Outcome()
    stop = round.span(day, update.zone)[1]
    says: list[Message] = []
    for row, scene in _scenes(update, ask, rules, round, view, day):
        says += [
            Message(
                scene.key("card", teacher),
                ToPerson(teacher.id),
                prompt(scene),
                prompt_choices(scene),
                Urgency.BROADCAST,
                not_after=stop,
                about=scene.subject,
            )
            for teacher in row.asked
            if teacher.reachable
        ]
    return Outcome(says=tuple(says)) + _list(update, ask, rules, round, view, day, UNREACHED)


# 08:15, 08:30


def _remind(
    update: Update, ask: Ask, rules: Rules, round: Round, view: SchoolMorningView, day: date, step: Step
) -> Outcome:
    """Only those who have not reported, each with the same one-tap buttons; when the morning is over, nobody."""
    if round.stopped(update.now, day, update.zone):
        return Outcome()
    return Outcome(says=reminders(update, ask, rules, round, view, day, step.name, last=step.at >= round.deadline))


def reminders(
    update: Update,
    ask: Ask,
    rules: Rules,
    round: Round,
    view: SchoolMorningView,
    day: date,
    name: str,
    *,
    last: bool,
) -> tuple[Message, ...]:
    """Withdrawn while unsent by the class's report, by the next step, and by the hour from which nothing is sent."""
    following = [round.due(one, day, update.zone) for one in round.steps if one.to in ("teachers", "nobody")]
    later = [at for at in (*following, round.span(day, update.zone)[1]) if at > update.now]
    reporter = next((one for one in keepers(ask, view.school.id, day) if one.phone), None)
    says = []
    for row, scene in _scenes(update, ask, rules, round, view, day):
        for teacher in row.asked:
            if teacher.reachable:
                draft = unsent.half_entered(row, teacher)
                walk = look(update, ask, row.klass.id, day, round.id) if draft else None
                says.append(
                    Message(
                        scene.key(name, teacher),
                        ToPerson(teacher.id),
                        _reminder(scene, row, teacher, reporter, _unsent(walk, draft), last=last),
                        unsent.go_on(walk, draft) if walk and draft else prompt_choices(scene),
                        Urgency.REMINDER,
                        not_after=min(later, default=None),
                        about=scene.subject,
                        until=scene.subject,
                    )
                )
    return (*says, *(ping for row in view.rows for ping in unsent.pings(update, ask, row, day, round.id, name)))


def _unsent(scene: Scene | None, draft: Draft | None) -> Text | None:
    """What they have entered and not sent."""
    if scene is None or draft is None:
        return None
    return text("remind.draft", n=draft.many, how=unsent.next_step(scene, draft))


def _reminder(
    scene: Scene, row: ClassRow, teacher: Person, reporter: Person | None, draft: Text | None, *, last: bool
) -> Text:
    if not last:
        return text(
            "remind.first",
            title=teacher.title,
            klass=row.klass.name,
            round=scene.round.name,
            deadline=f"{scene.round.deadline:%H:%M}",
            then=draft or _one_tap(scene),
        )
    return text(
        "remind.last",
        title=teacher.title,
        klass=row.klass.name,
        round=scene.round.name,
        deadline=f"{scene.round.deadline:%H:%M}",
        draft=draft or NOTHING,
        phone=text("remind.phone", who=reporter.title, phone=reporter.phone)
        if reporter is not None and reporter.phone and reporter.id != teacher.id
        else NOTHING,
    )


def _one_tap(scene: Scene) -> Text:
    if not scene.left_open:
        return text("remind.one_tap")
    return text("remind.cases", lines=tuple(case_line(scene, case) for case in scene.left_open))


# 08:45


def late_list(update: Update, ask: Ask, rules: Rules, round: Round, view: SchoolMorningView, day: date) -> Outcome:
    """Who is missing, with phone numbers, to the 报告人: call, then report on behalf."""
    return _list(update, ask, rules, round, view, day, LATE)


def _list(
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
    due = _due_rows(view)
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
            *_edits(_to_office(update, ask, round, view, day, kind, others, now)),
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
    says = _edits(_to_office(update, ask, round, view, day, kind, calls.in_turn(view.staff), now))
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


def _edits(messages: Iterable[Message]) -> tuple[Message, ...]:
    return tuple(replace(message, only_if_shown=True, urgency=Urgency.BROADCAST) for message in messages)


def late_list_again(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """A class has reported since: the list that stands in the chat becomes true."""
    day, round_id = date.fromisoformat(update.args[0]), update.args[1]
    round = ask(RulesOn(day)).round(round_id)
    if round is None:
        return Outcome()
    view = ask(SchoolMorning(update.lane, day, round.id))
    everybody = calls.in_turn(view.staff)
    late = _to_office(update, ask, round, view, day, LATE, everybody)
    unreached = _to_office(update, ask, round, view, day, UNREACHED, everybody)
    return Outcome(says=_edits((*late, *unreached)))


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


def disturbed(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`disturbed DAY ROUND`, when an outage is over: receipts, list and standings of this school say that it was."""
    day, round_id = date.fromisoformat(update.args[0]), update.args[1]
    round = ask(RulesOn(day)).round(round_id)
    if round is None:
        return Outcome()
    view = ask(SchoolMorning(update.lane, day, round.id))
    settled = _settled(update, ask, round, view, day)
    known_late = round.closed(update.now, day, update.zone) and any(cause for _, _, cause in settled.standings)
    known = Outcome(facts=(settled,)) if known_late else Outcome()
    if known_late:
        known += ledger.excused_by_system(update, ask, view.school.id, day, round.id, settled.standings)
    if day != update.today:
        return known
    late = [row.klass.id for row in view.rows if row.report is not None and not row.report.timely]
    scenes = [scene for one in late if (scene := look(update, ask, one, day, round.id)) is not None]
    receipts = tuple(message for scene in scenes for message in refresh(scene, ask))
    shown = late_list_again(update, ask, person) + own_lines_again(update, ask, person)
    return known + Outcome(says=receipts) + shown


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
        return text("late.blocked")
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


# 17:00


def _close(update: Update, ask: Ask, round: Round, view: SchoolMorningView, day: date) -> Outcome:
    """Late and missing are kept apart for ever."""
    settled = _settled(update, ask, round, view, day)
    answered_for = ledger.at_close(update, ask, round, view, day, settled.standings)
    return Outcome(facts=(settled,)) + answered_for + unsent.at_close(update, ask, view)


def _settled(update: Update, ask: Ask, round: Round, view: SchoolMorningView, day: date) -> Settled:
    beside = beside_deadline(update, ask, round, day)
    standings = tuple((row.klass.id, _standing(row), _cause(row, beside=beside)) for row in view.rows)
    return Settled(day, round.id, view.school.id, standings)


def _cause(row: ClassRow, *, beside: bool) -> str:
    return SYSTEM if beside and _standing(row) in ("late", "missing") and could_report(row.asked) else NOTHING


def _standing(row: ClassRow) -> str:
    if row.off is not None:
        return "excused"
    if row.report is None:
        return "missing"
    return "on_time" if row.report.timely else "late"


def clock_wrong(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """No tick is put while the clocks disagree: the admins are told."""
    return tell_admins(update, ask, text("clock.wrong", time=update.local(update.now)))


def set_aside(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """An update raised in a handler: the admins hear of it; `python -m bot replay` after the fix."""
    return tell_admins(update, ask, text("aside.told", id=update.text, error=update.args[1]))


def tell_admins(update: Update, ask: Ask, words: Text) -> Outcome:
    return Outcome(says=tell(admins(ask, update.today), f"admins:{update.id}", words))
