"""What everybody is going to do today, drawn from a seed: the arrivals of DOMAIN §5 and the ways of a staff room."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from sandbox.crowd.cases import Case, Register, Word, word
from sandbox.crowd.hand import ZONE
from sandbox.crowd.illness import (
    ABSENCES,
    ARMPIT,
    AT_SCHOOL,
    COLLECTED,
    PERSONAL,
    Listed,
    draw,
    fever,
    leave,
)
from sandbox.crowd.people import Key, Member, SchoolClass, Town

TAPS: Final = 5  # classes of 54, at least, that are well and say so by one tap, however late in a week
REMINDS: Final = (time(8, 15), time(8, 30))
SOON_AFTER: Final = timedelta(minutes=20)  # what follows a report within so long follows it whenever it is made
PUNCTUAL: Final = time(8, 30, 50)  # on time is before the end of that minute
_READING: Final = timedelta(seconds=25)  # nobody answers a reminder, or just misses one, within that
DEAF: Final = (time(8, 30, 40), time(8, 31, 20))  # a played day's bot hears nothing then: one taps in it, nobody else
_DOING: Final = timedelta(seconds=80)  # the longest that somebody presses at a report


class How(StrEnum):
    """How a class's morning comes about."""

    TAP = "tap"
    TWICE = "twice"  # two taps within a second
    TOGETHER = "together"  # two teachers at the same moment
    FOLLOWED = "followed"  # each child of yesterday's in a row of its own, or all at once by 都同昨日
    WALK = "walk"
    SENTENCE = "sentence"
    WORDS = "words"  # 全员正常, typed
    RESUMED = "resumed"  # a walk that something interrupts, gone on with from the reminder
    UNFINISHED = "unfinished"  # a walk that is never sent
    NEVER = "never"
    BLOCKED = "blocked"
    UNBOUND = "unbound"
    OFF = "off"  # closed this morning, after the card had come


SILENT: Final = (How.UNFINISHED, How.NEVER, How.BLOCKED, How.UNBOUND, How.OFF)


@dataclass(frozen=True)
class Plan:
    """One class's day. `at` is when the report is begun; `behalf` when the school's 报告人 gets to it. `words`: of each
    child that was away or had a fever; `listed`: of others."""

    klass: SchoolClass
    how: How
    at: datetime
    listed: tuple[Listed, ...] = ()
    words: tuple[Word, ...] = ()
    named: bool = False  # who has several classes says of which she writes
    behalf: datetime | None = None
    taken_back: datetime | None = None  # the teacher measures again: the first listed child has no fever after all
    rechecked: datetime | None = None  # 复测 by the 校医: the first listed child has a fever still
    news: tuple[datetime, Listed] | None = None  # 补报
    refused: datetime | None = None  # 订正 after the close

    @property
    def who(self) -> Member:
        return self.klass.teachers[0]


@dataclass(frozen=True)
class Day:
    """Everybody's plans, and what outsiders try."""

    plans: tuple[Plan, ...]
    stranger_at: datetime
    forger: Key
    forger_at: datetime

    def revised(self, key: Key) -> bool:
        """What this class reports is not left as it was said first."""
        return any(plan.klass.key == key and (plan.taken_back or plan.rechecked) for plan in self.plans)

    @property
    def unbound(self) -> frozenset[int]:
        return frozenset(plan.who.id for plan in self.plans if plan.how is How.UNBOUND)


def plan_day(seed: int, people: Town, day: date, register: Register, late: str = "") -> Day:
    """The same seed and the same children away, the same day. `late`: a school where nobody reports in time."""
    dice = random.Random(f"crowd {seed} {day}")
    known = {klass.key: register.of(klass.key) for klass in people.classes}
    hows = _hows(dice, seed, people, frozenset(key for key, cases in known.items() if cases))
    arrivals = _arrivals(dice, day, sum(how not in (*SILENT, How.RESUMED) for how in hows.values()))
    plans = [_plan(dice, day, _without(klass, known[klass.key]), hows[klass.key], arrivals) for klass in people.classes]
    plans = _afterwards(dice, day, plans)
    plans = [_late(dice, day, plan) if plan.klass.key.school == late else plan for plan in plans]
    whole = {klass.key: klass for klass in people.classes}
    plans = [_with_words(seed, day, plan, whole[plan.klass.key], known[plan.klass.key]) for plan in plans]
    taps = [plan for plan in plans if plan.how is How.TAP and plan.news is None and plan.at.time() != PUNCTUAL]
    has = Counter(plan.who.id for plan in plans)
    plans = [replace(plan, named=has[plan.who.id] > 1) for plan in plans]
    return Day(
        plans=tuple(plans),
        stranger_at=_at(day, 8, 20, dice.uniform(0, 60)),
        forger=dice.choice(taps).klass.key,
        forger_at=_at(day, 9, 30, dice.uniform(0, 60)),
    )


