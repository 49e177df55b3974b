"""复课: from when on a pupil may come back, by the district's table of diseases."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from msgspec import Struct

from handlers.model import Attendance, ByLanguage, Case, Duty, Entry, Observation
from handlers.values import replace

ONSET, RASH, TREATMENT = "onset", "rash", "treatment"  # 发病, 出疹, 治疗
SYMPTOMS_GONE, FEVER_GONE = "symptoms_gone", "fever_gone"  # 症状消失, 退热
ANCHORS = (ONSET, RASH, TREATMENT, SYMPTOMS_GONE, FEVER_GONE)
# who may decide on a return, the first before the next
DECIDE = (Duty.NURSE, Duty.REPORTER, Duty.DEPUTY, Duty.PRINCIPAL)
OBSERVATION = "observation"  # the cause of who is kept at home well, after having been elsewhere
FEVER = "fever"  # the row of a fever of which nobody knows the cause


class ReturnRow(Struct, frozen=True):
    """One published way of reckoning: so many days, or hours, from an anchor on, and not before so many days from
    the onset (`least`). `says`: what must be true besides; `no_paper`: by this way nobody asks for a certificate."""

    anchor: str
    source: str
    days: int | None = None
    hours: int | None = None
    least: int | None = None
    says: ByLanguage | None = None
    no_paper: bool = False


class ReturnRule(Struct, frozen=True):
    """A disease (病因) with every row that was found for it; `chosen` is the district's. One without rows ends with
    a tap: 感冒, 受伤. `certificate`: 复课证明 is asked for; `review`: 校医 looks at the pupil."""

    code: str
    place: int  # in the list that is shown
    name: ByLanguage
    rows: tuple[ReturnRow, ...] = ()
    chosen: int = 0
    certificate: bool = False
    review: bool = False

    @property
    def row(self) -> ReturnRow | None:
        return self.rows[self.chosen] if self.rows else None

    @property
    def asks_paper(self) -> bool:
        """复课证明."""
        return self.certificate and not (self.row is not None and self.row.no_paper)

    @property
    def term(self) -> str:
        """The official term, by which a cause is kept."""
        return self.name.words["zh"]


class Bar(Struct, frozen=True):
    """Why a pupil may not come back yet: before `earliest`, or for want of a paper or of the 校医's word."""

    why: str  # early | certificate | review | refused
    earliest: datetime | None


def rule_of(case: Case, rules: Mapping[str, ReturnRule]) -> ReturnRule | None:
    """By cause; of a fever without one that the table knows the row of fevers; None where nothing is to be waited
    for."""
    known = named(case.cause, rules)
    if known is not None:
        return known
    return rules.get(FEVER) if case.fever_at is not None else None


def named(cause: str | None, rules: Mapping[str, ReturnRule]) -> ReturnRule | None:
    """The rule of a disease by its official term."""
    return next((rule for rule in rules.values() if rule.term == cause), None)


def repeated(case: Case, said: Entry) -> Entry:
    """A cause that was found stays known where it is not said again; 事假 has none."""
    sick = said.attendance is not Attendance.PERSONAL
    return replace(said, cause=said.cause or case.cause) if sick else said


def stricter(case: Case, said: Entry, day: date, rules: Mapping[str, ReturnRule], zone: tzinfo) -> Entry:
    """What a case is known by once this is said of it on a day: of two illnesses the one with the stricter return.
    Neither 感冒 nor 事假 that is said after 水痘 takes from 校医 what they have to look at; once they have agreed, only
    what is new counts. An illness that comes to another begins on the day on which it is said."""
    was, now = named(case.cause, rules), named(said.cause, rules)
    if was is None or was.row is None:
        return repeated(case, said)
    another = now is not None and now.row is not None and now != was
    begun = replace(said, onset=said.onset or day) if another else said
    if case.review == "yes":
        return repeated(case, begun)
    if now is None or not another:
        return replace(said, cause=case.cause)
    other = replace(case, entry=begun, onset=begun.onset or day)
    lighter = _strict(other, now, zone) < _strict(case, was, zone)
    return replace(said, cause=case.cause, onset=None) if lighter else begun


def _strict(case: Case, rule: ReturnRule, zone: tzinfo) -> tuple[bool, datetime]:
    """Whoever must be looked at before whoever comes back by the day alone; then by the day."""
    return rule.asks_paper or rule.review, earliest(case, rule, zone) or case.reported_at


