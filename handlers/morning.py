"""What the clock says: cards at 07:30, reminders, the late list, the leaders' post, the day's close."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from handlers import unsent
from handlers.admins import admins, tell
from handlers.answering import office_of_school
from handlers.cards import prompt, prompt_choices, refresh
from handlers.facts import Settled
from handlers.following.reminding import remind as remind_of_cases
from handlers.following.showing import case_line
from handlers.leaders import summary
from handlers.model import (
    Choice,
    Choices,
    Draft,
    Duty,
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
from handlers.outcome import Outcome
from handlers.plain import unstamp
from handlers.questions import (
    Ask,
    CasesOf,
    ClassDayView,
    ClassRow,
    Observations,
    RulesOn,
    SchoolMorning,
    SchoolMorningView,
    Staff,
)
from handlers.rulebook import DAILY, Round, Rules, Step
from handlers.rules.fever import Lines
from handlers.scene import Scene, look
from handlers.schools import own_lines, own_lines_again
from handlers.settings.tomorrow import eve
from handlers.words import NOTHING, day_full, listed

MOST_LISTED = 20  # classes in one message


def tick(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """A step that is due. One whose hour is no longer the step's (the deadline was moved) states nothing."""
    name, due, round_id, day_text = update.args
    day = date.fromisoformat(day_text)
    rules = ask(RulesOn(day))
    known = rules.due(name, round_id, day, update.zone)
    if known is None or known.at != unstamp(due):
        return Outcome()
    if round_id == DAILY:
        return eve(update, ask, day) if name == "eve" else remind_of_cases(update, ask, day, name)
    step, round = known.step, rules.round(round_id)
    if round is None:
        return Outcome()
    if step.district:
        return summary(update, ask, day, round)
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
    when somebody opens the walk."""
    cases, observed = ask(CasesOf(view.school.id, day)), ask(Observations(view.school.id, day))
    return [
        (
            row,
            Scene(
                update,
                ClassDayView(row.klass, view.school, None, (), row.teachers, None, ()),
                day,
                round,
                rules,
                (),
                tuple(case for case in cases if case.class_id == row.klass.id),
                row.expected,
                observed=tuple(one for one in observed if one.class_id == row.klass.id),
            ),
        )
        for row in _due_rows(view)
    ]


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
            for teacher in row.teachers
            if teacher.reachable
        ]
    unreached = [row for row in _due_rows(view) if not any(teacher.reachable for teacher in row.teachers)]
    if unreached:
        says += _to_office(update, ask, round, view, day, unreached, "unreached")
    return Outcome(says=tuple(says))


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
    reporter = _reporter(ask, view.school.id, day)
    says = []
    for row, scene in _scenes(update, ask, rules, round, view, day):
        for teacher in row.teachers:
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
    return text("remind.draft", n=len(draft.entered), how=unsent.next_step(scene, draft))


def _reminder(
    scene: Scene, row: ClassRow, teacher: Person, reporter: Person | None, draft: Text | None, *, last: bool
) -> Text:
    if not last:
        return text(
            "remind.first",
            title=teacher.title,
            klass=row.klass.name,
            deadline=f"{scene.round.deadline:%H:%M}",
            then=draft or _one_tap(scene),
        )
    return text(
        "remind.last",
        title=teacher.title,
        klass=row.klass.name,
        deadline=f"{scene.round.deadline:%H:%M}",
        draft=draft or NOTHING,
        phone=text("remind.phone", who=reporter.title, phone=reporter.phone)
        if reporter is not None and reporter.phone and reporter.id != teacher.id
        else NOTHING,
    )


def _one_tap(scene: Scene) -> Text:
    if not scene.asked:
        return text("remind.one_tap")
    return text("remind.cases", lines=tuple(case_line(scene, case) for case in scene.asked))


def _reporter(ask: Ask, school: str, day: date) -> Person | None:
    people = ask(Staff(school, day))
    return next((one for one in people if one.has(Duty.REPORTER)), None)


# 08:45


def late_list(update: Update, ask: Ask, rules: Rules, round: Round, view: SchoolMorningView, day: date) -> Outcome:
    """Who is missing, with phone numbers, to each 报告人: call, then report on behalf."""
    rows = _due_rows(view)
    return Outcome(says=tuple(_to_office(update, ask, round, view, day, rows, "late"))) if rows else Outcome()


def late_list_again(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """A class has reported since: the list that stands in the chat becomes true."""
    day, round_id = date.fromisoformat(update.args[0]), update.args[1]
    round = ask(RulesOn(day)).round(round_id)
    if round is None:
        return Outcome()
    view = ask(SchoolMorning(update.lane, day, round.id))
    rows = _due_rows(view)
    says = _to_office(update, ask, round, view, day, rows, "late")
    unreached = [row for row in rows if not any(teacher.reachable for teacher in row.teachers)]
    says += _to_office(update, ask, round, view, day, unreached, "unreached")
    quiet = tuple(replace(message, only_if_shown=True, urgency=Urgency.BROADCAST) for message in says)
    return Outcome(says=quiet)


def _to_office(
    update: Update, ask: Ask, round: Round, view: SchoolMorningView, day: date, rows: list[ClassRow], kind: str
) -> list[Message]:
    choices = behalf_choices(round, day, rows)
    key, close = f"{kind}:{day:%Y%m%d}:{round.id}", datetime.combine(day, round.close, update.zone)
    return [
        Message(
            f"{key}:{one.id}",
            ToPerson(one.id),
            late_words(update, ask, round, view, day, rows, kind, one),
            choices,
            Urgency.REMINDER,
            not_after=close,
        )
        for one in office_of_school(ask, view.school.id, day)
    ]


def disturbed(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`disturbed DAY ROUND`, when an outage is over: receipts, list and standings of this school say that it was."""
    day, round_id = date.fromisoformat(update.args[0]), update.args[1]
    round = ask(RulesOn(day)).round(round_id)
    if round is None:
        return Outcome()
    view = ask(SchoolMorning(update.lane, day, round.id))
    settled = _settled(update, ask, round, view, day)
    known_late = round.closed(update.now, day, update.zone) and any(cause for _, _, cause in settled.standings)
    facts = (settled,) if known_late else ()
    if day != update.today:
        return Outcome(facts=facts)
    late = [row.klass.id for row in view.rows if row.report is not None and not row.report.timely]
    scenes = [scene for one in late if (scene := look(update, ask, one, day, round.id)) is not None]
    receipts = tuple(message for scene in scenes for message in refresh(scene, ask))
    shown = late_list_again(update, ask, person) + own_lines_again(update, ask, person)
    return Outcome(facts=facts, says=receipts) + shown


