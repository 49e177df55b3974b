"""What may be asked: each question is typed by its answer, and answered by one function of storage/answers."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct

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


class Question(Struct, Generic[T], frozen=True):
    """A question whose answer is a T."""

    @classmethod
    def answered_by(cls: type[Q], function: "Callable[[Db, Q], T]") -> "Callable[[Db, Q], T]":
        """Ties question and SQL: mypy refuses a function of another question or of another answer."""
        return function


class Ask(Protocol):
    """Runs one question in the open transaction."""

    def __call__(self, question: Question[T]) -> T: ...


# Who


class SenderView(Struct, frozen=True):
    """Whose chat this is; nobody's for a stranger."""

    person: Person | None
    state: str  # bound | blocked | gone | unbound | unknown


class Sender(Question[SenderView], frozen=True):
    channel: str
    native: str
    day: date


class ChatView(Struct, frozen=True):
    """A private chat that is or once was somebody's; `person` is None once it is nobody's."""

    native: str
    person: str | None
    state: str  # bound | blocked | gone | unbound


class ChatsOf(Question["tuple[ChatView, ...]"], frozen=True):
    """Of a channel, by their native ids."""

    channel: str


class WhoIs(Question["Person | None"], frozen=True):
    person: str
    day: date


class Staff(Question["tuple[Person, ...]"], frozen=True):
    """Everybody of one school on a day; `None` asks for the district's own office."""

    school: str | None
    day: date


class Holders(Question["tuple[Person, ...]"], frozen=True):
    """Whoever of a school holds a duty on a day, in the order of the office's file."""

    school: str
    duty: Duty
    day: date


class Officers(Question["tuple[Person, ...]"], frozen=True):
    """Whoever holds a duty of the district on a day, wherever they are listed; the district's own office first."""

    day: date


class Schools(Question["tuple[School, ...]"], frozen=True):
    """Every school with a class on that day, in its own order."""

    day: date


class SchoolOf(Question["School | None"], frozen=True):
    """The school of a class, or by its own id or name."""

    id: str


class ClassBy(Question["Klass | None"], frozen=True):
    """A class by its id, as it is called on a day; None where there is none then."""

    id: str
    day: date


class Classes(Question["tuple[Klass, ...]"], frozen=True):
    """The classes that a school has on a day."""

    school: str
    day: date


# 代班


class StandIn(Struct, frozen=True):
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


class StandInBy(Question["StandIn | None"], frozen=True):
    id: str


class StandInsOf(Question["tuple[StandIn, ...]"], frozen=True):
    """Those of a school that hold on a day or on a later one, the first begun first; a class's only, where one is
    given."""

    school: str
    day: date
    class_id: str | None = None


class Answerable(Struct, frozen=True):
    """Who answers for a class: its substitute once they have accepted, else its 班主任, else the first of its teachers.
    `absent`: for whom the substitute stands in. `vacant`: `person` is away, and nobody has accepted to stand in."""

    person: Person
    absent: Person | None = None
    vacant: bool = False


class Responsible(Question["Answerable | None"], frozen=True):
    """Who answers for a class's report of a day, as things stood at the instant `at`. None for a class without
    teachers."""

    class_id: str
    day: date
    at: datetime


# A class's day


class OnLeave(Struct, frozen=True):
    """A pupil who is not in 应到. `until`: the last day of it, where one is known; `by_file`: as the office's file has
    it, so that an import alone ends it."""

    klass: Klass
    pupil: Pupil
    kind: str  # leave | home_taught
    until: date | None
    by_file: bool


class Names(Question[bool], frozen=True):
    """Whether words hold the name, or the given name, of a pupil of a school; of any school where it is None."""

    words: str
    school: str | None
    day: date


class LeavesOf(Question["tuple[OnLeave, ...]"], frozen=True):
    """Who of a school is not in 应到 on a day, by class and seat."""

    school: str
    day: date


class ClassDayView(Struct, frozen=True):
    """`off` names why nothing is due, None where something is."""

    klass: Klass
    school: School
    off: Value | None
    teachers: tuple[Person, ...]
    report: Report | None
    earlier: Report | None = None  # what the class has last reported of this day, in an earlier round

    @property
    def asked(self) -> tuple[Person, ...]:
        """Of the teachers, those of whom a report is asked: nobody who has handed the class over."""
        return tuple(one for one in self.teachers if one.asked(self.klass.id))


