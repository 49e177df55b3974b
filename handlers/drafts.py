"""An open walk as data: begun, turned a page at a time, carried over to what stands meanwhile."""

from handlers.earlier import going_on
from handlers.model import Attendance, Draft, Entry, Method, Person, Unsure, Where
from handlers.questions import Ask, DraftOf
from handlers.rules.news import carried, laid_over, list_carried, same
from handlers.scene import Scene
from handlers.values import replace

STILL_OPEN = "walk.still_open"  # what was read of a sentence is shown above the question that it came between
HALF = ""  # the words of a pupil who was being entered by taps
OF_ANY_DAY = ("correction", "behalf")  # what the 报告人 may still send when the day is gone
FIRST = ("report", "behalf")  # the first word of a class's day
RECHECK = "recheck"  # the kind of a question about one alert, which is nobody's report
OVERTAKEN = frozenset({"walk.overtaken", "walk.overtaken_correction"})  # notes: somebody reported meanwhile


def open_walk(scene: Scene, person: Person, kind: str, key: str, known: Draft | None) -> Draft:
    """A new walk, shown by the message `key`. `known`: the one that it replaces."""
    return Draft(
        person=person.id,
        class_id=scene.view.klass.id,
        day=scene.day,
        round=scene.round.id,
        kind=kind,
        base=scene.rev,
        n=next_n(scene, known),
        key=key,
        open="pupil",
        was=standing(scene),
        method=scene.method,
        entries=going_on(scene) if kind in ("report", "behalf") else (),
        cases=tuple(case.pupil for case in scene.left_open) if kind in FIRST else (),
    )


def standing(scene: Scene) -> tuple[Entry, ...]:
    """What the report lists as it stands."""
    return scene.report.entries if scene.report else ()


def next_n(scene: Scene, known: Draft | None) -> int:
    """Never a number that a button of an earlier walk of this day may carry."""
    return known.n + 1 if known is not None else int(scene.update.now.timestamp()) % 1_000_000


def walk_of(scene: Scene, ask: Ask, person: Person) -> Draft | None:
    """This person's open walk for the class-day, carried over to the report that stands."""
    known = ask(DraftOf(person.id, scene.view.klass.id, scene.day, scene.round.id))
    if known is None or known.kind == RECHECK:
        return None
    return rebased(scene, known) if overtaken(scene, known) else caught_up(scene, known)


def overtaken(scene: Scene, draft: Draft) -> bool:
    """Somebody reported or corrected the class since this walk began. News overtakes news only of the same pupil."""
    if scene.rev == draft.base or draft.kind == RECHECK:
        return False
    return draft.kind != "supplement" or any(not _as_it_was(scene, draft, entry.pupil) for entry in draft.entered)


def _as_it_was(scene: Scene, draft: Draft, pupil: str) -> bool:
    before, now = (listed_in(entries, pupil) for entries in (draft.was, standing(scene)))
    return before is now is None or same(before, now)


def listed_in(entries: tuple[Entry, ...], pupil: str) -> Entry | None:
    """None for who is not on the list."""
    return next((entry for entry in entries if entry.pupil == pupil), None)


def caught_up(scene: Scene, draft: Draft) -> Draft:
    """News of other pupils than those whom the report has changed since."""
    behind = draft.kind == "supplement" and scene.rev != draft.base
    return replace(draft, base=scene.rev, was=standing(scene)) if behind else draft


def rebased(scene: Scene, draft: Draft) -> Draft:
    """Nothing is thrown away: what was entered becomes a 补报 of what stands; a correction takes in what came since,
    and is itself only what its author changed."""
    now = standing(scene)
    opened = draft.current and carried(
        listed_in(draft.was, draft.current.pupil), draft.current, listed_in(now, draft.current.pupil)
    )
    changes = {"base": scene.rev, "was": now, "open": _kept(draft), "current": opened}
    if draft.kind == "correction":
        entries = list_carried(draft.was, draft.entries, now)
        return turned(draft, **changes, entries=entries, note="walk.overtaken_correction")
    return turned(
        draft,
        **changes,
        kind="supplement",
        cases=(),
        back=(),
        as_before=False,
        entries=tuple(
            carried(listed_in(draft.was, one.pupil), one, listed_in(now, one.pupil)) for one in draft.entries
        ),
        behalf=None,
        heard_at=None,
        said_expected=None,
        said_present=None,
        note="walk.overtaken_correction" if draft.kind == "supplement" else "walk.overtaken",
    )


