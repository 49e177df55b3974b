-- Instants are UTC text of one width (2026-09-01T00:07:30.123456Z), days YYYY-MM-DD, keys TEXT, truth 0 or 1.

-- What came in. One row an update; `state`: open, done, aside (it raised; kept for a replay).
CREATE TABLE inbox (
    id TEXT PRIMARY KEY,
    lane TEXT NOT NULL,
    channel TEXT NOT NULL,
    native TEXT NOT NULL,
    body TEXT NOT NULL,
    ours INTEGER NOT NULL, -- 1: put by ourselves (tick, machine, postman); people go before ticks
    received TEXT NOT NULL,
    since TEXT, -- heard first after a gap in our listening: when the gap began
    seed BLOB NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    -- What a replay needs besides: its place among all that were decided (two of one place did not see each other), the
    -- turn's now, and which message of ours was tapped, which the platform's answers said. A
    -- survey's place is that of its look.
    place INTEGER,
    decided_at TEXT,
    meant TEXT, -- what a number stood for that somebody typed
    on_key TEXT
);
CREATE INDEX inbox_place ON inbox (place);
CREATE INDEX inbox_open ON inbox (lane, ours, received, native) WHERE state = 'open';
CREATE INDEX inbox_aside ON inbox (received) WHERE state = 'aside';
CREATE INDEX inbox_received ON inbox (received);
CREATE INDEX inbox_native ON inbox (channel, native);

-- Repeats are judged by this, kept 7 days: Telegram restarts its numbers after a quiet week.
CREATE TABLE seen (
    channel TEXT NOT NULL,
    native TEXT NOT NULL,
    received TEXT NOT NULL,
    PRIMARY KEY (channel, native)
);
CREATE INDEX seen_received ON seen (received);

-- Updates of our own for a later hour: the clock puts them into the inbox when they are due.
CREATE TABLE later (
    channel TEXT NOT NULL,
    native TEXT NOT NULL,
    lane TEXT NOT NULL,
    body TEXT NOT NULL,
    seed BLOB NOT NULL,
    put_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    PRIMARY KEY (channel, native)
);
CREATE INDEX later_due ON later (due_at);

-- A lane is a school, or 'district'. `n` counts its facts.
CREATE TABLE lane (
    name TEXT PRIMARY KEY,
    n INTEGER NOT NULL,
    sealed INTEGER NOT NULL -- up to this number they are in a seal
);

-- What one process alone does: who, until when by the database's clock. `epoch` counts its holders. Of each process that
-- works there is a row of its own, which it takes away when it ends well.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    until TEXT NOT NULL
);

-- The audit trail: there is no other. digest = SHA-256(salt, body). An erased one has neither body nor salt.
CREATE TABLE fact (
    id TEXT PRIMARY KEY,
    lane TEXT NOT NULL,
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    salt BLOB NOT NULL,
    digest TEXT NOT NULL,
    actor TEXT NOT NULL, -- a person's id, or clock, machine, postman, or channel:sender for a stranger
    at TEXT NOT NULL,
    channel TEXT NOT NULL,
    cause TEXT NOT NULL, -- the inbox row
    UNIQUE (lane, n)
);
CREATE INDEX fact_kept ON fact (lane, kind, at) WHERE body <> ''; -- what retention may still erase

-- 存证: each binds the facts since the one before; handlers/seals.py says how.
CREATE TABLE seal (
    n INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    previous TEXT NOT NULL, -- the hash of the seal before
    hash TEXT NOT NULL,
    lanes TEXT NOT NULL, -- JSON: lane, first and last number, hash
    at TEXT NOT NULL
);