class ClassDay(Question["ClassDayView | None"], frozen=True):
    class_id: str
    day: date
    round: str


class Expected(Question[int], frozen=True):
    """应到 by the roll: how many are enrolled on that day and not on leave; in a round of boarders, of those alone."""

    class_id: str
    day: date
    round: str


class ListedBefore(Question[tuple[str, ...]], frozen=True):
    """The pupils listed in a class's last report before this day; a real day sees no rehearsal."""

    class_id: str
    day: date


class RegisterView(Struct, frozen=True):
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


class Register(Question["RegisterView"], frozen=True):
    """Who is in a class on a day, by name. `boarders`: 应到 are those who sleep at the school alone."""

    class_id: str
    day: date
    boarders: bool = False


class Cases(Question[tuple[Case, ...]], frozen=True):
    """Of the pupils whom a class expects on a day: the open cases, and those that ended on that day or since, by seat.
    A real day sees none of a rehearsal."""

    class_id: str
    day: date


class CasesOf(Question[tuple[Case, ...]], frozen=True):
    """The open cases of the pupils whom a school expects on a day, by class and seat."""

    school: str
    day: date


class CasesLeft(Question[tuple[Case, ...]], frozen=True):
    """The open cases that a school opened, of pupils who are in no class of the district on a day."""

    school: str
    day: date


class CasesBetween(Question[tuple[Case, ...]], frozen=True):
    """Of a school: those that began from one day to another, and those that were still open on the first; by class and
    seat of the last. None that was opened by mistake."""

    school: str
    first: date
    last: date


class Followed(Struct, frozen=True):
    """An open case on a day. `off`: why nothing is due from the class, None on a school day; `rested`: the day before
    was none."""

    case: Case
    klass: Klass
    off: Value | None
    rested: bool


class FollowedOn(Question[tuple[Followed, ...]], frozen=True):
    """The open cases of a school on a day, by class and seat."""

    school: str
    day: date


class ContactRow(Struct, frozen=True):
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


class ContactsOf(Question[tuple[ContactRow, ...]], frozen=True):
    """Of a case, the earliest first."""

    case: str


class CaseBy(Question[Case | None], frozen=True):
    """Open or ended, with class and seat of a day."""

    id: str
    day: date


class Observed(Question[tuple[Observation, ...]], frozen=True):
    """Of the pupils whom a class has on a day: who may not be at school on it, after having been elsewhere."""

    class_id: str
    day: date


class Observations(Question[tuple[Observation, ...]], frozen=True):
    """Of the pupils and the staff of a school, on a day."""

    school: str
    day: date


class ObservationBy(Question["Observation | None"], frozen=True):
    """Released or not, with class and seat of a day."""

    id: str
    day: date


class FileView(Struct, frozen=True):
    """A file that is kept. `case`: whose certificate it is, None while nobody has said so."""

    id: str
    case: str | None
    kind: Paper
    by: str
    at: datetime


class FileBy(Question[FileView | None], frozen=True):
    """None for one that is gone."""

    id: str


class FileAskedOf(Question[FileView | None], frozen=True):
    """The last that this person has sent since then, where nobody has said yet whose it is."""

    person: str
    since: datetime


class CertificatesOf(Question[tuple[FileView, ...]], frozen=True):
    """Those of a case that are still kept, the newest first."""

    case: str


class OldFiles(Question[tuple[tuple[str, str], ...]], frozen=True):
    """Of what a school's staff have sent, each with why it goes: nobody's since before an instant (unused); of a case
    that ended before a day (closed)."""

    school: str
    unused: datetime
    closed: date


class DraftOf(Question["Draft | None"], frozen=True):
    person: str
    class_id: str
    day: date
    round: str


class DraftLeft(Question["Draft | None"], frozen=True):
    """The same, where nobody has touched it since an instant."""

    person: str
    class_id: str
    day: date
    round: str
    since: datetime


