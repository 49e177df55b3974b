"""What was said of one pupil, gathered piece by piece."""

from collections.abc import Iterable

from msgspec import Struct, field

from handlers.rules.cues import Cue
from handlers.rules.reading.tokens import Degrees, Lasting, Meant, Until, Who
from handlers.rules.temperature import Temperature


class Fact(Struct, frozen=True):
    """Something said, and how: of an earlier day (`past`), denied, or only planned."""

    sense: Meant | Degrees | Until | Lasting
    start: int
    end: int
    past: bool = False
    denied: bool = False
    planned: bool = False

    @property
    def tenths(self) -> int | None:
        match self.sense:
            case Degrees(value=Temperature(tenths=tenths)):
                return tenths
            case _:
                return None


class Entry(Struct):
    """One pupil, or somebody who must be asked about, while a message is being read. `mentions`: how many facts there
    were each time the person was named."""

    who: Who
    said: str
    facts: list[Fact] = field(default_factory=list)
    heading: list[Fact] = field(default_factory=list)
    mentions: list[int] = field(default_factory=list)

    @property
    def all(self) -> tuple[Fact, ...]:
        return (*self.heading, *self.facts)

    def meant(self) -> Iterable[tuple[Fact, Meant]]:
        """What was said in words and not denied."""
        for fact in self.all:
            if isinstance(fact.sense, Meant) and not fact.denied:
                yield fact, fact.sense

    def meant_today(self) -> Iterable[Meant]:
        """That without what was before and what is only planned."""
        return (meant for fact, meant in self.meant() if not fact.past and not fact.planned)

    def cued(self, *cues: Cue) -> bool:
        return any(meant.cue in cues for _, meant in self.meant())
