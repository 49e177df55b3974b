"""What is asked for one person, or for one message, costs the same in a school of the district's largest, in a district
of 135, and with thousands of messages due: counted in rows that are brought, and in steps of SQLite's machine."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from handlers import decide
from handlers.model import LEADERS, Duty, Message, ToChat, Urgency, text
from handlers.questions import (
    AlertsOn,
    CasesLeft,
    CasesOf,
    Group,
    Names,
    Observations,
    Officers,
    Question,
    SchoolMorning,
    StandInsOf,
)
from handlers.rolls import ClassRoll, SchoolRoll
from handlers.values import replace
from storage import Storage, Tx, inbox, mail, open_storage, saying
from storage.answers import Answers
from storage.sqlite import Sqlite
from storage.transaction import Param, Row
from tests.handlers.world import CENTRAL, MONDAY, World, pupils, staff

LOOK = 60
FEW, MANY = 70, 1_000
AS_MUCH = 1.1  # not more than a page of an index that is one deeper


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    storage = await open_storage(f"sqlite:///{tmp_path / 'zero.db'}", inline=True)
    made = World(storage)
    await made.begin()
    yield made
    await storage.close()


class Counted:
    """A transaction that counts the rows it brings."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.rows = 0

    def all(self, sql: str, /, **params: Param) -> list[Row]:
        found = self._tx.all(sql, **params)
        self.rows += len(found)
        return found

    def one(self, sql: str, /, **params: Param) -> Row | None:
        self.rows += 1
        return self._tx.one(sql, **params)

    def locked(self, sql: str, /, *, skip: bool = False, **params: Param) -> list[Row]:
        return self.all(sql, **params)

    def run(self, sql: str, /, **params: Param) -> int:
        return self._tx.run(sql, **params)

    def many(self, sql: str, rows: Iterable[Mapping[str, Param]]) -> None:
        self._tx.many(sql, rows)

    def savepoint(self) -> AbstractContextManager[None]:
        return self._tx.savepoint()


async def rows_of_joining(world: World, name: str) -> int:
    """By WeCom's directory, at seven in the morning."""
    member = world.draw("machine", "machine", "member", ("wecom", name, await world.person(name)), "")

    def joining(tx: Tx) -> int:
        counted = Counted(tx)
        assert decide(member, Answers(counted)).facts
        return counted.rows

    return await world.storage.read(joining)


async def steps(storage: Storage, work: Callable[[Tx], object]) -> int:
    """Of SQLite's virtual machine."""
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    def counting(tx: Tx) -> None:
        assert isinstance(tx, Sqlite)
        tx.connection.set_progress_handler(step, 1)
        try:
            work(tx)
        finally:
            tx.connection.set_progress_handler(None, 0)

    await storage.read(counting)
    return taken


def school(nth: int) -> SchoolRoll:
    teachers = tuple(staff(f"教师{n}", Duty.TEACHER, classes=("三(1)班",)) for n in range(10))
    return SchoolRoll(f"第{nth}校", (ClassRoll("三(1)班", "三", 1),), teachers, pupils("三(1)班", 20, nth * 1000))


async def test_who_joins_a_large_school_costs_no_more_than_in_a_small_one(world: World) -> None:
    small = await rows_of_joining(world, "张敏")
    more = tuple(staff(f"教师{n}", Duty.TEACHER, classes=("三(2)班",)) for n in range(60))
    large = replace(CENTRAL, staff=(*CENTRAL.staff, *more), pupils=(*CENTRAL.pupils, *pupils("三(2)班", 40, 900)))
    await world.import_roll(large)
    assert await rows_of_joining(world, "张敏") == small


OF_A_SCHOOL: Mapping[str, Callable[[str], Question[Any]]] = {
    "whether words name a pupil": lambda school: Names("三1班17号发热", school, MONDAY),
    "who is away": lambda school: CasesOf(school, MONDAY),
    "who of them leaves": lambda school: CasesLeft(school, MONDAY),
    "who is observed": lambda school: Observations(school, MONDAY),
    "the morning": lambda school: SchoolMorning(school, MONDAY, "am"),
    "its alerts": lambda school: AlertsOn(MONDAY, school),
    "who stands in": lambda school: StandInsOf(school, MONDAY),
    "the district's officers": lambda school: Officers(MONDAY),
}


async def test_what_concerns_one_school_is_looked_up_in_it_alone(world: World) -> None:
    central = str((await world.rows("SELECT id FROM school WHERE name = '中心小学'"))[0]["id"])

    async def looked_up() -> dict[str, int]:
        return {name: await steps(world.storage, asking(one(central))) for name, one in OF_A_SCHOOL.items()}

    alone = await looked_up()
    for nth in range(10):
        await world.import_roll(school(nth), 10 + nth)
    assert [name for name, taken in (await looked_up()).items() if taken > AS_MUCH * alone[name]] == []


def asking(question: Question[Any]) -> Callable[[Tx], object]:
    return lambda tx: Answers(tx)(question)


FOUND: Mapping[str, Callable[..., object]] = {
    "what goes next": lambda tx, now: mail.due(tx, now, LOOK, "wecom", silent=False, edits=True),
    "when to look again": mail.next_due,
    "alerts that have not arrived": mail.late_alerts,
    "the leaders' group": lambda tx, now: Answers(tx)(Group(LEADERS)),
    "what became of one row": lambda tx, now: inbox.outcome_of(tx, "machine", "row:0"),
}


async def test_nothing_that_is_looked_for_all_day_takes_longer_among_thousands(world: World) -> None:
    await _put(world, FEW)
    among_few = {name: await steps(world.storage, partial(found, now=world.now)) for name, found in FOUND.items()}
    await _put(world, MANY)
    among_many = {name: await steps(world.storage, partial(found, now=world.now)) for name, found in FOUND.items()}
    assert [name for name, taken in among_many.items() if taken > AS_MUCH * among_few[name]] == []


async def _put(world: World, many: int) -> None:
    """Messages that are all due at once, and rows that are done."""
    update = world.draw("machine", "machine", "member", (), "")
    card = Message("card", ToChat("wecom", "gh"), text("answer.broken"), urgency=Urgency.BROADCAST)
    rows = [inbox.own("district", "machine", f"row:{n}", "member", (), "", update.seed) for n in range(many)]

    def put(tx: Tx) -> None:
        for n in range(many):
            saying.say(tx, update, [replace(card, key=f"card:{n}", to=ToChat("wecom", f"gh{n}"))])
        inbox.put(tx, rows, update.now)

    await world.storage.run(put)
