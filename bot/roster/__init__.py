"""The office's files: its roster checked and read, an empty one to fill in, invitations to hand out."""

from bot.roster.check import Roster, read_roster
from bot.roster.columns import IgnoredColumn
from bot.roster.faults import Fault, RosterFaults, Trouble
from bot.roster.roll import Note, Remark

__all__ = ["Fault", "IgnoredColumn", "Note", "Remark", "Roster", "RosterFaults", "Trouble", "read_roster"]
