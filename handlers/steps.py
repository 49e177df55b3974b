"""The taps of an open walk: each changes the draft, and the message shows what comes next."""

from collections.abc import Callable

from handlers import travelling, what_for
from handlers.cards import expired, home, show
from handlers.drafts import (
    OF_ANY_DAY,
    RECHECK,
    at_place,
    following,
    known_of,
    listed,
    may_send,
    next_open,
    overtaken_note,
    turned,
    without,
)
from handlers.following import yesterday
from handlers.hearing import told_how
from handlers.model import (
    ABSENT,
    Answer,
    Attendance,
    Draft,
    Entry,
    Forget,
    Method,
    Person,
    Symptom,
    Update,
    Where,
    text,
    together,
)
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, DraftOf
from handlers.rulebook import Kind
from handlers.rules.fever import is_fever
from handlers.rules.news import laid_over
from handlers.scene import Scene, look, named
from handlers.sending import ENDS, carried_over, finish
from handlers.unsent import ended
from handlers.values import replace
from handlers.walk import ASKED, left, show_walk
from handlers.words import DEGREES

Step = Callable[[Scene, Draft, str], Draft | None]


def step(update: Update, ask: Ask, person: Person) -> Outcome:
    """Any button of a walk. An older one, or one of a walk that is gone, changes nothing and shows the present card."""
    where = named(update)
    scene = look(update, ask, *where) if where else None
    if scene is None or len(update.args) < 4:
        return pop_up(text("answer.unknown_button"))
    draft = ask(DraftOf(person.id, scene.view.klass.id, scene.day, scene.round.id))
    if draft is None or draft.kind == RECHECK:
        said = show(scene, person, home(scene, person))
        return Outcome(says=(said,), answer=ended(scene, ask, person))
    if scene.past and draft.kind not in OF_ANY_DAY:
        gone = Forget(person.id, draft.class_id, draft.day, draft.round)
        return Outcome(drafts=(gone,), answer=ended(scene, ask, person)) + expired(scene, person)
    here = replace(draft, key=update.on or draft.key)
    if update.args[3] != str(draft.n):
        outcome = Outcome(says=(show_walk(scene, here, person),), drafts=(here,), answer=Answer(text("answer.older")))
    else:
        outcome = take(scene, ask, person, here, update.verb, update.args[4] if len(update.args) > 4 else "")
    # who taps 发送 on a reminder goes on there; a report turns every other message of the class itself
    moved = outcome.drafts and not outcome.facts
    return outcome.and_say(*left(scene, person, draft, here.key)) if moved else outcome


def take(scene: Scene, ask: Ask, person: Person, draft: Draft, verb: str, value: str) -> Outcome:
    """One answer to the open question; what it means is looked up in STEPS."""
    if verb == "cancel":
        gone = Forget(person.id, draft.class_id, draft.day, draft.round)
        return Outcome(says=(show(scene, person, draft.key),), drafts=(gone,), answer=Answer(text("answer.cancelled")))
    overtaken = carried_over(scene, person, draft)
    if overtaken is not None:
        return overtaken
    if verb in ENDS:
        return finish(scene, ask, person, draft, verb, value)
    moved = STEPS[verb](scene, draft, value)
    if moved is None:
        return pop_up(text("answer.unknown_button"))
    return moved_on(scene, ask, person, moved)


def moved_on(scene: Scene, ask: Ask, person: Person, draft: Draft) -> Outcome:
    """After 都同昨日 the last answer sends it: more was not to be said."""
    if draft.as_before and draft.open == "review" and may_send(scene, draft):
        return finish(scene, ask, person, draft, "send", "")
    return Outcome(says=(show_walk(scene, draft, person),), drafts=(draft,))


def _pick(scene: Scene, draft: Draft, pupil: str) -> Draft | None:
    """A name on the keyboard, or the answer to 是哪一位."""
    if pupil not in scene.seats:
        return None
    if draft.open == "who" and draft.pending:
        return identified(scene, draft, pupil)
    return opened(scene, draft, pupil)


