"""What may be stated: a closed union. Facts are the audit trail; tables are kept from them and from nothing else."""

from dataclasses import dataclass
from datetime import date, datetime

from handlers.model import Duty, Entry, Held, How, Klass, Learnt, Method, Observation, Paper, School, StaffHealth, Trip
from handlers.rules.sums import Sums


@dataclass(frozen=True)
class RuleRow:
    """A decision of the district: `value` is JSON, `source` a document's title and clause, or 本学区规定."""

    key: str
    value: str
    valid_from: date
    source: str


@dataclass(frozen=True)
class RulesSet:
    rules: tuple[RuleRow, ...]


@dataclass(frozen=True)
class CalendarDay:
    """A day that differs from the plain week, for a scope: country (holidays and 调休), district, a school,
    grade:<school>:<grade>, or a class. The narrower one holds."""

    day: date
    scope: str
    school_day: bool
    name: str
    source: str


@dataclass(frozen=True)
class CalendarSet:
    days: tuple[CalendarDay, ...]


@dataclass(frozen=True)
class Outage:
    """系统中断: in this time a channel could not be heard."""

    channel: str
    began: datetime
    ended: datetime


@dataclass(frozen=True)
class KnownPerson:
    """A member of staff as the office's file has them now. `place`: among several 疫情报告人 of a school, 0 for the
    first of the file, who is asked first."""

    id: str
    staff_no: str | None
    name: str
    title: str
    phone: str | None
    duties: tuple[Held, ...]
    place: int = 0


@dataclass(frozen=True)
class KnownPupil:
    """A pupil as the office's file has them now."""

    id: str
    student_no: str | None
    name: str
    sex: str | None
    initials: tuple[str, ...]
    pinyin: tuple[str, ...]
    class_id: str
    seat: int
    status: str
    dorm: str | None = None


@dataclass(frozen=True)
class RollChanged:
    """花名册: what an import changes in one school from `since` on. Who left keeps every row of their history."""

    school: School
    district: bool  # the office of the district itself: its staff belong to no school
    since: date
    classes: tuple[Klass, ...]  # opened or renamed
    closed: tuple[str, ...]
    people: tuple[KnownPerson, ...]  # new or changed
    retired: tuple[str, ...]
    pupils: tuple[KnownPupil, ...]  # new, changed or moved
    left: tuple[str, ...]


@dataclass(frozen=True)
class StaffMoved:
    """A member of staff of this school is another school's from `since` on, there as `to`: a row of its own, without
    history. Their chats go along; what they did here stays here, under their name."""

    person: str
    to: str
    since: date


@dataclass(frozen=True)
class LeaveSet:
    """长假, 送教上门: not in 应到 from `since` to `until`, the last day of it; for good where that is None."""

    pupil: str
    class_id: str
    kind: str  # leave | home_taught
    since: date
    until: date | None
    by: str


@dataclass(frozen=True)
class LeaveEnded:
    """返校: in 应到 again from this day on."""

    pupil: str
    class_id: str
    day: date
    by: str


@dataclass(frozen=True)
class SubstituteNamed:
    """代班: from `since` to `until`, the last day of it, `person` stands in for `absent` in a class; for nobody where
    it has no teacher. They may report from now on; pupils are named to them once they have accepted."""

    id: str
    school: str
    class_id: str
    absent: str | None
    person: str
    since: date
    until: date
    by: str
    at: datetime


@dataclass(frozen=True)
class SubstituteAccepted:
    id: str
    at: datetime


@dataclass(frozen=True)
class SubstituteDeclined:
    """They cannot, or no longer: from `day` on they have no right to the class. The absent teacher is still away; the
    class is nobody's until somebody else is named."""

    id: str
    day: date
    at: datetime


@dataclass(frozen=True)
class SubstituteEnded:
    """Taken back, or handed to somebody else: from `day` on it no longer holds."""

    id: str
    day: date
    by: str
    at: datetime


@dataclass(frozen=True)
class ConsentGiven:
    """同意书: the guardians of these pupils have agreed to this version of its text, on that day."""

    pupils: tuple[str, ...]
    day: date
    version: str
    by: str  # who wrote it down; machine for the office's file


@dataclass(frozen=True)
class ConsentWithdrawn:
    """A guardian has taken the consent back."""

    pupils: tuple[str, ...]
    day: date
    by: str


@dataclass(frozen=True)
class PersonErased:
    """Somebody who has left: whatever identifies them is gone, and what says how they were. Counts stay."""

    id: str
    kind: str  # pupil, staff


@dataclass(frozen=True)
class Viewed:
    """Somebody opened what says how these pupils of a class are. `what`: card, recheck, certificate, export."""

    what: str
    class_id: str
    pupils: tuple[str, ...]
    by: str  # a person, or machine
    at: datetime


