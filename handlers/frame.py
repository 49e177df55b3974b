"""What every screen of a walk has: buttons that name it, a head, back and cancel, what was wrong."""

from handlers.drafts import OVERTAKEN, STILL_OPEN
from handlers.model import Choice, Draft, Text, Value, choice, text
from handlers.scene import Scene
from handlers.words import NOTHING, day_short, entry_lines

EARLY = frozenset({"walk.early", "walk.early_told"})


def button(scene: Scene, draft: Draft, label: Text, verb: str, *more: str | int, number: int | None = None) -> Choice:
    """Names the class-day and the walk's revision: a tap on an older one shows the present card."""
    return choice(label, verb, *scene.args(draft.n, *more), number=number)


def head(scene: Scene, draft: Draft) -> Text:
    return text(
        f"walk.head_{draft.kind}",
        klass=scene.view.klass.name,
        day=day_short(scene.day),
        round=scene.round.name,
    )


def foot(scene: Scene, draft: Draft, *, back: bool = True) -> tuple[Choice, ...]:
    cancel = button(scene, draft, text("button.cancel"), "cancel")
    return (button(scene, draft, text("button.back"), "back"), cancel) if back else (cancel,)


def note(scene: Scene, draft: Draft) -> Text | str:
    """What was wrong with the last answer; or who reported, and when, while this was being filled in."""
    if draft.note is None:
        return NOTHING
    values: dict[str, Value] = {}
    if draft.note in OVERTAKEN and scene.report is not None:
        values = {"time": scene.update.local(scene.report.at), "by": scene.report.by_title}
    elif draft.note in EARLY:
        values = {"since": f"{scene.rules.quiet[1]:%H:%M}"}
    return text(draft.note, **values)


def read_meanwhile(scene: Scene, draft: Draft) -> tuple[Text, ...]:
    """Above a question that a sentence came between: what is on the list now."""
    return entry_lines(draft.entries, scene.seat, {}) if draft.note == STILL_OPEN else ()
