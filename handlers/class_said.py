"""中心校 三(2)班 17号 …: the school and the class that typed words begin with, and what follows them. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.class_names import read_class, school_first
from handlers.model import School
from handlers.rules.spelling import plain


@dataclass(frozen=True)
class ClassSaid:
    """`school`: the only one where none is said, None where it must be; `klass`: in its one spelling, None where no
    class is named; `rest` is what was said of it."""

    school: School | None
    klass: str | None
    rest: str


def class_said(typed: str, schools: Sequence[School]) -> ClassSaid:
    """`schools`: those that the person may speak of."""
    words = plain(re.sub(r"\s+", " ", typed)).strip()
    said, words = school_first(words, schools, plain)
    school = schools[0] if said is None and len(schools) == 1 else said
    for end in range(1, len(words) + 1):
        # the shortest beginning of whole words that names a class: the 17 of 3.2 17 is a seat
        whole = words[end - 1] in "班)" or words[end : end + 1] in ("", " ")
        roll = read_class(words[:end]) if whole else None
        if roll is not None:
            return ClassSaid(school, roll.name, words[end:].lstrip(" 班"))
    return ClassSaid(school, None, words)
