"""What may be asked: each question is typed by its answer, and answered by one function of storage/answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from handlers.facts import Evidence, KnownPerson, KnownPupil
from handlers.model import (
    Case,
    Draft,
    Duty,
    Entry,
    How,
    Klass,
    Learnt,
    Method,
    Observation,
    Paper,
    Person,
    Report,
    School,
    StaffHealth,
    Trip,
    Value,
)
from handlers.rulebook import Rules
from handlers.rules.names import Pupil
from handlers.seals import Link

T = TypeVar("T")
Q = TypeVar("Q", bound="Question[Any]")
Db = TypeVar("Db")


class Question(Generic[T]):
    """A question whose answer is a T."""

    @classmethod
    def answered_by(cls: type[Q], function: "Callable[[Db, Q], T]") -> "Callable[[Db, Q], T]":
        """Ties question and SQL: mypy refuses a function of another question or of another answer."""
        return function


class Ask(Protocol):
    """Runs one question in the open transaction."""

    def __call__(self, question: Question[T]) -> T: ...


# Who


@dataclass(frozen=True)
class SenderView:
    """Whose chat this is; nobody's for a stranger."""

    person: Person | None
    state: str  # bound | blocked | gone | unbound | unknown


@dataclass(frozen=True)
class Sender(Question[SenderView]):
    channel: str
    native: str
    day: date


@dataclass(frozen=True)
class ChatView:
    """A private chat that is or once was somebody's; `person` is None once it is nobody's."""

    native: str
    person: str | None
    state: str  # bound | blocked | gone | unbound


@dataclass(frozen=True)
class ChatsOf(Question["tuple[ChatView, ...]"]):
    """Of a channel, by their native ids."""

    channel: str


@dataclass(frozen=True)
class WhoIs(Question["Person | None"]):
    person: str
    day: date


@dataclass(frozen=True)
class Staff(Question["tuple[Person, ...]"]):
    """Everybody of one school on a day; `None` asks for the district's own office."""

    school: str | None
    day: date


@dataclass(frozen=True)
class Holders(Question["tuple[Person, ...]"]):
    """Whoever of a school holds a duty on a day, in the order of the office's file."""

    school: str
    duty: Duty
    day: date


@dataclass(frozen=True)
class Officers(Question["tuple[Person, ...]"]):
    """Whoever holds a duty of the district on a day, wherever they are listed; the district's own office first."""

    day: date


@dataclass(frozen=True)
class Schools(Question["tuple[School, ...]"]):
    """Every school with a class on that day, in its own order."""

    day: date


@dataclass(frozen=True)
class SchoolOf(Question["School | None"]):
    """The school of a class, or by its own id or name."""

    id: str


@dataclass(frozen=True)
class ClassBy(Question["Klass | None"]):
    """A class by its id, as it is called on a day; None where there is none then."""

    id: str
    day: date


@dataclass(frozen=True)
class Classes(Question["tuple[Klass, ...]"]):
    """The classes that a school has on a day."""

    school: str
    day: date


# 代班


@dataclass(frozen=True)
class StandIn:
    """`person` stands in for `absent` in a class from `since` to `until`, the last day of it. `ended`: from this day
    on no longer."""

    id: str
    klass: Klass
    absent: Person | None
    person: Person
    since: date
    until: date
    by: Person
    named_at: datetime
    accepted_at: datetime | None = None
    declined_at: datetime | None = None
    ended: date | None = None

    def holds(self, day: date) -> bool:
        """On this day the absent teacher is away."""
        return self.since <= day <= self.until and (self.ended is None or day < self.ended)


@dataclass(frozen=True)
class StandInBy(Question["StandIn | None"]):
    id: str


@dataclass(frozen=True)
class StandInsOf(Question["tuple[StandIn, ...]"]):
    """Those of a school that hold on a day or on a later one, the first begun first; a class's only, where one is
    given."""

    school: str
    day: date
    class_id: str | None = None


@dataclass(frozen=True)
class Answerable:
    """Who answers for a class: its substitute once they have accepted, else its 班主任, else the first of its teachers.
    `absent`: for whom the substitute stands in. `vacant`: `person` is away, and nobody has accepted to stand in."""

    person: Person
    absent: Person | None = None
    vacant: bool = False


@dataclass(frozen=True)
class Responsible(Question["Answerable | None"]):
    """Who answers for a class's report of a day, as things stood at the instant `at`. None for a class without
    teachers."""

    class_id: str
    day: date
    at: datetime