def _at(day: date, hour: int, minute: int, seconds: float = 0.0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE) + timedelta(seconds=seconds)


def _without(klass: SchoolClass, cases: Sequence[Case]) -> SchoolClass:
    """Who may fall ill today: nobody who is away already."""
    away = {case.seat for case in cases}
    return replace(klass, pupils=tuple(pupil for pupil in klass.pupils if pupil.seat not in away))


def _with_words(seed: int, day: date, plan: Plan, whole: SchoolClass, cases: Sequence[Case]) -> Plan:
    at = plan.behalf or plan.at
    return replace(plan, klass=whole, words=tuple(word(seed, case, day, at) for case in cases))


def _late(dice: random.Random, day: date, plan: Plan) -> Plan:
    """Whoever is not reminded by a walk of her own."""
    if plan.how in (*SILENT, How.RESUMED) or plan.at.time() == PUNCTUAL:
        return plan
    later = _at(day, 8, 32, dice.uniform(0, 600)) - plan.at

    def moved(when: datetime | None) -> datetime | None:
        return when + later if when is not None and when - plan.at < SOON_AFTER else when

    news = plan.news and (moved(plan.news[0]) or plan.news[0], plan.news[1])
    taken_back, rechecked = moved(plan.taken_back), moved(plan.rechecked)
    return replace(plan, at=plan.at + later, taken_back=taken_back, rechecked=rechecked, news=news)