def identified(scene: Scene, draft: Draft, pupil: str) -> Draft:
    """What was read of somebody was of this pupil. A temperature that was not sure is asked next."""
    unsure, rest = draft.pending[0], draft.pending[1:]
    if not _may_list(scene, draft, pupil):
        return next_open(turned(draft, pending=rest, on_leave=(*draft.on_leave, pupil)))
    said = replace(unsure.entry, pupil=pupil)
    away = said.attendance in ABSENT or not unsure.placed
    since = yesterday.away_since(scene, draft, pupil) if away else None
    known = known_of(draft, pupil) or since
    entry = said if known is None else laid_over(known, yesterday.known_why(since, said), placed=unsure.placed)
    if unsure.remeasure:
        return turned(draft, pending=rest, open="temperature", current=entry)
    if unsure.why:
        return next_open(turned(draft, pending=(replace(unsure, entry=entry, pupils=(), day=None), *rest)))
    return next_open(turned(draft, pending=rest, entries=(*without(draft.entries, pupil), entry)))


def opened(scene: Scene, draft: Draft, pupil: str) -> Draft:
    """This pupil's screen, with what is known of them; or why they are not in 应到."""
    if not _may_list(scene, draft, pupil):
        return turned(draft, open="pupil", choices=(), on_leave=(*draft.on_leave, pupil))
    if scene.round.kind is Kind.HOME:
        return travelling.opened(draft, pupil)
    known = known_of(draft, pupil) or yesterday.away_since(scene, draft, pupil) or Entry(pupil, method=draft.method)
    return turned(draft, open="temperature", current=known, choices=())


def _may_list(scene: Scene, draft: Draft, pupil: str) -> bool:
    """Who is on the list already may be changed, also when they have gone on leave since."""
    return pupil in scene.present or known_of(draft, pupil) is not None


def _what_for(scene: Scene, draft: Draft, value: str) -> Draft | None:
    """After 都同昨日 the next thing that must be asked."""
    told = what_for.told(scene, draft, value)
    return yesterday.onward(scene, told) if told and told.as_before and not told.pending else told


def _nobody(scene: Scene, draft: Draft, value: str) -> Draft:
    """What was said of nobody here is not lost from sight: it is quoted as not taken in."""
    unread = draft.unread if not draft.pending else (*draft.unread, draft.pending[0].words)
    return next_open(turned(draft, pending=draft.pending[1:], choices=(), unread=unread))


def _page(scene: Scene, draft: Draft, page: str) -> Draft | None:
    return turned(draft, page=int(page)) if page.isdigit() and int(page) < 9 else None


def _temp(scene: Scene, draft: Draft, value: str) -> Draft | None:
    if draft.current is None:
        return None
    if value == "normal":
        return measured(draft, None, afebrile=True)
    if value == "none":
        return _unmeasured(draft)
    return measured(draft, int(value), afebrile=False) if value in map(str, DEGREES) else None


def _unmeasured(draft: Draft) -> Draft | None:
    """未测. As news of a pupil whom the report lists with a temperature: not measured again."""
    had = draft.kind == "supplement" and draft.current in draft.was
    return turned(draft, open="symptoms") if had else measured(draft, None, afebrile=False)


def measured(draft: Draft, tenths: int | None, *, afebrile: bool, method: Method | None = None) -> Draft:
    """`method`: said of this temperature alone."""
    if draft.current is None:
        raise ValueError("no pupil is open")
    entry = replace(
        draft.current,
        temperature=tenths,
        afebrile=afebrile,
        method=(method or draft.method) if tenths is not None else None,
        attendance=Attendance.PRESENT,
    )
    return turned(draft, current=entry, open="symptoms")


def _away(scene: Scene, draft: Draft, kind: str) -> Draft | None:
    """病假, 事假, 未到, 迟到: said in one tap. 事假 is of somebody who is not ill."""
    if draft.current is None or kind not in set(Attendance) - {Attendance.PRESENT}:
        return None
    if kind == Attendance.PERSONAL:
        return listed(draft, Entry(draft.current.pupil, Attendance.PERSONAL))
    since = yesterday.away_since(scene, draft, draft.current.pupil)
    said = yesterday.known_why(since, replace(draft.current, attendance=Attendance(kind)))
    where = said.where if said.attendance is Attendance.SICK and said.where is not Where.SCHOOL else None
    return listed(draft, replace(said, where=where))


