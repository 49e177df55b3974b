"""A pattern of running text, and what a match of it stands for."""

import re
from collections.abc import Callable
from datetime import date
from functools import cached_property

from msgspec import Struct

from handlers.rules.numbers import number
from handlers.rules.reading.tokens import Sense

Senses = tuple[Sense, ...]
Builder = Callable[["re.Match[str]", date], Senses]


class Pattern(Struct, frozen=True, dict=True):
    """`build` is given the match and today; no senses is no match after all."""

    written: str
    build: Builder

    @cached_property
    def shape(self) -> "re.Pattern[str]":
        """Made when the first line is read: to make all of them is a twentieth of the start."""
        return re.compile(self.written)


def value(text: str | None) -> int:
    return number(text or "") or 0