def late_words(
    update: Update,
    ask: Ask,
    round: Round,
    view: SchoolMorningView,
    day: date,
    rows: list[ClassRow],
    kind: str,
    reader: Person,
) -> Text:
    """As one of the office reads it, whose own walks are theirs."""
    due = [row for row in view.rows if row.off is None]
    beside, rules = beside_deadline(update, ask, round, day), ask(RulesOn(day))
    reported = sum(row.report is not None for row in due)
    return text(
        f"{kind}.list",
        school=view.school.short,
        day=day_full(day),
        round=text(f"round.{round.id}"),
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
        then=text(f"{kind}.phone", summary=f"{round.summary:%H:%M}")
        if rows
        else text(f"{kind}.none" if due else "office.nothing_due"),
    )


def _late_line(n: int, row: ClassRow, state: Text, *, beside: bool) -> Text:
    who: Value = listed([_phone(teacher) for teacher in row.teachers]) or text("late.no_teacher")
    if beside and could_report(row.teachers):
        state = text("late.by_system", state=state)
    return text("late.line", n=n, klass=row.klass.name, who=who, state=state)


def _phone(teacher: Person) -> Text:
    return text("late.teacher", title=teacher.title, phone=teacher.phone or text("phone.unknown"))


def _late_state(row: ClassRow, lines: Lines, staff: Iterable[Person], reader: Person) -> Text:
    """Of the teachers, and of whoever else is filling it in: a teacher who did nothing is still to be phoned."""
    filling, others = unsent.states_of(row, lines, staff, reader)
    state = filling or _of_teachers(row)
    return text("late.and_behalf", state=state, behalf=listed(others)) if others else state


def _of_teachers(row: ClassRow) -> Text:
    if not any(teacher.bound for teacher in row.teachers):
        return text("late.unbound")
    if not any(teacher.reachable for teacher in row.teachers):
        return text("late.blocked")
    return text("late.reminded", n=row.reminded) if row.reminded else text("late.not_reminded")


def behalf_choices(round: Round, day: date, rows: list[ClassRow]) -> Choices:
    buttons: list[Choice] = [
        choice(text("button.behalf", klass=row.klass.name), "behalf", row.klass.id, f"{day:%Y%m%d}", round.id, 0)
        for row in rows[:MOST_LISTED]
    ]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


# 17:00


def _close(update: Update, ask: Ask, round: Round, view: SchoolMorningView, day: date) -> Outcome:
    """Late and missing are kept apart for ever."""
    settled = Outcome(facts=(_settled(update, ask, round, view, day),))
    return settled + unsent.at_close(update, ask, view)


def _settled(update: Update, ask: Ask, round: Round, view: SchoolMorningView, day: date) -> Settled:
    beside = beside_deadline(update, ask, round, day)
    standings = tuple((row.klass.id, _standing(row), _cause(row, beside=beside)) for row in view.rows)
    return Settled(day, round.id, view.school.id, standings)


def _cause(row: ClassRow, *, beside: bool) -> str:
    return SYSTEM if beside and _standing(row) in ("late", "missing") and could_report(row.teachers) else NOTHING


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