-- What is said: the postman makes `shown` equal to `want`. `state`: due, idle, never, withdrawn,
-- over (a call that was over before anybody saw it).
CREATE TABLE message (
    key TEXT NOT NULL,
    address TEXT NOT NULL, -- '' when nobody can be written to
    person TEXT, -- whose it is, null for a group
    body TEXT NOT NULL,
    want INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    ref TEXT,
    pages TEXT NOT NULL DEFAULT '', -- refs of what was shown of it before that: its earlier pages
    paged INTEGER NOT NULL DEFAULT 0, -- so many pages of the wanted version are shown, and others are to follow
    edit_code TEXT, -- with which what is shown may be edited once, where a platform wants that
    edit_until TEXT,
    numbered INTEGER NOT NULL DEFAULT 0, -- 1: what is shown lists its choices by number
    asks TEXT, -- the choices that are shown
    asked_at TEXT, -- since when; a change without a sound asks nothing anew
    typed INTEGER NOT NULL DEFAULT 0, -- 1: it answers what somebody wrote in this chat
    loud INTEGER NOT NULL DEFAULT 1, -- the newest version worth a message of its own; later ones only edit what is there
    urgency INTEGER NOT NULL,
    not_after TEXT,
    about TEXT, -- the subject whose state it shows
    until TEXT, -- the subject whose fact makes it pointless while unsent
    fresh INTEGER NOT NULL,
    state TEXT NOT NULL,
    put_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    place INTEGER NOT NULL, -- among the messages of one turn, in the order in which they were said
    first_shown_at TEXT,
    shown_at TEXT,
    tries INTEGER NOT NULL,
    unknown INTEGER NOT NULL, -- sends that may have arrived; one more is tried, marked
    told INTEGER NOT NULL, -- 1: an alert whose lateness has been passed on
    problem TEXT,
    PRIMARY KEY (key, address)
);
-- whole as it is sorted: whoever takes the first of thousands that are due at one instant does not read the others
CREATE INDEX message_due ON message (urgency, due_at, place, key, address) WHERE state = 'due';
-- `want > 0` is always so: by it PostgreSQL knows that what goes next is not to be read by this one
CREATE INDEX message_next ON message (due_at) WHERE state = 'due' AND want > 0;
CREATE INDEX message_untold ON message (state, put_at) WHERE urgency = 0 AND told = 0 AND shown = 0;
CREATE INDEX message_about ON message (about) WHERE about IS NOT NULL;
CREATE INDEX message_until ON message (until) WHERE until IS NOT NULL AND state = 'due';
CREATE INDEX message_ref ON message (address, ref) WHERE ref IS NOT NULL;

-- What people wrote that is to be taken out of the chat again, for it names a child and an illness. `state`: due, done,
-- never (the platform does not allow it, or no longer).
CREATE TABLE removal (
    channel TEXT NOT NULL,
    native TEXT NOT NULL, -- the chat
    ref TEXT NOT NULL,
    put_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    state TEXT NOT NULL,
    problem TEXT,
    PRIMARY KEY (channel, ref)
);
CREATE INDEX removal_due ON removal (due_at) WHERE state = 'due';

-- What went out in the last hour: a restarted pacer starts from it.
CREATE TABLE sent (
    at TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (at, address)
);

-- Chats. `name` for a group that an admin has bound (leaders). `state`: bound, blocked, gone, unbound.
CREATE TABLE address (
    id TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    native TEXT NOT NULL,
    private INTEGER NOT NULL,
    person TEXT,
    name TEXT,
    deaf INTEGER NOT NULL DEFAULT 0, -- 1: a group that can be written to and no more
    state TEXT NOT NULL,
    since TEXT NOT NULL,
    heard_at TEXT, -- when its person last wrote or tapped there
    UNIQUE (channel, native)
);
CREATE INDEX address_person ON address (person) WHERE person IS NOT NULL;
CREATE INDEX address_name ON address (name) WHERE name IS NOT NULL;

-- The district's decisions, dated. `value` is JSON.
CREATE TABLE rule (
    key TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    value TEXT NOT NULL,
    source TEXT NOT NULL,
    set_by TEXT NOT NULL,
    PRIMARY KEY (key, valid_from)
);