# A class's day


@dataclass(frozen=True)
class OnLeave:
    """A pupil who is not in 应到. `until`: the last day of it, where one is known; `by_file`: as the office's file has
    it, so that an import alone ends it."""

    klass: Klass
    pupil: Pupil
    kind: str  # leave | home_taught
    until: date | None
    by_file: bool


@dataclass(frozen=True)
class Names(Question[bool]):
    """Whether words hold the name, or the given name, of a pupil of a school; of any school where it is None."""

    words: str
    school: str | None
    day: date


@dataclass(frozen=True)
class LeavesOf(Question["tuple[OnLeave, ...]"]):
    """Who of a school is not in 应到 on a day, by class and seat."""

    school: str
    day: date


@dataclass(frozen=True)
class ClassDayView:
    """`expected` is 应到: who is enrolled on that day and not on leave; in a round of boarders, those of them alone.
    `off` names why nothing is due, None where something is."""

    klass: Klass
    school: School
    off: Value | None
    expected: int
    teachers: tuple[Person, ...]
    report: Report | None
    before: tuple[str, ...]  # pupils listed in the last report before this day; a real day sees no rehearsal
    earlier: Report | None = None  # what the class has last reported of this day, in an earlier round

    @property
    def asked(self) -> tuple[Person, ...]:
        """Of the teachers, those of whom a report is asked: nobody who has handed the class over."""
        return tuple(one for one in self.teachers if one.asked(self.klass.id))


@dataclass(frozen=True)
class ClassDay(Question["ClassDayView | None"]):
    class_id: str
    day: date
    round: str


@dataclass(frozen=True)
class RegisterView:
    """`pupils` are 应到, by seat; `on_leave` is everybody else."""

    pupils: tuple[Pupil, ...]
    on_leave: tuple[OnLeave, ...]

    @property
    def everybody(self) -> tuple[Pupil, ...]:
        """Whom a typed name may mean: those on leave too, so that no namesake of theirs is taken for them."""
        return (*self.pupils, *(one.pupil for one in self.on_leave))

    @property
    def seats(self) -> dict[str, int]:
        return {pupil.id: pupil.seat for pupil in self.everybody}


@dataclass(frozen=True)
class Register(Question["RegisterView"]):
    """Who is in a class on a day, by name. `boarders`: 应到 are those who sleep at the school alone."""

    class_id: str
    day: date
    boarders: bool = False


@dataclass(frozen=True)
class Cases(Question[tuple[Case, ...]]):
    """Of the pupils whom a class expects on a day: the open cases, and those that ended on that day or since, by seat.
    A real day sees none of a rehearsal."""

    class_id: str
    day: date


@dataclass(frozen=True)
class CasesOf(Question[tuple[Case, ...]]):
    """The open cases of the pupils whom a school expects on a day, by class and seat."""

    school: str
    day: date


@dataclass(frozen=True)
class CasesLeft(Question[tuple[Case, ...]]):
    """The open cases that a school opened, of pupils who are in no class of the district on a day."""

    school: str
    day: date


@dataclass(frozen=True)
class CasesBetween(Question[tuple[Case, ...]]):
    """Of a school: those that began from one day to another, and those that were still open on the first; by class and
    seat of the last. None that was opened by mistake."""

    school: str
    first: date
    last: date


@dataclass(frozen=True)
class Followed:
    """An open case on a day. `off`: why nothing is due from the class, None on a school day; `rested`: the day before
    was none."""

    case: Case
    klass: Klass
    off: Value | None
    rested: bool


@dataclass(frozen=True)
class FollowedOn(Question[tuple[Followed, ...]]):
    """The open cases of a school on a day, by class and seat."""

    school: str
    day: date


@dataclass(frozen=True)
class ContactRow:
    """追踪记录, as it was made. `words` are shown to their author only."""

    at: datetime
    by: Person
    how: How
    learnt: tuple[Learnt, ...]
    temperature: int | None
    method: Method | None
    afebrile: bool
    cause: str | None
    visited_at: datetime | None
    words: str | None


@dataclass(frozen=True)
class ContactsOf(Question[tuple[ContactRow, ...]]):
    """Of a case, the earliest first."""

    case: str


@dataclass(frozen=True)
class CaseBy(Question[Case | None]):
    """Open or ended, with class and seat of a day."""

    id: str
    day: date