def silent(seed: int, people: Town) -> dict[How, Sequence[Key]]:
    """The classes of which nothing is heard, but by the 报告人: the same every day."""
    parts, dice = max(1, len(people.classes) // 54), random.Random(f"silent {seed}")
    alone = dice.sample([klass.key for klass in people.classes if _alone(klass)], 6 * parts)
    hows = (How.UNBOUND, How.BLOCKED, How.NEVER, How.UNFINISHED)
    return dict(zip(hows, _split(alone, (2 * parts, 2 * parts, parts, parts)), strict=True))


def _hows(dice: random.Random, seed: int, people: Town, followed: frozenset[Key]) -> dict[Key, How]:
    """Shares of a district of 54 classes; a larger one has more of each. Who has somebody away says so, and whom else
    is ill, button by button."""
    parts = max(1, len(people.classes) // 54)
    hows = {klass.key: How.TAP for klass in people.classes}
    for how, keys in silent(seed, people).items():
        hows |= dict.fromkeys(keys, how)
    shared = [klass.key for klass in people.classes if len(klass.teachers) > 1 and klass.key not in followed]
    hows |= dict.fromkeys(dice.sample(shared, min(2 * parts, len(shared))), How.TOGETHER)
    rest = [key for key, how in hows.items() if how is How.TAP]
    dice.shuffle(rest)
    held, free = [key for key in rest if key in followed], [key for key in rest if key not in followed]
    kinds = (How.SENTENCE, How.WORDS, How.TWICE, How.RESUMED, How.OFF)
    many = (4 * parts, 2 * parts, 3 * parts, 1, 1)
    spare = max(0, len(free) - TAPS * parts - sum(many))  # late in a week few classes are free
    walks = max(8 * parts - len(held), min(4 * parts, spare))
    also_new = held[: 8 * parts - walks]
    for how, keys in zip((*kinds, How.WALK), _split(free[TAPS * parts :], (*many, walks)), strict=True):
        hows |= dict.fromkeys(keys, how)
    return hows | dict.fromkeys(held, How.FOLLOWED) | dict.fromkeys(also_new, How.WALK)


def _alone(klass: SchoolClass) -> bool:
    """Taught by one person, who has this class and no other duty."""
    return len(klass.teachers) == 1 and klass.teachers[0].duties == ("班主任",)


def _split(keys: Sequence[Key], counts: Sequence[int]) -> Iterator[Sequence[Key]]:
    """One after the other, so many of each."""
    start = 0
    for count in counts:
        yield keys[start : start + count]
        start += count


# When


def _arrivals(dice: random.Random, day: date, count: int) -> Callable[[], datetime]:
    """DOMAIN §5, by exact shares: of those who report 10 % early, 68 % around 08:05, the rest after a reminder."""
    early, first, second = round(count * 0.10), round(count * 0.145), max(2, round(count * 0.07))
    times = [_at(day, 7, 45, dice.gauss(0, 6) * 60) for _ in range(early)]
    times += [_at(day, 8, 15, 25 + dice.expovariate(1 / 2.5) * 60) for _ in range(first)]
    times += [_at(day, 8, 30, 25 + dice.expovariate(1 / 6) * 60) for _ in range(second)]
    times += [_at(day, 8, 5, dice.gauss(0, 8) * 60) for _ in range(count - len(times))]
    times = [_unhurried(day, max(when, _at(day, 7, 31, dice.uniform(0, 120)))) for when in times]
    dice.shuffle(times)
    return times.pop


def _unhurried(day: date, when: datetime) -> datetime:
    since, until = (datetime.combine(day, hour, ZONE) for hour in DEAF)
    if since - _DOING <= when < until:
        return when + _DOING + (until - since)
    for remind in REMINDS:
        due = datetime.combine(day, remind, ZONE)
        if due - _READING <= when < due + _READING:
            return when + 2 * _READING
    return when


# What


def _plan(dice: random.Random, day: date, klass: SchoolClass, how: How, arrivals: Callable[[], datetime]) -> Plan:
    match how:
        case How.WALK | How.SENTENCE:
            (count,) = dice.choices((1, 2, 3), (0.6, 0.3, 0.1))
            listed = draw(dice, klass.pupils, count)
            return Plan(klass, how, arrivals(), listed if how is How.WALK else tuple(map(_unmeasured, listed)))
        case How.RESUMED:
            child = fever(dice, dice.choice(klass.pupils).seat, AT_SCHOOL)
            return Plan(klass, how, _at(day, 8, 11, dice.uniform(0, 30)), (child,))
        case How.OFF:
            return Plan(klass, how, _at(day, 7, 45, dice.uniform(0, 60)))
        case How.UNFINISHED:
            seat = dice.choice(klass.pupils).seat
            return Plan(klass, how, _at(day, 8, 21, dice.uniform(0, 120)), (fever(dice, seat),))
        case How.NEVER | How.BLOCKED | How.UNBOUND:
            return Plan(klass, how, _at(day, 7, 20, dice.uniform(0, 300)))
        case _:
            return Plan(klass, how, arrivals())


def _unmeasured(one: Listed) -> Listed:
    """As a sentence leaves it that says nothing of the temperature."""
    return one if one.temperature is not None else replace(one, measured=False)


def _afterwards(dice: random.Random, day: date, plans: list[Plan]) -> list[Plan]:
    """Corrections, news, reports on behalf, a second measurement; one class with three unwell, of whom two have a fever
    and a third comes later; one child with severe vomiting; one class with every kind of absence; one with a
    leave alone, which is a zero report; one tap in the last
    minute; news and a correction after the close."""
    walks = [nth for nth, plan in enumerate(plans) if plan.how is How.WALK]
    walks.sort(key=lambda nth: plans[nth].at)
    before, after, many, severe, again, absent = walks[:6]
    plans[before] = _to_be_taken_back(dice, plans[before], _unhurried(day, plans[before].at + timedelta(minutes=9)))
    plans[after] = _to_be_taken_back(dice, plans[after], _at(day, 9, 25, dice.uniform(0, 60)))
    plans[many] = _three(dice, day, plans[many])
    plans[severe] = _with_severe(plans[severe])
    plans[again] = _to_be_rechecked(day, plans[again])
    plans[absent] = _with_every_absence(dice, plans[absent])
    alone = next(nth for nth, plan in enumerate(plans) if plan.how is How.SENTENCE)
    seat = dice.choice(plans[alone].klass.pupils).seat
    plans[alone] = replace(plans[alone], listed=(leave(seat, PERSONAL),))
    taps = [nth for nth, plan in enumerate(plans) if plan.how is How.TAP]
    late_news = dice.choice([nth for nth in taps if plans[nth].who.duties == ("班主任",)])  # no officer: refused later
    ill_later, punctual = dice.sample([nth for nth in taps if nth != late_news], 2)
    for nth, when in ((ill_later, _at(day, 10, 30, dice.uniform(0, 60))), (late_news, _at(day, 17, 7))):
        child = fever(dice, dice.choice(plans[nth].klass.pupils).seat, AT_SCHOOL)
        plans[nth] = replace(plans[nth], news=(when, child))
    plans[late_news] = replace(plans[late_news], refused=_at(day, 17, 6))
    plans[punctual] = replace(plans[punctual], at=datetime.combine(day, PUNCTUAL, ZONE))
    return _on_behalf(dice, day, plans)


def _to_be_taken_back(dice: random.Random, plan: Plan, when: datetime) -> Plan:
    """Her first child coughs and seems hot; measured again it is 36.8."""
    first, *others = plan.listed
    hot = Listed(first.seat, 375, ("咳嗽",), AT_SCHOOL)
    return replace(plan, listed=(hot, *others), taken_back=when)


def _to_be_rechecked(day: date, plan: Plan) -> Plan:
    first, *others = plan.listed
    hot = Listed(first.seat, 388, ("咽痛",), AT_SCHOOL)
    return replace(plan, listed=(hot, *others), rechecked=_unhurried(day, plan.at + timedelta(minutes=6)))


def _with_severe(plan: Plan) -> Plan:
    first, *others = plan.listed
    return replace(plan, listed=(Listed(first.seat, None, ("剧烈呕吐或腹泻",), AT_SCHOOL), *others))


def _with_every_absence(dice: random.Random, plan: Plan) -> Plan:
    """A leave of each kind, a fever at the armpit, a cough that nobody measured."""
    seats = [pupil.seat for pupil in dice.sample(plan.klass.pupils, len(ABSENCES) + 2)]
    absent = (leave(seat, absence) for seat, absence in zip(seats, ABSENCES, strict=False))
    warm = Listed(seats[-2], 386, ("咳嗽",), COLLECTED, method=ARMPIT)
    return replace(plan, listed=(*absent, warm, Listed(seats[-1], None, ("咳嗽",), AT_SCHOOL, measured=False)))


def _three(dice: random.Random, day: date, plan: Plan) -> Plan:
    """Four minutes after the second fever the third."""
    seats = [pupil.seat for pupil in dice.sample(plan.klass.pupils, 4)]
    listed = (
        fever(dice, seats[0]),
        fever(dice, seats[1], AT_SCHOOL),
        Listed(seats[2], None, ("腹泻",), AT_SCHOOL),
    )
    third = fever(dice, seats[3], AT_SCHOOL)
    return replace(plan, listed=listed, news=(_unhurried(day, plan.at + timedelta(minutes=7)), third))


def _on_behalf(dice: random.Random, day: date, plans: list[Plan]) -> list[Plan]:
    """Without a chat: one before the leaders' post, one after it. Of the blocked, one that has an ill child."""
    done = list(plans)
    unbound = [nth for nth, plan in enumerate(plans) if plan.how is How.UNBOUND]
    blocked = [nth for nth, plan in enumerate(plans) if plan.how is How.BLOCKED]
    done[unbound[0]] = replace(plans[unbound[0]], behalf=_at(day, 8, 47, dice.uniform(0, 60)))
    done[unbound[1]] = replace(plans[unbound[1]], behalf=_at(day, 9, 12, dice.uniform(0, 60)))
    ill = draw(dice, plans[blocked[0]].klass.pupils, 1)
    done[blocked[0]] = replace(plans[blocked[0]], behalf=_at(day, 8, 51, dice.uniform(0, 60)), listed=ill)
    return done
