"""What is to happen: what people mean to do and what goes wrong, as values, so that a failing day can be shrunk."""

import random
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from msgspec import Struct

from bot.simulate.town import SCHOOLS, Homes, Town
from handlers.model import Duty

FEVER: Final = 373  # tenths of ℃
HOUR: Final = 3600.0
OPENS, DEADLINE, CLOSES = 7.5 * HOUR, 8.5 * HOUR, 17 * HOUR
CHAIN: Final = (Duty.REPORTER, Duty.DEPUTY, Duty.PRINCIPAL, Duty.LIAISON)


class Ill(Struct, frozen=True, order=True):
    """A pupil as a teacher types them. `absence`: 病假 or 事假; a pupil with a fever is at school or in hospital."""

    seat: int
    tenths: int | None = None
    absence: str = ""

    @property
    def fever(self) -> bool:
        return self.tenths is not None and self.tenths >= FEVER

    @property
    def words(self) -> str:
        if self.tenths is None:
            return f"{self.seat}号{self.absence}"
        return f"{self.seat}号{self.tenths / 10}{'去医院了' if self.absence else '在校留观'}"


class Act(Struct, frozen=True, order=True):
    """`at` in seconds of the day. `what`: zero (one tap), twice (two taps at once), both (two teachers at once), ill (a
    sentence, then 发送), more (补报, the same)."""

    day: int
    at: float
    klass: str
    what: str
    ill: tuple[Ill, ...] = ()


class Ack(Struct, frozen=True, order=True):
    """How long after an alert has come somebody taps 已知悉. Who has none never does."""

    day: int
    school: str
    duty: Duty
    after: float


class Kind(StrEnum):
    """What can go wrong."""

    CRASH = "crash"  # `n` steps after its hour; back after `span`
    STOP = "stop"  # as at an update of the machine
    CUT = "cut"  # nothing gets through for `span`
    SILENT = "silent"  # updates come late
    DUPLICATE = "duplicate"  # the next `n` are delivered once more
    TOO_MANY = "429"
    ERROR = "500"
    TIMEOUT = "timeout"  # `n` calls took effect, and were not answered; nor were `n` callbacks
    DROP = "drop"  # `n` calls did not arrive
    BLOCK = "block"  # `who` blocks the bot for `span`
    VANISH = "vanish"  # the account of `who` is deleted
    FULL = "full"  # a full disk, for `n` transactions
    BUSY = "busy"
    AWAY = "away"  # no database for `span`
    LOST = "lost"  # `n` commits took hold, and the line was lost before they said so
    JUMP = "jump"  # the machine's clock, by `n` minutes, until `span` later
    TWO = "two"  # another process thinks that it is the only one, for `span`
    WEEK = "week"  # nothing for a week; then the platform's numbers begin anew
    EXPIRED = "expired"  # WeCom's access token is over before its time


class Fault(Struct, frozen=True, order=True):
    day: int
    at: float
    kind: Kind
    n: int = 1
    span: float = 0.0
    who: int = 0


class Plan(Struct, frozen=True):
    """Of one district. `seed`: of the scheduler and the wire; `homes`: who lives where."""

    seed: int
    days: int
    homes: Homes
    acts: tuple[Act, ...]
    acks: tuple[Ack, ...]
    faults: tuple[Fault, ...]


def plan(seed: int, town: Town, days: int) -> Plan:
    dice = random.Random(f"plan {seed}")
    acts: list[Act] = []
    acks: list[Ack] = []
    faults: list[Fault] = []
    ill: set[str] = set()
    for day in range(days):
        of_day = list(_acts(dice, town, day, ill))
        acts += of_day
        acks += _acks(dice, day)
        faults += _faults(dice, town, day, of_day)
        ill |= {act.klass for act in of_day if act.ill}
    if days > 1 and dice.random() < 0.1:
        faults.append(Fault(dice.randrange(days - 1), 23 * HOUR, Kind.WEEK))
    homes = random.Random(f"homes {seed}").choice((Homes.TELEGRAM, Homes.WECOM, Homes.SCHOOLS, Homes.BOTH, Homes.BOTH))
    faults += _away(random.Random(f"away {seed}"), acts)
    if homes is not Homes.TELEGRAM:
        faults += _tokens(random.Random(f"tokens {seed}"), days)
    return Plan(seed, days, homes, tuple(sorted(acts)), tuple(sorted(acks)), tuple(sorted(faults)))


def _away(dice: random.Random, acts: list[Act]) -> Iterator[Fault]:
    """As somebody acts: for longer than WeCom waits for an answer, or than a lease lasts."""
    for act in acts:
        if dice.random() < 0.02:
            yield Fault(act.day, act.at - dice.random(), Kind.AWAY, span=dice.choice((6.0, 25.0)))


