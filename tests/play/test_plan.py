"""What the crowd is going to do: drawn from a seed, in the shares of DOMAIN §5, with everything that must happen."""

from collections import Counter
from datetime import date, datetime, time

import pytest

from handlers.roster.diff import short as called
from sandbox.crowd import SILENT, ZONE, Day, How, Register, Town, past, plan_day, short, town
from sandbox.district import generate
from sandbox.district_names import school_names

TUESDAY = date(2026, 9, 1)
SEEDS = range(1, 9)


@pytest.fixture(scope="module")
def people() -> Town:
    return town(generate(1))


def at(hour: int, minute: int) -> datetime:
    return datetime.combine(TUESDAY, time(hour, minute), ZONE)


def test_the_same_seed_gives_the_same_day(people: Town) -> None:
    assert plan_day(3, people, TUESDAY, _register(3, people)) == plan_day(3, people, TUESDAY, _register(3, people))
    assert plan_day(3, people, TUESDAY, Register()) != plan_day(4, people, TUESDAY, Register())


@pytest.mark.parametrize("seed", SEEDS)
def test_every_way_of_a_morning_happens(people: Town, seed: int) -> None:
    day = plan_day(seed, people, TUESDAY, _register(seed, people))
    assert {plan.how for plan in day.plans} == set(How)
    assert len(day.plans) == len(people.classes)
    assert _after(day) == Counter(behalf=3, taken_back=2, rechecked=1, news=3, refused=1)
    assert any(sum(one.unwell for one in plan.listed) >= 3 for plan in day.plans)
    listed = [one for plan in day.plans for one in plan.listed]
    assert any(one.flagged and not one.fever for one in listed)


@pytest.mark.parametrize("seed", SEEDS)
def test_something_is_said_of_everybody_who_was_away_and_they_do_not_fall_ill_anew(people: Town, seed: int) -> None:
    register = _register(seed, people)
    plans = plan_day(seed, people, TUESDAY, register).plans
    assert {one.case.id for plan in plans for one in plan.words} == {case.id for case in register.open}
    assert not any({one.seat for one in plan.words} & {one.seat for one in plan.listed} for plan in plans)
    assert any(one.temperature is not None for plan in plans for one in plan.words), (
        "who has a fever at home has it still"
    )
    assert any(one.came for plan in plans for one in plan.words)


def test_a_late_school_is_late_and_no_other(people: Town) -> None:
    late = people.schools[-1]
    plans = plan_day(1, people, TUESDAY, Register(), late).plans
    tapping = [plan for plan in plans if plan.how not in (*SILENT, How.RESUMED) and plan.at.time() < time(8, 30)]
    assert {plan.klass.key.school for plan in tapping} == set(people.schools) - {late}


def test_the_crowd_calls_every_school_as_the_bot_calls_it() -> None:
    names = [*school_names(), "中心小学", "第二小学", "第三小学"]
    assert list(map(short, names)) == list(map(called, names))


def _register(seed: int, people: Town) -> Register:
    days = [date(2026, 8, day) for day in (27, 28, 31)]
    return Register.of_paper(past(seed, people.classes, days))


def _after(day: Day) -> Counter[str]:
    return Counter(
        kind
        for plan in day.plans
        for kind in ("behalf", "taken_back", "rechecked", "news", "refused")
        if getattr(plan, kind) is not None
    )


def test_most_tap_once_and_most_are_on_time(people: Town) -> None:
    plans = [plan for seed in SEEDS for plan in plan_day(seed, people, TUESDAY, _register(seed, people)).plans]
    reporting = [plan for plan in plans if plan.how not in SILENT]
    before = [sum(plan.at < moment for plan in reporting) / len(plans) for moment in (at(8, 0), at(8, 15), at(8, 31))]
    assert 0.2 < before[0] < 0.4
    assert 0.55 < before[1] < 0.8
    assert 0.75 < before[2] < 0.92
    assert sum(plan.how in (How.TAP, How.TWICE, How.FOLLOWED) for plan in plans) > len(plans) / 2


def test_nobody_acts_within_seconds_of_a_reminder(people: Town) -> None:
    plans = [plan for seed in SEEDS for plan in plan_day(seed, people, TUESDAY, _register(seed, people)).plans]
    for due in (at(8, 15), at(8, 30)):
        assert all(abs((plan.at - due).total_seconds()) >= 25 for plan in plans)


def test_those_who_cannot_be_reached_are_the_same_every_day(people: Town) -> None:
    first, second = (plan_day(2, people, day, Register()) for day in (TUESDAY, date(2026, 9, 2)))
    assert first.unbound == second.unbound
    assert first.plans != second.plans


def test_the_town_counts_only_who_is_enrolled(people: Town) -> None:
    assert len(people.classes) == 54
    assert len(people.members) == 136
    assert sum(one.expected for one in people.classes) == 2239 - 3
    assert all(one.teachers and "班主任" in one.teachers[0].duties for one in people.classes)
