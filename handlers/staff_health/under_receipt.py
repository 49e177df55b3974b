"""Under the receipt of a class its teacher says how they are themselves: a row of buttons, then a line."""

from handlers.model import Choices, Person, Text, text
from handlers.scene import Scene
from handlers.staff_health.words import line, row
from handlers.values import replace


def with_own(scene: Scene, person: Person, words: Text, choices: Choices) -> tuple[Text, Choices]:
    """The receipt as it is where the staff are not asked, or nothing is reported yet."""
    if scene.staff is None or scene.report is None:
        return words, choices
    known = scene.staff.get(person.id)
    if known is None:
        return _with_foot(words, text("health.ask_under")), (*choices, row(scene.day, 0))
    return _with_foot(words, text("health.under", line=line(scene.update, known))), choices


def _with_foot(receipt: Text, said: Text) -> Text:
    foot = receipt.values["foot"]
    return replace(receipt, values={**receipt.values, "foot": (foot, said) if isinstance(foot, Text) else said})
