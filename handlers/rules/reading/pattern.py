"""A pattern of running text, and what a match of it stands for."""

import re
from collections.abc import Callable
from datetime import date

from msgspec import Struct

from handlers.rules.numbers import number
from handlers.rules.reading.tokens import Sense

Senses = tuple[Sense, ...]
Builder = Callable[["re.Match[str]", date], Senses]


class Pattern(Struct, frozen=True):
    """`build` is given the match and today; no senses is no match after all."""

    shape: "re.Pattern[str]"
    build: Builder


def pattern(shape: str, build: Builder) -> Pattern:
    return Pattern(re.compile(shape), build)


def value(text: str | None) -> int:
    return number(text or "") or 0