def _kept(draft: Draft) -> str:
    """A question about a pupil stays open; those about the report as a whole are asked anew."""
    return "pupil" if draft.open in ("how", "heard", "health", "reason") else draft.open


def turned(draft: Draft, **changes: object) -> Draft:
    """The next revision of a walk; what was wrong before is forgotten."""
    return replace(draft, n=draft.n + 1, **{"note": None, **changes})  # type: ignore[arg-type]


def overtaken_note(draft: Draft) -> str | None:
    """That others reported meanwhile stays said until the walk is sent, whatever else is typed."""
    return draft.note if draft.note in OVERTAKEN else None


def following(method: Method) -> Method:
    """The next way of measuring: one button goes through them all."""
    methods = list(Method)
    return methods[(methods.index(method) + 1) % len(methods)]


def known_of(draft: Draft, pupil: str) -> Entry | None:
    """What is known of a pupil: as entered in this walk, else, for news, as reported."""
    reported = draft.was if draft.kind == "supplement" else ()
    return listed_in(draft.entries, pupil) or listed_in(reported, pupil)


def laid(draft: Draft, said: Entry, *, placed: bool) -> Entry:
    """What is said of a pupil, over what is known. `placed`: where they are, or whether they came, was said."""
    known = known_of(draft, said.pupil)
    return said if known is None else laid_over(known, said, placed=placed)


def at_place(entry: Entry, where: Where) -> Entry:
    """去向 says whether they came: who is not at school is away for illness."""
    return replace(entry, where=where, attendance=Attendance.PRESENT if where is Where.SCHOOL else Attendance.SICK)


def without(entries: tuple[Entry, ...], pupil: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.pupil != pupil)


def listed(draft: Draft, entry: Entry) -> Draft:
    """The pupil is on the list; what was said of them before is replaced."""
    return next_open(turned(draft, entries=(*without(draft.entries, entry.pupil), entry), current=None))


def parked(draft: Draft) -> Draft:
    """A sentence comes between: who is half entered is asked about again first."""
    half = () if draft.current is None else (Unsure(draft.current, (), HALF),)
    return replace(draft, current=None, choices=(), pending=(*half, *draft.pending))


def next_open(draft: Draft) -> Draft:
    """After an answer: the next thing read but not understood, else the list."""
    if not draft.pending:
        return replace(draft, open="pupil", current=None)
    unsure = draft.pending[0]
    if unsure.pupils or not unsure.entry.pupil:
        return replace(draft, open="who", current=None)
    if unsure.why:
        return replace(draft, open="what_for", current=None)
    stopped = unsure.words == HALF and not unsure.remeasure
    asked = _where_it_stopped(unsure.entry) if stopped else "temperature"
    return replace(draft, open=asked, current=unsure.entry, pending=draft.pending[1:])


def _where_it_stopped(entry: Entry) -> str:
    if entry.symptoms:
        return "where"
    return "symptoms" if entry.temperature is not None or entry.afebrile else "temperature"


def ready(draft: Draft) -> bool:
    """There is something to send, nobody is half entered, and something is said of every open case."""
    something = bool(draft.entries or draft.back or draft.trips)
    something = something or draft.kind == "correction" or draft.said_present is not None
    return something and draft.current is None and not draft.pending and not draft.unanswered


def may_send(scene: Scene, draft: Draft) -> bool:
    """Ready, and it agrees with the numbers that were typed."""
    return ready(draft) and not differs(scene, draft)


def differs(scene: Scene, draft: Draft) -> bool:
    """The list and the numbers that were typed."""
    if draft.said_present is None and draft.said_expected is None:
        return False
    sums = scene.sums(draft.entries)
    return draft.said_present not in (None, sums.present) or draft.said_expected not in (None, sums.expected)
