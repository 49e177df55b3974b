"""What the clock says: each step at its hour; the cards and the reminders of the morning."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Final

from handlers import unsent
from handlers.admins import admins, tell
from handlers.answering import keepers_of
from handlers.cards import prompt, prompt_choices
from handlers.closing import close
from handlers.following.reminding import follow_back, unasked
from handlers.following.showing import case_line
from handlers.late_list import UNREACHED, due_rows, late_list, list_of
from handlers.leaders import noted, summary
from handlers.model import (
    Choices,
    Draft,
    Klass,
    Message,
    Person,
    Text,
    ToPerson,
    Update,
    Urgency,
    text,
)
from handlers.outcome import Outcome
from handlers.plain import unstamp
from handlers.pruning import prune
from handlers.questions import (
    Ask,
    CasesOf,
    ClassDayView,
    ClassRow,
    Observations,
    RulesOn,
    SchoolMorning,
    SchoolMorningView,
)
from handlers.rulebook import DAILY, Kind, Round, Rules, Step
from handlers.scene import Scene, look, school_round
from handlers.schools import own_lines
from handlers.sealing import seal
from handlers.settings.tomorrow import eve
from handlers.staff_health.answering import staff_step
from handlers.values import replace
from handlers.words import NOTHING

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
            return close(update, ask, round, view, day)
        case _:
            return _remind(update, ask, rules, round, view, day, step)


def _scenes(
    update: Update, ask: Ask, rules: Rules, round: Round, view: SchoolMorningView, day: date
) -> list[tuple[ClassRow, Scene]]:
    """Of each class that is due. A card needs a class's numbers and its open cases; the rest is looked up when somebody
    opens the walk, or where an earlier round has listed any."""
    cases, observed = ask(CasesOf(view.school.id, day)), ask(Observations(view.school.id, day))
    found = []
    for row in due_rows(view):
        plain = Scene(
            update,
            ask,
            ClassDayView(row.klass, view.school, None, row.teachers, None),
            day,
            round,
            rules,
            (),
            cases=tuple(case for case in cases if case.class_id == row.klass.id),
            observed=tuple(one for one in observed if one.class_id == row.klass.id),
        )
        listed = row.earlier is not None and bool(row.earlier.entries)
        known = look(update, ask, row.klass.id, day, round.id) if listed or round.kind is not Kind.CLASS else None
        found.append((row, known or plain))
    return found


# 07:30


def _open(update: Update, ask: Ask, rules: Rules, round: Round, view: SchoolMorningView, day: date) -> Outcome:
    """One message a class and teacher, while it is morning; a walk that has begun already, on a card that came before
    the hour, is left alone. A class none of whose teachers can be reached is the 报告人's from now on."""
    if round.stopped(update.now, day, update.zone):
        return Outcome()
    stop = round.span(day, update.zone)[1]
    says: list[Message] = []
    for row, scene in _scenes(update, ask, rules, round, view, day):
        walks = {draft.key for draft in row.drafts}
        says += [
            Message(
                key,
                ToPerson(teacher.id),
                prompt(scene),
                prompt_choices(scene),
                Urgency.BROADCAST,
                not_after=stop,
                about=scene.subject,
            )
            for teacher in row.asked
            if teacher.reachable and (key := scene.key("card", teacher)) not in walks
        ]
    return Outcome(says=tuple(says)) + list_of(update, ask, rules, round, view, day, UNREACHED)


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
    reporter = next((one for one in keepers_of(view.staff) if one.phone), None)

    def words(scene: Scene, row: ClassRow, teacher: Person, entered: Text | None) -> Text:
        return _reminder(scene, row, teacher, reporter, entered, last=last)

    scenes = _scenes(update, ask, rules, round, view, day)
    says = _asked_once_more(update, ask, scenes, name, words, min(later, default=None))
    return (*says, *(ping for row in view.rows for ping in unsent.pings(update, ask, row, day, round.id, name)))


def ask_again(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`ask_again DAY ROUND FROM TO kept|lost|restored`, after a time in which presses at the least were lost: who has
    not reported is asked once more, for they may believe that they have."""
    found = school_round(update, ask)
    if found is None:
        return Outcome()
    day, round, view = found
    start, end, written = update.args[2:]

    def words(scene: Scene, row: ClassRow, teacher: Person, entered: Text | None) -> Text:
        return text(f"remind.{written}", klass=row.klass.name, round=round.name, start=start, end=end)

    scenes = _scenes(update, ask, ask(RulesOn(day)), round, view, day)
    return Outcome(says=tuple(_asked_once_more(update, ask, scenes, "lost", words, round.span(day, update.zone)[1])))


def _asked_once_more(
    update: Update,
    ask: Ask,
    scenes: Iterable[tuple[ClassRow, Scene]],
    name: str,
    words: Callable[[Scene, ClassRow, Person, Text | None], Text],
    not_after: datetime | None,
) -> Iterator[Message]:
    """Each teacher who is asked for such a class, with the same buttons, or with what goes on where they have stopped
    in the middle; `words` gets what they have entered and not sent."""
    for row, scene in scenes:
        for teacher in (one for one in row.asked if one.reachable):
            draft = unsent.half_entered(row, teacher)
            walk = look(update, ask, row.klass.id, scene.day, scene.round.id) if draft else None
            choices = unsent.go_on(walk, draft) if walk and draft else prompt_choices(scene)
            yield Message(
                scene.key(name, teacher),
                ToPerson(teacher.id),
                words(scene, row, teacher, _unsent(walk, draft)),
                _naming(choices, row.klass) if len(set(teacher.classes)) > 1 else choices,
                Urgency.REMINDER,
                not_after=not_after,
                about=scene.subject,
                until=scene.subject,
                in_words=True,
            )


def _naming(choices: Choices, klass: Klass) -> Choices:
    """Whoever has two classes is reminded of both, with the same words to choose from."""
    return tuple(
        tuple(replace(one, label=text("button.of_class", klass=klass.name, label=one.label)) for one in row)
        for row in choices
    )


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


def clock_wrong(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """No tick is put while the clocks disagree: the admins are told."""
    return tell_admins(update, ask, text("clock.wrong", time=update.local(update.now)))


def barred(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """A platform takes nothing from us, or not this, until somebody has changed something in its console or on our
    machine. It may be the one on which an admin was heard last: so they are told on each."""
    told = text("barred.told", time=update.local(update.now), why=update.text)
    return tell_admins(update, ask, told, everywhere=True)


def set_aside(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """An update raised in a handler: the admins hear of it; `python -m bot replay` after the fix."""
    return tell_admins(update, ask, text("aside.told", id=update.text, error=update.args[1]))


def tell_admins(update: Update, ask: Ask, words: Text, *, everywhere: bool = False) -> Outcome:
    return Outcome(says=tell(admins(ask, update.today), f"admins:{update.id}", words, everywhere=everywhere))
