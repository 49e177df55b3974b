"""Rules and calendar as the machine hands them in: checked whole, and only what differs is stated."""

import json
import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from handlers.class_names import class_roll
from handlers.facts import CalendarDay, CalendarSet, RuleRow, RulesSet
from handlers.model import Person, Symptom, Update
from handlers.outcome import Outcome
from handlers.questions import Ask, RulesOn
from handlers.rulebook import KEPT, PLACES, STAGES, Round, Rules, read_rules
from handlers.rules.returning import ANCHORS, DECIDE, ReturnRow, ReturnRule

KEYS = frozenset(
    {
        "fever.axillary",
        "fever.forehead",
        "fever.ear",
        "fever.watch_hours",
        "followup.first_contact",
        "followup.daily",
        "followup.unknown_hours",
        "followup.every_day",
        "observation.days",
        "observation.when",
        "method",
        "stage",
        "alert.told",
        "alert.chain",
        "alert.minutes",
        "alert.share_minutes",
        "grades.last",
        "list.minutes",
        "unsent.minutes",
        *(f"symptom.{code}" for code in Symptom),
        *(f"todo.{place}" for place in PLACES),
        "terms",
        "district.name",
        "office.phone",
        "invite.days",
        "invite.guesses_an_hour",
        "picture.days",
        "summary.days",
        "retention.certificate_days",
        "certificate.max_bytes",
        "consent.version",
        *(f"retention.{kind}_days" for kind in KEPT),
        "seal",
        "ledger.explain",
        "evening",
        "quiet",
        "outage.seconds",
        "outage.lossy_seconds",
        "outage.beside_minutes",
        "starts_on",
        "rehearsal",
    }
)
FAMILIES = ("round.", "rounds.", "method.", "return.", "reviewer.", "grades.last.")
SOURCE = re.compile(r"《[^》]+》|本学区规定")  # people read it: never a web page
# the rule that sets the hour of a step of no round
OF_NO_ROUND = {"eve": "evening", "first_contact": "followup.first_contact", "daily_contact": "followup.daily"}
MINUTE = timedelta(minutes=1)
LANGUAGES = ("zh", "en")
HOUR = timedelta(hours=1)
FEVERS = range(360, 400)  # tenths of °C: a line outside is a slip of the keyboard
Rows = Mapping[str, tuple[str, str]]


