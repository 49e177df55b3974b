"""PRETENDS. A strict local Telegram and WeCom with people's phones, for the demo, the tests and the benchmarks."""

from sandbox.clock import Clock, TimeControl
from sandbox.faults import Fault
from sandbox.limits import Limits, Window
from sandbox.model import Answer, Button, Entry, Group, Message, Person, Tap
from sandbox.telegram import Sandbox

__all__ = [
    "Answer",
    "Button",
    "Clock",
    "Entry",
    "Fault",
    "Group",
    "Limits",
    "Message",
    "Person",
    "Sandbox",
    "Tap",
    "TimeControl",
    "Window",
]