class DraftsOf(Question["tuple[Draft, ...]"], frozen=True):
    """The open walks of a person that were touched since an instant, the last touched first."""

    person: str
    since: datetime


class DraftsFor(Question["tuple[Draft, ...]"], frozen=True):
    """The open walks for a class-day, whoever's they are, the last touched first."""

    class_id: str
    day: date
    round: str


class DraftsBefore(Question["tuple[Draft, ...]"], frozen=True):
    """The open walks of a school that nobody has touched since an instant."""

    school: str
    before: datetime


class ShownView(Struct, frozen=True):
    """A message of ours in a person's chat, by its key."""

    key: str
    person: str


class ShownAbout(Question["tuple[ShownView, ...]"], frozen=True):
    """Every message to a person that shows the state of a subject, sent or about to be."""

    subject: str


class TripsOf(Question[tuple[Trip, ...]], frozen=True):
    """Who of a school, or of one class of it, is out of town on a day, as last declared up to then."""

    school: str
    day: date
    class_id: str | None = None


class StaffHealthOn(Question[Mapping[str, StaffHealth]], frozen=True):
    """By person, how the staff of a school last said they were on a day."""

    school: str
    day: date


# A school's and the district's morning


class ClassRow(Struct, frozen=True):
    klass: Klass
    off: Value | None  # why nothing is due; None where there is a report, however the day was changed after it
    report: Report | None
    teachers: tuple[Person, ...]
    reminded: int  # reminders that were shown to a teacher of this class
    drafts: tuple[Draft, ...]  # the open walks for it, whoever's they are, the last touched first
    earlier: Report | None = None  # what it has last reported of this day, in an earlier round

    @property
    def asked(self) -> tuple[Person, ...]:
        """Of the teachers, those of whom a report is asked: nobody who has handed the class over."""
        return tuple(one for one in self.teachers if one.asked(self.klass.id))


class SchoolMorningView(Struct, frozen=True):
    school: School
    rows: tuple[ClassRow, ...]  # every class of the day, by grade and number
    staff: tuple[Person, ...]


class SchoolMorning(Question[SchoolMorningView], frozen=True):
    school: str
    day: date
    round: str


class TurnView(Struct, frozen=True):
    """Whose turn it is to phone the classes of a list, since when; `taken_at`: they have said that they do."""

    person: str
    since: datetime
    taken_at: datetime | None


class ListTurn(Question["TurnView | None"], frozen=True):
    """None while it is the first one's, who has not answered."""

    day: date
    round: str
    school: str
    kind: str


class HistoryRow(Struct, frozen=True):
    """One school on one day: classes due and reported, pupils of the reported ones. Due is what is not off, or has
    reported; a school of which nothing is due on a day has no row."""

    school: str
    day: date
    due: int
    reported: int
    expected: int
    sick: int
    fever: int


class History(Question["tuple[HistoryRow, ...]"], frozen=True):
    days: tuple[date, ...]
    round: str


class SickOn(Question[tuple[int, int]], frozen=True):
    """Of all that was reported on these days: pupils on sick leave, and pupils expected."""

    days: tuple[date, ...]
    round: str


class SchoolDaysView(Struct, frozen=True):
    """The last school days of the district, oldest first, and the holidays between them (after which day, name)."""

    days: tuple[date, ...]
    gaps: tuple[tuple[date, str], ...]


class SchoolDays(Question[SchoolDaysView], frozen=True):
    """Up to and with `last`, as they are looked back on from `today`: a real day never sees a rehearsal."""

    last: date
    count: int
    today: date


class SummaryView(Struct, frozen=True):
    version: int
    body: str
    at: datetime


class LastSummary(Question["SummaryView | None"], frozen=True):
    """The newest version of the leaders' post."""

    day: date
    round: str


class FirstSummary(Question["tuple[str, ...]"], frozen=True):
    """The leaders' post as it was first: the stored body of each of its messages; none where there was no post."""

    day: date
    round: str


# Alerts


class Told(Struct, frozen=True):
    """Whom an alert was told, as whom, and whether it reached them."""

    person: Person
    duty: Duty
    reached: bool


class AlertView(Struct, frozen=True):
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


class AlertBy(Question["AlertView | None"], frozen=True):
    id: str