@dataclass(frozen=True)
class Observed(Question[tuple[Observation, ...]]):
    """Of the pupils whom a class has on a day: who may not be at school on it, after having been elsewhere."""

    class_id: str
    day: date


@dataclass(frozen=True)
class Observations(Question[tuple[Observation, ...]]):
    """Of the pupils and the staff of a school, on a day."""

    school: str
    day: date


@dataclass(frozen=True)
class ObservationBy(Question["Observation | None"]):
    """Released or not, with class and seat of a day."""

    id: str
    day: date


@dataclass(frozen=True)
class FileView:
    """A file that is kept. `case`: whose certificate it is, None while nobody has said so."""

    id: str
    case: str | None
    kind: Paper
    by: str
    at: datetime


@dataclass(frozen=True)
class FileBy(Question[FileView | None]):
    """None for one that is gone."""

    id: str


@dataclass(frozen=True)
class FileAskedOf(Question[FileView | None]):
    """The last that this person has sent since then, where nobody has said yet whose it is."""

    person: str
    since: datetime


@dataclass(frozen=True)
class CertificatesOf(Question[tuple[FileView, ...]]):
    """Those of a case that are still kept, the newest first."""

    case: str


@dataclass(frozen=True)
class OldFiles(Question[tuple[tuple[str, str], ...]]):
    """Of what a school's staff have sent, each with why it goes: nobody's since before an instant (unused); of a case
    that ended before a day (closed)."""

    school: str
    unused: datetime
    closed: date


@dataclass(frozen=True)
class DraftOf(Question["Draft | None"]):
    person: str
    class_id: str
    day: date
    round: str


@dataclass(frozen=True)
class DraftLeft(Question["Draft | None"]):
    """The same, where nobody has touched it since an instant."""

    person: str
    class_id: str
    day: date
    round: str
    since: datetime


@dataclass(frozen=True)
class DraftsOf(Question["tuple[Draft, ...]"]):
    """The open walks of a person that were touched since an instant, the last touched first."""

    person: str
    since: datetime


@dataclass(frozen=True)
class DraftsFor(Question["tuple[Draft, ...]"]):
    """The open walks for a class-day, whoever's they are, the last touched first."""

    class_id: str
    day: date
    round: str


@dataclass(frozen=True)
class DraftsBefore(Question["tuple[Draft, ...]"]):
    """The open walks of a school that nobody has touched since an instant."""

    school: str
    before: datetime


@dataclass(frozen=True)
class ShownView:
    """A message of ours in a person's chat, by its key."""

    key: str
    person: str


@dataclass(frozen=True)
class ShownAbout(Question["tuple[ShownView, ...]"]):
    """Every message to a person that shows the state of a subject, sent or about to be."""

    subject: str


@dataclass(frozen=True)
class TripsOf(Question[tuple[Trip, ...]]):
    """Who of a school, or of one class of it, is out of town on a day, as last declared up to then."""

    school: str
    day: date
    class_id: str | None = None


@dataclass(frozen=True)
class StaffHealthOn(Question[Mapping[str, StaffHealth]]):
    """By person, how the staff of a school last said they were on a day."""

    school: str
    day: date


# A school's and the district's morning


@dataclass(frozen=True)
class ClassRow:
    klass: Klass
    off: Value | None  # why nothing is due; None where there is a report, however the day was changed after it
    expected: int  # 应到: by its report; of a class that has not reported, by its roll
    report: Report | None
    teachers: tuple[Person, ...]
    reminded: int  # reminders that were shown to a teacher of this class
    drafts: tuple[Draft, ...]  # the open walks for it, whoever's they are, the last touched first
    earlier: Report | None = None  # what it has last reported of this day, in an earlier round

    @property
    def asked(self) -> tuple[Person, ...]:
        """Of the teachers, those of whom a report is asked: nobody who has handed the class over."""
        return tuple(one for one in self.teachers if one.asked(self.klass.id))


@dataclass(frozen=True)
class SchoolMorningView:
    school: School
    rows: tuple[ClassRow, ...]  # every class of the day, by grade and number
    staff: tuple[Person, ...]


@dataclass(frozen=True)
class SchoolMorning(Question[SchoolMorningView]):
    school: str
    day: date
    round: str


@dataclass(frozen=True)
class TurnView:
    """Whose turn it is to phone the classes of a list, since when; `taken_at`: they have said that they do."""

    person: str
    since: datetime
    taken_at: datetime | None