@dataclass(frozen=True)
class Invited:
    """An open code for each person; an older open one of theirs is void."""

    invites: tuple[tuple[str, str], ...]  # person, hash of the code
    expires: datetime


@dataclass(frozen=True)
class AdminInvited:
    """The machine's own code: who binds with it is a 管理员 of the district. `ended`: admins made there before, who
    are none any more from `since` on."""

    person: str
    code_hash: str
    expires: datetime
    ended: tuple[str, ...]
    since: date


@dataclass(frozen=True)
class Bound:
    """绑定: this private chat is this person's, and no other on its channel. `code_hash`: the code that is used up by
    it; None where the platform's own directory says whose chat it is."""

    person: str
    channel: str
    native: str
    code_hash: str | None


@dataclass(frozen=True)
class Unbound:
    """A private chat is nobody's any more."""

    channel: str
    native: str


@dataclass(frozen=True)
class Guessed:
    """A code that opens nothing was tried."""

    channel: str
    native: str


@dataclass(frozen=True)
class GroupBound:
    """`deaf`: it can be written to and no more; what is to be tapped goes to each 学区领导 in private."""

    name: str
    channel: str
    native: str
    deaf: bool = False


@dataclass(frozen=True)
class GroupUnbound:
    name: str
    channel: str


@dataclass(frozen=True)
class GroupMoved:
    """A group became a supergroup: the same address has another native id."""

    channel: str
    native: str
    to: str


@dataclass(frozen=True)
class AddressLost:
    """Nothing can be shown there any more: blocked, deactivated, removed; or not yet, as long as nobody has written
    there themselves."""

    channel: str
    native: str
    why: str  # blocked | gone | unheard


@dataclass(frozen=True)
class AddressBack:
    channel: str
    native: str


@dataclass(frozen=True)
class LanguageChosen:
    person: str
    language: str


@dataclass(frozen=True)
class LinkKnown:
    """The address of the bot on a channel, to which a code is appended: a deep link."""

    channel: str
    prefix: str


@dataclass(frozen=True)
class Reported:
    """A class's report. Revision 1 is the morning's; every later one says why and by whom."""

    day: date
    round: str
    class_id: str
    school: str
    rev: int
    expected: int
    entries: tuple[Entry, ...]
    fevers: tuple[str, ...]  # pupils over the line that holds on this day
    flagged: tuple[str, ...]  # those, and who has a symptom that is treated as a fever
    sums: Sums
    groups: tuple[tuple[str, int], ...]  # 症候群 of those without fever, and `late`: who came late
    by: str
    at: datetime
    first_at: datetime
    timely: bool
    kind: str  # report | correction | supplement | behalf | paper
    behalf: str | None = None
    heard_at: datetime | None = None
    reason: str | None = None
    added: tuple[str, ...] = ()  # cases that the revision before did not list: when was it known of them?

    @property
    def settles(self) -> str:
        return report_subject(self.class_id, self.day, self.round)


@dataclass(frozen=True)
class TravelDeclared:
    """外出申报: a pupil has left town, or is back, as told in a report. The last word about a pupil holds."""

    day: date
    round: str
    school: str
    class_id: str
    trip: Trip
    at: datetime


@dataclass(frozen=True)
class StaffReported:
    """One of the staff says how they are. `alarming`: a fever by the line of that day, or a symptom treated as one."""

    school: str
    health: StaffHealth
    alarming: bool

    @property
    def settles(self) -> str:
        return f"health:{self.health.day:%Y%m%d}:{self.health.person}"


@dataclass(frozen=True)
class CaseOpened:
    """缺勤登记, or a fever that is followed: a report lists a pupil who had no open case."""

    id: str
    pupil: str
    school: str
    class_id: str
    day: date
    round: str
    onset: date
    entry: Entry
    fever: bool
    at: datetime


@dataclass(frozen=True)
class CaseSeen:
    """What a later report, or news, says of a pupil with a case; one that had ended on this day is open again."""

    case: str
    day: date
    round: str
    entry: Entry
    fever: bool
    at: datetime


@dataclass(frozen=True)
class CaseEnded:
    """`how`: returned (返校), released (解除观察), mistaken (the report that opened it was corrected), left."""

    case: str
    how: str
    day: date
    by: str
    at: datetime


@dataclass(frozen=True)
class Contacted:
    """追踪记录: somebody asked after a pupil with a case, or tried to. `entry`: what is known of the pupil since;
    `temperature` in tenths of °C as `method` took it, None with `afebrile` for 不发热 without a number;
    `cause`, `visited_at`: where it was learnt of what, and when a doctor was seen; `words`: as they were typed."""

    id: str
    case: str
    day: date
    at: datetime
    by: str
    how: How
    learnt: tuple[Learnt, ...]
    entry: Entry
    temperature: int | None = None
    method: Method | None = None
    afebrile: bool = False
    fever: bool = False
    cause: str | None = None
    visited_at: datetime | None = None
    words: str | None = None


