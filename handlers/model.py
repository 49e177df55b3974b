"""The nouns: frozen data that handlers receive, decide over and hand on."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from enum import IntEnum, StrEnum
from functools import cached_property

from msgspec import Struct, field

from handlers.pictures import Morning
from handlers.values import replace


class Duty(StrEnum):
    """职务. One person may hold several; a class teacher's duty names the class."""

    HOMEROOM = "homeroom"  # 班主任
    TEACHER = "teacher"  # 任课教师
    SUBSTITUTE = "substitute"  # 代班: in a class, for some days
    REPORTER = "reporter"  # 疫情报告人
    DEPUTY = "deputy"  # 副报告人
    NURSE = "nurse"  # 校医
    GATE = "gate"  # 门卫
    PRINCIPAL = "principal"  # 校长, first responsible by 卫办疾控发〔2006〕65号
    LIAISON = "liaison"  # 学区联络员
    LEADER = "leader"  # 学区领导
    ADMIN = "admin"  # 管理员


CLASS_DUTIES = frozenset({Duty.HOMEROOM, Duty.TEACHER, Duty.SUBSTITUTE})
SCHOOL_OFFICE = frozenset({Duty.REPORTER, Duty.DEPUTY, Duty.NURSE, Duty.PRINCIPAL})
DISTRICT_OFFICE = frozenset({Duty.LIAISON, Duty.LEADER, Duty.ADMIN})


class Symptom(StrEnum):
    """The union vocabulary of DOMAIN §2.2. FEVER is said in words; a number over the line is a fever without it."""

    FEVER = "FEVER"
    COUGH = "COUGH"
    SORE_THROAT = "SORE_THROAT"
    RUNNY_NOSE = "RUNNY_NOSE"
    HEADACHE = "HEADACHE"
    FATIGUE = "FATIGUE"
    DYSPNEA = "DYSPNEA"
    VOMIT = "VOMIT"
    DIARRHEA = "DIARRHEA"
    SEVERE_GI = "SEVERE_GI"  # 剧烈呕吐或腹泻: to be reported by itself, 卫办疾控发〔2006〕65号
    ABD_PAIN = "ABD_PAIN"
    RASH = "RASH"
    BLISTER = "BLISTER"
    PAROTID = "PAROTID"
    RED_EYE = "RED_EYE"
    JAUNDICE = "JAUNDICE"
    COUGH_2W = "COUGH_2W"
    HEMOPTYSIS = "HEMOPTYSIS"
    DIZZY = "DIZZY"
    INJURY = "INJURY"
    OTHER = "OTHER"


class Where(StrEnum):
    """去向: where an unwell pupil is now."""

    SCHOOL = "school"  # 在校留观
    COLLECTED = "collected"  # 已接回
    HOSPITAL = "hospital"  # 就医
    HOME = "home"  # 居家


class Attendance(StrEnum):
    """应到 = 实到 (PRESENT, LATE) + 病 (SICK) + 事 (PERSONAL) + 原因未明 (UNKNOWN)."""

    PRESENT = "present"
    LATE = "late"  # 迟到: present, but not yet
    SICK = "sick"  # 病假
    PERSONAL = "personal"  # 事假
    UNKNOWN = "unknown"  # 未到·原因不明


ABSENT = frozenset({Attendance.SICK, Attendance.PERSONAL, Attendance.UNKNOWN})


class Paper(StrEnum):
    """What a certificate may come as."""

    JPEG = "jpeg"
    PNG = "png"
    PDF = "pdf"


class Method(StrEnum):
    """How a temperature was taken; each has a fever line of its own in the rules."""

    FOREHEAD = "forehead"  # 额温
    AXILLARY = "axillary"  # 腋温
    EAR = "ear"  # 耳温


class How(StrEnum):
    """方式: how somebody asked after a pupil."""

    PHONE = "phone"  # 电话
    WECHAT = "wechat"  # 微信
    VISIT = "visit"  # 家访
    HERE = "here"  # 当面: a pupil who is at school
    UNREACHED = "unreached"  # 未接通


class Learnt(StrEnum):
    """情况: what was learnt, as codes; a temperature, a cause and a doctor's hour stand beside them."""

    SAME = "same"  # 情况同前
    BETTER = "better"  # 好转
    UNWELL = "unwell"  # 仍不适
    VISITED = "visited"  # 已就医