@dataclass(frozen=True)
class ListTurn(Question["TurnView | None"]):
    """None while it is the first one's, who has not answered."""

    day: date
    round: str
    school: str
    kind: str


@dataclass(frozen=True)
class HistoryRow:
    """One school on one day: classes due and reported, pupils of the reported ones. Due is what is not off, or has
    reported; a school of which nothing is due on a day has no row."""

    school: str
    day: date
    due: int
    reported: int
    expected: int
    sick: int
    fever: int


@dataclass(frozen=True)
class History(Question["tuple[HistoryRow, ...]"]):
    days: tuple[date, ...]
    round: str


@dataclass(frozen=True)
class SickOn(Question[tuple[int, int]]):
    """Of all that was reported on these days: pupils on sick leave, and pupils expected."""

    days: tuple[date, ...]
    round: str


@dataclass(frozen=True)
class SchoolDaysView:
    """The last school days of the district, oldest first, and the holidays between them (after which day, name)."""

    days: tuple[date, ...]
    gaps: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class SchoolDays(Question[SchoolDaysView]):
    """Up to and with `last`, as they are looked back on from `today`: a real day never sees a rehearsal."""

    last: date
    count: int
    today: date


@dataclass(frozen=True)
class SummaryView:
    version: int
    body: str
    at: datetime


@dataclass(frozen=True)
class LastSummary(Question["SummaryView | None"]):
    """The newest version of the leaders' post."""

    day: date
    round: str


@dataclass(frozen=True)
class FirstSummary(Question["tuple[str, ...]"]):
    """The leaders' post as it was first: the stored body of each of its messages; none where there was no post."""

    day: date
    round: str


# Alerts


@dataclass(frozen=True)
class Told:
    """Whom an alert was told, as whom, and whether it reached them."""

    person: Person
    duty: Duty
    reached: bool


@dataclass(frozen=True)
class AlertView:
    """One told pupil. `entry` is what was told first, `now` what is known since `revised_at`; None there when the
    pupil is no longer listed. `post` names the group's post by its first alert; None for a continued one (续), which
    `continues` what was flagged on that school day. `step` of the chain answers for it, since `passed_at` where it was
    passed on."""

    id: str
    day: date
    round: str
    school: School
    klass: Klass
    pupil: str
    seat: int
    entry: Entry
    by: Person
    at: datetime
    post: str | None
    step: int
    told: tuple[Told, ...]
    continues: date | None = None
    passed_at: datetime | None = None
    acked_by: Person | None = None
    acked_at: datetime | None = None
    withdrawn_at: datetime | None = None
    revised_at: datetime | None = None
    now: Entry | None = None

    @property
    def waiting(self) -> bool:
        """Somebody has still to acknowledge it."""
        return self.post is not None and self.acked_by is None and self.withdrawn_at is None

    @property
    def latest(self) -> Entry | None:
        return self.now if self.revised_at is not None else self.entry


@dataclass(frozen=True)
class AlertBy(Question["AlertView | None"]):
    id: str


@dataclass(frozen=True)
class AlertsOn(Question["tuple[AlertView, ...]"]):
    """A school's alerts of a day, the oldest first; a class's only, where one is given."""

    day: date
    school: str
    class_id: str | None = None


@dataclass(frozen=True)
class MissedBy(Question["tuple[tuple[str, str], ...]"]):
    """The alerts of a day, each with its school, that were told to a person and did not reach them."""

    person: str
    day: date


@dataclass(frozen=True)
class FlaggedOn(Question["tuple[Entry, ...]"]):
    """Who of a class was flagged in what it last reported on a day, in any round, the earliest round first; but whom an
    alert told of that nobody has acknowledged."""

    class_id: str
    day: date


# Who answers


@dataclass(frozen=True)
class AddedView:
    """Who was added to a class's report after it was made, and nobody has said when it was known."""

    day: date
    round: str
    class_id: str
    pupil: str
    at: datetime
    first_at: datetime


@dataclass(frozen=True)
class AddedTo(Question["tuple[AddedView, ...]"]):
    """To a class's report, and still to be asked about: those who are listed still, the first added first."""

    class_id: str
    day: date
    round: str


@dataclass(frozen=True)
class AddedIn(Question["tuple[AddedView, ...]"]):
    """The same of a whole school, up to and with a day."""

    school: str
    day: date


