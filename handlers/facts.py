"""What may be stated: a closed union. Facts are the audit trail; tables are kept from them and from nothing else."""

from datetime import date, datetime

from msgspec import Struct

from handlers.model import Duty, Entry, Held, How, Klass, Learnt, Method, Observation, Paper, School, StaffHealth, Trip
from handlers.rules.sums import Sums


class RuleRow(Struct, frozen=True):
    """A decision of the district: `value` is JSON, `source` a document's title and clause, or 本学区规定."""

    key: str
    value: str
    valid_from: date
    source: str


class RulesSet(Struct, frozen=True):
    rules: tuple[RuleRow, ...]


class CalendarDay(Struct, frozen=True):
    """A day that differs from the plain week, for a scope: country (holidays and 调休), district, a school,
    grade:<school>:<grade>, or a class. The narrower one holds."""

    day: date
    scope: str
    school_day: bool
    name: str
    source: str


class CalendarSet(Struct, frozen=True):
    days: tuple[CalendarDay, ...]


class Outage(Struct, frozen=True):
    """系统中断: in this time a channel could not be heard."""

    channel: str
    began: datetime
    ended: datetime


class KnownPerson(Struct, frozen=True):
    """A member of staff as the office's file has them now. `place`: among several 疫情报告人 of a school, 0 for the
    first of the file, who is asked first."""

    id: str
    staff_no: str | None
    name: str
    title: str
    phone: str | None
    duties: tuple[Held, ...]
    place: int = 0


class KnownPupil(Struct, frozen=True):
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


class RollChanged(Struct, frozen=True):
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


class StaffMoved(Struct, frozen=True):
    """A member of staff of this school is another school's from `since` on, there as `to`: a row of its own, without
    history. Their chats go along; what they did here stays here, under their name."""

    person: str
    to: str
    since: date


class LeaveSet(Struct, frozen=True):
    """长假, 送教上门: not in 应到 from `since` to `until`, the last day of it; for good where that is None."""

    pupil: str
    class_id: str
    kind: str  # leave | home_taught
    since: date
    until: date | None
    by: str


class LeaveEnded(Struct, frozen=True):
    """返校: in 应到 again from this day on."""

    pupil: str
    class_id: str
    day: date
    by: str


class SubstituteNamed(Struct, frozen=True):
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


class SubstituteAccepted(Struct, frozen=True):
    id: str
    at: datetime


class SubstituteDeclined(Struct, frozen=True):
    """They cannot, or no longer: from `day` on they have no right to the class. The absent teacher is still away; the
    class is nobody's until somebody else is named."""

    id: str
    day: date
    at: datetime


class SubstituteEnded(Struct, frozen=True):
    """Taken back, or handed to somebody else: from `day` on it no longer holds."""

    id: str
    day: date
    by: str
    at: datetime


class ConsentGiven(Struct, frozen=True):
    """同意书: the guardians of these pupils have agreed to this version of its text, on that day."""

    pupils: tuple[str, ...]
    day: date
    version: str
    by: str  # who wrote it down; machine for the office's file


class ConsentWithdrawn(Struct, frozen=True):
    """A guardian has taken the consent back."""

    pupils: tuple[str, ...]
    day: date
    by: str


class PersonErased(Struct, frozen=True):
    """Somebody who has left: whatever identifies them is gone, and what says how they were. Counts stay."""

    id: str
    kind: str  # pupil, staff


class Viewed(Struct, frozen=True):
    """Somebody opened what says how these pupils of a class are. `what`: card, recheck, certificate, export."""

    what: str
    class_id: str
    pupils: tuple[str, ...]
    by: str  # a person, or machine
    at: datetime


class Invited(Struct, frozen=True):
    """An open code for each person; an older open one of theirs is void."""

    invites: tuple[tuple[str, str], ...]  # person, hash of the code
    expires: datetime


class AdminInvited(Struct, frozen=True):
    """The machine's own code: who binds with it is a 管理员 of the district. `ended`: admins made there before, who
    are none any more from `since` on."""

    person: str
    code_hash: str
    expires: datetime
    ended: tuple[str, ...]
    since: date