class Sure(StrEnum):
    """An answer about somebody who is far away."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Action(StrEnum):
    """What follows for one of the staff who is unwell."""

    HOME = "home"  # 居家观察
    SUSPENDED = "suspended"  # 暂停上班
    DOCTOR = "doctor"  # 就医


# People and places


class Held(Struct, frozen=True):
    """One duty of one person, for a class where the duty is a class teacher's. `away`: the class is handed over to
    somebody else on this day (代班); the right stays, but nobody asks for a report."""

    duty: Duty
    class_id: str | None = None
    away: bool = False


class Person(Struct, frozen=True):
    """A member of staff. `title` is the 称呼 they are addressed by; `school` is None for the district's own. `unheard`:
    they cannot be written to because they have not yet written themselves."""

    id: str
    school: str | None
    name: str
    title: str
    phone: str | None
    language: str
    duties: tuple[Held, ...]
    reachable: bool = False
    unheard: bool = False
    bound: bool = False
    staff_no: str | None = None

    def has(self, *duties: Duty) -> bool:
        """True when the person holds one of these duties today."""
        return any(held.duty in duties for held in self.duties)

    def teaches(self, class_id: str) -> bool:
        """True for a 班主任 or 任课教师 of that class, and for who stands in for one."""
        return any(held.class_id == class_id for held in self.duties if held.duty in CLASS_DUTIES)

    def asked(self, class_id: str) -> bool:
        """True when a report of that class is asked of them today: not of a teacher who has handed it over."""
        return any(held.class_id == class_id and not held.away for held in self.duties if held.duty in CLASS_DUTIES)

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(held.class_id for held in self.duties if held.class_id and held.duty in CLASS_DUTIES)


class School(Struct, frozen=True):
    """A school; `order` is its own place in every list, never a rank."""

    id: str
    name: str
    short: str
    order: int


class Klass(Struct, frozen=True):
    """班级. The id stays when 三(2)班 becomes 四(2)班."""

    id: str
    school: str
    name: str
    grade: str
    number: int


# What a report holds


class Entry(Struct, frozen=True):
    """One listed pupil of a class's line list (晨检登记). `temperature` in tenths of °C as `method` took it;
    None with `afebrile` is 不发热 said without a number, None without it is 未测."""

    pupil: str
    attendance: Attendance = Attendance.PRESENT
    temperature: int | None = None
    method: Method | None = None
    afebrile: bool = False
    symptoms: tuple[Symptom, ...] = ()
    where: Where | None = None
    added: datetime | None = None  # 补报: when this pupil was added after the morning's report
    cause: str | None = None  # 病因 as the rules name it, else as it was said; None where nobody knows it
    until: date | None = None  # the last day of a leave
    onset: date | None = None  # 发病日期, where it was said to be before the day of the report


class Case(Struct, frozen=True):
    """An open case of a pupil: an absence episode (缺勤登记), or a fever that is followed. At most one a pupil.
    `entry` is what was last reported, on `seen` in `round`; days are the district's."""

    id: str
    pupil: str
    seat: int
    school: str
    class_id: str
    opened: date
    onset: date
    reported_at: datetime
    entry: Entry
    seen: date
    round: str
    fever_at: datetime | None = None  # when a fever was last measured
    measured_at: datetime | None = None  # when it was last known how warm they were
    symptoms_on: date | None = None  # the last day on which a symptom was said that was not known before
    isolated_at: datetime | None = None  # first kept from the class: at home, collected, in the observation room
    visited_at: datetime | None = None  # first seen by a doctor
    rash_on: date | None = None  # the first day on which a rash was known
    certified_at: datetime | None = None  # 复课证明: when the last one came that can be read
    asked_at: datetime | None = None  # when 校医 was asked to look at the pupil, who waits at school
    review: str | None = None  # 校医复核: yes | no; None while somebody has still to look
    reviewed_at: datetime | None = None
    contacts: int = 0  # how often somebody has asked after them, reached or not
    contacted_at: datetime | None = None  # when somebody was last spoken to
    tried_at: datetime | None = None  # when it was last tried
    escalated_at: datetime | None = None  # when the 报告人 was told that the cause is still unknown
    reviewed_by: str | None = None
    turn: int = 0  # goes up with each certificate and each word of 校医: on the buttons that ask for one
    ended: str | None = None  # returned | released | mistaken | left
    ended_on: date | None = None

    @property
    def cause(self) -> str | None:
        return self.entry.cause

    @property
    def away(self) -> bool:
        """Absent when last reported; else a fever that is followed at school."""
        return self.entry.attendance in ABSENT

    @property
    def in_class(self) -> bool:
        """A fever that is watched at school: what is asked of it is how warm."""
        return not self.away and self.fever_at is not None


