"""花名册: what the office's file changes in one school."""

from handlers.roster.diff import TooEarly, change, differs, is_office
from handlers.roster.importing import consented, known, moved_away, movers, roll_told, roster
from handlers.roster.promoting import NotNow, Promotion, lines, promote, promotion, pupils_left
from handlers.roster.stopping import stopped
from handlers.roster.summary import Changes, changes

__all__ = [
    "Changes",
    "NotNow",
    "Promotion",
    "TooEarly",
    "change",
    "changes",
    "consented",
    "differs",
    "is_office",
    "known",
    "lines",
    "moved_away",
    "movers",
    "promote",
    "promotion",
    "pupils_left",
    "roll_told",
    "roster",
    "stopped",
]
