"""What takes a whole week: a school that is late every day, a teacher who is away for two, a fever at the gate of which
the class's report knows nothing."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sandbox.crowd.people import Member, SchoolClass, Town
from sandbox.crowd.plan import silent


@dataclass(frozen=True)
class StandIn:
    """代班: `member` has the class from `since` to `until`, both included."""

    klass: SchoolClass
    member: Member
    since: date
    until: date

    @property
    def absent(self) -> Member:
        return self.klass.teachers[0]

    def on(self, day: date) -> bool:
        return self.since <= day <= self.until


@dataclass(frozen=True)
class Week:
    late: str  # a school
    stand_in: StandIn
    gate: date  # on which a fever is seen there

    def people(self, town: Town, day: date) -> Town:
        """Who has which class on that day."""
        one = self.stand_in
        if not one.on(day):
            return town
        handed = replace(one.klass, teachers=(one.member,))
        return replace(town, classes=tuple(handed if klass == one.klass else klass for klass in town.classes))


def week(seed: int, people: Town, days: Sequence[date]) -> Week:
    """Of two teachers of the first school who have a class each, one stands in for the other on the first two days."""
    dice = random.Random(f"week {seed}")
    unreached = {key for keys in silent(seed, people).values() for key in keys}
    known = [one for one in people.classes if one.key.school == people.schools[0] and one.key not in unreached]
    klass, other = dice.sample([one for one in known if _one_class(one)], 2)
    stand_in = StandIn(klass, other.teachers[0], days[0], days[1])
    return Week(people.schools[-1], stand_in, days[1])


def _one_class(klass: SchoolClass) -> bool:
    (*_, last) = klass.teachers
    return len(klass.teachers) == 1 and last.duties == ("班主任",) and last.classes == (klass.key,)
