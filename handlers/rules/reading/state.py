"""Where the reading of a message stands, and the few things that are done to it."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from handlers.rules.reading import clause as about
from handlers.rules.reading.entry import Entry, Fact
from handlers.rules.reading.notes import Heading, Mood, Notes
from handlers.rules.reading.result import Doubt
from handlers.rules.reading.tokens import Degrees, Token, Unknown, Who
from handlers.rules.temperature import Temperature


class Here(Struct, frozen=True):
    """One token of a clause."""

    clause: Sequence[Token]
    place: int

    @property
    def token(self) -> Token:
        return self.clause[self.place]

    @property
    def ahead(self) -> Token | None:
        return about.ahead(self.clause, self.place)

    @property
    def behind(self) -> Token | None:
        return about.behind(self.clause, self.place)


class State:
    """`group`: the entries that what comes next is said of. `open`: they were named and nothing is said of them yet.
    `leading`: facts that wait for a name. Both texts have the same length; `text` is plain, `typed` is quoted."""

    def __init__(self, text: str, typed: str, today: date, fever_from: int) -> None:
        self.text, self.typed, self.today, self.fever_from = text, typed, today, fever_from
        self.notes = Notes()
        self.mood = Mood()
        self.group: list[int] = []
        self.open = False
        self.everybody = False
        self.leading: list[Fact] = []
        self.people: Token | None = None  # N人, not yet known of whom
        self.heading: Heading | None = None
        self.clause = 0
        self.named_here = False
        self.last_person = -1
        self._shared: list[Fact] = []
        self._places: dict[str, int] = {}

    def entry(self, who: Who, token: Token) -> int:
        """The place of this person's entry, which is one however often the person is named."""
        key = who.pupils[0].id if who.exact else f"?{token.start}"
        if key not in self._places:
            self._places[key] = len(self.notes.entries)
            self.notes.entries.append(Entry(who, self.typed[token.start : token.end]))
        mine = self._places[key]
        self.notes.entries[mine].mentions.append(len(self.notes.entries[mine].facts))
        self.notes.owners.append(((token.start, token.end), (mine,)))
        return mine

    def give(self, fact: Fact, group: Sequence[int]) -> None:
        """Of each in the group; a temperature of several waits for the others."""
        self.open = False
        self.notes.owners.append(((fact.start, fact.end), tuple(group)))
        if isinstance(fact.sense, Degrees) and len(group) > 1 and not self.mood.both:
            self._shared.append(fact)
            return
        for mine in group:
            self.notes.entries[mine].facts.append(fact)

    def turn_to(self, group: list[int], *, opened: bool) -> None:
        """From here on it is about these."""
        self.share()
        self.group, self.open = group, opened

    def share(self) -> None:
        """3号17号分别38.5、37.8: to each his own; one temperature for two pupils is asked."""
        zipped = len(self._shared) == len(self.group)
        for turn, mine in enumerate(self.group if self._shared else ()):
            self.notes.entries[mine].facts += [self._shared[turn]] if zipped else self._shared
            if not (zipped and self.mood.each):
                read = [fact.sense.value for fact in self._shared if isinstance(fact.sense, Degrees)]
                choices = tuple(str(one.tenths) for one in read if isinstance(one, Temperature))
                self.doubt("temperature", self.notes.entries[mine].said, mine, choices)
        self._shared = []

    def nobody_named(self, facts: Sequence[Fact], clause: Sequence[Token]) -> None:
        """Somebody is sick, and nobody said who: a line of its own, to be asked about."""
        told = [token for token in clause if about.weighs(token.sense)]
        start = told[0].start if told else facts[0].start  # 发热： and then an empty line
        mine = self.entry(Who((), exact=False, doubt="pupil"), Token(Unknown(), start, start))
        self.notes.entries[mine].said = self.said(clause) if told else self.typed[start : facts[-1].end]
        for fact in facts:
            self.give(fact, [mine])

    def doubt(self, kind: str, said: str, mine: int | None = None, choices: tuple[str, ...] = ()) -> None:
        self.notes.doubts.append((Doubt(kind, said, choices), mine))

    def leave_unread(self, token: Token | Fact) -> None:
        self.notes.unread.append((token.start, token.end))

    def said(self, clause: Sequence[Token]) -> str:
        return self.typed[clause[0].start : clause[-1].end].strip() if clause else ""

    def plain(self, token: Token) -> str:
        return self.text[token.start : token.end]
