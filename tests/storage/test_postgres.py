"""What befalls a PostgreSQL server and the way to it."""

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator, Callable
from urllib.parse import quote

import psycopg
import pytest

from handlers.model import Message, ToChat, text
from storage import Busy, Conflict, Storage, Tx, Unreadable, mail, open_storage, saying
from storage.transaction import Param
from tests.databases import Server
from tests.handlers.world import World

numbers = itertools.count(1)
PUT = "INSERT INTO thing (n) VALUES (:n)"
MINE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'zero-report' AND datname = '{}'"
)


@pytest.fixture
def database(postgres: Server) -> str:
    """The name of a database of the test's own."""
    name = f"own_{next(numbers)}"
    postgres.create(name)
    return name


@pytest.fixture
async def own(postgres: Server, database: str) -> AsyncIterator[Storage]:
    opened = await open_storage(postgres.url(database))
    await opened.run(lambda tx: tx.run("CREATE TABLE thing (n INTEGER PRIMARY KEY)"))
    yield opened
    await opened.close()


def put(n: int) -> Callable[[Tx], int]:
    return lambda tx: tx.run(PUT, n=n)


def things(tx: Tx) -> list[int]:
    return [row["n"] for row in tx.all("SELECT n FROM thing ORDER BY n")]


async def test_a_connection_lost_while_nothing_runs_is_nobody_s_trouble(
    own: Storage, postgres: Server, database: str
) -> None:
    await own.run(put(1))
    assert len(postgres.execute(MINE.format(database))) == 2  # to write and to read
    await own.run(put(2))
    assert await own.read(things) == [1, 2]


async def test_a_connection_lost_in_the_middle_is_busy_and_nothing_is_stored(
    own: Storage, postgres: Server, database: str
) -> None:
    def cut(tx: Tx) -> None:
        put(1)(tx)
        postgres.execute(MINE.format(database))
        put(2)(tx)

    with pytest.raises(Busy, match="away or busy"):
        await own.run(cut)
    assert await own.read(things) == []
    await own.run(put(3))
    assert await own.read(things) == [3]


async def test_work_that_swallows_the_loss_stores_nothing_either(own: Storage, postgres: Server, database: str) -> None:
    def stubborn(tx: Tx) -> None:
        postgres.execute(MINE.format(database))
        for n in range(3):
            with pytest.raises(Busy), tx.savepoint():
                put(n)(tx)

    with pytest.raises(Busy):
        await own.run(stubborn)
    assert await own.read(things) == []


async def test_a_database_that_is_away_is_busy_until_it_is_back(own: Storage, postgres: Server, database: str) -> None:
    postgres.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
    postgres.execute(MINE.format(database))
    for _ in range(2):
        with pytest.raises(Busy, match="away or busy"):
            await own.run(put(1))
    postgres.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS true")
    await own.run(put(1))
    assert await own.read(things) == [1]


async def test_a_lock_held_by_another_is_busy_after_a_while(postgres: Server) -> None:
    address = postgres.empty() + quote(" -c lock_timeout=50")
    first, second = await open_storage(address), await open_storage(address)
    await first.run(lambda tx: tx.run("CREATE TABLE thing (n INTEGER PRIMARY KEY)"))
    held, tried = threading.Event(), threading.Event()

    def hold(tx: Tx) -> None:
        put(1)(tx)
        held.set()
        assert tried.wait(30)

    holding = asyncio.create_task(first.run(hold))
    await asyncio.to_thread(held.wait, 30)
    with pytest.raises(Busy):
        await second.run(put(1))
    tried.set()
    await holding
    with pytest.raises(Conflict):
        await second.run(put(1))
    await first.close()
    await second.close()


async def test_going_on_after_an_error_without_a_savepoint_is_refused(own: Storage) -> None:
    def careless(tx: Tx) -> None:
        put(1)(tx)
        with pytest.raises(Conflict):
            put(1)(tx)

    with pytest.raises(RuntimeError, match="only a savepoint"):
        await own.run(careless)
    assert await own.read(things) == []


async def test_the_server_s_commit_is_never_lighter_than_on(postgres: Server, database: str) -> None:
    postgres.execute(f"ALTER DATABASE {database} SET synchronous_commit = off")
    opened = await open_storage(postgres.url(database))
    assert await opened.run(lambda tx: tx.all("SHOW synchronous_commit")) == [{"synchronous_commit": "on"}]
    await opened.close()