class Bound(Struct, frozen=True):
    """绑定: this private chat is this person's, and no other on its channel. `code_hash`: the code that is used up by
    it; None where the platform's own directory says whose chat it is."""

    person: str
    channel: str
    native: str
    code_hash: str | None


class Unbound(Struct, frozen=True):
    """A private chat is nobody's any more."""

    channel: str
    native: str


class Guessed(Struct, frozen=True):
    """A code that opens nothing was tried."""

    channel: str
    native: str


class GroupBound(Struct, frozen=True):
    """`deaf`: it can be written to and no more; what is to be tapped goes to each 学区领导 in private."""

    name: str
    channel: str
    native: str
    deaf: bool = False


class GroupUnbound(Struct, frozen=True):
    name: str
    channel: str


class GroupMoved(Struct, frozen=True):
    """A group became a supergroup: the same address has another native id."""

    channel: str
    native: str
    to: str


class AddressLost(Struct, frozen=True):
    """Nothing can be shown there any more: blocked, deactivated, removed; or not yet, as long as nobody has written
    there themselves."""

    channel: str
    native: str
    why: str  # blocked | gone | unheard


class AddressBack(Struct, frozen=True):
    channel: str
    native: str


class LanguageChosen(Struct, frozen=True):
    person: str
    language: str


class LinkKnown(Struct, frozen=True):
    """The address of the bot on a channel, to which a code is appended: a deep link."""

    channel: str
    prefix: str


class Reported(Struct, frozen=True):
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


class TravelDeclared(Struct, frozen=True):
    """外出申报: a pupil has left town, or is back, as told in a report. The last word about a pupil holds."""

    day: date
    round: str
    school: str
    class_id: str
    trip: Trip
    at: datetime


class StaffReported(Struct, frozen=True):
    """One of the staff says how they are. `alarming`: a fever by the line of that day, or a symptom treated as one."""

    school: str
    health: StaffHealth
    alarming: bool

    @property
    def settles(self) -> str:
        return f"health:{self.health.day:%Y%m%d}:{self.health.person}"


class CaseOpened(Struct, frozen=True):
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


class CaseSeen(Struct, frozen=True):
    """What a later report, or news, says of a pupil with a case; one that had ended on this day is open again."""

    case: str
    day: date
    round: str
    entry: Entry
    fever: bool
    at: datetime


class CaseEnded(Struct, frozen=True):
    """`how`: returned (返校), released (解除观察), mistaken (the report that opened it was corrected), left."""

    case: str
    how: str
    day: date
    by: str
    at: datetime


class Contacted(Struct, frozen=True):
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


class CauseAsked(Struct, frozen=True):
    """原因未明 for longer than the district bears (rule `followup.unknown_hours`): the 报告人 is told, once."""

    cases: tuple[str, ...]
    at: datetime


class ObservationOpened(Struct, frozen=True):
    """医学观察 of who has been elsewhere, by rule `observation.days`; stated again with its days once they are back."""

    observation: Observation
    at: datetime


class ObservationReleased(Struct, frozen=True):
    """解除观察. `how`: completed (期满), mistaken (what was declared was not so)."""

    id: str
    how: str
    day: date
    by: str
    at: datetime


class FileKept(Struct, frozen=True):
    """A file that somebody sent was fetched and lies, readable by the bot alone, outside the chat and the database."""

    id: str
    kind: Paper
    size: int  # bytes
    by: str
    at: datetime


class FileGone(Struct, frozen=True):
    """`why`: unused (it was no certificate of anybody), closed (its case ended so many days ago), erased."""

    id: str
    why: str


class CertificateGiven(Struct, frozen=True):
    """复课证明: this file is one for a case. A no that 校医 said before it no longer holds."""

    case: str
    file: str
    by: str
    at: datetime


class ReviewAsked(Struct, frozen=True):
    """Said to be back who may not be (`why`: early | certificate | review | refused): whoever decides for the school
    was asked at once."""

    case: str
    why: str
    told: tuple[str, ...]
    at: datetime


