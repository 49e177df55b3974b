"""An open walk as data: begun, turned a page at a time, carried over to what stands meanwhile."""

from dataclasses import replace

from handlers.model import Draft, Entry, Method, Person
from handlers.questions import Ask, DraftOf
from handlers.scene import Scene

RECHECK = "recheck"  # the kind of a question about one alert, which is nobody's report


def open_walk(scene: Scene, person: Person, kind: str, key: str, known: Draft | None) -> Draft:
    """A new walk, shown by the message `key`. `known`: the one that it replaces."""
    return Draft(
        person=person.id,
        class_id=scene.view.klass.id,
        day=scene.day,
        round=scene.round.id,
        kind=kind,
        base=scene.rev,
        n=_next_n(scene, known),
        key=key,
        open="pupil",
        method=scene.method,
    )


def _next_n(scene: Scene, known: Draft | None) -> int:
    """Never a number that a button of an earlier walk of this day may carry."""
    return known.n + 1 if known is not None else int(scene.update.now.timestamp()) % 1_000_000


def walk_of(scene: Scene, ask: Ask, person: Person) -> Draft | None:
    """This person's open walk for the class-day, carried over to the report that stands."""
    known = ask(DraftOf(person.id, scene.view.klass.id, scene.day, scene.round.id))
    if known is None or known.kind == RECHECK:
        return None
    return rebased(scene, known) if overtaken(scene, known) else known


def overtaken(scene: Scene, draft: Draft) -> bool:
    """Somebody reported or corrected the class since this walk began. News is added to whatever stands."""
    return scene.rev != draft.base and draft.kind not in ("supplement", RECHECK)


def rebased(scene: Scene, draft: Draft) -> Draft:
    """Nothing is thrown away: what was entered becomes a 补报 of what stands; a correction takes in what came since."""
    standing = scene.report.entries if scene.report else ()
    if draft.kind == "correction":
        mine = {entry.pupil for entry in draft.entries}
        entries = (*(entry for entry in standing if entry.pupil not in mine), *draft.entries)
        return turned(
            draft, base=scene.rev, entries=entries, began=standing, open=_kept(draft), note="walk.overtaken_correction"
        )
    return turned(
        draft,
        kind="supplement",
        base=scene.rev,
        open=_kept(draft),
        behalf=None,
        heard_at=None,
        said_expected=None,
        said_present=None,
        note="walk.overtaken",
    )


def _kept(draft: Draft) -> str:
    """A question about a pupil stays open; those about the report as a whole are asked anew."""
    return "pupil" if draft.open in ("how", "heard", "health", "reason") else draft.open


def turned(draft: Draft, **changes: object) -> Draft:
    """The next revision of a walk; what was wrong before is forgotten."""
    return replace(draft, n=draft.n + 1, **{"note": None, **changes})  # type: ignore[arg-type]


def following(method: Method) -> Method:
    """The next way of measuring: one button goes through them all."""
    methods = list(Method)
    return methods[(methods.index(method) + 1) % len(methods)]


def without(entries: tuple[Entry, ...], pupil: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.pupil != pupil)


def listed(draft: Draft, entry: Entry) -> Draft:
    """The pupil is on the list; what was said of them before is replaced."""
    return next_open(turned(draft, entries=(*without(draft.entries, entry.pupil), entry), current=None))


def next_open(draft: Draft) -> Draft:
    """After an answer: the next thing read but not understood, else the list."""
    if not draft.pending:
        return replace(draft, open="pupil", current=None)
    unsure = draft.pending[0]
    if unsure.pupils or not unsure.entry.pupil:
        return replace(draft, open="who", current=None)
    return replace(draft, open="temperature", current=unsure.entry, pending=draft.pending[1:])


def ready(draft: Draft) -> bool:
    """There is something to send, and nobody is half entered."""
    something = bool(draft.entries) or draft.kind == "correction" or draft.said_present is not None
    return something and draft.current is None and not draft.pending


def may_send(scene: Scene, draft: Draft) -> bool:
    """Ready, and it agrees with the numbers that were typed."""
    return ready(draft) and not differs(scene, draft)


def differs(scene: Scene, draft: Draft) -> bool:
    """The list and the numbers that were typed."""
    if draft.said_present is None and draft.said_expected is None:
        return False
    sums = scene.sums(draft.entries)
    return draft.said_present not in (None, sums.present) or draft.said_expected not in (None, sums.expected)
