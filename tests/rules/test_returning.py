"""复课: the shipped table against what was found, and when who may come back by it."""

import json
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.model import ABSENT, Attendance, Case, Entry, Where
from handlers.rulebook import read_rules
from handlers.rules.returning import (
    Kind,
    State,
    barred,
    earliest,
    first_day,
    registered,
    rule_of,
    stricter,
)
from handlers.settings.ruling import SOURCE, written
from handlers.values import replace

ZONE = ZoneInfo("Asia/Shanghai")
SHIPPED = tomllib.loads((Path(__file__).parents[2] / "bot" / "district.toml").read_text(encoding="utf-8"))["rule"]
RULES = read_rules({row["key"]: (json.dumps(row["value"]), row["source"]) for row in SHIPPED})
TERMS = {rule.term: rule for rule in RULES.returns.values()}
FIRST = date(2026, 9, 1)
MORNING = time(8, 30)


def at(day: int, hour: int = 8, minute: int = 0) -> datetime:
    """Of September 2026."""
    return datetime(2026, 9, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def case(cause: str | None = None, *, attendance: Attendance = Attendance.SICK, **more: Any) -> Case:
    entry = Entry("p", attendance, where=Where.HOME, cause=cause)
    base = Case("c", "p", 17, "s", "k", FIRST, FIRST, at(1), entry, FIRST, "am")
    return replace(base, **more)


def day_of(cause: str | None, **more: Any) -> date | None:
    one = case(cause, **more)
    soonest = earliest(one, rule_of(one, RULES.returns), ZONE)
    return soonest and first_day(soonest, ZONE, MORNING)


def with_row(cause: str, n: int) -> Any:
    rule = TERMS[cause]
    return replace(rule, chosen=n)


# The table


FOUND: dict[
    str, list[tuple[str, str | int, int | None]]
] = {  # every row that was found, as anchor, days (or hours), least
    "流感": [("fever_gone", "48h", None), ("onset", 7, None)],
    "水痘": [("onset", 14, None), ("onset", 21, None)],
    "手足口病": [("onset", 14, None)],
    "流行性腮腺炎": [("onset", 9, None), ("onset", 21, None)],
    "诺如": [("symptoms_gone", "72h", None)],
    "胃肠炎": [("symptoms_gone", "72h", None)],
    "猩红热": [("treatment", 7, None), ("treatment", 10, None), ("onset", 21, None), ("symptoms_gone", 3, 10)],
    "麻疹": [("rash", 5, None), ("rash", 7, None), ("rash", 14, None)],
    "风疹": [("rash", 5, None), ("rash", 7, None)],
    "急性出血性结膜炎": [("symptoms_gone", 1, 7), ("onset", 10, None)],
    "细菌性痢疾": [("treatment", 7, None), ("onset", 28, None), ("symptoms_gone", 7, None)],
    "甲肝": [("onset", 21, None)],
    "戊肝": [("onset", 21, None)],
    "流脑": [("symptoms_gone", 3, 7)],
    "肺结核": [("treatment", 60, None)],
    "新冠": [("onset", 14, None), ("symptoms_gone", 0, None)],
}


@pytest.mark.parametrize("term", FOUND)
def test_every_row_that_was_found_is_shipped_with_its_source(term: str) -> None:
    rule = TERMS[term]
    rows = [(row.anchor, f"{row.hours}h" if row.hours else row.days, row.least) for row in rule.rows]
    assert rows == FOUND[term]
    assert all(SOURCE.match(row.source) for row in rule.rows)


@pytest.mark.parametrize("term", [one for one in FOUND if one != "流感"])
def test_the_strictest_row_is_the_one_that_is_shipped(term: str) -> None:
    """Of a case of which nothing is known but its first day; of influenza the national guide's holds."""
    known = case(term)
    days = [earliest(known, with_row(term, n), ZONE) for n in range(len(FOUND[term]))]
    assert days[TERMS[term].chosen] == max(one for one in days if one is not None)


def test_a_certificate_and_a_review_are_asked_for_where_it_may_infect_others() -> None:
    two = {term for term, rule in TERMS.items() if rule.asks_paper and rule.review}
    assert two == FOUND.keys() - {"胃肠炎"}
    assert (TERMS["胃肠炎"].asks_paper, TERMS["胃肠炎"].review) == (False, True)
    assert not any(TERMS[term].rows for term in ("感冒", "受伤", "其他非传染病"))


def test_the_way_of_2023_asks_for_no_certificate() -> None:
    assert TERMS["新冠"].asks_paper
    assert not with_row("新冠", 1).asks_paper


def test_rules_are_written_as_they_were_read() -> None:
    assert read_rules(written(RULES)).returns == RULES.returns


# The reckoning


@pytest.mark.parametrize(
    ("cause", "more", "day"),
    [
        ("水痘", {}, date(2026, 9, 22)),
        ("手足口病", {}, date(2026, 9, 15)),
        ("诺如", {"symptoms_on": date(2026, 9, 3)}, date(2026, 9, 6)),
        ("诺如", {}, date(2026, 9, 4)),
        ("流脑", {"symptoms_on": date(2026, 9, 2)}, date(2026, 9, 8)),  # not before the seventh day
        ("流脑", {"symptoms_on": date(2026, 9, 9)}, date(2026, 9, 12)),
        ("麻疹", {"rash_on": date(2026, 9, 4)}, date(2026, 9, 18)),
        ("肺结核", {"visited_at": at(3)}, date(2026, 11, 2)),
        ("流感", {"fever_at": at(2, 8, 10)}, date(2026, 9, 4)),  # 48 hours, over before the morning's deadline
        ("流感", {"fever_at": at(2, 9)}, date(2026, 9, 5)),
        (None, {"fever_at": at(2, 8, 10)}, date(2026, 9, 4)),
        ("扁桃体炎", {"fever_at": at(2, 8, 10)}, date(2026, 9, 4)),  # the table does not know it: as any fever
        ("感冒", {"fever_at": at(2)}, None),
        ("扁桃体炎", {}, None),
        (None, {}, None),
        (None, {"attendance": Attendance.PERSONAL}, None),
        (None, {"attendance": Attendance.PERSONAL, "fever_at": at(2)}, date(2026, 9, 4)),  # 事假 cools no fever
    ],
)
def test_the_first_day_of_return(cause: str | None, more: dict[str, Any], day: date | None) -> None:
    assert day_of(cause, **more) == day


def test_on_the_first_day_that_is_shown_nobody_is_too_early() -> None:
    known = case("流感", fever_at=at(2, 8, 10), certified_at=at(3), review=None)
    flu = {"flu": replace(RULES.returns["flu"], certificate=False, review=False)}
    assert barred(known, flu, at(4, 7, 30), ZONE, MORNING) is None
    assert barred(known, flu, at(3, 23, 59), ZONE, MORNING) is not None


# Two illnesses


def said(cause: str | None, **more: Any) -> Entry:
    return replace(Entry("p", Attendance.SICK, where=Where.HOME, cause=cause), **more)


@pytest.mark.parametrize(
    ("was", "now", "kept", "onset"),
    [
        ("水痘", said("感冒"), "水痘", None),
        ("水痘", said("扁桃体炎"), "水痘", None),
        ("水痘", said("流感"), "水痘", None),
        ("水痘", said(None, attendance=Attendance.PERSONAL), "水痘", None),
        ("流感", said("水痘"), "水痘", date(2026, 9, 8)),  # begins when it is said: 21 days from then on
        ("流感", said("水痘", onset=date(2026, 9, 6)), "水痘", date(2026, 9, 6)),
        ("感冒", said("流感"), "流感", None),
        ("流感", said("流感"), "流感", None),
        ("感冒", said(None, attendance=Attendance.PERSONAL), None, None),
    ],
)
def test_of_two_illnesses_the_stricter_stays(was: str, now: Entry, kept: str | None, onset: date | None) -> None:
    entry = stricter(case(was), now, date(2026, 9, 8), RULES.returns, ZONE)
    assert (entry.cause, entry.onset) == (kept, onset)


def test_what_comes_after_the_word_of_the_nurse_is_looked_at_anew() -> None:
    agreed = case("水痘", review="yes")
    flu = stricter(agreed, said("流感"), date(2026, 9, 8), RULES.returns, ZONE)
    assert (flu.cause, flu.onset) == ("流感", date(2026, 9, 8))
    assert stricter(agreed, said(None), date(2026, 9, 8), RULES.returns, ZONE).cause == "水痘"


# The register


@pytest.mark.parametrize(
    ("more", "when", "state"),
    [
        ({}, at(2), State.ISOLATED),
        ({}, at(22), State.PAPER),
        ({"certified_at": at(20)}, at(22), State.REVIEW),
        ({"certified_at": at(20)}, at(20), State.ISOLATED),
        ({"review": "no"}, at(22), State.EXTENDED),
        ({"review": "yes"}, at(2), State.MAY_RETURN),
        ({"ended": "returned"}, at(23), State.RETURNED),
    ],
)
def test_how_a_case_stands(more: dict[str, Any], when: datetime, state: State) -> None:
    line = registered(case("水痘", **more), RULES.returns, when, ZONE, MORNING)
    assert line is not None
    assert (line.kind, line.state) == (Kind.ISOLATION, state)


def test_a_cold_and_a_leave_are_in_no_register() -> None:
    assert registered(case("感冒"), RULES.returns, at(2), ZONE, MORNING) is None
    assert registered(case(attendance=Attendance.PERSONAL), RULES.returns, at(2), ZONE, MORNING) is None
    fever = registered(case(fever_at=at(1)), RULES.returns, at(2), ZONE, MORNING)
    assert fever is not None
    assert fever.kind is Kind.FEVER


CAUSES = st.sampled_from([*TERMS, None])
DAYS = st.integers(1, 28)


@given(
    CAUSES,
    st.sampled_from(sorted(ABSENT)),
    st.none() | DAYS,
    st.none() | DAYS,
    st.none() | DAYS,
    st.sampled_from(["yes", "no", None]),
    DAYS,
)
def test_who_may_come_is_in_no_list_and_who_may_not_is_told_why(
    cause: str | None,
    attendance: Attendance,
    fever: int | None,
    symptoms: int | None,
    paper: int | None,
    review: str | None,
    now: int,
) -> None:
    known = case(
        cause,
        attendance=attendance,
        fever_at=fever and at(fever),
        symptoms_on=date(2026, 9, symptoms) if symptoms else None,
        certified_at=paper and at(paper),
        review=review,
    )
    bar = barred(known, RULES.returns, at(now), ZONE, MORNING)
    line = registered(known, RULES.returns, at(now), ZONE, MORNING)
    if line is not None:
        assert (bar is None) == (line.state is State.MAY_RETURN)
    if review == "yes":
        assert bar is None
    if bar is not None and bar.why == "early":
        assert bar.earliest is not None
        assert first_day(bar.earliest, ZONE, MORNING) > date(2026, 9, now)
        assert barred(known, RULES.returns, bar.earliest + timedelta(days=1), ZONE, MORNING) != bar