-- Times in which a channel could not be heard.
CREATE TABLE outage (
    channel TEXT NOT NULL,
    began TEXT NOT NULL,
    ended TEXT NOT NULL,
    PRIMARY KEY (channel, began)
);
CREATE INDEX outage_ended ON outage (ended);

-- Days that differ from the plain week. `scope`: district, a school's id, grade:<school>:<grade>, or a class's id.
CREATE TABLE calendar (
    day TEXT NOT NULL,
    scope TEXT NOT NULL,
    school_day INTEGER NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (day, scope)
);

CREATE TABLE school (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    short TEXT NOT NULL,
    place INTEGER NOT NULL -- its own place in every list, never a rank
);

-- A class has an id of its own; its name changes every September.
CREATE TABLE class (
    id TEXT PRIMARY KEY,
    school TEXT NOT NULL
);
CREATE INDEX class_school ON class (school);
CREATE TABLE class_name (
    class TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL, -- the first day on which it no longer holds; 9999-12-31 while it does
    name TEXT NOT NULL,
    grade TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (class, since)
);

CREATE TABLE person (
    id TEXT PRIMARY KEY,
    school TEXT, -- null for the district's own staff
    staff_no TEXT,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    phone TEXT,
    language TEXT NOT NULL,
    place INTEGER NOT NULL, -- among several 疫情报告人: 0 for who is asked first
    since TEXT NOT NULL,
    until TEXT NOT NULL
);
CREATE INDEX person_school ON person (school);
CREATE INDEX person_number ON person (staff_no);
CREATE TABLE duty (
    person TEXT NOT NULL,
    duty TEXT NOT NULL,
    class TEXT NOT NULL, -- '' for a duty that is not a class's
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    PRIMARY KEY (person, duty, class, since)
);
CREATE INDEX duty_class ON duty (class);
CREATE INDEX duty_duty ON duty (duty);

-- 代班. What it gives is in `duty` (duty = 'substitute'); this is who arranged it, and how it went.
CREATE TABLE substitute (
    id TEXT PRIMARY KEY,
    school TEXT NOT NULL,
    class TEXT NOT NULL,
    absent TEXT, -- null where the class has no teacher
    person TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL, -- the first day on which it was not meant to hold
    named_by TEXT NOT NULL,
    named_at TEXT NOT NULL,
    accepted_at TEXT,
    declined_at TEXT,
    ended TEXT, -- taken back: the first day on which it no longer holds
    ended_at TEXT
);
CREATE INDEX substitute_class ON substitute (class, since);
CREATE INDEX substitute_school ON substitute (school, until);

CREATE TABLE pupil (
    id TEXT PRIMARY KEY,
    student_no TEXT,
    name TEXT NOT NULL,
    sex TEXT,
    initials TEXT NOT NULL, -- every reading, parted by spaces
    pinyin TEXT NOT NULL
);
CREATE INDEX pupil_number ON pupil (student_no);
CREATE TABLE enrolment (
    pupil TEXT NOT NULL,
    class TEXT NOT NULL,
    seat INTEGER NOT NULL,
    status TEXT NOT NULL, -- enrolled, leave, home_taught; only enrolled counts in 应到
    dorm TEXT, -- where a boarder sleeps; null for who goes home
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    PRIMARY KEY (pupil, since)
);
CREATE INDEX enrolment_class ON enrolment (class, seat);

-- 长假, 送教上门 as the school's 报告人 set it: beside enrolment, which is the office's file's own.
CREATE TABLE long_leave (
    pupil TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL, -- the first day in 应到 again; 9999-12-31 where no end is known
    kind TEXT NOT NULL, -- leave, home_taught
    PRIMARY KEY (pupil, since)
);

