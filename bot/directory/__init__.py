"""A platform's own directory against the roster: who is who, as a workbook in which a clerk settles what a name and a
department leave open."""

from bot.directory.matching import Kind, Row, held_against
from bot.directory.roll import Known, Staffer, known
from bot.directory.settled import Plan, plan
from bot.directory.sheet import sheets

__all__ = ["Kind", "Known", "Plan", "Row", "Staffer", "held_against", "known", "plan", "sheets"]
