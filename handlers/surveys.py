"""What looks at the whole district and takes long: it is found out apart, while schools go on."""

from typing import Final

from handlers.facts import Summarised, Viewed
from handlers.model import Update
from handlers.outcome import Outcome

_SURVEYS: Final = frozenset({"summary", "summary_again", "today", "late", "export"})


def is_survey(update: Update) -> bool:
    """By its verb, or by the step of the clock."""
    return update.verb in _SURVEYS or (update.verb == "tick" and update.args[0] in _SURVEYS)


def only_tells(outcome: Outcome) -> bool:
    """It states nothing but what was told, and who was shown it: so it may be a moment old. What is kept true is asked
    for again by whoever reports meanwhile."""
    return all(isinstance(fact, Summarised | Viewed) for fact in outcome.facts)
