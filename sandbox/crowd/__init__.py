"""The people of the pretended district: simulated teachers who answer on their phones and keep their own record."""

from sandbox.crowd.crowd import GROUP, Crowd
from sandbox.crowd.hand import MARK, ZONE, plain
from sandbox.crowd.illness import ABSENCES, AT_SCHOOL, FOREHEAD, SEVERE, Listed, Paper, Yesterday, past
from sandbox.crowd.people import Key, Member, Pupil, SchoolClass, Town, short, town
from sandbox.crowd.plan import DEAF, SILENT, Day, How, Plan, plan_day
from sandbox.crowd.record import ClassRecord, Flag, Record, Tally, Version, is_zero

__all__ = [
    "ABSENCES",
    "AT_SCHOOL",
    "DEAF",
    "FOREHEAD",
    "GROUP",
    "MARK",
    "SEVERE",
    "SILENT",
    "ZONE",
    "ClassRecord",
    "Crowd",
    "Day",
    "Flag",
    "How",
    "Key",
    "Listed",
    "Member",
    "Paper",
    "Plan",
    "Pupil",
    "Record",
    "SchoolClass",
    "Tally",
    "Town",
    "Version",
    "Yesterday",
    "is_zero",
    "past",
    "plain",
    "plan_day",
    "short",
    "town",
]