class AlertsOn(Question["tuple[AlertView, ...]"], frozen=True):
    """A school's alerts of a day, the oldest first; a class's only, where one is given."""

    day: date
    school: str
    class_id: str | None = None


class MissedBy(Question["tuple[tuple[str, str], ...]"], frozen=True):
    """The alerts of a day, each with its school, that were told to a person and did not reach them."""

    person: str
    day: date


class FlaggedOn(Question["tuple[Entry, ...]"], frozen=True):
    """Who of a class was flagged in what it last reported on a day, in any round, the earliest round first; but whom an
    alert told of that nobody has acknowledged."""

    class_id: str
    day: date


# Who answers


class AddedView(Struct, frozen=True):
    """Who was added to a class's report after it was made, and nobody has said when it was known."""

    day: date
    round: str
    class_id: str
    pupil: str
    at: datetime
    first_at: datetime


class AddedTo(Question["tuple[AddedView, ...]"], frozen=True):
    """To a class's report, and still to be asked about: those who are listed still, the first added first."""

    class_id: str
    day: date
    round: str


class AddedIn(Question["tuple[AddedView, ...]"], frozen=True):
    """The same of a whole school, up to and with a day."""

    school: str
    day: date


class SightingView(Struct, frozen=True):
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


class SightingBy(Question["SightingView | None"], frozen=True):
    id: str


class SightingsOf(Question["tuple[SightingView, ...]"], frozen=True):
    """Of a class, that speak of a day and were not taken back; the earliest first."""

    class_id: str
    day: date


class Explanation(Struct, frozen=True):
    """What the person responsible said to it: a reason by its button, else words."""

    reason: str | None
    words: str
    at: datetime


class Settlement(Struct, frozen=True):
    """What an entry came to. `by` is None where the system itself knew."""

    state: str  # counts | excused | no_fault | withdrawn
    why: str
    by: Person | None
    at: datetime


class LedgerView(Struct, frozen=True):
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


class LedgerEntry(Question["LedgerView | None"], frozen=True):
    id: str


class LedgerOn(Question["tuple[LedgerView, ...]"], frozen=True):
    """A school's entries of a day, in the order in which they were opened; a class's only, where one is given."""

    school: str
    day: date
    class_id: str | None = None


class LedgerPage(Question["tuple[LedgerView, ...]"], frozen=True):
    """Entries of a school or of a person, the newest day first: `count` of them after the first `skip`."""

    school: str | None
    person: str | None
    skip: int
    count: int


class SchoolDayAfter(Question["date | None"], frozen=True):
    """The nth school day of a class after a day; None where the calendar does not know of one soon."""

    class_id: str
    day: date
    count: int


# The district's settings and chats


class RulesOn(Question[Rules], frozen=True):
    day: date


class DayView(Struct, frozen=True):
    """Whether the district has school on a day, and why not (or why all the same)."""

    school_day: bool
    name: Value


class DayOf(Question[DayView], frozen=True):
    day: date


class PartDay(Struct, frozen=True):
    """What was set for a part of the district. `scope`: a class's id, grade:SCHOOL:GRADE, or a school's id."""

    scope: str
    day: date
    view: DayView


class PartDays(Question[tuple[PartDay, ...]], frozen=True):
    """From `first` to `last`, by scope and then day."""

    first: date
    last: date


class Announced(Question[bool], frozen=True):
    """Whether the country's holidays and 调休 of a year are known."""

    year: int


class OutageView(Struct, frozen=True):
    """A time in which a channel could not be heard."""

    began: datetime
    ended: datetime


class Outages(Question["tuple[OutageView, ...]"], frozen=True):
    """Those that touch a span of time, the earliest first."""

    since: datetime
    until: datetime


class GroupView(Struct, frozen=True):
    channel: str
    native: str
    state: str


class Group(Question["GroupView | None"], frozen=True):
    name: str


class DeafGroup(Question["str | None"], frozen=True):
    """The group of a platform that is written to and no more, as the machine has set it."""

    channel: str


class GroupHere(Question["str | None"], frozen=True):
    """The name under which this group is bound."""

    channel: str
    native: str


class InviteView(Struct, frozen=True):
    person: str
    expires: datetime
    state: str