-- One-time codes: only their hashes. `state`: open, used, void.
CREATE TABLE invite (
    code_hash TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    expires TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at TEXT NOT NULL
);
CREATE INDEX invite_person ON invite (person);
CREATE TABLE guess (
    channel TEXT NOT NULL,
    native TEXT NOT NULL,
    at TEXT NOT NULL,
    cause TEXT NOT NULL, -- the inbox row: platforms tell time in whole seconds, and a guesser is quick
    PRIMARY KEY (channel, native, at, cause)
);

-- 同意书: what the guardian agreed to, when; every word of it stays until the pupil is erased.
CREATE TABLE consent (
    pupil TEXT NOT NULL,
    since TEXT NOT NULL, -- the day on which it was given
    version TEXT NOT NULL, -- of the text
    person TEXT NOT NULL, -- who wrote it down; machine for the office's file
    at TEXT NOT NULL,
    withdrawn TEXT, -- the day on which it was taken back
    PRIMARY KEY (pupil, since)
);

-- Who looked at a pupil's health with the name beside it, when nobody had sent it to them.
CREATE TABLE viewed (
    pupil TEXT NOT NULL,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    what TEXT NOT NULL, -- card, recheck, export
    PRIMARY KEY (pupil, at, person, what)
);

-- A class's report for a day and a round; every revision stays, `latest` = 1 marks the one that holds.
CREATE TABLE report (
    day TEXT NOT NULL,
    round TEXT NOT NULL,
    class TEXT NOT NULL,
    rev INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    school TEXT NOT NULL,
    expected INTEGER NOT NULL,
    present INTEGER NOT NULL,
    sick INTEGER NOT NULL,
    personal INTEGER NOT NULL,
    unknown INTEGER NOT NULL,
    unwell INTEGER NOT NULL,
    fever INTEGER NOT NULL,
    zero INTEGER NOT NULL,
    listed INTEGER NOT NULL, -- pupils; some of their entries may have been erased since
    groups TEXT NOT NULL, -- JSON: symptom group, or `late` → pupils
    person TEXT NOT NULL,
    at TEXT NOT NULL,
    first_at TEXT NOT NULL,
    timely INTEGER NOT NULL,
    kind TEXT NOT NULL, -- report, correction, supplement, behalf, paper
    behalf TEXT, -- 代报: how the 报告人 heard
    heard_at TEXT, -- 代报: when they heard
    reason TEXT, -- why it was corrected
    PRIMARY KEY (day, round, class, rev)
);
CREATE INDEX report_class ON report (class, day);
CREATE INDEX report_school ON report (school, day, round) WHERE latest = 1;

-- A school's round of a day as its classes' last reports add up, kept with each report: what the post says of two weeks
-- is read from a row a school and day.
CREATE TABLE school_sums (
    day TEXT NOT NULL,
    round TEXT NOT NULL,
    school TEXT NOT NULL,
    classes INTEGER NOT NULL,
    expected INTEGER NOT NULL,
    sick INTEGER NOT NULL,
    fever INTEGER NOT NULL,
    PRIMARY KEY (day, round, school)
);

CREATE TABLE entry (
    day TEXT NOT NULL,
    round TEXT NOT NULL,
    class TEXT NOT NULL,
    rev INTEGER NOT NULL,
    place INTEGER NOT NULL,
    pupil TEXT NOT NULL,
    attendance TEXT NOT NULL,
    temperature INTEGER, -- tenths of a degree Celsius as `method` took it
    method TEXT,
    afebrile INTEGER NOT NULL,
    symptoms TEXT NOT NULL, -- codes parted by spaces
    whereabouts TEXT,
    added TEXT, -- 补报: when it was added
    cause TEXT, -- 病因; null where nobody knows it
    until TEXT, -- the last day of a leave
    onset TEXT, -- 发病日期, where it was before that day
    fever INTEGER NOT NULL, -- by the line that held on that day
    flagged INTEGER NOT NULL, -- a fever, or a symptom that is treated as one
    PRIMARY KEY (day, round, class, rev, pupil)
);
CREATE INDEX entry_pupil ON entry (pupil, day);

