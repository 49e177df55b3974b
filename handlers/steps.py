"""The taps of an open walk: each changes the draft, and the message shows what comes next."""

from collections.abc import Callable
from dataclasses import replace

from handlers.cards import home, show
from handlers.model import Answer, Attendance, Draft, Entry, Forget, Person, Symptom, Update, Where, text
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, DraftOf
from handlers.report import Making, commit, merged
from handlers.scene import Scene, look, named
from handlers.walk import DEGREES, HOW, REASONS, following, may_send, show_walk, turned, without

Step = Callable[[Scene, Draft, str], Draft | None]


def step(update: Update, ask: Ask, person: Person) -> Outcome:
    """Any button of a walk. An older one, or one of a walk that is gone, changes nothing and shows the present card."""
    where = named(update)
    scene = look(update, ask, *where) if where else None
    if scene is None or len(update.args) < 4:
        return pop_up(text("answer.unknown_button"))
    draft = ask(DraftOf(person.id, scene.view.klass.id, scene.day, scene.round.id))
    if draft is None:
        said = show(scene, person, home(scene, person))
        return Outcome(says=(said,), answer=Answer(text("answer.no_walk"), loud=True))
    if update.args[3] != str(draft.n):
        return Outcome(says=(show_walk(scene, draft, person),), answer=Answer(text("answer.older")))
    return take(scene, ask, person, draft, update.verb, update.args[4] if len(update.args) > 4 else "")


def take(scene: Scene, ask: Ask, person: Person, draft: Draft, verb: str, value: str) -> Outcome:
    """One answer to the open question; what it means is looked up in STEPS."""
    if verb == "cancel":
        gone = Forget(person.id, draft.class_id, draft.day, draft.round)
        return Outcome(says=(show(scene, person, draft.key),), drafts=(gone,), answer=Answer(text("answer.cancelled")))
    if verb in ("send", "reason", "all_well"):
        return _finish(scene, ask, person, draft, verb, value)
    moved = STEPS[verb](scene, draft, value)
    if moved is None:
        return pop_up(text("answer.unknown_button"))
    return Outcome(says=(show_walk(scene, moved, person),), drafts=(moved,))


def _pick(scene: Scene, draft: Draft, pupil: str) -> Draft | None:
    """A name on the keyboard, or the answer to 是哪一位."""
    if pupil not in scene.seats:
        return None
    if draft.open == "who" and draft.pending:
        entry = replace(draft.pending[0][0], pupil=pupil)
        kept = (*without(draft.entries, pupil), entry)
        return next_open(replace(turned(draft, entries=kept), pending=draft.pending[1:]))
    known = next((entry for entry in draft.entries if entry.pupil == pupil), None)
    return turned(draft, open="temperature", current=known or Entry(pupil, method=draft.method), choices=())


def _nobody(scene: Scene, draft: Draft, value: str) -> Draft:
    return next_open(turned(draft, pending=draft.pending[1:], choices=()))


def next_open(draft: Draft) -> Draft:
    """After an answer: the next thing read but not understood, else the list."""
    if not draft.pending:
        return replace(draft, open="pupil", current=None)
    entry, candidates, _ = draft.pending[0]
    if candidates:
        return replace(draft, open="who", current=None)
    return replace(draft, open="temperature", current=entry, pending=draft.pending[1:])


def _page(scene: Scene, draft: Draft, page: str) -> Draft | None:
    return turned(draft, page=int(page)) if page.isdigit() and int(page) < 9 else None


def _temp(scene: Scene, draft: Draft, value: str) -> Draft | None:
    if draft.current is None:
        return None
    if value == "normal":
        return _measured(draft, None, afebrile=True)
    if value == "none":
        return _measured(draft, None, afebrile=False)
    return _measured(draft, int(value), afebrile=False) if value in map(str, DEGREES) else None


def measured(draft: Draft, tenths: int) -> Draft:
    """A typed temperature."""
    return _measured(draft, tenths, afebrile=False)


def _measured(draft: Draft, tenths: int | None, *, afebrile: bool) -> Draft:
    if draft.current is None:
        raise ValueError("no pupil is open")
    entry = replace(
        draft.current,
        temperature=tenths,
        afebrile=afebrile,
        method=draft.method if tenths is not None else None,
        attendance=Attendance.PRESENT,
    )
    return turned(draft, current=entry, open="symptoms")


def _away(scene: Scene, draft: Draft, kind: str) -> Draft | None:
    """病假, 事假, 未到, 迟到: said in one tap."""
    if draft.current is None or kind not in set(Attendance) - {Attendance.PRESENT}:
        return None
    return listed(draft, replace(draft.current, attendance=Attendance(kind), where=None))


