"""What comes of a sentence about a class: a walk with what was read, to be sent by one tap, or why it is not taken."""

from handlers import recheck
from handlers.answering import for_another, keeps, whom_to_phone
from handlers.cards import already, receipt, receipt_choices
from handlers.class_meant import class_meant, not_understood
from handlers.drafts import RECHECK, may_send, open_walk, parked, walk_of
from handlers.following import yesterday
from handlers.model import Draft, Message, Person, Text, ToHere, ToPerson, Typed, Update, text
from handlers.outcome import Outcome
from handlers.picker import not_expected
from handlers.proposal import filled, reading_of
from handlers.questions import Ask, DraftOf, RulesOn
from handlers.rulebook import Kind
from handlers.rules.reading import Reading
from handlers.scene import Scene, class_now, look
from handlers.spoken import before_as_before
from handlers.values import replace
from handlers.walk import left, show_walk
from handlers.words import day_short

OF_ANOTHER_DAY = {"old_date", "future_date", "date"}


def sentence(update: Update, ask: Ask, person: Person) -> Outcome:
    """The class that is named, else one's own where that is the only one."""
    found = class_meant(update, ask, person) if ask(RulesOn(update.today)).rounds else text("typed.no_class")
    if isinstance(found, Text):
        return say(update, found)
    scene = class_now(update, ask, found)
    if scene is None:
        return say(update, text("typed.no_class"))
    before = before_as_before(update.text) if scene.left_open and scene.report is None else None
    reading = reading_of(scene, before or update.text)
    if scene.round.kind is Kind.BOARDERS and any(line.pupil is None for line in reading.lines):
        scene = whole_class(scene, ask)  # said of somebody who goes home: news of the day's last round of all pupils
        reading = reading_of(scene, update.text)
    if not reading.is_report:
        return say(update, not_understood(update, person))
    return _propose(scene, ask, person, reading, as_before=bool(before))


def whole_class(scene: Scene, ask: Ask) -> Scene:
    """The class in the last round before this one that asks of all its pupils; where there is none, this one."""
    rounds = scene.rules.earlier(scene.round, scene.view.school.id)
    earlier = next((one for one in rounds if one.kind is Kind.CLASS), scene.round)
    return look(scene.update, ask, scene.view.klass.id, scene.day, earlier.id) or scene


def say(update: Update, words: Text) -> Outcome:
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), words),))


def aloud(update: Update, outcome: Outcome) -> Outcome:
    """Who types sees no pop-up: what a tap would be answered with is said."""
    if outcome.answer is None or outcome.answer.text is None:
        return outcome
    return replace(outcome, answer=None) + say(update, outcome.answer.text)


def _propose(scene: Scene, ask: Ask, person: Person, reading: Reading, *, as_before: bool) -> Outcome:
    """In a message of its own. A guess is never sent by itself. `as_before`: all others as yesterday, was said too."""
    refused = _refused(scene, ask, person, reading)
    if refused is not None:
        return say(scene.update, refused)
    if scene.report is not None and not reading.lines:
        return _reported_already(scene, person)
    known = walk_of(scene, ask, person)
    key = f"said:{scene.update.id}"
    draft = filled(scene, _continued(scene, person, known, key), reading)
    if not draft.begun and draft.on_leave and reading.present is None and not reading.zero:
        return say(scene.update, _only_on_leave(scene, ask, person, draft))
    if scene.report is not None and not draft.begun and not draft.unread:
        return _reported_already(scene, person)
    draft = _counted(scene, draft, reading)
    if as_before and draft.open == "pupil" and draft.unanswered:
        draft = replace(yesterday.as_before(scene, draft, ""), note=draft.note)
    if draft.open == "pupil" and (may_send(scene, draft) or draft.unanswered):
        draft = replace(draft, open="review")
    shown = replace(show_walk(scene, draft, person), in_place=False, fresh=True)
    asked = ask(DraftOf(person.id, scene.view.klass.id, scene.day, scene.round.id))
    put_off = recheck.put_off(scene, asked) if asked is not None and asked.kind == RECHECK else ()
    return Outcome(says=(shown, *left(scene, person, known, key), *put_off), drafts=(draft,))


def _continued(scene: Scene, person: Person, known: Draft | None, key: str) -> Draft:
    """What was entered in the walk that is open goes on in the new message."""
    kind = "supplement" if scene.report is not None else "behalf" if for_another(scene, person) else "report"
    draft = open_walk(scene, person, kind, key, known)
    if known is None or known.kind not in (kind, "correction"):
        return draft
    return replace(parked(known), key=key, n=draft.n, open="pupil", as_before=False)


def _counted(scene: Scene, draft: Draft, reading: Reading) -> Draft:
    """应到 and 实到 as they were said; a whole class said to be well is all of it."""
    if draft.kind in ("supplement", "correction"):
        return draft
    present = reading.present
    if reading.zero and not draft.entries and present is None and not draft.cases:
        present = scene.expected
    return replace(draft, said_expected=reading.expected, said_present=present)


def _refused(scene: Scene, ask: Ask, person: Person, reading: Reading) -> Text | None:
    of_another_day = any(doubt.kind in OF_ANOTHER_DAY and doubt.line is None for doubt in reading.doubts)
    if of_another_day or (reading.day is not None and reading.day != scene.day):
        return text("typed.other_day", today=day_short(scene.day))
    klass = scene.view.klass.name
    begun = scene.rules.begun(scene.day)  # before the first day nobody is asked, but a sick child is heard
    if scene.view.off is not None and scene.report is None and (begun or not reading.lines):
        if not reading.lines:
            return text("card.off_short", klass=klass)
        return text("typed.off_ill", klass=klass, who=whom_to_phone(scene, ask, person))
    if not reading.zero and not reading.lines and reading.present is None:
        staff = reading.staff_absent is not None
        return _staff(scene, person) if staff else not_understood(scene.update, person)
    closed = scene.closed and scene.report is None and not keeps(person, scene.view.school.id)
    if closed and not reading.lines:
        who = whom_to_phone(scene, ask, person)
        return text("answer.closed_unreported", close=f"{scene.round.close:%H:%M}", who=who)
    return None


def _staff(scene: Scene, person: Person) -> Text:
    return text("typed.staff", words=Typed(scene.update.text[:100], person.id))


def _reported_already(scene: Scene, person: Person) -> Outcome:
    """全员正常 changes nothing on a class that has a report: it is shown."""
    answer = already(scene).text
    if answer is None:
        raise ValueError("a report was made by somebody")
    words = text("typed.reported_already", already=answer, receipt=receipt(scene))
    choices = receipt_choices(scene, office=keeps(person, scene.view.school.id))
    key = f"said:{scene.update.id}"
    return Outcome(says=(Message(key, ToPerson(person.id), words, choices, about=scene.subject, fresh=True),))


def _only_on_leave(scene: Scene, ask: Ask, person: Person, draft: Draft) -> Text:
    lines = tuple(not_expected(scene.on_leave[one]) for one in draft.on_leave if one in scene.on_leave)
    return text("typed.on_leave", lines=lines, who=whom_to_phone(scene, ask, person))