class Observation(Struct, frozen=True):
    """居家医学观察 of a pupil or of one of the staff who comes back from elsewhere: from `since` to `until`, the last
    day of it; both None while they are away. It ends by a release, not by itself."""

    id: str
    school: str
    class_id: str | None
    pupil: str | None
    seat: int
    person: str | None
    since: date | None
    until: date | None
    left: date | None
    destination: str
    risk: Sure  # an area of risk
    contact: Sure  # with somebody who was ill
    declared_by: str
    declared_on: date
    how: str | None = None  # completed | mistaken
    released_on: date | None = None

    def bars(self, day: date) -> bool:
        """True while they may not be at school: from the day on which they leave until it is released, and to the end
        of its last day."""
        if self.how is None:
            return self.left is None or self.left <= day
        return self.how == "completed" and self.until is not None and day <= self.until

    def over(self, day: date) -> bool:
        """Its last day has come, and nobody has released it."""
        return self.how is None and self.until is not None and self.until <= day


class Report(Struct, frozen=True):
    """One revision of a class's report for a day and a round."""

    day: date
    round: str
    class_id: str
    rev: int
    expected: int
    entries: tuple[Entry, ...]
    by: str
    at: datetime
    timely: bool
    behalf: str | None = None  # 代报: how the 报告人 heard
    heard_at: datetime | None = None  # 代报: when they heard; `at` is when they reported
    reason: str | None = None  # why it was corrected
    first_at: datetime | None = None  # when revision 1 was made
    by_title: str = ""
    first_by_title: str = ""  # who made revision 1
    # What it added up to (present, sick …, late, and symptom groups by name), where somebody who was listed in it is no
    # longer kept; None while all of them are.
    counts: Mapping[str, int] | None = None


class Trip(Struct, frozen=True):
    """离开本地, as it was declared for a pupil. `until`: the day of return, None where nobody knows it. Not `away`:
    back, or never gone. `by`: who declared it, and typed the destination."""

    pupil: str
    away: bool = True
    destination: str = ""
    until: date | None = None
    contact: Sure = Sure.UNSURE  # with somebody who was ill
    risk: Sure = Sure.UNSURE  # an epidemic where they are
    by: str = ""


class StaffHealth(Struct, frozen=True):
    """How one of the staff said they were on a day. `temperature` in tenths of °C as `method` took it."""

    day: date
    person: str
    rev: int
    well: bool
    at: datetime
    temperature: int | None = None
    method: Method | None = None
    afebrile: bool = False
    symptoms: tuple[Symptom, ...] = ()
    action: Action | None = None


class Unsure(Struct, frozen=True):
    """What was read of somebody in a typed line, but of whom? `day`: the N号 may also be this day of the month."""

    entry: Entry
    pupils: tuple[str, ...]  # who may be meant; none where nobody of the class was named
    words: str  # as typed
    day: date | None = None
    remeasure: bool = False  # the temperature is not sure either
    why: bool = False  # on leave, and nobody said what for
    placed: bool = True  # where they are, or whether they came, was said


