"""The people of the pretended district: simulated teachers who answer on their phones and keep their own record."""

from sandbox.crowd.cases import RETURNED, WATCH, Case, Register, Word
from sandbox.crowd.crowd import GROUP, Crowd
from sandbox.crowd.hand import MARK, ZONE, plain
from sandbox.crowd.illness import ABSENCES, AT_SCHOOL, FLU, FOREHEAD, PERSONAL, POX, SEVERE, SICK, Listed, Paper, past
from sandbox.crowd.people import Key, Member, Pupil, SchoolClass, Town, short, town
from sandbox.crowd.plan import DEAF, SILENT, Day, How, Plan, plan_day
from sandbox.crowd.platform import OnTelegram, OnWeCom, Platform
from sandbox.crowd.record import ClassRecord, Flag, Record, Sighting, Tally, Version, is_zero
from sandbox.crowd.week import StandIn, Week, week

__all__ = [
    "ABSENCES",
    "AT_SCHOOL",
    "DEAF",
    "FLU",
    "FOREHEAD",
    "GROUP",
    "MARK",
    "PERSONAL",
    "POX",
    "RETURNED",
    "SEVERE",
    "SICK",
    "SILENT",
    "WATCH",
    "ZONE",
    "Case",
    "ClassRecord",
    "Crowd",
    "Day",
    "Flag",
    "How",
    "Key",
    "Listed",
    "Member",
    "OnTelegram",
    "OnWeCom",
    "Paper",
    "Plan",
    "Platform",
    "Pupil",
    "Record",
    "Register",
    "Review",
    "SchoolClass",
    "Sighting",
    "StandIn",
    "Tally",
    "Town",
    "Version",
    "Week",
    "Word",
    "is_zero",
    "past",
    "plain",
    "plan_day",
    "short",
    "town",
    "week",
]
