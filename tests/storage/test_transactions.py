"""What both databases promise to work, and to whoever hands work over."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import closing

import pytest

from storage import Conflict, Row, Storage, Tx, connected, open_storage, transact
from storage.postgres import WORDS
from storage.statement import reworded

PUT = "INSERT INTO thing (name, n) VALUES (:name, :n)"


TABLE = "CREATE TABLE thing (name TEXT PRIMARY KEY, n INTEGER, share REAL, raw BLOB)"


@pytest.fixture
async def things(storage: Storage, storage_url: str) -> Storage:
    await storage.run(made(storage_url))
    return storage


def made(url: str) -> Callable[[Tx], int]:
    """The table as a migration would make it."""
    return lambda tx: tx.run(reworded(TABLE, WORDS if url.startswith("postgresql") else {}))


def put(name: str, n: int | None = 0) -> Callable[[Tx], int]:
    return lambda tx: tx.run(PUT, name=name, n=n)


def names(tx: Tx) -> list[str]:
    return [row["name"] for row in tx.all("SELECT name FROM thing ORDER BY name")]


async def test_work_is_committed_and_its_answer_returned(things: Storage) -> None:
    assert await things.run(put("a")) == 1
    assert await things.read(names) == ["a"]


async def test_an_error_undoes_the_whole_work_and_passes(things: Storage) -> None:
    def fail(tx: Tx) -> None:
        put("a")(tx)
        raise ArithmeticError("in the work")

    with pytest.raises(ArithmeticError, match="in the work"):
        await things.run(fail)
    assert await things.read(names) == []


def put_and_fail(tx: Tx) -> None:
    with tx.savepoint():
        put("inside")(tx)
        with tx.savepoint():
            put("deeper")(tx)
        raise ArithmeticError


async def test_a_savepoint_undoes_its_own_and_lets_the_error_pass(things: Storage) -> None:
    def work(tx: Tx) -> None:
        put("before")(tx)
        with pytest.raises(ArithmeticError):
            put_and_fail(tx)
        put("after")(tx)

    await things.run(work)
    assert await things.read(names) == ["after", "before"]


async def test_an_inner_savepoint_undoes_nothing_of_the_outer(things: Storage) -> None:
    def work(tx: Tx) -> None:
        with tx.savepoint():
            put("outer")(tx)
            with pytest.raises(ArithmeticError):
                put_and_fail(tx)

    await things.run(work)
    assert await things.read(names) == ["outer"]


async def test_a_broken_constraint_is_a_conflict_after_which_a_savepoint_goes_on(things: Storage) -> None:
    def work(tx: Tx) -> None:
        put("a")(tx)
        with pytest.raises(Conflict), tx.savepoint():
            put("a")(tx)
        put("b")(tx)

    await things.run(work)
    assert await things.read(names) == ["a", "b"]


async def test_one_gives_the_row_or_none_and_refuses_two(things: Storage) -> None:
    await things.run(lambda tx: tx.many(PUT, [{"name": name, "n": 1} for name in ("a", "b")]))

    def which(tx: Tx, least: str) -> Row | None:
        return tx.one("SELECT name FROM thing WHERE name >= :least", least=least)

    assert await things.read(lambda tx: which(tx, "c")) is None
    assert await things.read(lambda tx: which(tx, "b")) == {"name": "b"}
    with pytest.raises(LookupError, match="2 rows"):
        await things.read(lambda tx: which(tx, "a"))


@pytest.mark.parametrize(
    ("statement", "touched"),
    [
        ("UPDATE thing SET n = n + 1", 2),
        ("UPDATE thing SET n = n + 1 WHERE name = 'none'", 0),
        ("INSERT INTO thing (name) VALUES ('a') ON CONFLICT (name) DO NOTHING", 0),
        ("WITH wanted AS (SELECT 'b' AS name) DELETE FROM thing WHERE name IN (SELECT name FROM wanted)", 1),
        ("CREATE TABLE other (n INTEGER)", 0),
    ],
)
async def test_run_counts_the_rows_that_it_touched(things: Storage, statement: str, touched: int) -> None:
    await things.run(lambda tx: tx.many(PUT, [{"name": name, "n": 1} for name in ("a", "b")]))
    assert await things.run(lambda tx: tx.run(statement)) == touched


async def test_many_takes_no_rows_at_all(things: Storage) -> None:
    await things.run(lambda tx: tx.many(PUT, iter(())))
    assert await things.read(names) == []


async def test_rows_may_be_returned_by_a_statement_that_writes(things: Storage) -> None:
    rows = await things.run(lambda tx: tx.all(PUT + " RETURNING name, n + 1 AS next", name="a", n=1))
    assert rows == [{"name": "a", "next": 2}]
    assert await things.read(names) == ["a"]


async def test_values_come_back_as_they_were_put(things: Storage) -> None:
    wide = 2**40 + 1
    await things.run(
        lambda tx: tx.run(
            "INSERT INTO thing (name, n, share, raw) VALUES (:name, :n, :share, :raw)",
            name="三(2)班 '\"%:x\\",
            n=wide,
            share=37.3,
            raw=b"\x00\xff",
        )
    )
    row = await things.read(lambda tx: tx.one("SELECT * FROM thing WHERE share >= :line", line=37.3))
    assert row == {"name": "三(2)班 '\"%:x\\", "n": wide, "share": 37.3, "raw": b"\x00\xff"}


async def test_sums_are_whole_and_averages_are_not(things: Storage) -> None:
    await things.run(
        lambda tx: tx.many(PUT, [{"name": "a", "n": 2**40}, {"name": "b", "n": 1}, {"name": "c", "n": None}])
    )
    row = await things.read(lambda tx: tx.one("SELECT sum(n) AS whole, avg(n - n % 2) AS part FROM thing"))
    assert row is not None
    assert [(type(value), value) for value in row.values()] == [(int, 2**40 + 1), (float, 2.0**39)]


async def test_text_is_ordered_by_code_point(things: Storage) -> None:
    wanted = sorted(["Z", "a", "a-b", "aa", "é", "三", "一", "2026-09-01T00:07:30.123456Z"])
    await things.run(lambda tx: tx.many(PUT, [{"name": name, "n": 0} for name in reversed(wanted)]))
    assert await things.read(names) == wanted


async def test_quotes_comments_and_percent_signs_are_left_alone(things: Storage) -> None:
    def ask(tx: Tx) -> Row | None:
        return tx.one("SELECT '100%:n''s' AS said, CAST(:n AS TEXT) AS n, 7 % 4 AS rest -- 50 % :off", n="1")

    assert await things.read(ask) == {"said": "100%:n's", "n": "1", "rest": 3}


async def test_a_parameter_may_have_any_name(things: Storage) -> None:
    await things.run(lambda tx: tx.run("INSERT INTO thing (name) VALUES (:sql)", sql="a"))
    await things.run(lambda tx: tx.run("UPDATE thing SET name = :self", **{"self": "b"}))
    assert await things.read(names) == ["b"]


async def test_reading_cannot_write(things: Storage) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only"):
        await things.read(put("a"))
    assert await things.read(names) == []


async def test_a_reader_sees_one_snapshot_and_waits_for_no_writer(things: Storage, storage_url: str) -> None:
    def look_twice(tx: Tx) -> tuple[list[str], list[str]]:
        first = names(tx)
        with closing(connected(storage_url, writes=True)) as other:
            transact(other, put("a"))
        return first, names(tx)

    assert await things.read(look_twice) == ([], [])
    assert await things.read(names) == ["a"]


async def test_a_reader_does_not_see_what_is_not_committed(things: Storage, storage_url: str) -> None:
    def write(tx: Tx) -> list[str]:
        put("a")(tx)
        with closing(connected(storage_url, writes=False)) as other:
            return transact(other, names)

    assert await things.run(write) == []
    assert await things.read(names) == ["a"]


async def test_works_run_one_by_one_in_the_order_of_the_calls(things: Storage) -> None:
    def take(n: int) -> Callable[[Tx], int]:
        def work(tx: Tx) -> int:
            found = len(names(tx))
            put(f"{n:03}")(tx)
            return found

        return work

    assert await asyncio.gather(*(things.run(take(n)) for n in range(50))) == list(range(50))


async def test_work_whose_caller_is_cancelled_is_finished_and_committed(things: Storage, storage_url: str) -> None:
    def work(tx: Tx) -> None:
        put("before")(tx)
        put("after")(tx)

    with closing(connected(storage_url, writes=True)) as other:
        other.begin()
        put("after")(other)  # SQLite lets nobody else begin now, and PostgreSQL nobody write this row
        running = asyncio.create_task(things.run(work))
        await asyncio.sleep(0.1)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        other.rollback()
    await things.run(lambda tx: None)
    assert await things.read(names) == ["after", "before"]


async def test_closing_waits_for_the_work_handed_over(storage_url: str) -> None:
    first = await open_storage(storage_url)
    await first.run(made(storage_url))
    writing = [asyncio.create_task(first.run(put(f"{n}"))) for n in range(5)]
    await asyncio.sleep(0)
    await first.close()
    await asyncio.gather(*writing)
    second = await open_storage(storage_url)
    assert await second.read(names) == ["0", "1", "2", "3", "4"]
    await second.close()


async def test_a_stop_iteration_in_the_work_is_an_error_and_no_endless_wait(things: Storage) -> None:
    def work(tx: Tx) -> str:
        put("a")(tx)
        return next(iter(()))

    with pytest.raises(RuntimeError, match="StopIteration"):
        await things.run(work)
    assert await things.read(names) == []


async def test_work_runs_where_it_costs_least(storage_url: str) -> None:
    """SQLite's in the event loop; what waits for a server on threads of the connections; and inline in the caller."""
    here = threading.current_thread()
    for inline in (False, True):
        opened = await open_storage(storage_url, inline=inline)
        writer = await opened.run(lambda tx: threading.current_thread())
        reader = await opened.read(lambda tx: threading.current_thread())
        await opened.close()
        beside = not inline and storage_url.startswith("postgresql")
        assert len({writer, reader, here}) == (3 if beside else 1)


async def test_inline_work_is_committed_or_undone_alike(storage_url: str) -> None:
    opened = await open_storage(storage_url, inline=True)
    await opened.run(made(storage_url))
    await opened.run(put("a"))
    with pytest.raises(Conflict):
        await opened.run(put("a"))
    assert await opened.read(names) == ["a"]
    await opened.close()
