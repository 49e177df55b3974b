"""花名册: what the office's file changes in one school."""

from handlers.roster.diff import TooEarly, change, differs, is_office
from handlers.roster.importing import consented, known, movers, roll_told, roster
from handlers.roster.summary import Changes, changes

__all__ = [
    "Changes",
    "TooEarly",
    "change",
    "changes",
    "consented",
    "differs",
    "is_office",
    "known",
    "movers",
    "roll_told",
    "roster",
]