class InviteBy(Question["InviteView | None"], frozen=True):
    code_hash: str


class OpenInvites(Question[Mapping[str, str]], frozen=True):
    """Who of a school (or the district's office) has a code that opens at that instant, and the hash of it."""

    school: str | None
    at: datetime


class Guesses(Question[int], frozen=True):
    """Wrong codes of one chat since an instant."""

    channel: str
    native: str
    since: datetime


class DeepLinks(Question[Mapping[str, str]], frozen=True):
    """Channel → the address to which a code is appended."""


# The audit trail


class SealView(Struct, frozen=True):
    n: int
    day: date
    hash: str


class LastSeal(Question["SealView | None"], frozen=True):
    """The newest; made before an instant, where one is given."""

    before: datetime | None = None


class UnsealedLane(Struct, frozen=True):
    """A lane that has facts since its last seal: after number `after`, up to `last`."""

    lane: str
    after: int
    last: int


class Unsealed(Question[tuple[UnsealedLane, ...]], frozen=True):
    """By the lanes' names."""


class LinksOf(Question[tuple[Link, ...]], frozen=True):
    """Of one lane the facts after number `after`, up to and with `last`."""

    lane: str
    after: int
    last: int


class Lanes(Question[tuple[str, ...]], frozen=True):
    """Every lane that has facts, by name."""


class Prunable(Question[int], frozen=True):
    """How many rows of a class of data are from before a day."""

    kind: str
    before: date


class FactsBefore(Question[tuple[str, ...]], frozen=True):
    """The ids of a lane's facts from before an instant that still have their bodies, the oldest first: those that say
    how a pupil was, or the audit trail without names."""

    lane: str
    health: bool
    before: datetime
    most: int


class View(Struct, frozen=True):
    """Who looked at a pupil's health, when, and in what."""

    person: str
    at: datetime
    what: str


class ViewsOf(Question[tuple[View, ...]], frozen=True):
    """Of one pupil, the latest first."""

    pupil: str
    most: int


class Somebody(Struct, frozen=True):
    """A pupil or a member of staff. `here`: on the roll now; `place` says where, or where last."""

    id: str
    kind: str  # pupil | staff
    name: str
    place: str
    class_id: str
    here: bool
    open_case: bool
    chats: tuple[str, ...] = ()  # of a member of staff, the channel's ids


class SomebodyBy(Question[tuple[Somebody, ...]], frozen=True):
    """Whoever has this id, 学号 or 工号, and whether they are on the roll on a day."""

    said: str
    day: date


class FactsNaming(Question[tuple[str, ...]], frozen=True):
    """The ids of a lane's facts whose bodies name somebody, by these words; of staff only those that say who it is."""

    lane: str
    kind: str  # pupil | staff
    mentions: tuple[str, ...]
    most: int


class ConsentView(Struct, frozen=True):
    since: date
    version: str
    withdrawn: date | None


class ConsentsOf(Question[Mapping[str, ConsentView]], frozen=True):
    """By pupil, the last consent of each who is in a class, or in a school, on a day."""

    place: str
    day: date


# The office's file


class RollView(Struct, frozen=True):
    """A school as it is known on a day; `school` is None when it is new. `latest`: from when its last change holds."""

    school: School | None
    classes: tuple[Klass, ...]
    people: tuple[KnownPerson, ...]
    pupils: tuple[KnownPupil, ...]
    latest: date | None = None


class StaffElsewhere(Question["Mapping[str, tuple[str, str]]"], frozen=True):
    """Of these (工号, name), who is known by both at another school on a day, or has left it with their chat still
    theirs: 工号 → that person and that school."""

    school: str
    rows: tuple[tuple[str, str], ...]
    day: date


class RaisedSince(Question["date | None"], frozen=True):
    """When a class of a school last came into another grade, on this day or later."""

    school: str
    day: date


class RollOf(Question[RollView], frozen=True):
    """By the school's name; with `district`, the district's own office, whose staff belong to no school."""

    name: str
    day: date
    district: bool


class Movers(Question[Mapping[str, str]], frozen=True):
    """学号 → the pupil who has it, in any school."""

    student_nos: tuple[str, ...]