@pytest.mark.parametrize("how", ["ENCODING 'SQL_ASCII' LOCALE 'C'", "ENCODING 'UTF8' LOCALE 'C.UTF-8'"])
async def test_which_databases_are_fit(postgres: Server, how: str) -> None:
    address = postgres.create(f"own_{next(numbers)}", how)
    if "UTF8" in how:
        await (await open_storage(address)).close()
    else:
        with pytest.raises(Unreadable, match="createdb --template=template0 --encoding=UTF8 --locale=C"):
            await open_storage(address)


@pytest.mark.parametrize("inline", [False, True])
async def test_a_server_that_does_not_let_us_in_is_told_without_the_password(postgres: Server, inline: bool) -> None:
    address = postgres.url("nowhere").replace("postgres:@", "postgres:hidden@")
    with pytest.raises(Unreadable, match=r"does not let us in.*nowhere") as refusal:
        await open_storage(address, inline=inline)
    assert "hidden" not in str(refusal.value)


@pytest.mark.parametrize(
    "address",
    ["mysql://root:hidden@host/name", "zero.db", "sqlite://zero.db", "sqlite:///", "postgresql://a:hidden@[::"],
)
async def test_an_address_that_cannot_be_read_is_told_without_the_password(address: str) -> None:
    with pytest.raises(Unreadable, match=r"\[storage\] url") as refusal:
        await open_storage(address)
    assert "hidden" not in str(refusal.value)


async def test_a_user_without_rights_is_told_what_to_do(postgres: Server, database: str) -> None:
    postgres.execute("DROP ROLE IF EXISTS clerk")
    postgres.execute("CREATE ROLE clerk LOGIN")
    with pytest.raises(Unreadable, match="Make it the owner of its database"):
        await open_storage(postgres.url(database).replace("postgres:@", "clerk:@"))


async def test_a_statement_that_is_wrong_passes_as_the_driver_s_own_error(own: Storage) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        await own.read(lambda tx: tx.all("SELECT * FROM none"))


async def test_only_who_has_leases_is_cut_off_when_it_falls_asleep_in_a_transaction(
    postgres: Server, database: str
) -> None:
    limits = []
    for lets_go in (False, True):
        opened = await open_storage(postgres.url(database), lets_go=lets_go)
        limits += await opened.run(lambda tx: tx.all("SHOW idle_in_transaction_session_timeout"))
        limits += await opened.read(lambda tx: tx.all("SHOW idle_in_transaction_session_timeout"))
        await opened.close()
    assert [row["idle_in_transaction_session_timeout"] for row in limits] == ["0", "0", "6s", "0"]


DUE = 2_000
ASKED: dict[str, Param] = {"of": "wecom:", "letters": 6, "silent": 1, "edits": 0, "reply": 1, "limit": 8, "now": "2027"}


def put_messages(world: World) -> Callable[[Tx], None]:
    update = world.draw("machine", "machine", "member", (), "")

    def put(tx: Tx) -> None:
        for n in range(DUE):
            saying.say(tx, update, [Message(f"card:{n}", ToChat("wecom", f"one{n}"), text("answer.broken"))])

    return put


@pytest.mark.parametrize("counts", ["of the evening", "of now"])
async def test_what_goes_next_is_read_by_its_index_whatever_the_server_believes(
    own: Storage, postgres: Server, database: str, counts: str
) -> None:
    """Found at 12,800 classes, as the reminders of a quarter past eight piled up behind the pace: each look sorted all
    that was due, and ten messages a second went instead of thirty."""
    world = World(own)
    postgres.execute("ALTER TABLE message SET (autovacuum_enabled = off)", database=database)
    await own.run(put_messages(world))
    if counts == "of the evening":
        await own.run(lambda tx: tx.run("UPDATE message SET state = 'idle'"))
    postgres.execute("ANALYZE", database=database)
    await own.run(lambda tx: tx.run("UPDATE message SET state = 'due'"))

    rows = await own.read(lambda tx: tx.all("EXPLAIN " + mail.FIRST_DUE, **ASKED))
    plan = "\n".join(str(row["QUERY PLAN"]) for row in rows)

    assert "Index Scan using message_due" in plan
    assert "Sort" not in plan
