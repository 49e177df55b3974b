"""Open walks that nobody has sent: who has one is pinged with it, the late list says so, and no close loses it."""

from dataclasses import replace
from datetime import date, datetime, time

from handlers.answering import KEEPERS
from handlers.drafts import RECHECK, ready
from handlers.facts import report_subject
from handlers.model import (
    Choices,
    Draft,
    Forget,
    Message,
    Person,
    Text,
    ToPerson,
    Update,
    Urgency,
    choice,
    text,
)
from handlers.outcome import Outcome
from handlers.questions import Ask, ClassRow, DraftsBefore, RulesOn, SchoolMorningView
from handlers.rulebook import Round
from handlers.rules.fever import Lines, is_fever
from handlers.words import day_short

# Ping and late list


def own_walk(row: ClassRow, person: Person) -> Draft | None:
    return next((draft for draft in row.drafts if draft.person == person.id), None)


def go_on(row: ClassRow, draft: Draft) -> Choices:
    """继续; and 发送, where nobody is half entered."""
    of = (draft.class_id, f"{draft.day:%Y%m%d}", draft.round)
    rows = [(choice(text("button.go_on"), _goes_on_by(row, draft), *of, row.report.rev if row.report else 0),)]
    if ready(draft):
        rows.append((choice(text("button.send"), "send", *of, draft.n),))
    return tuple(rows)


def _goes_on_by(row: ClassRow, draft: Draft) -> str:
    if draft.kind in ("correction", "behalf"):
        return {"correction": "fix", "behalf": "behalf" if row.report is None else "more"}[draft.kind]
    return "ill" if row.report is None else "more"


def pings(row: ClassRow, step: str) -> tuple[Message, ...]:
    """A class that has a report is asked for nothing: of what was entered since, its author alone knows."""
    if row.report is None:
        return ()
    return tuple(_ping(row, draft, step) for draft in row.drafts if draft.begun and draft.kind != RECHECK)


def _ping(row: ClassRow, draft: Draft, step: str) -> Message:
    key = ":".join((step, draft.class_id, f"{draft.day:%Y%m%d}", draft.round, draft.person))
    words = text("unsent.ping", klass=row.klass.name, day=day_short(draft.day), n=len(draft.entered))
    subject = report_subject(draft.class_id, draft.day, draft.round)
    return Message(key, ToPerson(draft.person), words, go_on(row, draft), Urgency.REMINDER, about=subject)


def _overnight(row: ClassRow, draft: Draft) -> Message:
    """Read when its buttons do nothing any more: the day is gone."""
    told = _ping(row, draft, "unsent")
    words = text("unsent.overnight", klass=row.klass.name, day=day_short(draft.day), n=len(draft.entered))
    return replace(told, text=words, choices=(), about=None, until=told.about)


def state_of(row: ClassRow, lines: Lines) -> Text | None:
    """填写中 for anybody's open walk, 含发热 for anybody in it over the line: None where there is none."""
    if not row.drafts:
        return None
    fever = any(is_fever(entry, lines) for draft in row.drafts for entry in draft.entered)
    return text("late.drafting_fever" if fever else "late.drafting")


# The close


def at_close(update: Update, ask: Ask, round: Round, view: SchoolMorningView, day: date) -> Outcome:
    """Walks with nobody in them end, and teachers' corrections; one with a pupil goes on, for no close refuses a sick
    child, and its author is told that it is not sent. Those of earlier days are gone."""
    forgotten = ask(DraftsBefore(view.school.id, _midnight(update)))
    outcome = Outcome(drafts=tuple(_gone(draft) for draft in forgotten))
    read_tomorrow = day != update.today or ask(RulesOn(day)).silent(update.now, update.zone)
    for row in view.rows:
        for draft in row.drafts:
            outcome += _closed(round, row, draft, read_tomorrow=read_tomorrow)
    return outcome


def _midnight(update: Update) -> datetime:
    return datetime.combine(update.today, time(), update.zone)


def _gone(draft: Draft) -> Forget:
    return Forget(draft.person, draft.class_id, draft.day, draft.round)


def _closed(round: Round, row: ClassRow, draft: Draft, *, read_tomorrow: bool) -> Outcome:
    if draft.kind == RECHECK:
        return Outcome()
    if not draft.begun:
        return Outcome(drafts=(_gone(draft),))
    if draft.kind != "correction":
        return Outcome(says=(_overnight(row, draft) if read_tomorrow else _ping(row, draft, "unsent"),))
    if not any(one.id == draft.person and not one.has(*KEEPERS) for one in row.teachers):
        return Outcome()
    words = text("unsent.correction", klass=row.klass.name, day=day_short(draft.day), close=f"{round.close:%H:%M}")
    key = ":".join(("unsent", draft.class_id, f"{draft.day:%Y%m%d}", draft.round, draft.person))
    told = Message(key, ToPerson(draft.person), words, urgency=Urgency.REMINDER)
    return Outcome(says=(told,), drafts=(_gone(draft),))