-- Who left town, or is back, as declared; the last word about a pupil holds.
CREATE TABLE travel (
    pupil TEXT NOT NULL,
    at TEXT NOT NULL,
    day TEXT NOT NULL,
    round TEXT NOT NULL,
    school TEXT NOT NULL,
    class TEXT NOT NULL,
    away INTEGER NOT NULL, -- 0: back, or never gone
    destination TEXT NOT NULL,
    until TEXT, -- the day of return; null where nobody knows it
    contact TEXT NOT NULL, -- yes, no, unsure: with somebody who was ill
    risk TEXT NOT NULL, -- yes, no, unsure: an epidemic where they are
    person TEXT NOT NULL, -- who declared it
    PRIMARY KEY (pupil, at)
);
CREATE INDEX travel_school ON travel (school, day);

-- How the staff said they were; every revision stays, `latest` = 1 marks the one that holds.
CREATE TABLE staff_health (
    day TEXT NOT NULL,
    person TEXT NOT NULL,
    rev INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    school TEXT NOT NULL,
    well INTEGER NOT NULL,
    temperature INTEGER, -- tenths of a degree Celsius as `method` took it
    method TEXT,
    afebrile INTEGER NOT NULL,
    symptoms TEXT NOT NULL, -- codes parted by spaces
    action TEXT, -- home, suspended, doctor
    alarming INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (day, person, rev)
);
CREATE INDEX staff_health_school ON staff_health (school, day) WHERE latest = 1;
-- A pupil's absence episode, or a fever that is followed; at most one that is open.
CREATE TABLE case_ (
    id TEXT PRIMARY KEY,
    pupil TEXT NOT NULL,
    school TEXT NOT NULL,
    class TEXT NOT NULL,
    opened TEXT NOT NULL, -- the day of the report that opened it
    round TEXT NOT NULL, -- of `seen`
    seen TEXT NOT NULL, -- the day on which it was last reported
    body TEXT NOT NULL, -- the entry as it was last reported
    onset TEXT NOT NULL,
    reported_at TEXT NOT NULL,
    isolated_at TEXT,
    visited_at TEXT,
    fever_at TEXT,
    measured_at TEXT, -- when it was last known how warm they were
    symptoms_on TEXT,
    rash_on TEXT, -- the first day on which a rash was known
    certified_at TEXT,
    asked_at TEXT, -- 校医 was asked to look at once
    review TEXT, -- 校医复核: yes, no
    reviewed_at TEXT,
    contacts INTEGER NOT NULL, -- rows of `contact`
    contacted_at TEXT, -- the last one that reached somebody
    tried_at TEXT, -- the last one
    escalated_at TEXT, -- 原因未明: when the 报告人 was told
    reviewed_by TEXT,
    turn INTEGER NOT NULL DEFAULT 0, -- certificates and reviews
    ended TEXT, -- returned, released, mistaken, left
    ended_on TEXT
);
CREATE UNIQUE INDEX case_open ON case_ (pupil) WHERE ended IS NULL;
CREATE INDEX case_pupil ON case_ (pupil, ended_on);

-- Who asked after a pupil with a case, how, and what was learnt.
CREATE TABLE contact (
    id TEXT PRIMARY KEY,
    case_ TEXT NOT NULL,
    day TEXT NOT NULL,
    at TEXT NOT NULL,
    person TEXT NOT NULL, -- who asked
    how TEXT NOT NULL, -- phone, wechat, visit, here, unreached
    learnt TEXT NOT NULL, -- codes parted by spaces: same, better, unwell, visited
    temperature INTEGER, -- tenths of a degree Celsius as `method` took it
    method TEXT,
    afebrile INTEGER NOT NULL,
    cause TEXT, -- 病因 as it was known since
    visited_at TEXT,
    words TEXT -- as they were typed
);
CREATE INDEX contact_case ON contact (case_, at);