class ReturnReviewed(Struct, frozen=True):
    """校医复核: yes, no, or unclear (看不清: the certificate is to be photographed again). `over`: what of the table
    this word stands above (early | certificate | refused), None where the table had no objection."""

    case: str
    verdict: str
    over: str | None
    duty: Duty  # as whom they said it
    by: str
    at: datetime


class Telling(Struct, frozen=True):
    """Whom an alert was told, as whom, and whether they could be written to."""

    person: str
    duty: Duty
    reached: bool


class Alerted(Struct, frozen=True):
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


class PassedOn(Struct, frozen=True):
    """Nobody has acknowledged an alert in time, or nobody could: from now on `step` of the chain answers for it."""

    alert: str
    step: int
    told: tuple[Telling, ...]
    at: datetime


class Unheard(Struct, frozen=True):
    """What an alert was told to this person did not arrive."""

    alert: str
    person: str
    at: datetime


class Heard(Struct, frozen=True):
    """An alert was told to this person again, who could not be reached before."""

    alert: str
    person: str
    at: datetime


class Acknowledged(Struct, frozen=True):
    """已知悉."""

    alert: str
    by: str
    at: datetime


class AlertRevised(Struct, frozen=True):
    """A correction or 复测: `entry` is what is known now, None when the pupil is no longer listed. `holds` is False
    when it is no longer one to be told of. What was told first stays in Alerted."""

    alert: str
    entry: Entry | None
    holds: bool
    by: str
    at: datetime


class ListPassed(Struct, frozen=True):
    """The list of a round (late, unreached) was not taken in time: whose turn it is now."""

    day: date
    round: str
    school: str
    kind: str
    to: str
    at: datetime


class ListTaken(Struct, frozen=True):
    """我来打: they phone the classes of the list."""

    day: date
    round: str
    school: str
    kind: str
    by: str
    at: datetime


class Settled(Struct, frozen=True):
    """The day's close: the standing of each class (on_time, late, missing, excused), for ever; and its cause where
    the system was out (system, else empty), which may be stated once more when that is known later."""

    day: date
    round: str
    school: str
    standings: tuple[tuple[str, str, str], ...]  # class, standing, cause


class KnownWhen(Struct, frozen=True):
    """A pupil was added to a class's report after it was made: what whoever answers for the class says of it. after and
    parent are news and no fault."""

    day: date
    round: str
    class_id: str
    pupil: str
    when: str  # after | parent | known | unsure
    by: str
    at: datetime


class Sighted(Struct, frozen=True):
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


class SightingWithdrawn(Struct, frozen=True):
    """It was a slip of whoever wrote it down."""

    sighting: str
    by: str
    at: datetime


class Evidence(Struct, frozen=True):
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


class LedgerOpened(Struct, frozen=True):
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


class Explained(Struct, frozen=True):
    """The person's own explanation: a reason by its button, or words in which every child's name has become a seat."""

    id: str
    entry: str
    by: str
    reason: str | None
    words: str
    at: datetime


class LedgerSettled(Struct, frozen=True):
    """What an entry came to: counts, excused, no_fault, withdrawn, and why. `by` is None where the system itself knows
    (it was out; the pupil is listed now). The newest holds, none is overwritten."""

    entry: str
    state: str
    why: str
    by: str | None
    at: datetime


class Summarised(Struct, frozen=True):
    """A version of the leaders' post, as numbers; the first one whole, so that it can be shown again."""

    day: date
    round: str
    version: int
    at: datetime
    body: str
    shown: tuple[str, ...] = ()  # of the first version: the body of each of its messages


class SealedLane(Struct, frozen=True):
    """The facts of one lane in a seal, from number `first` to `last`, and the hash over them."""

    lane: str
    first: int
    last: int
    hash: str


class Sealed(Struct, frozen=True):
    """存证: a seal, which binds all facts since the one before (`previous` is its hash, empty before the first) up to
    the numbers it saw."""

    n: int
    day: date
    previous: str
    hash: str
    lanes: tuple[SealedLane, ...]
    at: datetime


class Erased(Struct, frozen=True):
    """Facts of this lane by their ids, whose body and salt are gone for good; digest and place stay."""

    facts: tuple[str, ...]
    why: str  # retention, person


class Pruned(Struct, frozen=True):
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
