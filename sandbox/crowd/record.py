"""The crowd's own record of the day: what each class truly did, and what that adds up to at any moment."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sandbox.crowd.cases import Case, Register, Review
from sandbox.crowd.illness import NOTHING, PERSONAL, UNKNOWN, Listed, Yesterday
from sandbox.crowd.people import Key, Member, SchoolClass

REPORTER = "疫情报告人"


@dataclass(frozen=True, slots=True)
class Version:
    """What a class said from `at` on."""

    at: datetime
    by: Member
    listed: tuple[Listed, ...]
    kind: str  # report | behalf | correction | supplement | recheck | clearance
    heard: str | None = None  # behalf: the hour that was given, HH:MM


@dataclass
class ClassRecord:
    """A class's day; the first version is its report."""

    of: SchoolClass
    versions: list[Version] = field(default_factory=list)
    before: tuple[Case, ...] = ()  # who was away or had a fever when the day began
    taps: int = 0  # times that 全员正常 was pressed
    typed: bool = False

    def at(self, moment: datetime) -> Version | None:
        """What it had said by then."""
        return next((one for one in reversed(self.versions) if one.at <= moment), None)

    def cases(self, version: Version, day: date) -> tuple[Case, ...]:
        """As this version left them."""
        register = Register(self.before)
        self.tell(register, day, self.versions[: self.versions.index(version) + 1])
        return register.open

    def tell(self, register: Register, day: date, versions: Sequence[Version], reviews: Iterable[Review] = ()) -> None:
        """All that was said of the class, as it came; where both are of one moment the 校医's word comes first."""
        waiting = deque(reviews)
        for nth, one in enumerate(versions):
            while waiting and waiting[0].at <= one.at:
                register.reviews(waiting.popleft())
            register.says(self.of.key, day, one.at, one.listed, corrects=nth > 0)
        for review in waiting:
            register.reviews(review)

    @property
    def first(self) -> Version | None:
        return self.versions[0] if self.versions else None


