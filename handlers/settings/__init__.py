"""What the district decides, dated: its rules, its calendar, and an admin's /holiday."""

from handlers.settings.basis import basis
from handlers.settings.holidays import cards_again, holiday
from handlers.settings.ruling import calendar, rules
from handlers.settings.thermometer import thermometer

__all__ = ["basis", "calendar", "cards_again", "holiday", "rules", "thermometer"]
