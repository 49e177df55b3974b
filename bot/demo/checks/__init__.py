"""Every number that the bot said, beside what the crowd did. A difference is a sentence; none is a good day."""

from bot.demo.checks.alerts import alerts, cards_of_alerts, follow_ups, officers, posts, receipts_of_fevers
from bot.demo.checks.answerable import handed_over, ledger
from bot.demo.checks.answers import answers
from bot.demo.checks.calendar import outages, tomorrow
from bot.demo.checks.cases import carried_over, followed, reviewed
from bot.demo.checks.classes import cards, closed, receipts, reminders, still_open
from bot.demo.checks.edges import limits, marked, nameless, outsiders, refusals, troubles
from bot.demo.checks.happened import happened
from bot.demo.checks.leaders import own_lines, summaries
from bot.demo.checks.lists import lists, unfinished
from bot.demo.checks.played import OPENS, REMINDS, Played, differ, differ_in_all

__all__ = ["OPENS", "REMINDS", "Played", "differ", "differ_in_all", "differences", "of_many", "reminders"]

PARTS = (
    troubles,
    cards,
    carried_over,
    closed,
    still_open,
    receipts,
    reminders,
    lists,
    unfinished,
    summaries,
    own_lines,
    outages,
    tomorrow,
    alerts,
    posts,
    follow_ups,
    cards_of_alerts,
    officers,
    receipts_of_fevers,
    answers,
    reviewed,
    followed,
    ledger,
    handed_over,
    outsiders,
    refusals,
    limits,
    marked,
    nameless,
)

# of a district so large that to hold every message against every class would take longer than the day
OF_MANY = (troubles, answers, outsiders, refusals, limits)


def of_many(day: Played) -> list[str]:
    return [line for part in OF_MANY for line in part(day)]


def differences(*days: Played) -> list[str]:
    """Each day in its order; then what nobody lived through on any of them."""
    return [f"{_which(day, days)}{line}" for day in days for part in PARTS for line in part(day)] + list(happened(days))


def _which(day: Played, days: tuple[Played, ...]) -> str:
    return f"{day.day:%m-%d} " if len(days) > 1 else ""