@dataclass(frozen=True)
class CauseAsked:
    """原因未明 for longer than the district bears (rule `followup.unknown_hours`): the 报告人 is told, once."""

    cases: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class ObservationOpened:
    """医学观察 of who has been elsewhere, by rule `observation.days`; stated again with its days once they are back."""

    observation: Observation
    at: datetime


@dataclass(frozen=True)
class ObservationReleased:
    """解除观察. `how`: completed (期满), mistaken (what was declared was not so)."""

    id: str
    how: str
    day: date
    by: str
    at: datetime


@dataclass(frozen=True)
class FileKept:
    """A file that somebody sent was fetched and lies, readable by the bot alone, outside the chat and the database."""

    id: str
    kind: Paper
    size: int  # bytes
    by: str
    at: datetime


@dataclass(frozen=True)
class FileGone:
    """`why`: unused (it was no certificate of anybody), closed (its case ended so many days ago), erased."""

    id: str
    why: str


@dataclass(frozen=True)
class CertificateGiven:
    """复课证明: this file is one for a case. A no that 校医 said before it no longer holds."""

    case: str
    file: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ReviewAsked:
    """Said to be back who may not be (`why`: early | certificate | review | refused): whoever decides for the school
    was asked at once."""

    case: str
    why: str
    told: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class ReturnReviewed:
    """校医复核: yes, no, or unclear (看不清: the certificate is to be photographed again). `over`: what of the table
    this word stands above (early | certificate | refused), None where the table had no objection."""

    case: str
    verdict: str
    over: str | None
    duty: Duty  # as whom they said it
    by: str
    at: datetime


@dataclass(frozen=True)
class Telling:
    """Whom an alert was told, as whom, and whether they could be written to."""

    person: str
    duty: Duty
    reached: bool


@dataclass(frozen=True)
class Alerted:
    """发热提醒: a flagged pupil, told at once. `post` is the first alert of the group's post that it stands in, None
    for a continued one (续: flagged on the school day before and still at home), which the group does not hear of.
    `step`: who of the chain answers for it first."""

    id: str
    day: date
    round: str
    school: str
    class_id: str
    seat: int
    entry: Entry
    by: str
    at: datetime
    post: str | None
    step: int
    told: tuple[Telling, ...]
    continues: date | None = None  # 续: the school day before, on which it was told


@dataclass(frozen=True)
class PassedOn:
    """Nobody has acknowledged an alert in time, or nobody could: from now on `step` of the chain answers for it."""

    alert: str
    step: int
    told: tuple[Telling, ...]
    at: datetime


@dataclass(frozen=True)
class Unheard:
    """What an alert was told to this person did not arrive."""

    alert: str
    person: str
    at: datetime


@dataclass(frozen=True)
class Heard:
    """An alert was told to this person again, who could not be reached before."""

    alert: str
    person: str
    at: datetime


@dataclass(frozen=True)
class Acknowledged:
    """已知悉."""

    alert: str
    by: str
    at: datetime


@dataclass(frozen=True)
class AlertRevised:
    """A correction or 复测: `entry` is what is known now, None when the pupil is no longer listed. `holds` is False
    when it is no longer one to be told of. What was told first stays in Alerted."""

    alert: str
    entry: Entry | None
    holds: bool
    by: str
    at: datetime


@dataclass(frozen=True)
class ListPassed:
    """The list of a round (late, unreached) was not taken in time: whose turn it is now."""

    day: date
    round: str
    school: str
    kind: str
    to: str
    at: datetime


@dataclass(frozen=True)
class ListTaken:
    """我来打: they phone the classes of the list."""

    day: date
    round: str
    school: str
    kind: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Settled:
    """The day's close: the standing of each class (on_time, late, missing, excused), for ever; and its cause where
    the system was out (system, else empty), which may be stated once more when that is known later."""

    day: date
    round: str
    school: str
    standings: tuple[tuple[str, str, str], ...]  # class, standing, cause


@dataclass(frozen=True)
class KnownWhen:
    """A pupil was added to a class's report after it was made: what whoever answers for the class says of it. after and
    parent are news and no fault."""

    day: date
    round: str
    class_id: str
    pupil: str
    when: str  # after | parent | known | unsure
    by: str
    at: datetime


