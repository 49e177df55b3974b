"""What the district decides, dated: its rules, its calendar, and an admin's /holiday."""

from handlers.settings.holidays import cards_again, holiday
from handlers.settings.ruling import calendar, rules

__all__ = ["calendar", "cards_again", "holiday", "rules"]
