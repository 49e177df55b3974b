"""复课: from when on a pupil may come back, by the district's table of diseases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from handlers.model import Attendance, ByLanguage, Case

ONSET, SYMPTOMS_GONE, FEVER_GONE = "onset", "symptoms_gone", "fever_gone"
ANCHORS = (ONSET, SYMPTOMS_GONE, FEVER_GONE)
OBSERVATION = "observation"  # the cause of who is kept at home well, after having been elsewhere
FEVER = "fever"  # the row of a fever of which nobody knows the cause


@dataclass(frozen=True)
class ReturnRow:
    """One published way of reckoning: so many days, or hours, from an anchor on. `says`: what must be true besides."""

    anchor: str
    source: str
    days: int | None = None
    hours: int | None = None
    says: ByLanguage | None = None


@dataclass(frozen=True)
class ReturnRule:
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
    def term(self) -> str:
        """The official term, by which a cause is kept."""
        return self.name.words["zh"]


@dataclass(frozen=True)
class Bar:
    """Why a pupil may not come back yet: before `earliest`, or for want of a paper or of the 校医's word."""

    why: str  # early | certificate | review | refused
    earliest: datetime | None


def rule_of(case: Case, rules: Mapping[str, ReturnRule]) -> ReturnRule | None:
    """By cause; of a fever without a known one the row of fevers; None where nothing is to be waited for."""
    if case.cause is not None:
        return next((rule for rule in rules.values() if rule.term == case.cause), None)
    sick = case.entry.attendance is not Attendance.PERSONAL
    return rules.get(FEVER) if case.fever_at is not None and sick else None


def earliest(case: Case, rule: ReturnRule | None, zone: tzinfo) -> datetime | None:
    """The first instant at which the table lets the pupil come back; None where it sets none. What is anchored at
    the end of something is reckoned from when it was last known: never too late, and later when more is learnt."""
    row = rule.row if rule else None
    if row is None:
        return None
    if row.hours is not None:
        since = case.fever_at if row.anchor == FEVER_GONE else None
        since = since or _midnight(_anchor_day(case, row.anchor), zone)
        return since + timedelta(hours=row.hours)
    return _midnight(_anchor_day(case, row.anchor) + timedelta(days=row.days or 0), zone)


def _anchor_day(case: Case, anchor: str) -> date:
    return case.symptoms_on or case.onset if anchor == SYMPTOMS_GONE else case.onset


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def first_day(instant: datetime, zone: tzinfo, morning: time) -> date:
    """The first day whose morning (rule of the round) is not before the instant."""
    local = instant.astimezone(zone)
    return local.date() if local.time() <= morning else local.date() + timedelta(days=1)


def barred(case: Case, rules: Mapping[str, ReturnRule], at: datetime, zone: tzinfo) -> Bar | None:
    """None for who may come back. The 校医's word stands above the table, and is on record."""
    rule = rule_of(case, rules)
    soonest = earliest(case, rule, zone)
    if case.review == "yes":
        return None
    if case.review == "no":
        return Bar("refused", soonest)
    if soonest is not None and at < soonest:
        return Bar("early", soonest)
    if rule is not None and rule.certificate and case.certified_at is None:
        return Bar("certificate", soonest)
    return Bar("review", soonest) if rule is not None and rule.review else None