-- 医学观察 of a pupil, or of one of the staff, who comes back from elsewhere; at most one that is open.
CREATE TABLE observation (
    id TEXT PRIMARY KEY,
    school TEXT NOT NULL,
    class TEXT,
    pupil TEXT,
    person TEXT,
    left_on TEXT,
    destination TEXT NOT NULL,
    risk TEXT NOT NULL, -- yes, no, unsure: an area of risk
    contact TEXT NOT NULL, -- yes, no, unsure: with somebody who was ill
    since TEXT, -- the day of return; null while they are away
    until TEXT, -- the last day of it
    declared_by TEXT NOT NULL,
    declared_on TEXT NOT NULL,
    how TEXT, -- completed, mistaken
    released_on TEXT,
    released_by TEXT
);
CREATE INDEX observation_pupil ON observation (pupil, until);
CREATE INDEX observation_school ON observation (school, until);

-- What people sent and is kept beside the database, as a file of this name. One that is gone keeps its row.
CREATE TABLE file (
    id TEXT PRIMARY KEY,
    case_ TEXT, -- whose 复课证明 it is
    kind TEXT NOT NULL, -- jpeg, png, pdf
    size INTEGER NOT NULL,
    person TEXT NOT NULL, -- who sent it
    school TEXT NOT NULL, -- the lane
    at TEXT NOT NULL,
    gone TEXT -- why: unused, closed, erased
);
CREATE INDEX file_case ON file (case_) WHERE case_ IS NOT NULL;
CREATE INDEX file_kept ON file (school) WHERE gone IS NULL;

-- What is still to be fetched from a platform, and what has been fetched but not yet been looked at by a turn.
CREATE TABLE wanted (
    id TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    remote TEXT NOT NULL, -- as the platform calls it
    native TEXT NOT NULL, -- the chat it was sent in
    ref TEXT, -- the message that it came with
    lane TEXT NOT NULL,
    person TEXT NOT NULL,
    verb TEXT NOT NULL,
    caption TEXT NOT NULL,
    most INTEGER NOT NULL, -- bytes
    put_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    fetched INTEGER NOT NULL
);

-- A pupil who was told of at once.
CREATE TABLE alert (
    id TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    round TEXT NOT NULL,
    school TEXT NOT NULL,
    class TEXT NOT NULL,
    pupil TEXT NOT NULL,
    seat INTEGER NOT NULL,
    body TEXT NOT NULL, -- the entry as it was told
    person TEXT NOT NULL, -- who reported
    at TEXT NOT NULL,
    post TEXT, -- the first alert of the group's post it stands in; null for a continued one
    continues TEXT, -- of a continued one: the school day before
    step INTEGER NOT NULL, -- who of the chain answers for it
    passed_at TEXT,
    acked_by TEXT,
    acked_at TEXT,
    withdrawn_at TEXT,
    revised_at TEXT,
    revised_by TEXT,
    revised_body TEXT -- the entry as it is known since then; null when the pupil is no longer listed
);
CREATE INDEX alert_day ON alert (day, school);
CREATE TABLE alert_told (
    alert TEXT NOT NULL,
    person TEXT NOT NULL,
    place INTEGER NOT NULL,
    duty TEXT NOT NULL, -- as whom
    reached INTEGER NOT NULL,
    PRIMARY KEY (alert, person)
);

-- Each class's standing at the day's close; it never changes. `cause` may become known later: that the system was out.
CREATE TABLE standing (
    day TEXT NOT NULL,
    round TEXT NOT NULL,
    class TEXT NOT NULL,
    school TEXT NOT NULL,
    standing TEXT NOT NULL, -- on_time, late, missing, excused
    cause TEXT, -- system
    PRIMARY KEY (day, round, class)
);
CREATE INDEX standing_class ON standing (class, day);