class Draft(Struct, frozen=True):
    """The open walk of one person for one class: all the conversation state there is. A row, no fact."""

    person: str
    class_id: str
    day: date
    round: str
    kind: str  # report | correction | supplement | behalf | recheck
    base: int  # the report's revision when the walk began, 0 for none
    n: int  # the walk's own revision, on its buttons
    key: str  # the message that shows it
    # the open question: how | heard | health | review | pupil | who | what_for | temperature | symptoms | where |
    # reason | recheck | warmth | return | cause
    open: str
    entries: tuple[Entry, ...] = ()
    was: tuple[Entry, ...] = ()  # the report's own when the walk began
    current: Entry | None = None
    method: Method = Method.FOREHEAD
    page: int = 0
    behalf: str | None = None  # 代报: how it was heard
    heard_at: datetime | None = None  # 代报: when it was heard
    choices: tuple[str, ...] = ()  # pupils offered for a name that fits several
    pending: tuple[Unsure, ...] = ()
    unread: tuple[str, ...] = ()  # typed words that could not be used
    on_leave: tuple[str, ...] = ()  # pupils named who are not in 应到
    said_expected: int | None = None
    said_present: int | None = None
    note: str | None = None  # what was wrong with the last typed answer: a text key
    alert: str | None = None  # 复测: of which alert
    cases: tuple[str, ...] = ()  # pupils with an open case, of each of whom something is to be said today
    back: tuple[str, ...] = ()  # pupils with an open case who were said to be back
    as_before: bool = False  # 都同昨日 was said: sent as soon as nothing is left to ask
    trips: tuple[Trip, ...] = ()  # who left town, or is back, by this walk
    trip: Trip | None = None  # the one that is being asked about

    @property
    def entered(self) -> tuple[Entry, ...]:
        """Everybody of whom something was entered: listed, open now, or still to be told who it is."""
        opened = () if self.current is None else (self.current,)
        said = (*self.entries, *opened, *(unsure.entry for unsure in self.pending))
        latest = {one.pupil: one for one in said if one.pupil}  # who is asked about again is one pupil
        return (*latest.values(), *(one for one in said if not one.pupil))

    @property
    def many(self) -> int:
        """How many pupils."""
        entered = [one.pupil for one in self.entered]
        return len(entered) + sum(trip.pupil not in entered for trip in self.trips)

    @property
    def begun(self) -> bool:
        """True once something was entered that would be lost with it; a 订正 that empties the list is something."""
        before = frozenset(self.was) if self.kind == "correction" else frozenset()
        said = bool(self.pending or self.back or self.trips) or self.current is not None
        return said or frozenset(self.entries) != before

    @property
    def outlives_report(self) -> bool:
        """Holds something that a report by somebody else leaves to be said: more than who is back."""
        return self.begun if self.kind == "correction" else bool(self.entered)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Of whom with an open case nothing is said yet."""
        said = {*self.back, *(entry.pupil for entry in self.entries)}
        return tuple(pupil for pupil in self.cases if pupil not in said)

    @property
    def waits(self) -> bool:
        """Nobody but its author sees what it says, be it only 全员正常 or a number; a question about an alert says
        nothing yet."""
        return self.kind != "recheck" and (self.begun or self.said_present is not None)


# What comes in


class Update(Struct, frozen=True, dict=True):
    """One inbox row, read. `at` is when the person acted, `now` when the turn began, both UTC.
    `seed`: 16 random bytes of the row, from which new ids and codes derive."""

    id: str
    lane: str
    channel: str  # telegram, wecom; clock, machine, postman for our own
    sender: str  # the channel's id of who acted
    chat: str  # the channel's id of where
    private: bool
    at: datetime
    now: datetime
    seed: bytes
    zone: tzinfo
    verb: str
    args: tuple[str, ...] = ()
    text: str = ""
    ref: str | None = None  # the message that was tapped
    tap: str | None = None  # the tap to answer
    on: str | None = None  # the key of the message that was tapped, where we know it
    mentioned: bool = True  # in a group: written to the bot
    own: str | None = None  # what was written, as the channel names it

    @cached_property
    def today(self) -> date:
        """The district's calendar day of `at`: school day, round and timeliness follow from it, never from now."""
        return self.day_of(self.at)

    @property
    def as_stranger(self) -> str:
        """What facts call a sender who is nobody of the staff."""
        return f"{self.channel}:{self.sender}"

    def day_of(self, instant: datetime) -> date:
        """In the district's zone."""
        return instant.astimezone(self.zone).date()

    def local(self, instant: datetime) -> str:
        """HH:MM in the district's zone."""
        return instant.astimezone(self.zone).strftime("%H:%M")


# What goes out


class Told(Struct, frozen=True, omit_defaults=True, tag_field="is", tag=True):
    """What a sentence may hold beside words and numbers. In a row, `is` says which of them it is."""


class PupilRef(Told, frozen=True):
    """A pupil in a sentence: a name where law 5 allows it, else the seat. `alone`: to pick from, without symptoms."""

    id: str
    seat: int
    alone: bool = False


class Typed(Told, frozen=True):
    """Words that a person typed: shown to their author only."""

    words: str
    author: str


class Account(Told, frozen=True):
    """Words that a person wrote to explain themself, for whoever may read them in private: every child's name that the
    roll knows has become a seat before they were kept. A group never shows them, a locked screen hides them."""

    words: str


class Private(Told, frozen=True):
    """How one of the staff is, for whoever may read it in private. A group never shows it, a locked screen hides it."""

    value: "Value"


class ByLanguage(Told, frozen=True):
    """Words that the district wrote itself, in each language."""

    words: Mapping[str, str]


class Text(Told, frozen=True):
    """A sentence by its key in bot/texts, with what fills its gaps."""

    key: str
    values: Mapping[str, "Value"] = field(default_factory=dict)


Value = str | int | Text | PupilRef | Typed | Account | Private | ByLanguage | tuple[Text, ...]


def text(key: str, **values: Value) -> Text:
    """`text("ping.first", title=…)`; a tuple of texts is shown as lines."""
    return Text(key, values)