@dataclass(frozen=True)
class SightingView:
    """What somebody else than the class's report wrote down of a pupil; it speaks of `day` to `until`."""

    id: str
    kind: str  # gate | clinic | leave_note
    school: str
    klass: Klass
    seat: int
    entry: Entry
    day: date
    until: date
    by: Person
    at: datetime
    withdrawn: bool = False


@dataclass(frozen=True)
class SightingBy(Question["SightingView | None"]):
    id: str


@dataclass(frozen=True)
class SightingsOf(Question["tuple[SightingView, ...]"]):
    """Of a class, that speak of a day and were not taken back; the earliest first."""

    class_id: str
    day: date


@dataclass(frozen=True)
class Explanation:
    """What the person responsible said to it: a reason by its button, else words."""

    reason: str | None
    words: str
    at: datetime


@dataclass(frozen=True)
class Settlement:
    """What an entry came to. `by` is None where the system itself knew."""

    state: str  # counts | excused | no_fault | withdrawn
    why: str
    by: Person | None
    at: datetime


@dataclass(frozen=True)
class LedgerView:
    """One entry of the ledger. `explain_day`: the last day to explain it before it counts; None while no such school
    day is known. `left`: the person has no duty any more on that day, and has said nothing."""

    id: str
    kind: str  # late | missing | omitted | doubtful | contradiction | concealed
    day: date
    round: str
    school: School
    klass: Klass
    person: Person
    told: bool
    evidence: Evidence
    opened_at: datetime
    explain_day: date | None
    called: Value = ""  # the round's name
    sighting: SightingView | None = None
    found_by: Person | None = None
    explanations: tuple[Explanation, ...] = ()
    settled: Settlement | None = None
    left: bool = False


@dataclass(frozen=True)
class LedgerEntry(Question["LedgerView | None"]):
    id: str


@dataclass(frozen=True)
class LedgerOn(Question["tuple[LedgerView, ...]"]):
    """A school's entries of a day, in the order in which they were opened; a class's only, where one is given."""

    school: str
    day: date
    class_id: str | None = None


@dataclass(frozen=True)
class LedgerPage(Question["tuple[LedgerView, ...]"]):
    """Entries of a school or of a person, the newest day first: `count` of them after the first `skip`."""

    school: str | None
    person: str | None
    skip: int
    count: int


@dataclass(frozen=True)
class SchoolDayAfter(Question["date | None"]):
    """The nth school day of a class after a day; None where the calendar does not know of one soon."""

    class_id: str
    day: date
    count: int


# The district's settings and chats


@dataclass(frozen=True)
class RulesOn(Question[Rules]):
    day: date


@dataclass(frozen=True)
class DayView:
    """Whether the district has school on a day, and why not (or why all the same)."""

    school_day: bool
    name: Value


@dataclass(frozen=True)
class DayOf(Question[DayView]):
    day: date


@dataclass(frozen=True)
class PartDay:
    """What was set for a part of the district. `scope`: a class's id, grade:SCHOOL:GRADE, or a school's id."""

    scope: str
    day: date
    view: DayView


@dataclass(frozen=True)
class PartDays(Question[tuple[PartDay, ...]]):
    """From `first` to `last`, by scope and then day."""

    first: date
    last: date


@dataclass(frozen=True)
class Announced(Question[bool]):
    """Whether the country's holidays and 调休 of a year are known."""

    year: int


@dataclass(frozen=True)
class OutageView:
    """A time in which a channel could not be heard."""

    began: datetime
    ended: datetime


