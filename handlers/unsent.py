"""Open walks that nobody has sent: who has one is pinged with it, the late list says so, and what is not taken in is
said to whoever entered it."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from handlers.answering import keepers, keeps, whom_to_phone
from handlers.cards import already, brought_up
from handlers.drafts import OF_ANY_DAY, RECHECK, may_send
from handlers.model import (
    Answer,
    Choices,
    Draft,
    Forget,
    Message,
    Person,
    Put,
    Text,
    ToPerson,
    Update,
    Urgency,
    choice,
    text,
)
from handlers.outcome import Outcome
from handlers.questions import Ask, ClassRow, DraftLeft, DraftsBefore, RulesOn, SchoolMorningView, WhoIs
from handlers.rulebook import Rules
from handlers.rules.fever import Lines, is_fever, is_flagged
from handlers.scene import Scene, look
from handlers.words import NOTHING, day_short, entry_lines

LOOK = "unsent"
MINUTE = timedelta(minutes=1)

# The ping


def half_entered(row: ClassRow, person: Person) -> Draft | None:
    """This person's walk with somebody in it."""
    return next((draft for draft in row.drafts if draft.person == person.id and draft.begun), None)


def go_on(scene: Scene, draft: Draft) -> Choices:
    """继续; and 发送, where it can be sent. A walk with nobody in it has nothing to go on with but 有异常."""
    sends = may_send(scene, draft)
    send = (choice(text("button.send"), "send", *scene.args(draft.n)),)
    if sends and not draft.begun:
        return (send, (choice(text("button.ill"), "ill", *scene.args(scene.rev)),))
    on = (choice(text("button.go_on"), _goes_on_by(scene, draft), *scene.args(scene.rev)),)
    return (on, send) if sends else (on,)


def _goes_on_by(scene: Scene, draft: Draft) -> str:
    if draft.kind == "correction":
        return "fix"
    if scene.report is not None:
        return "more"
    return "behalf" if draft.kind == "behalf" else "ill"


def next_step(scene: Scene, draft: Draft) -> Text:
    """Names no button that is not there."""
    if not may_send(scene, draft):
        return text("unsent.how_go_on")
    return text("unsent.how_send" if draft.begun else "unsent.how_send_only")


def pings(update: Update, ask: Ask, row: ClassRow, day: date, round_id: str, step: str) -> tuple[Message, ...]:
    """With a step of the morning. Who is reminded of the class is shown the walk there."""
    due = row.off is None and row.report is None
    reminded = {teacher.id for teacher in row.asked if due and teacher.reachable}
    waiting = [draft for draft in row.drafts if draft.waits and draft.person not in reminded]
    scene = look(update, ask, row.klass.id, day, round_id) if waiting else None
    return tuple(_ping(scene, draft, step) for draft in waiting) if scene else ()


def _ping(scene: Scene, draft: Draft, step: str) -> Message:
    """In the hours in which only alerts and answers are sent it answers what was entered just now."""
    silent = scene.rules.silent(scene.update.now, scene.update.zone)
    return Message(
        _key(draft, f"unsent_{step}"),
        ToPerson(draft.person),
        _words(scene, draft),
        go_on(scene, draft),
        Urgency.REPLY if silent else Urgency.REMINDER,
        not_after=None if silent else scene.rules.silence(scene.update.today, scene.update.zone),
        about=scene.subject,
        in_words=True,
    )


def _words(scene: Scene, draft: Draft) -> Text:
    klass, day, how = scene.view.klass.name, day_short(scene.day), next_step(scene, draft)
    if draft.kind == "correction":
        return text("unsent.ping_correction", klass=klass, day=day, how=how)
    if draft.begun:
        return text("unsent.ping", klass=klass, day=day, n=draft.many, how=how)
    key = "unsent.ping_zero" if may_send(scene, draft) else "unsent.ping_numbers"
    return text(key, klass=klass, day=day, how=how)


def _key(draft: Draft, kind: str) -> str:
    return ":".join((kind, draft.class_id, f"{draft.day:%Y%m%d}", draft.round, draft.person))


# Some minutes after the last change


def looks(update: Update, ask: Ask, drafts: Iterable[Draft | Forget]) -> tuple[Put, ...]:
    """Each change of a walk asks for a look at it: those of one minute, under one name, are one look. One at a walk
    that was touched since states nothing, for a later one comes."""
    waiting = [draft for draft in drafts if isinstance(draft, Draft) and draft.waits]
    if not waiting:
        return ()
    at = update.now + ask(RulesOn(update.today)).unsent
    whole = at.replace(second=0, microsecond=0)
    return tuple(_look(update, draft, whole if whole == at else whole + MINUTE) for draft in waiting)


