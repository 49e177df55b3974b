"""What every screen of a walk has: buttons that name it, a head, back and cancel, what was wrong."""

from handlers.drafts import STILL_OPEN
from handlers.model import Choice, Draft, Text, choice, text
from handlers.scene import Scene
from handlers.words import NOTHING, day_short, entry_lines


def button(scene: Scene, draft: Draft, label: Text, verb: str, *more: str | int) -> Choice:
    """Names the class-day and the walk's revision: a tap on an older one shows the present card."""
    return choice(label, verb, *scene.args(draft.n, *more))


def head(scene: Scene, draft: Draft) -> Text:
    return text(
        f"walk.head_{draft.kind}",
        klass=scene.view.klass.name,
        day=day_short(scene.day),
        round=text(f"round.{scene.round.id}"),
    )


def foot(scene: Scene, draft: Draft, *, back: bool = True) -> tuple[Choice, ...]:
    cancel = button(scene, draft, text("button.cancel"), "cancel")
    return (button(scene, draft, text("button.back"), "back"), cancel) if back else (cancel,)


def note(draft: Draft) -> Text | str:
    return text(draft.note) if draft.note else NOTHING


def read_meanwhile(scene: Scene, draft: Draft) -> tuple[Text, ...]:
    """Above a question that a sentence came between: what is on the list now."""
    return entry_lines(draft.entries, scene.seats, {}) if draft.note == STILL_OPEN else ()