-- Who was added to a class's report after it was made: when was it known? `ledger`: the entry that came of it.
CREATE TABLE added (
    day TEXT NOT NULL,
    round TEXT NOT NULL,
    class TEXT NOT NULL,
    pupil TEXT NOT NULL,
    school TEXT NOT NULL,
    at TEXT NOT NULL,
    first_at TEXT NOT NULL, -- when the report was made
    known TEXT, -- after, parent, known, unsure
    known_by TEXT,
    known_at TEXT,
    ledger TEXT,
    PRIMARY KEY (day, round, class, pupil)
);
CREATE INDEX added_open ON added (school, day) WHERE known IS NULL AND ledger IS NULL;

-- What others than the class's report say of a pupil: a fever at the gate, a visit to the 校医, a parent's leave note.
CREATE TABLE sighting (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL, -- gate, clinic, leave_note
    school TEXT NOT NULL,
    class TEXT NOT NULL,
    pupil TEXT NOT NULL,
    seat INTEGER NOT NULL,
    day TEXT NOT NULL,
    until TEXT NOT NULL, -- the last day it speaks of
    body TEXT NOT NULL, -- the entry as it was written down
    person TEXT NOT NULL,
    at TEXT NOT NULL,
    withdrawn_at TEXT
);
CREATE INDEX sighting_class ON sighting (class, until);

-- Who answers for what was late, missing or left out. Nobody but the person, the school's 报告人 and 校长 and the
-- 学区联络员 reads it. Without `state` it waits for the person's own explanation, then for its hour or for a finding.
CREATE TABLE ledger (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL, -- late, missing, omitted, doubtful, contradiction; concealed by a person's finding alone
    day TEXT NOT NULL,
    round TEXT NOT NULL,
    school TEXT NOT NULL,
    class TEXT NOT NULL,
    person TEXT NOT NULL, -- who was responsible at that time
    told INTEGER NOT NULL, -- 0: they could not be written to
    heard TEXT NOT NULL, -- the day on which they were told
    pupil TEXT,
    sighting TEXT,
    body TEXT NOT NULL, -- the evidence
    opened_at TEXT NOT NULL,
    found_by TEXT, -- of a finding: whose
    state TEXT, -- counts, excused, no_fault, withdrawn
    why TEXT,
    settled_by TEXT, -- null where the system itself did
    settled_at TEXT
);
CREATE INDEX ledger_school ON ledger (school, day);
CREATE INDEX ledger_person ON ledger (person, day);
CREATE INDEX ledger_class ON ledger (class, day);
CREATE TABLE explanation (
    id TEXT PRIMARY KEY,
    ledger TEXT NOT NULL,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    reason TEXT, -- of a button
    words TEXT NOT NULL -- no child is named in them: names have become seats
);
CREATE INDEX explanation_ledger ON explanation (ledger, at);
-- A list of classes to be phoned: whose turn it is, once it was passed on or taken.
CREATE TABLE list_turn (
    day TEXT NOT NULL,
    round TEXT NOT NULL,
    school TEXT NOT NULL,
    kind TEXT NOT NULL, -- late, unreached
    person TEXT NOT NULL,
    since TEXT NOT NULL,
    taken_at TEXT,
    PRIMARY KEY (day, round, school, kind)
);

-- The 09:00 post: the first version whole, each one after it as numbers.
CREATE TABLE summary (
    day TEXT NOT NULL,
    round TEXT NOT NULL,
    version INTEGER NOT NULL,
    at TEXT NOT NULL,
    body TEXT NOT NULL,
    shown TEXT NOT NULL, -- of the first version: what was posted, a message a line
    PRIMARY KEY (day, round, version)
);

-- The open walk of one person for one class: all the conversation state there is.
CREATE TABLE draft (
    person TEXT NOT NULL,
    class TEXT NOT NULL,
    day TEXT NOT NULL,
    round TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (person, class, day, round)
);
CREATE INDEX draft_class ON draft (class, day);

-- The clock's own memory: until when dues have been put.
CREATE TABLE progress (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
