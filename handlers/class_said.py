"""中心校 三(2)班 17号 …: the school and the class that typed words begin with, and what follows them. Pure."""

import re
from collections.abc import Sequence

from msgspec import Struct

from handlers.class_names import class_first, school_first
from handlers.model import School
from handlers.rules.spelling import plain


class ClassSaid(Struct, frozen=True):
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
    roll, rest = class_first(words)
    return ClassSaid(school, roll.name if roll else None, rest)