def _tokens(dice: random.Random, days: int) -> Iterator[Fault]:
    for day in range(days):
        if dice.random() < 0.2:
            yield Fault(day, dice.choice((OPENS, 8.25 * HOUR, DEADLINE, 9 * HOUR)) - dice.random(), Kind.EXPIRED)


def _acts(dice: random.Random, town: Town, day: int, ill: set[str]) -> Iterator[Act]:
    """Classes report in a few bursts, as before the bell; whoever had somebody ill yesterday keeps silent from then on:
    what a case does on its second day is told by other tests."""
    bursts = [OPENS + 60 + dice.random() * 0.9 * HOUR for _ in range(3)] + [
        8.25 * HOUR,
        DEADLINE - 20,
        DEADLINE + 6 * 60,
        9.5 * HOUR,
    ]
    for klass in town.school_of:
        if klass in ill or dice.random() < 0.08:
            continue
        when = dice.choice(bursts) + dice.random() * dice.choice((0.5, 10))
        chance = dice.random()
        if chance < 0.3:
            yield Act(day, when, klass, "ill", _ill(dice, town.pupils))
            if chance < 0.07:
                yield Act(day, (10.5 + 5 * dice.random()) * HOUR, klass, "more", (Ill(town.pupils, 381),))
        else:
            yield Act(day, when, klass, dice.choice(("zero", "zero", "zero", "twice", "both")))


def _ill(dice: random.Random, pupils: int) -> tuple[Ill, ...]:
    """The last seat stays free for a 补报."""
    seats = sorted(dice.sample(range(1, pupils), dice.choice((1, 1, 2, 3))))
    return tuple(_one(dice, seat) for seat in seats)


def _one(dice: random.Random, seat: int) -> Ill:
    match dice.randrange(4):
        case 0:
            return Ill(seat, dice.randrange(373, 400))
        case 1:
            return Ill(seat, dice.randrange(373, 400), "病假")
        case 2:
            return Ill(seat, None, "病假")
        case _:
            return Ill(seat, None, "事假")


def _acks(dice: random.Random, day: int) -> Iterator[Ack]:
    for school in SCHOOLS:
        for duty, likely in ((Duty.REPORTER, 0.6), (Duty.DEPUTY, 0.5), (Duty.PRINCIPAL, 0.4)):
            if dice.random() < likely:
                yield Ack(day, school, duty, 20 + dice.random() * 15 * 60)
    if dice.random() < 0.5:
        yield Ack(day, "", Duty.LIAISON, 30 + dice.random() * 300)


SHORT = (
    *(Kind.CRASH, Kind.CRASH, Kind.CRASH, Kind.STOP, Kind.DUPLICATE, Kind.TOO_MANY, Kind.ERROR, Kind.TIMEOUT),
    *(Kind.DROP, Kind.FULL, Kind.BUSY, Kind.LOST, Kind.LOST),
)
LONG = (Kind.CUT, Kind.SILENT, Kind.BLOCK, Kind.VANISH, Kind.JUMP, Kind.TWO)


def _faults(dice: random.Random, town: Town, day: int, acts: list[Act]) -> Iterator[Fault]:
    """Most where something is on the way: at a step of the day, or as somebody acts."""
    hot = [act.at for act in acts] + [OPENS, 8.25 * HOUR, DEADLINE, 8.75 * HOUR, 9 * HOUR, CLOSES, 26 * HOUR]
    for _ in range(dice.choice((0, 1, 2, 3, 4, 6))):
        at = dice.choice(hot) + dice.choice((-20, -1, 0, 0, 0, 1, 5)) + dice.random()
        kind = dice.choice(SHORT if dice.random() < 0.75 else LONG)
        yield _fault(dice, town, day, at, kind)


def _fault(dice: random.Random, town: Town, day: int, at: float, kind: Kind) -> Fault:
    match kind:
        case Kind.CRASH:
            span = dice.choice((1.0, 2.0, 5.0, 200.0, 1500.0))
            return Fault(day, at, kind, n=1 + int(dice.expovariate(1 / 60)), span=span)
        case Kind.STOP:
            return Fault(day, at, kind, span=dice.choice((1.0, 60.0)))
        case Kind.CUT | Kind.SILENT | Kind.TWO:
            return Fault(day, at, kind, span=dice.choice((5.0, 30.0, 140.0, 400.0)))
        case Kind.BLOCK:
            return Fault(day, at, kind, span=dice.choice((600.0, 7200.0)), who=dice.choice(town.members).id)
        case Kind.VANISH:
            return Fault(day, at, kind, who=dice.choice(town.members).id)
        case Kind.JUMP:
            return Fault(day, at, kind, n=dice.choice((-30, -11, 3, 11, 90)), span=dice.choice((30.0, 300.0)))
        case _:
            return Fault(day, at, kind, n=dice.choice((1, 1, 2, 5)))