def _look(update: Update, draft: Draft, at: datetime) -> Put:
    args = (draft.person, draft.class_id, draft.day.isoformat(), draft.round)
    return Put(update.lane, ":".join((LOOK, *args, f"{at.astimezone(update.zone):%Y%m%dT%H%M}")), LOOK, args, at=at)


def look_at_walk(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`unsent PERSON CLASS DAY ROUND`: who entered it is pinged once with it; it is looked at again in the morning.
    By then the day is gone: what cannot be sent any more ends, and they hear that."""
    author, class_id, day_text, round_id = update.args
    day, rules = date.fromisoformat(day_text), ask(RulesOn(update.today))
    draft = ask(DraftLeft(author, class_id, day, round_id, update.now - rules.unsent))
    scene = look(update, ask, class_id, day, round_id)
    if draft is None or scene is None or not draft.waits:
        return Outcome()
    if scene.past and draft.kind not in OF_ANY_DAY:
        return _dropped(update, ask, draft)
    again = _look(update, draft, rules.morning_after(update.now, update.zone))
    may = not _pinged_otherwise(scene, rules) and _may_ring(scene, draft)
    return Outcome(says=(_ping(scene, draft, f"{update.now:%H%M}"),) if may else (), puts=(again,))


def _pinged_otherwise(scene: Scene, rules: Rules) -> bool:
    """A reminder or the close has come since the walk was touched last, or a reminder comes in as few minutes."""
    now = scene.update.now
    due = {step.name: scene.round.due(step, scene.day, scene.update.zone) for step in scene.round.steps}
    reminders = [at for name, at in due.items() if name.startswith("remind")]
    since = any(now - rules.unsent <= at <= now for at in (*reminders, due["close"]))
    return since or any(now < at <= now + rules.unsent for at in reminders)


def _may_ring(scene: Scene, draft: Draft) -> bool:
    """Late in the evening only for what is told at once when it is sent: the others wait for the morning, and so does
    what was typed before it, which cannot be sent yet."""
    if not scene.rules.silent(scene.update.now, scene.update.zone):
        return True
    if scene.early or scene.past:
        return False
    news = (entry for entry in draft.entered if entry not in draft.was)
    return any(is_flagged(entry, scene.rules.fever, scene.rules.alarming) for entry in news)


# The late list


def states_of(row: ClassRow, lines: Lines, staff: Iterable[Person], reader: Person) -> tuple[Text | None, list[Text]]:
    """填写中 for a walk of the class's teachers; and whose it is for every other one. 含发热 for anybody in it over the
    line."""
    teachers = {teacher.id for teacher in row.teachers}
    theirs = [draft for draft in row.drafts if draft.person in teachers]
    fever = any(_fever(draft, lines) for draft in theirs)
    own = text("late.drafting_fever" if fever else "late.drafting") if theirs else None
    titles = {one.id: one.title for one in staff}
    others = [draft for draft in row.drafts if draft.person not in teachers and draft.person in titles]
    return own, [_behalf(draft, lines, titles[draft.person], reader) for draft in others]


def _fever(draft: Draft, lines: Lines) -> bool:
    return any(is_fever(entry, lines) for entry in draft.entered)


def _behalf(draft: Draft, lines: Lines, title: str, reader: Person) -> Text:
    fever = "_fever" if _fever(draft, lines) else ""
    if draft.person == reader.id:
        return text(f"late.behalf_yours{fever}")
    return text(f"late.behalf_drafting{fever}", who=title)


# The close, and what is not taken in


def at_close(update: Update, ask: Ask, view: SchoolMorningView) -> Outcome:
    """Walks with nothing in them end, and what a teacher can no longer send: a correction, or that all was well. One
    with a pupil goes on, for no close refuses a sick child. Those of earlier days are gone."""
    forgotten = ask(DraftsBefore(view.school.id, datetime.combine(update.today, time(), update.zone)))
    outcome = Outcome()
    for draft in forgotten:
        outcome += _dropped(update, ask, draft)
    for draft in (one for row in view.rows for one in row.drafts):
        if draft.kind != RECHECK and draft not in forgotten:
            outcome += _closed(update, ask, draft)
    return outcome


def _closed(update: Update, ask: Ask, draft: Draft) -> Outcome:
    scene = look(update, ask, draft.class_id, draft.day, draft.round)
    author = ask(WhoIs(draft.person, update.today))
    goes_on = draft.begun and draft.kind != "correction"
    if scene is None or author is None or not (goes_on or (draft.waits and keeps(author, scene.view.school.id))):
        return _dropped(update, ask, draft)
    return Outcome(says=(_ping(scene, draft, "close"),)) if not scene.past and _may_ring(scene, draft) else Outcome()


def _dropped(update: Update, ask: Ask, draft: Draft) -> Outcome:
    """What was in it is said once more, for it was not taken in; the message that asked for it shows the card."""
    gone = Forget(draft.person, draft.class_id, draft.day, draft.round)
    scene = look(update, ask, draft.class_id, draft.day, draft.round)
    author = ask(WhoIs(draft.person, update.today))
    lost = draft.begun or (draft.waits and scene is not None and scene.report is None)
    if scene is None or author is None or draft.kind == RECHECK or not lost:
        return Outcome(drafts=(gone,))
    told = Message(
        _key(draft, "dropped"), ToPerson(author.id), _lost(scene, ask, author, draft), urgency=Urgency.REMINDER
    )
    return Outcome(says=(told, brought_up(scene, author, draft.key)), drafts=(gone,))


def _lost(scene: Scene, ask: Ask, author: Person, draft: Draft) -> Text:
    klass, day = scene.view.klass.name, day_short(scene.day)
    keeper = keeps(author, scene.view.school.id)
    who = whom_to_phone(scene, ask, author)
    if draft.kind == "correction":
        close = f"{scene.round.close:%H:%M}"
        how = _by_keeper(scene) if keeper else text("unsent.correct_by", close=close, who=who)
        return text("unsent.correction", klass=klass, day=day, how=how)
    if not draft.begun:
        explain = NOTHING if keeper else text("unsent.explain_to", who=who)
        return text("unsent.unreported", klass=klass, day=day, how=explain)
    lines = entry_lines(draft.entered, scene.seat, {})
    how = _after(scene, ask, author)
    return text("unsent.overnight", klass=klass, day=day, n=draft.many, lines=lines, how=how)


def _after(scene: Scene, ask: Ask, person: Person) -> Text:
    """The day is gone: what can still be done about a child who was not taken in."""
    day = day_short(scene.day)
    if not keeps(person, scene.view.school.id):
        return text("unsent.after_teacher", day=day, who=whom_to_phone(scene, ask, person))
    if scene.report is None:
        return text("unsent.after_unreported", day=day, klass=scene.view.klass.name, asked=_asked(scene))
    return text("unsent.after_keeper", how=_by_keeper(scene))


def _by_keeper(scene: Scene) -> Text:
    """They correct any day's report, from its card."""
    day, asked = day_short(scene.day), _asked(scene)
    return text("unsent.correct_yourself", klass=scene.view.klass.name, day=day, asked=asked)


def _asked(scene: Scene) -> str:
    """How the card of a day is asked for, in any language."""
    return f"{scene.day.month}月{scene.day.day}日"


def handed_on(update: Update, ask: Ask, draft: Draft) -> tuple[Message, ...]:
    """Whose walk it was answers for the class no longer: what is in it is told to whoever is asked for the class now,
    else to the school's 疫情报告人."""
    scene = look(update, ask, draft.class_id, draft.day, draft.round)
    today = look(update, ask, draft.class_id, update.today, draft.round)
    if scene is None or today is None or draft.kind == RECHECK or not draft.begun:
        return ()
    reached = [one for one in today.view.asked if one.reachable and one.id != draft.person]
    # who left this very day is in no roll of it any more
    author = ask(WhoIs(draft.person, draft.day)) or ask(WhoIs(draft.person, draft.day - timedelta(days=1)))
    words = text(
        "unsent.handed_on",
        who=author.title if author else NOTHING,
        klass=scene.view.klass.name,
        day=day_short(scene.day),
        n=draft.many,
        lines=entry_lines(draft.entered, scene.seat, {}),
    )
    to = reached or keepers(ask, scene.view.school.id, update.today)[:1]
    return tuple(
        Message(_key(draft, f"handed_on:{one.id}"), ToPerson(one.id), words, urgency=Urgency.REMINDER) for one in to
    )


def ended(scene: Scene, ask: Ask, person: Person) -> Answer:
    """A button of a walk that is gone. Sent or dropped cannot be told apart here; what the card shows was taken in,
    and nothing else was."""
    if scene.past:
        stands = text("unsent.stands" if scene.report else "unsent.nothing_stands")
        return Answer(text("answer.walk_past", stands=stands, how=_after(scene, ask, person)), loud=True)
    if scene.closed and not keeps(person, scene.view.school.id):
        close, who = f"{scene.round.close:%H:%M}", whom_to_phone(scene, ask, person)
        key = "answer.walk_closed" if scene.report else "answer.closed_unreported"
        return Answer(text(key, close=close, who=who), loud=True)
    return already(scene) if scene.report else Answer(text("answer.no_walk"), loud=True)