def earliest(case: Case, rule: ReturnRule | None, zone: tzinfo) -> datetime | None:
    """The first instant at which the table lets the pupil come back; None where it sets none. What is anchored at
    the end of something is reckoned from when it was last known: never too late, and later when more is learnt."""
    row = rule.row if rule else None
    if row is None:
        return None
    soonest = _anchored(case, row.anchor, zone) + timedelta(days=row.days or 0, hours=row.hours or 0)
    if row.least is None:
        return soonest
    return max(soonest, _midnight(case.onset + timedelta(days=row.least), zone))


def _anchored(case: Case, anchor: str, zone: tzinfo) -> datetime:
    """Where the anchor's own day is not known, the later day of those that may stand for it: a rash and a treatment
    begin at the onset or after it, and at the latest they are known when the pupil is first reported with it."""
    if anchor == FEVER_GONE and case.fever_at is not None:
        return case.fever_at
    return _midnight(_anchor_day(case, anchor, zone), zone)


def _anchor_day(case: Case, anchor: str, zone: tzinfo) -> date:
    match anchor:
        case "rash":
            return case.rash_on or max(case.onset, case.opened)
        case "treatment":
            seen = case.visited_at.astimezone(zone).date() if case.visited_at else case.opened
            return max(case.onset, seen)
        case "symptoms_gone" | "fever_gone":
            return case.symptoms_on or case.onset
        case _:
            return case.onset


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def first_day(instant: datetime, zone: tzinfo, morning: time) -> date:
    """The first day whose morning (rule of the round) is not before the instant."""
    local = instant.astimezone(zone)
    return local.date() if local.time() <= morning else local.date() + timedelta(days=1)


def barred(case: Case, rules: Mapping[str, ReturnRule], at: datetime, zone: tzinfo, morning: time) -> Bar | None:
    """None for who may come back, from the start of the first day on that is shown as such (`morning` as in
    `first_day`). The 校医's word stands above the table, and is on record."""
    rule = rule_of(case, rules)
    soonest = earliest(case, rule, zone)
    if case.review == "yes":
        return None
    if case.review == "no":
        return Bar("refused", soonest)
    if soonest is not None and at.astimezone(zone).date() < first_day(soonest, zone, morning):
        return Bar("early", soonest)
    if rule is not None and rule.asks_paper and case.certified_at is None:
        return Bar("certificate", soonest)
    return Bar("review", soonest) if rule is not None and rule.review else None


class Kind(StrEnum):
    """类别 of the register of isolation and return."""

    ISOLATION = "isolation"  # 病例隔离
    FEVER = "fever"  # 发热观察: a fever of which nobody knows the cause
    OBSERVATION = "observation"  # 居家医学观察: back from elsewhere, and well


class State(StrEnum):
    """状态 of a case in the register."""

    ISOLATED = "isolated"  # 在隔离: before the earliest day
    PAPER = "paper"  # 待证明
    REVIEW = "review"  # 待复核
    MAY_RETURN = "may_return"  # 可复课
    RETURNED = "returned"  # 已复课
    EXTENDED = "extended"  # 延长: 校医 has said no


STATES = {"early": State.ISOLATED, "certificate": State.PAPER, "review": State.REVIEW, "refused": State.EXTENDED}


class Registered(Struct, frozen=True):
    """A line of 隔离与复课: by which rule, until when at the earliest, and how it stands."""

    kind: Kind
    rule: ReturnRule | None  # an observation has days of its own
    earliest: datetime | None
    state: State


def registered(
    case: Case, rules: Mapping[str, ReturnRule], at: datetime, zone: tzinfo, morning: time
) -> Registered | None:
    """None for a case that is not isolated: 感冒, 受伤, 事假, and whatever ended otherwise than by a return."""
    rule = rule_of(case, rules)
    if rule is None or not rule.rows or case.ended not in (None, "returned"):
        return None
    kind = Kind.FEVER if rule.code == FEVER else Kind.ISOLATION
    return Registered(kind, rule, earliest(case, rule, zone), _state(case, rules, at, zone, morning))


def under_observation(one: Observation, day: date, zone: tzinfo) -> Registered:
    """可复课 from its release on, once its last day is over."""
    soonest = _midnight(one.until + timedelta(days=1), zone) if one.until else None
    return Registered(Kind.OBSERVATION, None, soonest, State.ISOLATED if one.bars(day) else State.MAY_RETURN)


def _state(case: Case, rules: Mapping[str, ReturnRule], at: datetime, zone: tzinfo, morning: time) -> State:
    if case.ended == "returned":
        return State.RETURNED
    bar = barred(case, rules, at, zone, morning)
    return State.MAY_RETURN if bar is None else STATES[bar.why]