class Choice(Struct, frozen=True, omit_defaults=True):
    """A button: what it reads and what it does (`verb:arg:…`, at most 64 bytes; it proves nothing). `ticked`: one of
    several that may hold together, and whether it does; who chooses them all at once answers with the last argument
    `.A.B`, exactly these. `number`: what means it where people answer in words, such as a seat; 0: its label does."""

    label: Text
    does: str
    ticked: bool | None = None
    number: int | None = None


def choice(label: Text, verb: str, *args: str | int, number: int | None = None) -> Choice:
    return Choice(label, ":".join((verb, *map(str, args))), number=number)


def together(value: str) -> tuple[str, ...] | None:
    """What was chosen all at once, as a last argument says it, `.` for none of all; None for one button."""
    return tuple(filter(None, value.split("."))) if value.startswith(".") else None


Choices = tuple[tuple[Choice, ...], ...]


def in_rows(buttons: Iterable[Choice], wide: int) -> Choices:
    """So many side by side."""
    every = tuple(buttons)
    return tuple(every[at : at + wide] for at in range(0, len(every), wide))


class Urgency(IntEnum):
    """What goes first when a chat or a channel has more due than it may get."""

    ALERT = 0
    REPLY = 1
    REMINDER = 2
    BROADCAST = 3


class ToPerson(Struct, frozen=True):
    """This person, in private. Who has left the roll hears only what is said to the `leaving`. `everywhere`: in each of
    their bound chats, as an alert is; else where they wrote, or were heard last."""

    id: str
    leaving: bool = False
    everywhere: bool = False


LEADERS = "leaders"  # the name under which an admin binds the leaders' group


class ToGroup(Struct, frozen=True):
    """The group that an admin bound under this name, such as leaders."""

    name: str


class ToHere(Struct, frozen=True):
    """The chat that the update came from."""


class ToChat(Struct, frozen=True):
    """A private chat, by what its channel calls it: one that has just become somebody's without a word from there."""

    channel: str
    native: str


To = ToPerson | ToGroup | ToHere | ToChat


Cell = str | int | Text | None


class Sheet(Struct, frozen=True):
    """One sheet: rows of cells under headers given by text key. A cell that is a Text is said like any other."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Workbook(Struct, frozen=True):
    """A file to attach, as numbers and words: its sheets, in their order."""

    name: str
    sheets: tuple[Sheet, ...]


class Message(Struct, frozen=True):
    """What should be shown. The same key to the same address is the same message: saying it again edits it."""

    key: str
    to: To
    text: Text
    choices: Choices = ()
    urgency: Urgency = Urgency.REPLY
    picture: Morning | None = None
    workbook: Workbook | None = None
    paper: tuple[str, Paper] | None = None  # a file that is kept outside the database, by its id
    not_after: datetime | None = None
    about: str | None = None  # the subject whose state it shows: found again when that has changed
    until: str | None = None  # the subject whose fact makes it pointless while unsent
    fresh: bool = False  # must ring: sent anew, not edited
    in_place: bool = False  # becomes the message that was tapped
    only_if_shown: bool = False  # edits what is there already; says nothing new
    over: bool = False  # a call that is over: of no use to whom has not seen it
    menu: tuple[str, ...] = ()  # sets the chat's command menu to these instead of showing words
    in_words: bool = False  # for those, too, whose phones show words alone
    in_full: bool = False  # must be read whole: what shows it in short shows its words before

    @property
    def edit(self) -> "Message":
        """The same as an edit of what is there already, without a sound; never news."""
        return replace(self, urgency=Urgency.BROADCAST, in_place=False, only_if_shown=True)


class Answer(Struct, frozen=True):
    """The answer to a tap: given once, after the commit, never stored. `loud` is a pop-up to be closed. `shown`: what
    is shown for the tap says it, too, and who sees no pop-up need not be told twice."""

    text: Text | None = None
    loud: bool = False
    shown: bool = False


class Put(Struct, frozen=True):
    """An update for another lane, or for a later hour: how facts of another school are asked for, and how a handler
    comes back to what may not have been seen to by then."""

    lane: str
    native: str  # unique: a repeat is dropped
    verb: str
    args: tuple[str, ...] = ()
    text: str = ""
    at: datetime | None = None  # not before


class Fetch(Struct, frozen=True):
    """A file that was sent is to be fetched from the platform and kept as `id`. Then, or when that cannot be, `verb`
    comes back with what became of it: (id, person, outcome, bytes) and the caption as its text."""

    id: str
    remote: str
    person: str
    verb: str
    caption: str
    most: int  # bytes


class Forget(Struct, frozen=True):
    """The open walk of this person for this class is gone."""

    person: str
    class_id: str
    day: date
    round: str
