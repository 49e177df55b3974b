"""What config.toml says of the start and of the rehearsal, as dated rules: put at a start, where it has changed."""

from datetime import date, datetime, timedelta

import pytest

from bot.config import DistrictSection
from bot.seed import configured, country, seed
from bot.turn import Turn
from handlers.questions import RulesOn
from handlers.rulebook import Rules
from storage import Storage
from storage.answers import Answers
from tests.bot.test_ticker import HandClock
from tests.handlers.world import MONDAY, ZONE, clock

TUESDAY = MONDAY + timedelta(days=1)


class Machine:
    """Starts of the bot, one after the other."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def starts(self, now: datetime, *, starts_on: date | None = None, rehearsal: bool = False) -> int:
        """How many rows its config puts."""
        district = DistrictSection(starts_on=starts_on, rehearsal=rehearsal)
        await self._storage.run(lambda tx: seed(tx, now, now.astimezone(ZONE).date()))
        await self._drain(now)
        put = await self._storage.run(lambda tx: configured(tx, now, ZONE, district))
        await self._drain(now)
        aside = await self._storage.read(lambda tx: tx.all("SELECT outcome FROM inbox WHERE state = 'aside'"))
        assert aside == []
        return put

    async def _drain(self, now: datetime) -> None:
        await Turn(self._storage, HandClock(now), ZONE, {}, lambda: None, lambda: None).drain()

    async def rehearses(self, *days: date) -> list[bool]:
        return [(await self._rules(day)).rehearsal for day in days]

    async def begins(self) -> date | None:
        return (await self._rules(MONDAY)).starts_on

    async def source(self, key: str) -> str:
        return (await self._rules(MONDAY)).sources[key]

    async def _rules(self, day: date) -> Rules:
        return await self._storage.read(lambda tx: Answers(tx)(RulesOn(day)))


@pytest.fixture
def machine(storage: Storage) -> Machine:
    return Machine(storage)


async def test_the_first_day_is_a_rule_from_the_first_start_on(machine: Machine) -> None:
    assert await machine.starts(clock(7), starts_on=TUESDAY) == 1
    assert await machine.begins() == TUESDAY
    assert await machine.source("starts_on") == "本学区规定（config.toml：district.starts_on）"


async def test_a_start_puts_only_what_has_changed(machine: Machine) -> None:
    assert await machine.starts(clock(7)) == 1
    assert await machine.starts(clock(8), starts_on=TUESDAY) == 1
    assert await machine.starts(clock(9), starts_on=TUESDAY) == 0
    assert await machine.starts(clock(10)) == 1
    assert await machine.begins() == MONDAY


@pytest.mark.parametrize(
    ("first", "said", "begins"),
    [
        (clock(7, 29), None, MONDAY),
        (clock(7, 30), None, TUESDAY),  # the cards of 07:30 were not sent
        (clock(8, 20), MONDAY, TUESDAY),  # whatever config.toml says: nobody was asked
        (clock(8, 20), MONDAY - timedelta(days=4), TUESDAY),
        (clock(8, 20), TUESDAY + timedelta(days=6), TUESDAY + timedelta(days=6)),
    ],
)
async def test_no_round_that_had_begun_at_the_first_start_counts(
    machine: Machine, first: datetime, said: date | None, begins: date
) -> None:
    await machine.starts(first, starts_on=said)
    assert await machine.begins() == begins
    assert await machine.source("starts_on") == (
        "本学区规定（config.toml：district.starts_on）" if said == begins else "本学区规定（第一次启动）"
    )


async def test_a_rehearsal_begins_with_the_start_and_lasts(machine: Machine) -> None:
    await machine.starts(clock(10), rehearsal=True)
    assert await machine.rehearses(MONDAY - timedelta(days=1), MONDAY, TUESDAY) == [False, True, True]


async def test_a_rehearsal_that_ends_before_the_first_card_makes_the_day_a_real_one(machine: Machine) -> None:
    await machine.starts(clock(10, day=MONDAY - timedelta(days=3)), rehearsal=True)
    await machine.starts(clock(7, 29))
    assert await machine.rehearses(MONDAY - timedelta(days=1), MONDAY, TUESDAY) == [True, False, False]


async def test_a_rehearsal_that_ends_after_the_first_card_ends_tonight(machine: Machine) -> None:
    await machine.starts(clock(7), rehearsal=True)
    await machine.starts(clock(7, 30))
    assert await machine.rehearses(MONDAY, TUESDAY) == [True, False]


async def test_a_rehearsal_that_is_taken_up_again_on_the_same_day_goes_on(machine: Machine) -> None:
    await machine.starts(clock(7), rehearsal=True)
    await machine.starts(clock(9))
    await machine.starts(clock(10), rehearsal=True)
    assert await machine.rehearses(MONDAY, TUESDAY, TUESDAY + timedelta(days=1)) == [True, True, True]


def test_the_calendar_names_the_document_it_is_from() -> None:
    assert {day["source"] for day in country(2026)} == {"《国务院办公厅关于2026年部分节假日安排的通知》"}


async def test_a_year_that_is_not_announced_stops_no_start(storage: Storage) -> None:
    now = clock(7, day=date(2099, 9, 1))
    assert await storage.run(lambda tx: seed(tx, now, date(2099, 9, 1))) == 1
