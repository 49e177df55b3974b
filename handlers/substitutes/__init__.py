"""代班: a class is handed over for some days (naming), taken, refused or given back (taking), and ends (ending); what
is said of it (telling), as typed (saying)."""

from handlers.substitutes.ending import substitute_over
from handlers.substitutes.naming import days, hand_over, may_hand_over, named, substitute
from handlers.substitutes.taking import accept, decline, take_back

__all__ = [
    "accept",
    "days",
    "decline",
    "hand_over",
    "may_hand_over",
    "named",
    "substitute",
    "substitute_over",
    "take_back",
]
