"""Under the receipt of a class its teacher says how they are themselves: a row of buttons, then a line."""

from handlers.model import Choices, Person, Text, text
from handlers.scene import Scene
from handlers.staff_health.words import line, row


def with_own(scene: Scene, person: Person, words: Text, choices: Choices) -> tuple[Text, Choices]:
    """The receipt as it is where the staff are not asked, or nothing is reported yet."""
    if scene.staff is None or scene.report is None:
        return words, choices
    known = scene.staff.get(person.id)
    if known is None:
        return text("health.ask_under", receipt=words), (*choices, row(scene.day, 0))
    return text("health.under", receipt=words, line=line(scene.update, known)), choices