def rules(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`rules` with a JSON list of {key, value, valid_from, source} as text. Raises ValueError or KeyError naming the
    rule that is unknown, missing or wrong: a rule that cannot be read would stop every turn after it."""
    said = tuple(_rule(row) for row in json.loads(update.text))
    changed = tuple(rule for day in sorted({rule.valid_from for rule in said}) for rule in _changed(ask, said, day))
    return Outcome(facts=(RulesSet(changed),)) if changed else Outcome()


def _rule(row: Mapping[str, Any]) -> RuleRow:
    key = row["key"]
    if key not in KEYS and not key.startswith(FAMILIES):
        raise ValueError(f"rule {key} is not known")
    value = json.dumps(row["value"], ensure_ascii=False, separators=(",", ":"))
    if not SOURCE.match(row["source"]):
        raise ValueError(f"rule {key}: its source is a document's title in 《》 and the clause, or 本学区规定…")
    return RuleRow(key, value, date.fromisoformat(row["valid_from"]), row["source"])


def _changed(ask: Ask, said: tuple[RuleRow, ...], day: date) -> tuple[RuleRow, ...]:
    """Those of one day that say anything new about it."""
    today = tuple(rule for rule in said if rule.valid_from == day)
    before = _before(ask, day)
    after = read_rules(before | {rule.key: (rule.value, rule.source) for rule in today})
    check(after)
    if not before:
        return today
    known = read_rules(before)
    return tuple(rule for rule in today if read_rules(before | {rule.key: (rule.value, rule.source)}) != known)


def _before(ask: Ask, day: date) -> dict[str, tuple[str, str]]:
    """Empty at the very first start."""
    try:
        return written(ask(RulesOn(day)))
    except KeyError:
        return {}


def written(rules: Rules) -> dict[str, tuple[str, str]]:
    """What `read_rules` reads: key → (JSON value, source)."""
    values: dict[str, Any] = {
        **{f"round.{one.id}": _hours(one) for one in rules.every_round},
        "stage": rules.stage,
        **{f"rounds.{place}": ids for place, ids in rules.running.items()},
        **{f"fever.{method}": line for method, line in rules.fever.items()},
        "method": rules.method,
        **{f"method.{school}": method for school, method in rules.methods.items()},
        "alert.told": rules.told,
        "alert.chain": rules.chain,
        "alert.minutes": rules.patience // MINUTE,
        "alert.share_minutes": rules.share // MINUTE,
        **{f"grades.last.{of}".rstrip("."): sorted(grades) for of, grades in rules.last_grades.items()},
        "list.minutes": rules.call // MINUTE,
        "unsent.minutes": rules.unsent // MINUTE,
        **{f"symptom.{code}": {"alert": True} for code in sorted(rules.alarming)},
        **{f"todo.{place}": dict(words.words) for place, words in rules.todo.items()},
        **{f"return.{code}": return_value(rule) for code, rule in rules.returns.items()},
        **{f"reviewer.{school}": duty for school, duty in rules.reviewers.items()},
        "certificate.max_bytes": rules.paper_bytes,
        "retention.certificate_days": rules.paper_kept.days,
        "fever.watch_hours": rules.fever_watch // HOUR,
        "followup.first_contact": _hour(rules.first_contact),
        "followup.daily": _hour(rules.daily_contact),
        "followup.unknown_hours": rules.unknown_after // HOUR,
        "followup.every_day": sorted(rules.followed_stages),
        "observation.days": rules.observation_days,
        "observation.when": rules.observed_when,
        "terms": [(first.isoformat(), last.isoformat()) for first, last in rules.terms],
        "district.name": rules.district,
        "office.phone": rules.office_phone,
        "invite.days": rules.invite_days,
        "invite.guesses_an_hour": rules.guesses_an_hour,
        "picture.days": rules.history_days,
        "summary.days": rules.summary_days,
        "consent.version": rules.consent_version,
        **{f"retention.{kind}_days": rules.kept[kind].days for kind in KEPT},
        "seal": _hour(rules.seal),
        "ledger.explain": {"days": rules.explain_days, "until": _hour(rules.explain_until)},
        "evening": _hour(rules.evening),
        "quiet": {"from": _hour(rules.quiet[0]), "to": _hour(rules.quiet[1])},
        "outage.seconds": int(rules.outage_from.total_seconds()),
        "outage.lossy_seconds": int(rules.outage_lossy.total_seconds()),
        "outage.beside_minutes": int(rules.outage_beside.total_seconds()) // 60,
        "starts_on": rules.starts_on.isoformat() if rules.starts_on else None,
        "rehearsal": rules.rehearsal,
    }
    return {key: (json.dumps(value, ensure_ascii=False), rules.sources.get(key, "")) for key, value in values.items()}


def _hours(one: Round) -> dict[str, Any]:
    return {
        "name": dict(one.name.words),
        "kind": one.kind,
        "opens": _hour(one.opens),
        "reminds": [_hour(at) for at in one.reminds],
        "deadline": _hour(one.deadline),
        "late_list": _hour(one.late_list),
        "summary": _hour(one.summary) if one.summary else None,
        "stop": _hour(one.stop),
        "close": _hour(one.close),
    }


def return_value(rule: ReturnRule) -> dict[str, Any]:
    return {
        "place": rule.place,
        "name": dict(rule.name.words),
        "rows": [_row(row) for row in rule.rows],
        "chosen": rule.chosen,
        "certificate": rule.certificate,
        "review": rule.review,
    }


def _row(row: ReturnRow) -> dict[str, Any]:
    span = {"days": row.days} if row.hours is None else {"hours": row.hours}
    least = {} if row.least is None else {"least": row.least}
    says = {"says": dict(row.says.words)} if row.says else {}
    paper = {"no_paper": True} if row.no_paper else {}
    return {"anchor": row.anchor, **span, **least, **says, **paper, "source": row.source}


def _hour(at: time) -> str:
    return at.isoformat(timespec="minutes")


def check(rules: Rules) -> None:
    """Raises ValueError naming the rule that no morning could be run by."""
    for method, line in rules.fever.items():
        if line not in FEVERS:
            raise ValueError(f"rule fever.{method} is {line}; it is in tenths of °C, such as 373")
    for one in rules.every_round:
        hours = (one.opens, one.deadline, one.late_list, one.posted, one.stop, one.close)
        if list(hours) != sorted(hours) or not all(one.opens <= at <= one.late_list for at in one.reminds):
            raise ValueError(f"rule round.{one.id}: the hours are not in the order of a day")
        if set(one.name.words) != set(LANGUAGES):
            raise ValueError(f"rule round.{one.id}: it has a name in each of {', '.join(LANGUAGES)}")
    _check_running(rules)
    if rules.first_contact >= rules.daily_contact:
        raise ValueError("rule followup.first_contact: it comes before followup.daily")
    if not rules.followed_stages <= set(STAGES):
        raise ValueError(f"rule followup.every_day: its stages are of {', '.join(STAGES)}")
    if rules.observed_when not in ("left", "risk"):
        raise ValueError("rule observation.when is left or risk")
    for rule in rules.returns.values():
        _check_return(rule)
    for school, duty in rules.reviewers.items():
        if duty not in DECIDE:
            raise ValueError(f"rule reviewer.{school}: it is one of {', '.join(DECIDE)}")
    if rules.paper_kept < timedelta():
        raise ValueError("rule retention.certificate_days: it is at least 0")
    _check_quiet(rules)
    unknown = {grade for grades in rules.last_grades.values() for grade in grades if class_roll(grade, 1) is None}
    if unknown:
        raise ValueError(f"rule grades.last: {sorted(unknown)} are no grades; they are named 六, 初三")
    for key, count in (
        ("fever.watch_hours", rules.fever_watch // HOUR),
        ("followup.unknown_hours", rules.unknown_after // HOUR),
        ("observation.days", rules.observation_days),
        ("invite.days", rules.invite_days),
        ("invite.guesses_an_hour", rules.guesses_an_hour),
        ("picture.days", rules.history_days),
        ("list.minutes", rules.call // MINUTE),
        ("unsent.minutes", rules.unsent // MINUTE),
        ("summary.days", rules.summary_days),
        ("certificate.max_bytes", rules.paper_bytes),
        *((f"retention.{kind}_days", days.days) for kind, days in rules.kept.items()),
        ("ledger.explain", rules.explain_days),
        ("outage.seconds", rules.outage_from.total_seconds()),
        ("outage.lossy_seconds", rules.outage_lossy.total_seconds()),
        ("outage.beside_minutes", rules.outage_beside.total_seconds()),
    ):
        if count < 1:
            raise ValueError(f"rule {key} is {count:.0f}; it is at least 1")


def _check_running(rules: Rules) -> None:
    if rules.stage not in STAGES:
        raise ValueError(f"rule stage is {rules.stage}; it is one of {', '.join(STAGES)}")
    for place, ids in rules.running.items():
        if place.split(".")[0] not in STAGES:
            raise ValueError(f"rule rounds.{place}: it names a stage, or a stage and a school's id")
        unknown = set(ids) - {one.id for one in rules.every_round}
        if unknown:
            raise ValueError(f"rule rounds.{place}: there is no round {', '.join(sorted(unknown))}")


def _check_return(rule: ReturnRule) -> None:
    key = f"rule return.{rule.code}"
    if set(rule.name.words) != {"zh", "en"}:
        raise ValueError(f"{key}: it has a name in zh and in en")
    if rule.rows and not 0 <= rule.chosen < len(rule.rows):
        raise ValueError(f"{key}: chosen is the number of one of its rows, from 0 on")
    for row in rule.rows:
        if row.anchor not in ANCHORS:
            raise ValueError(f"{key}: an anchor is one of {', '.join(ANCHORS)}")
        if (row.days is None) == (row.hours is None) or min(row.days or 0, row.hours or 0, row.least or 0) < 0:
            raise ValueError(f"{key}: a row has either days or hours")
        if not SOURCE.match(row.source):
            raise ValueError(f"{key}: a row's source is a document's title in 《》 and the clause, or 本学区规定…")


def _check_quiet(rules: Rules) -> None:
    """The silence is a night, and no step that speaks falls into it: it would be held back without a word."""
    since, until = rules.quiet
    if until >= since:
        raise ValueError("rule quiet: it is from an hour of the evening to one of the morning")
    spoken = [(f"round.{one.id}", step) for one in rules.every_round for step in one.steps if step.speaks]
    of_day = [(OF_NO_ROUND[step.name], step) for step in rules.daily if step.speaks and step.name in OF_NO_ROUND]
    for key, step in (*of_day, *spoken):  # any other step of the day is at an hour of a round
        if not until <= step.at < since:
            raise ValueError(f"rule {key}: at {_hour(step.at)} ({step.name}) nothing is sent, by rule quiet")


def calendar(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """`calendar` with a JSON list of {day, scope, school_day, name, source} as text."""
    days = tuple(
        CalendarDay(date.fromisoformat(row["day"]), row["scope"], bool(row["school_day"]), row["name"], row["source"])
        for row in json.loads(update.text)
    )
    return Outcome(facts=(CalendarSet(days),)) if days else Outcome()
