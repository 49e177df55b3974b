"""有异常, 订正, 补报 typed: what the button does, where it stands under one card alone; else the cards."""

from collections.abc import Callable

from handlers import checkin
from handlers.answering import keeps
from handlers.model import Person, Update
from handlers.ondemand import report
from handlers.outcome import Outcome
from handlers.questions import Ask
from handlers.scene import Scene, rounds_now
from handlers.sentence import aloud
from handlers.values import replace

Tap = Callable[[Update, Ask, Person], Outcome]


def unwell(update: Update, ask: Ask, person: Person) -> Outcome:
    return _pressed(update, ask, person, checkin.ill, lambda scene: scene.report is None and scene.view.off is None)


def as_before(update: Update, ask: Ask, person: Person) -> Outcome:
    """都同昨日; nothing to be the same as where no case is open."""
    as_tap = replace(update, verb="as_before")
    return _pressed(as_tap, ask, person, checkin.of_case, lambda scene: scene.report is None and bool(scene.left_open))


def supplement(update: Update, ask: Ask, person: Person) -> Outcome:
    return _pressed(update, ask, person, checkin.supplement, lambda scene: scene.report is not None)


def correct(update: Update, ask: Ask, person: Person) -> Outcome:
    def stands(scene: Scene) -> bool:
        return scene.report is not None and (not scene.closed or keeps(person, scene.view.school.id))

    return _pressed(update, ask, person, checkin.correct, stands)


def _pressed(update: Update, ask: Ask, person: Person, tap: Tap, stands: Callable[[Scene], bool]) -> Outcome:
    """In a message of its own. A class or a day that is named has its card shown."""
    named = update.verb not in ("text", "as_before") and bool(update.text.strip())
    found = _own(update, ask, person, stands) if not named else []
    if len(found) != 1:
        return report(replace(update, text=update.text if named else ""), ask, person)
    (scene,) = found
    here = replace(update, args=tuple(map(str, scene.args(scene.rev))), on=f"said:{update.id}")
    return aloud(update, tap(here, ask, person))


def _own(update: Update, ask: Ask, person: Person, stands: Callable[[Scene], bool]) -> list[Scene]:
    """Of each class the last round of today in which it stands: at noon 订正 is of 晨检 until 午检 is reported."""
    of_each = (rounds_now(update, ask, one) for one in dict.fromkeys(person.classes))
    found = (next((scene for scene in scenes if stands(scene)), None) for scenes in of_each)
    return [scene for scene in found if scene is not None]