@dataclass(frozen=True)
class Sighted:
    """Written down by somebody else than the class's report, or by a parent to the teacher. It speaks of `day` to
    `until`."""

    id: str
    kind: str  # gate | clinic | leave_note
    school: str
    class_id: str
    seat: int
    entry: Entry
    day: date
    until: date
    by: str
    at: datetime


@dataclass(frozen=True)
class SightingWithdrawn:
    """It was a slip of whoever wrote it down."""

    sighting: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Evidence:
    """What an entry of the ledger rests on, as it was known when it was opened."""

    due: datetime  # until when a report was on time; of one that never came, the day's close
    reported_at: datetime | None = None  # when the class's report was made
    rev: int = 0  # the report's revision that was looked at
    pupil: str | None = None
    seat: int | None = None
    added_at: datetime | None = None  # when the pupil was added
    known: str | None = None  # what was said of when it was known
    sighting: str | None = None
    words: str | None = None  # of a finding: its reason; no child is named in it


@dataclass(frozen=True)
class LedgerOpened:
    """台账: late (缓报), missing and omitted (漏报) are computed, doubtful and contradiction are for a person to look
    at, concealed (瞒报) is a person's finding and names them in `found_by`. `told`: the person responsible could be
    written to; who was not told has not been heard, so nothing of theirs counts by itself."""

    id: str
    kind: str  # late | missing | omitted | doubtful | contradiction | concealed
    day: date
    round: str
    school: str
    class_id: str
    person: str  # who was responsible at that time
    told: bool
    heard: date  # the day on which they were told, after which their time to explain begins
    evidence: Evidence
    at: datetime
    found_by: str | None = None


@dataclass(frozen=True)
class Explained:
    """The person's own explanation: a reason by its button, or words in which every child's name has become a seat."""

    id: str
    entry: str
    by: str
    reason: str | None
    words: str
    at: datetime


@dataclass(frozen=True)
class LedgerSettled:
    """What an entry came to: counts, excused, no_fault, withdrawn, and why. `by` is None where the system itself knows
    (it was out; the pupil is listed now). The newest holds, none is overwritten."""

    entry: str
    state: str
    why: str
    by: str | None
    at: datetime


@dataclass(frozen=True)
class Summarised:
    """A version of the leaders' post, as numbers; the first one whole, so that it can be shown again."""

    day: date
    round: str
    version: int
    at: datetime
    body: str
    shown: tuple[str, ...] = ()  # of the first version: the body of each of its messages


@dataclass(frozen=True)
class SealedLane:
    """The facts of one lane in a seal, from number `first` to `last`, and the hash over them."""

    lane: str
    first: int
    last: int
    hash: str


@dataclass(frozen=True)
class Sealed:
    """存证: a seal, which binds all facts since the one before (`previous` is its hash, empty before the first) up to
    the numbers it saw."""

    n: int
    day: date
    previous: str
    hash: str
    lanes: tuple[SealedLane, ...]
    at: datetime


@dataclass(frozen=True)
class Erased:
    """Facts of this lane by their ids, whose body and salt are gone for good; digest and place stay."""

    facts: tuple[str, ...]
    why: str  # retention, person


@dataclass(frozen=True)
class Pruned:
    """What was kept of one class of data from before a day is gone: so many rows."""

    kind: str
    before: date
    count: int


Fact = (
    RulesSet
    | CalendarSet
    | Outage
    | RollChanged
    | StaffMoved
    | LeaveSet
    | LeaveEnded
    | SubstituteNamed
    | SubstituteAccepted
    | SubstituteDeclined
    | SubstituteEnded
    | ConsentGiven
    | ConsentWithdrawn
    | PersonErased
    | Viewed
    | Invited
    | AdminInvited
    | Bound
    | Unbound
    | Guessed
    | GroupBound
    | GroupUnbound
    | GroupMoved
    | AddressLost
    | AddressBack
    | LanguageChosen
    | LinkKnown
    | Reported
    | StaffReported
    | TravelDeclared
    | CaseOpened
    | CaseSeen
    | CaseEnded
    | Contacted
    | CauseAsked
    | ObservationOpened
    | ObservationReleased
    | FileKept
    | FileGone
    | CertificateGiven
    | ReviewAsked
    | ReturnReviewed
    | Alerted
    | PassedOn
    | Unheard
    | Heard
    | Acknowledged
    | AlertRevised
    | ListPassed
    | ListTaken
    | Settled
    | KnownWhen
    | Sighted
    | SightingWithdrawn
    | LedgerOpened
    | Explained
    | LedgerSettled
    | Summarised
    | Sealed
    | Erased
    | Pruned
)


def report_subject(class_id: str, day: date, round_id: str) -> str:
    """What a reminder names in `until`: the report that makes it pointless."""
    return f"report:{class_id}:{day:%Y%m%d}:{round_id}"
