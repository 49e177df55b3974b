"""`storage copy`: from SQLite to PostgreSQL and back, whole, or not at all."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.turn import Turn
from handlers.plain import stamp
from handlers.questions import RulesOn
from storage import Row, Tx, Unmoved, connected, copy_storage, inbox, lease, open_storage
from storage.answers import Answers
from storage.migrate import keys_of_tables
from tests.databases import Server
from tests.small_district import PHONES
from tests.stack import TUESDAY, ZONE, Stack

MONDAY = TUESDAY - timedelta(days=1)


@pytest.fixture
def filled(tmp_path: Path) -> str:
    """A district with everybody bound and a seal."""
    return asyncio.run(_filled(f"sqlite:///{tmp_path / 'old.db'}"))


async def _filled(url: str) -> str:
    stack = Stack(url)
    await stack.furnish()
    for row in await stack.rows("SELECT id, name, school FROM person"):
        number = str(PHONES[row["name"]])
        await stack.machine("member", "telegram", number, row["id"], lane=row["school"] or inbox.DISTRICT)
    await _sealed(stack)
    await stack.close()
    return url


async def _sealed(stack: Stack) -> None:
    """As the night before does it."""
    rules = await stack.storage.read(lambda tx: Answers(tx)(RulesOn(MONDAY)))
    due = next(due for due in rules.dues(MONDAY, ZONE) if due.step.name == "seal")
    at = stamp(due.at)
    args = ("seal", at, due.round, MONDAY.isoformat())
    tick = inbox.own(inbox.DISTRICT, "clock", f"tick:seal:{at}:{due.round}:district", "tick", args, "", bytes(16))
    await stack.storage.run(lambda tx: inbox.put(tx, [tick], stack.clock.now()))
    await Turn(stack.storage, stack.clock, ZONE, {}, lambda: None, lambda: None).drain()


def everything(url: str) -> Iterator[tuple[str, list[Row]]]:
    """Every table that is not about who runs where, in the order of its key."""
    with closing(connected(url, writes=False)) as books:
        books.begin()
        for name, key in keys_of_tables().items():
            if name != "lease":
                yield name, books.all(f"SELECT * FROM {name} ORDER BY {', '.join(key)}")  # noqa: S608


def test_what_went_to_postgresql_and_back_is_the_same(filled: str, postgres: Server, tmp_path: Path) -> None:
    server, back = postgres.empty(), f"sqlite:///{tmp_path / 'back.db'}"
    there = copy_storage(filled, server)
    assert there.seals.broken is None
    assert (there.seals.seals, there.seals.facts > len(PHONES)) == (1, True)
    assert copy_storage(server, back).rows == there.rows
    assert dict(everything(back)) == dict(everything(filled)) == dict(everything(server))


def test_no_table_is_forgotten(filled: str, postgres: Server) -> None:
    with closing(connected(filled, writes=False)) as books:
        books.begin()
        known = {row["name"] for row in books.all("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert known == {*keys_of_tables(), "schema_version"}
    copied = set(copy_storage(filled, postgres.empty()).rows)
    assert copied == set(keys_of_tables()) - {"lease"}


def test_onto_a_database_that_is_not_empty_nothing_is_copied(filled: str, tmp_path: Path) -> None:
    other = asyncio.run(_filled(f"sqlite:///{tmp_path / 'other.db'}"))
    before = dict(everything(other))
    with pytest.raises(Unmoved, match="not_empty"):
        copy_storage(filled, other)
    assert dict(everything(other)) == before


def test_from_under_a_running_bot_nothing_is_copied(filled: str, tmp_path: Path) -> None:
    asyncio.run(_run(filled, lambda tx: lease.keep(tx, "work:a", "a", lease.clock(tx), lambda _: False)))
    with pytest.raises(Unmoved, match="running"):
        copy_storage(filled, f"sqlite:///{tmp_path / 'new.db'}")
    asyncio.run(_run(filled, lambda tx: lease.ended(tx, "work:a")))
    copy_storage(filled, f"sqlite:///{tmp_path / 'new.db'}")


async def _run(url: str, work: Callable[[Tx], object]) -> None:
    storage = await open_storage(url)
    await storage.run(work)
    await storage.close()


def test_a_copy_that_is_not_the_same_is_undone_whole(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a bug in the copying, or a database that swallows rows, would make it."""
    new = f"sqlite:///{tmp_path / 'new.db'}"
    monkeypatch.setattr("storage.copying.pour", lambda source, target: None)
    with pytest.raises(Unmoved, match="rows inbox"):
        copy_storage(filled, new)
    monkeypatch.undo()
    assert all(rows == [] for _, rows in everything(new))
    copy_storage(filled, new)


def test_the_command_says_how_it_went(filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    new = f"sqlite:///{tmp_path / 'new.db'}"
    done = CliRunner().invoke(app, ["storage", "copy", filled, new])
    assert (done.exit_code, "存证链完整" in done.output, "逐表核对一致" in done.output) == (0, True, True)
    again = CliRunner().invoke(app, ["storage", "copy", filled, new])
    assert (again.exit_code, "目标数据库不是空的" in again.output) == (1, True)
    asyncio.run(_run(filled, lambda tx: tx.run("UPDATE fact SET actor = 'somebody' WHERE n = 1")))
    changed = CliRunner().invoke(app, ["storage", "copy", filled, f"sqlite:///{tmp_path / 'newer.db'}"])
    assert (changed.exit_code, "存证链断裂" in changed.output) == (1, True)
    nowhere = CliRunner().invoke(app, ["storage", "copy", f"sqlite:///{tmp_path / 'no.db'}", new])
    assert nowhere.exit_code == 2
