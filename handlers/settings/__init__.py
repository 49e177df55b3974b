"""What the district decides, dated: its rules, its calendar, an admin's /holiday, and what is done tomorrow."""

from handlers.settings.basis import basis
from handlers.settings.holidays import cards_again, holiday
from handlers.settings.ruling import calendar, rules
from handlers.settings.stages import rounds, stage
from handlers.settings.thermometer import thermometer
from handlers.settings.tomorrow import again as tomorrow_again
from handlers.settings.tomorrow import change as tomorrow

__all__ = [
    "basis",
    "calendar",
    "cards_again",
    "holiday",
    "rounds",
    "rules",
    "stage",
    "thermometer",
    "tomorrow",
    "tomorrow_again",
]