def listed(draft: Draft, entry: Entry) -> Draft:
    """The pupil is on the list; what was said of them before is replaced."""
    return next_open(turned(draft, entries=(*without(draft.entries, entry.pupil), entry), current=None))


def _symptom(scene: Scene, draft: Draft, code: str) -> Draft | None:
    if draft.current is None or code not in set(Symptom):
        return None
    had = draft.current.symptoms
    now = tuple(one for one in had if one != code) if code in had else (*had, Symptom(code))
    return turned(draft, current=replace(draft.current, symptoms=now))


def _symptoms_done(scene: Scene, draft: Draft, value: str) -> Draft | None:
    return turned(draft, open="where") if draft.current else None


def _where(scene: Scene, draft: Draft, place: str) -> Draft | None:
    if draft.current is None or place not in set(Where):
        return None
    here = Where(place)
    attendance = Attendance.PRESENT if here is Where.SCHOOL else Attendance.SICK
    return listed(draft, replace(draft.current, where=here, attendance=attendance))


def _method(scene: Scene, draft: Draft, value: str) -> Draft:
    return turned(draft, method=following(draft.method))


def _drop(scene: Scene, draft: Draft, value: str) -> Draft | None:
    if draft.current is None:
        return None
    return turned(draft, entries=without(draft.entries, draft.current.pupil), current=None, open="pupil")


def _as_listed(scene: Scene, draft: Draft, value: str) -> Draft:
    return turned(draft, said_present=None, said_expected=None)


def _how(scene: Scene, draft: Draft, how: str) -> Draft | None:
    return turned(draft, behalf=how, open="health") if how in HOW else None


def _some_ill(scene: Scene, draft: Draft, value: str) -> Draft:
    return turned(draft, open="pupil")


def _back(scene: Scene, draft: Draft, value: str) -> Draft:
    match draft.open:
        case "symptoms":
            return turned(draft, open="temperature")
        case "where":
            return turned(draft, open="symptoms")
        case "health":
            return turned(draft, open="how")
        case _:
            return turned(draft, open="pupil", current=None, choices=(), pending=())


STEPS: dict[str, Step] = {
    "pick": _pick,
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
    "how": _how,
    "some_ill": _some_ill,
    "back": _back,
}


# The end of a walk


def _finish(scene: Scene, ask: Ask, person: Person, draft: Draft, verb: str, value: str) -> Outcome:
    if _overtaken(scene, draft):
        return _show_overtaken(scene, person, draft)
    if verb == "all_well":
        return commit(scene, ask, person, (), Making("behalf", draft.key, behalf=draft.behalf))
    if not may_send(scene, draft):
        return Outcome(says=(show_walk(scene, draft, person),), answer=Answer(text("answer.not_yet"), loud=True))
    if draft.kind == "correction" and verb == "send":
        asked = turned(draft, open="reason")
        return Outcome(says=(show_walk(scene, asked, person),), drafts=(asked,))
    if verb == "reason" and value not in REASONS:
        return pop_up(text("answer.unknown_button"))
    return send(scene, ask, person, draft, value or None)


def send(scene: Scene, ask: Ask, person: Person, draft: Draft, reason: str | None) -> Outcome:
    entries = draft.entries
    if draft.kind == "supplement" and scene.report is not None:
        entries = merged(scene.report.entries, draft.entries, scene.update.at)
    try:
        return commit(scene, ask, person, entries, Making(draft.kind, draft.key, draft.behalf, reason))
    except ValueError:
        note = replace(draft, note="walk.too_many_away", n=draft.n + 1)
        return Outcome(says=(show_walk(scene, note, person),), drafts=(note,))


def _overtaken(scene: Scene, draft: Draft) -> bool:
    """Somebody reported or corrected the class since this walk began. News is added to whatever stands."""
    return scene.rev != draft.base and draft.kind != "supplement"


def _show_overtaken(scene: Scene, person: Person, draft: Draft) -> Outcome:
    """Nothing is thrown away: what was entered becomes a 补报 of what stands, still to be sent."""
    if draft.entries:
        news = replace(turned(draft), kind="supplement", base=scene.rev, open="pupil", note="walk.overtaken")
        return Outcome(says=(show_walk(scene, news, person),), drafts=(news,), answer=Answer(text("answer.overtaken")))
    gone = Forget(person.id, draft.class_id, draft.day, draft.round)
    return Outcome(
        says=(show(scene, person, draft.key),), drafts=(gone,), answer=Answer(text("answer.overtaken"), loud=True)
    )
