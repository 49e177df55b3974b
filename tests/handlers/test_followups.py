"""Random weeks of a class: every absence has somebody to ask after it by an hour; no case ends but by a fact that says
so; and at which hour it is due."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.facts import CaseEnded, Reported
from handlers.following.course import follow, held_back, known_after
from handlers.following.due import Day, cause_overdue, due, over
from handlers.model import ABSENT, Attendance, Case, Entry, Klass, Method, School, Sure, Symptom, Trip, Update, Where
from handlers.observing.opening import of_trips
from handlers.questions import ClassDayView, RegisterView
from handlers.rules.fever import is_fever, is_flagged
from handlers.rules.names import Pupil
from handlers.scene import Scene
from handlers.values import replace
from tests.handlers.mornings import ROUND, rules
from tests.handlers.naming import Named
from tests.handlers.world import MONDAY, ZONE, clock

PUPILS = tuple(Pupil(f"p{n}", n, f"生{n}", ("x",)) for n in range(1, 7))
RULES = rules("学区")
KLASS, SCHOOL = Klass("c1", "s1", "三(1)班", "三", 1), School("s1", "中心小学", "中心校", 0)
CAUSES = (None, "水痘", "感冒", "流感")


@st.composite
def entry(draw: st.DrawFn, pupil: str) -> Entry:
    temperature = draw(st.none() | st.integers(360, 395))
    return Entry(
        pupil,
        draw(st.sampled_from(Attendance)),
        temperature,
        Method.FOREHEAD if temperature else None,
        symptoms=tuple(draw(st.lists(st.sampled_from((Symptom.COUGH, Symptom.RASH)), unique=True, max_size=1))),
        where=draw(st.none() | st.sampled_from(Where)),
        cause=draw(st.sampled_from(CAUSES)),
    )


@st.composite
def weeks(draw: st.DrawFn) -> list[tuple[Entry, ...]]:
    """What was said of each of some days in a row."""
    days = draw(st.integers(2, 8))
    return [
        tuple(draw(entry(pupil)) for pupil in sorted(draw(st.sets(st.sampled_from([one.id for one in PUPILS])))))
        for _ in range(days)
    ]


def scene_of(day: date, cases: tuple[Case, ...]) -> Scene:
    at = clock(8, day=day)
    update = Update(
        f"u{day}", "s1", "telegram", "t", "t", True, at, at, day.isoformat().encode().ljust(16), ZONE, "zero"
    )
    view = ClassDayView(KLASS, SCHOOL, None, (), None)
    return Scene(update, Named(RegisterView(PUPILS, ())), view, day, ROUND, RULES, (), cases=cases)


def reported(scene: Scene, entries: tuple[Entry, ...]) -> Reported:
    return Reported(
        day=scene.day,
        round=scene.round.id,
        class_id=KLASS.id,
        school=SCHOOL.id,
        rev=1,
        expected=len(PUPILS),
        entries=entries,
        fevers=tuple(one.pupil for one in entries if is_fever(one, RULES.fever)),
        flagged=tuple(one.pupil for one in entries if is_flagged(one, RULES.fever, RULES.alarming)),
        sums=scene.sums(entries),
        groups=(),
        by="t",
        at=scene.update.at,
        first_at=scene.update.at,
        timely=True,
        kind="report",
    )


@settings(max_examples=60, deadline=None)
@given(weeks())
def test_over_random_days_every_absence_has_a_follow_up_and_no_case_ends_without_a_fact(
    week: list[tuple[Entry, ...]],
) -> None:
    cases: tuple[Case, ...] = ()
    for n, said in enumerate(week):
        scene = scene_of(MONDAY + timedelta(days=n), cases)
        entries = held_back(scene, said)
        facts = follow(scene, "t", reported(scene, entries)).facts
        before = {case.id for case in cases if case.ended is None}
        cases = tuple(known_after(cases, facts, scene.seat))
        still = {case.id: case for case in cases if case.ended is None}
        assert len({case.pupil for case in still.values()}) == len(still), "two open cases of one pupil"
        by_pupil = {case.pupil: case for case in still.values()}
        for one in entries:
            if one.attendance in ABSENT:
                asked = due(by_pupil[one.pupil], Day(scene.day, RULES, ZONE))
                assert asked is not None, f"nobody is to ask after {one}"
                assert asked.astimezone(ZONE).date() == scene.day
        ended = {fact.case for fact in facts if isinstance(fact, CaseEnded)}
        assert before - still.keys() == ended, "a case ended without a fact, or the other way round"


# The hours

CASE = Case("k1", "p1", 1, "s1", "c1", MONDAY, MONDAY, clock(8), Entry("p1", Attendance.SICK), seen=MONDAY, round="am")
TUESDAY = MONDAY + timedelta(days=1)
FIRST, SECOND = "10:00", "15:30"


def hour(at: datetime | None) -> str | None:
    return at.astimezone(ZONE).strftime("%H:%M") if at else None


def warm(case: Case, at: datetime) -> Case:
    return replace(case, entry=Entry("p1", temperature=385, method=Method.FOREHEAD), fever_at=at, measured_at=at)


GRANTED = Entry("p1", Attendance.PERSONAL, until=MONDAY + timedelta(days=3))


@pytest.mark.parametrize(
    ("case", "day", "rested", "expected"),
    [
        (CASE, MONDAY, False, FIRST),
        (replace(CASE, reported_at=clock(11)), MONDAY, False, SECOND),
        (replace(CASE, reported_at=clock(16)), MONDAY, False, None),
        (replace(CASE, tried_at=clock(9)), MONDAY, False, SECOND),
        (replace(CASE, tried_at=clock(16)), MONDAY, False, None),
        (replace(CASE, contacted_at=clock(9), tried_at=clock(9)), MONDAY, False, None),
        (CASE, TUESDAY, False, FIRST),
        (replace(CASE, contacted_at=clock(9)), TUESDAY, False, SECOND),
        (replace(CASE, contacted_at=clock(9)), TUESDAY, True, FIRST),
        (replace(CASE, contacted_at=clock(9), ended="returned"), TUESDAY, False, None),
        (replace(CASE, entry=GRANTED), MONDAY, False, FIRST),
        (replace(CASE, entry=GRANTED, contacted_at=clock(9)), TUESDAY, False, None),
        (replace(CASE, entry=GRANTED, contacted_at=clock(9)), MONDAY + timedelta(days=4), False, SECOND),
        (warm(CASE, clock(8)), MONDAY, False, SECOND),
        (warm(CASE, clock(14)), MONDAY, False, None),
        (replace(warm(CASE, clock(8)), measured_at=clock(13)), MONDAY, False, None),
        (replace(warm(CASE, clock(8)), measured_at=clock(8, day=TUESDAY)), TUESDAY, False, SECOND),
        (warm(CASE, clock(8)), MONDAY + timedelta(days=3), False, None),
    ],
)
def test_when_somebody_must_have_asked(case: Case, day: date, rested: bool, expected: str | None) -> None:
    assert hour(due(case, Day(day, RULES, ZONE, rested))) == expected


def test_a_fever_is_over_after_48_hours_if_somebody_has_measured_within_a_day() -> None:
    gone = replace(warm(CASE, clock(8)), measured_at=clock(8, day=MONDAY + timedelta(days=2)))
    assert not over(gone, clock(7, 59, day=MONDAY + timedelta(days=2)), RULES)
    assert over(gone, clock(8, day=MONDAY + timedelta(days=2)), RULES)
    assert not over(warm(CASE, clock(8)), clock(8, day=MONDAY + timedelta(days=4)), RULES)
    silent = replace(gone, measured_at=clock(16))
    assert not over(silent, clock(8, day=MONDAY + timedelta(days=4)), RULES)


def test_an_unknown_reason_is_the_reporters_after_24_hours() -> None:
    unknown = replace(CASE, entry=Entry("p1", Attendance.UNKNOWN))
    assert not cause_overdue(unknown, clock(7, 59, day=TUESDAY), RULES)
    assert cause_overdue(unknown, clock(8, day=TUESDAY), RULES)
    assert not cause_overdue(CASE, clock(8, day=TUESDAY), RULES)


# What a holiday report declares


def trip(*, away: bool = True, until: date | None = None, risk: Sure = Sure.UNSURE) -> Trip:
    return Trip("p1", away=away, destination="武汉", until=until, risk=risk, by="t")


def test_a_declared_journey_opens_an_observation_that_runs_from_the_day_of_return() -> None:
    scene = scene_of(MONDAY, ())
    (opened,) = of_trips(scene, (trip(until=MONDAY + timedelta(days=3)),), "t")
    assert opened.observation.since == MONDAY + timedelta(days=3)
    assert opened.observation.until == MONDAY + timedelta(days=16)
    assert opened.observation.bars(MONDAY)
    assert opened.observation.bars(MONDAY + timedelta(days=99)), "it does not end by being forgotten"


def test_who_is_back_earlier_is_observed_from_that_day_and_it_is_the_same_observation() -> None:
    scene = scene_of(MONDAY, ())
    (opened,) = of_trips(scene, (trip(),), "t")
    assert opened.observation.since is None
    later = replace(scene_of(MONDAY + timedelta(days=1), ()), observed=(opened.observation,))
    (again,) = of_trips(later, (trip(away=False),), "t")
    assert (again.observation.id, again.observation.since) == (opened.observation.id, MONDAY + timedelta(days=1))


def test_by_the_rule_of_risk_who_was_in_none_is_not_observed() -> None:
    by_risk = replace(scene_of(MONDAY, ()), rules=replace(RULES, observed_when="risk"))
    assert of_trips(by_risk, (trip(risk=Sure.NO),), "t") == ()
    assert len(of_trips(by_risk, (trip(risk=Sure.UNSURE),), "t")) == 1


def test_a_released_observation_bars_until_its_last_day_is_over() -> None:
    scene = scene_of(MONDAY, ())
    (opened,) = of_trips(scene, (trip(until=MONDAY),), "t")
    last = MONDAY + timedelta(days=13)
    released = replace(opened.observation, how="completed", released_on=last)
    assert released.bars(last)
    assert not released.bars(last + timedelta(days=1))
    assert not replace(released, how="mistaken").bars(MONDAY)


def test_nobody_is_present_who_is_observed_and_who_said_to_be_back_waits_at_school() -> None:
    (opened,) = of_trips(scene_of(MONDAY, ()), (trip(until=MONDAY),), "t")
    scene = replace(scene_of(MONDAY, ()), observed=(opened.observation,))
    (silent,) = held_back(scene, ())
    assert (silent.attendance, silent.where) == (Attendance.PERSONAL, Where.HOME)
    (came,) = held_back(scene, (Entry("p1", temperature=365, method=Method.FOREHEAD),))
    assert (came.attendance, came.where) == (Attendance.PERSONAL, Where.SCHOOL)