@dataclass
class Flag:
    """A flagged child that somebody reported, and who saw to it. `listed` is what was said first; `continued`: flagged
    on the school day before and still at home."""

    key: Key
    listed: Listed
    at: datetime
    continued: bool = False
    withdrawn: datetime | None = None
    listed_by: int = 0  # whoever reported it
    acknowledged: datetime | None = None
    by: Member | None = None

    @property
    def waiting(self) -> bool:
        """Somebody has still to see to it."""
        return not self.continued and self.acknowledged is None and self.withdrawn is None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A fever that somebody saw at the gate, and of which the class says nothing."""

    key: Key
    seat: int


@dataclass(frozen=True)
class Tally:
    """What was true of some classes at one moment. Pupils are those of the classes that had reported."""

    due: int
    on_time: int
    late: int
    zero: int
    expected: int
    sick: int
    personal: int
    unknown: int
    fever: int
    unwell: int
    missing: tuple[SchoolClass, ...]
    fever_at: Mapping[str, int]  # school → children with a fever
    fever_places: Mapping[str, int]
    groups: Mapping[str, int]
    together: Mapping[Key, int]  # classes with three or more unwell
    flags: int  # that the group was told of
    severe: int  # of them: without a fever
    unalerted: int  # with a fever, and the group was not told
    acknowledged: int

    @property
    def reported(self) -> int:
        return self.on_time + self.late

    @property
    def absent(self) -> int:
        return self.sick + self.personal + self.unknown

    @property
    def present(self) -> int:
        return self.expected - self.absent


class Record:
    """Written by the crowd alone. `deadline` is the end of the last minute that is on time; `yesterday` what each class
    said on the school day before, `register` who was away then."""

    def __init__(
        self,
        classes: Iterable[SchoolClass],
        deadline: datetime,
        yesterday: Yesterday = NOTHING,
        register: Register | None = None,
    ) -> None:
        known = register or Register()
        self.classes = {one.key: ClassRecord(one, before=known.of(one.key)) for one in classes}
        self.deadline = deadline
        self._before = {key: {one.seat: one for one in listed if one.flagged} for key, listed in yesterday.items()}
        self.flags: list[Flag] = []
        self.troubles: list[str] = []  # what people had to give up
        self.odd: list[tuple[str, str]] = []  # what a stranger or a forger got for an answer
        self.asked: list[tuple[str, Member, datetime]] = []  # commands of the office: words, who, when
        self.out: list[tuple[datetime, datetime]] = []  # when Telegram could not be heard
        self.deaf_since: datetime | None = None  # a shorter while: who taps in it counts as having tapped then
        self.off: dict[Key, datetime] = {}  # classes that were closed in the morning
        self.reviews: list[Review] = []
        self.sightings: list[Sighting] = []
        self.tomorrow = ""  # what the admin has said of it: holiday, and then school

    def says(
        self, key: Key, at: datetime, by: Member, listed: tuple[Listed, ...], kind: str, heard: str | None = None
    ) -> None:
        """A report counts when it is the class's first; a correction or 补报 is one of what stands."""
        at, known = self.deaf_since or at, self.classes[key]
        if kind in ("report", "behalf") and known.versions:
            return
        known.versions.append(Version(at, by, listed, kind, heard))
        self._flag(key, at, by, listed)

    def _flag(self, key: Key, at: datetime, by: Member, listed: tuple[Listed, ...]) -> None:
        """What the 疫情报告人 reports they know."""
        flagged = {one.seat: one for one in listed if one.flagged}
        open_flags = {flag.listed.seat: flag for flag in self.flags if flag.key == key and flag.withdrawn is None}
        for seat, flag in open_flags.items():
            if seat not in flagged:
                flag.withdrawn = at
        known = at if REPORTER in by.duties else None
        for seat, one in flagged.items():
            if seat not in open_flags:
                continued = one.continues(self._before.get(key, {}).get(seat))
                self.flags.append(Flag(key, one, at, continued, None, by.id, known, by if known else None))

    @property
    def day(self) -> date:
        return self.deadline.date()

    def acknowledges(self, key: Key, seat: int, at: datetime, by: Member) -> None:
        """The first one counts."""
        for flag in self.flags:
            if (flag.key, flag.listed.seat) == (key, seat) and flag.waiting:
                flag.acknowledged, flag.by = self.deaf_since or at, by

    def on_time(self, version: Version) -> bool:
        return version.at < self.deadline

    def tally(self, moment: datetime, school: str | None = None) -> Tally:
        """Of one school, or of all."""
        all_rows = [row for row in self.classes.values() if school in (None, row.of.key.school)]
        rows = [row for row in all_rows if self.due(row.of.key, moment)]
        said = [(row, version) for row in rows if (version := row.at(moment)) is not None]
        punctual = sum(row.first is not None and self.on_time(row.first) for row, _ in said)
        pupils = [(row.of.key, one) for row, version in said for one in version.listed]
        unwell = [(key, one) for key, one in pupils if one.unwell]
        fevers = [(key, one) for key, one in pupils if one.fever]
        told = [flag for flag in self.flags if school in (None, flag.key.school) and not flag.continued]
        flags = [flag for flag in told if flag.at <= moment]
        standing = [flag for flag in flags if flag.withdrawn is None or flag.withdrawn > moment]
        hot = {(key, one.seat) for key, one in fevers}
        alerted = [(flag.key, flag.listed.seat) in hot for flag in standing]
        return Tally(
            due=len(rows),
            on_time=punctual,
            late=len(said) - punctual,
            zero=sum(is_zero(version.listed) for _, version in said),
            expected=sum(row.of.expected for row, _ in said),
            sick=sum(one.away_sick for _, one in pupils),
            personal=sum(one.absence == PERSONAL for _, one in pupils),
            unknown=sum(one.absence == UNKNOWN for _, one in pupils),
            fever=len(fevers),
            unwell=len(unwell),
            missing=tuple(row.of for row in rows if row.at(moment) is None),
            fever_at=Counter(key.school for key, _ in fevers),
            fever_places=Counter(one.place for _, one in fevers if one.place),
            groups=Counter(one.group for _, one in unwell if not one.fever),
            together={key: n for key, n in Counter(key for key, _ in unwell).items() if n >= 3},
            flags=len(standing),
            severe=alerted.count(False),
            unalerted=len(fevers) - alerted.count(True),
            acknowledged=sum(flag.acknowledged is not None and flag.acknowledged <= moment for flag in standing),
        )

    def unwell_by_class(self, moment: datetime, school: str) -> Mapping[Key, int]:
        """The classes of a school that have anybody unwell."""
        rows = [row for row in self.classes.values() if row.of.key.school == school]
        said = [(row.of.key, version) for row in rows if (version := row.at(moment)) is not None]
        return Counter(key for key, version in said for one in version.listed if one.unwell)

    def due(self, key: Key, moment: datetime) -> bool:
        """Not closed by then, or it had reported."""
        closed = self.off.get(key)
        return closed is None or closed > moment or self.reported_before(key, moment)

    def reported_before(self, key: Key, moment: datetime) -> bool:
        first = self.classes[key].first
        return first is not None and first.at <= moment


def is_zero(listed: Iterable[Listed]) -> bool:
    """零报告: nobody unwell and nobody missing without a known cause; 事假 and 迟到 leave it one."""
    return not any(one.unwell or one.absence == UNKNOWN for one in listed)