@dataclass(frozen=True)
class Outages(Question["tuple[OutageView, ...]"]):
    """Those that touch a span of time, the earliest first."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class GroupView:
    channel: str
    native: str
    state: str


@dataclass(frozen=True)
class Group(Question["GroupView | None"]):
    name: str


@dataclass(frozen=True)
class DeafGroup(Question["str | None"]):
    """The group of a platform that is written to and no more, as the machine has set it."""

    channel: str


@dataclass(frozen=True)
class GroupHere(Question["str | None"]):
    """The name under which this group is bound."""

    channel: str
    native: str


@dataclass(frozen=True)
class InviteView:
    person: str
    expires: datetime
    state: str


@dataclass(frozen=True)
class InviteBy(Question["InviteView | None"]):
    code_hash: str


@dataclass(frozen=True)
class OpenInvites(Question[Mapping[str, str]]):
    """Who of a school (or the district's office) has a code that opens at that instant, and the hash of it."""

    school: str | None
    at: datetime


@dataclass(frozen=True)
class Guesses(Question[int]):
    """Wrong codes of one chat since an instant."""

    channel: str
    native: str
    since: datetime


@dataclass(frozen=True)
class DeepLinks(Question[Mapping[str, str]]):
    """Channel → the address to which a code is appended."""


# The audit trail


@dataclass(frozen=True)
class SealView:
    n: int
    day: date
    hash: str


@dataclass(frozen=True)
class LastSeal(Question["SealView | None"]):
    """The newest; made before an instant, where one is given."""

    before: datetime | None = None


@dataclass(frozen=True)
class UnsealedLane:
    """A lane that has facts since its last seal: after number `after`, up to `last`."""

    lane: str
    after: int
    last: int


@dataclass(frozen=True)
class Unsealed(Question[tuple[UnsealedLane, ...]]):
    """By the lanes' names."""


@dataclass(frozen=True)
class LinksOf(Question[tuple[Link, ...]]):
    """Of one lane the facts after number `after`, up to and with `last`."""

    lane: str
    after: int
    last: int


@dataclass(frozen=True)
class Lanes(Question[tuple[str, ...]]):
    """Every lane that has facts, by name."""


@dataclass(frozen=True)
class Prunable(Question[int]):
    """How many rows of a class of data are from before a day."""

    kind: str
    before: date


@dataclass(frozen=True)
class FactsBefore(Question[tuple[str, ...]]):
    """The ids of a lane's facts from before an instant that still have their bodies, the oldest first: those that say
    how a pupil was, or the audit trail without names."""

    lane: str
    health: bool
    before: datetime
    most: int


@dataclass(frozen=True)
class View:
    """Who looked at a pupil's health, when, and in what."""

    person: str
    at: datetime
    what: str


@dataclass(frozen=True)
class ViewsOf(Question[tuple[View, ...]]):
    """Of one pupil, the latest first."""

    pupil: str
    most: int


@dataclass(frozen=True)
class Somebody:
    """A pupil or a member of staff. `here`: on the roll now; `place` says where, or where last."""

    id: str
    kind: str  # pupil | staff
    name: str
    place: str
    class_id: str
    here: bool
    open_case: bool
    chats: tuple[str, ...] = ()  # of a member of staff, the channel's ids


@dataclass(frozen=True)
class SomebodyBy(Question[tuple[Somebody, ...]]):
    """Whoever has this id, 学号 or 工号, and whether they are on the roll on a day."""

    said: str
    day: date


@dataclass(frozen=True)
class FactsNaming(Question[tuple[str, ...]]):
    """The ids of a lane's facts whose bodies name somebody, by these words; of staff only those that say who it is."""

    lane: str
    kind: str  # pupil | staff
    mentions: tuple[str, ...]
    most: int


@dataclass(frozen=True)
class ConsentView:
    since: date
    version: str
    withdrawn: date | None


@dataclass(frozen=True)
class ConsentsOf(Question[Mapping[str, ConsentView]]):
    """By pupil, the last consent of each who is in a class, or in a school, on a day."""

    place: str
    day: date


# The office's file


@dataclass(frozen=True)
class RollView:
    """A school as it is known on a day; `school` is None when it is new. `latest`: from when its last change holds."""

    school: School | None
    classes: tuple[Klass, ...]
    people: tuple[KnownPerson, ...]
    pupils: tuple[KnownPupil, ...]
    latest: date | None = None


@dataclass(frozen=True)
class StaffElsewhere(Question["Mapping[str, tuple[str, str]]"]):
    """Of these (工号, name), who is known by both at another school on a day, or has left it with their chat still
    theirs: 工号 → that person and that school."""

    school: str
    rows: tuple[tuple[str, str], ...]
    day: date


@dataclass(frozen=True)
class RaisedSince(Question["date | None"]):
    """When a class of a school last came into another grade, on this day or later."""

    school: str
    day: date


@dataclass(frozen=True)
class RollOf(Question[RollView]):
    """By the school's name; with `district`, the district's own office, whose staff belong to no school."""

    name: str
    day: date
    district: bool


@dataclass(frozen=True)
class Movers(Question[Mapping[str, str]]):
    """学号 → the pupil who has it, in any school."""

    student_nos: tuple[str, ...]