def _symptom(scene: Scene, draft: Draft, code: str) -> Draft | None:
    if draft.current is None:
        return None
    if (chosen := together(code)) is not None:
        return _all_symptoms(scene, draft, draft.current, chosen)
    if code not in set(Symptom):
        return None
    had = draft.current.symptoms
    now = tuple(one for one in had if one != code) if code in had else (*had, Symptom(code))
    return turned(draft, current=replace(draft.current, symptoms=now))


def _all_symptoms(scene: Scene, draft: Draft, entry: Entry, chosen: tuple[str, ...]) -> Draft | None:
    """Chosen together, they are all there is. What no button offers, such as a fever that was said, stays."""
    if not set(chosen) <= set(Symptom):
        return None
    kept = tuple(one for one in entry.symptoms if one not in ASKED)
    now = (*kept, *map(Symptom, chosen))
    return _symptoms_done(scene, turned(draft, current=replace(entry, symptoms=now)), "")


def _symptoms_done(scene: Scene, draft: Draft, value: str) -> Draft | None:
    """Who has neither fever nor symptom needs no place: 未测 and 不发热 alone are said of a child in class."""
    entry = draft.current
    if entry is None:
        return None
    if not entry.symptoms and not is_fever(entry, scene.rules.fever):
        return listed(draft, replace(entry, where=None, attendance=Attendance.PRESENT))
    return turned(draft, open="where")


def _where(scene: Scene, draft: Draft, place: str) -> Draft | None:
    if draft.current is None or place not in set(Where):
        return None
    return listed(draft, scene.placed(at_place(draft.current, Where(place))))


def _method(scene: Scene, draft: Draft, value: str) -> Draft:
    return turned(draft, method=following(draft.method))


def _drop(scene: Scene, draft: Draft, value: str) -> Draft | None:
    if draft.current is None:
        return None
    return turned(draft, entries=without(draft.entries, draft.current.pupil), current=None, open="pupil")


def _as_listed(scene: Scene, draft: Draft, value: str) -> Draft:
    return turned(draft, said_present=None, said_expected=None)


def _some_ill(scene: Scene, draft: Draft, value: str) -> Draft:
    return turned(draft, open="pupil")


def _back(scene: Scene, draft: Draft, value: str) -> Draft:
    match draft.open:
        case "symptoms":
            return turned(draft, open="temperature")
        case "where":
            return turned(draft, open="symptoms")
        case "health":
            return turned(draft, open="heard", heard_at=None)
        case "heard":
            return turned(draft, open="how")
        case yesterday.WARMTH | yesterday.RETURN | yesterday.CAUSE:
            return turned(draft, open="review", current=None, as_before=False)
        case _:
            unread = tuple(unsure.words for unsure in draft.pending)
            return turned(
                draft,
                open="pupil",
                current=None,
                trip=None,
                choices=(),
                pending=(),
                unread=(*draft.unread, *unread),
                note=overtaken_note(draft),
            )


STEPS: dict[str, Step] = {
    "as_before": yesterday.as_before,
    "all_came": yesterday.all_came,
    "still": yesterday.still,
    "came": yesterday.came,
    "cause": yesterday.cause,
    "cause_is": yesterday.cause_is,
    "warmth": yesterday.warmth,
    "pick": _pick,
    "what_for": _what_for,
    "nobody": _nobody,
    "page": _page,
    "temp": _temp,
    "away": _away,
    "sym": _symptom,
    "sym_done": _symptoms_done,
    "where": _where,
    "method": _method,
    "drop": _drop,
    "as_listed": _as_listed,
    "how": told_how,
    "some_ill": _some_ill,
    "back": _back,
    **travelling.STEPS,
}
OF_CARD = frozenset({"as_before", "still", "came", "cause"})  # on the morning's card, too
OWN = tuple(verb for verb in STEPS if verb not in OF_CARD)
