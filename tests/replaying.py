"""Replays an inbox from nothing: each row decided again, in its order and at its hour, in an empty database.

A row whose body is gone (a stranger's, or one past its days) cannot be decided again: the facts it caused are recorded
as they stand in the log."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

from bot.channels.configured import nobody
from bot.channels.telegram import Telegram
from bot.channels.wecom import Api, Crypto, Groups, Receiver, WeCom
from bot.turn import Turn
from handlers import facts as f
from handlers.plain import read, unstamp
from storage import Row, Storage, Tx, inbox
from storage.record import Cause, record

ZONE = ZoneInfo("Asia/Shanghai")
MANY = 100_000
OF_WHAT_IS_GONE = frozenset({"Pruned", "Erased", "PersonErased"})  # they count what can no longer be counted
KINDS = {one.__name__: one for one in get_args(f.Fact)}
# what the postman, the clock and the platform write, and no decision
NOT_DECIDED = frozenset({"message", "sent", "removal", "wanted", "seen", "later", "progress", "inbox", "migration"})

# a stranger was answered there: what they wrote is not kept
WITHOUT = {"address": " WHERE state <> 'unknown'"}


class Then:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.at = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return 0.0

    async def sleep_until(self, when: datetime) -> None:
        raise AssertionError("nothing waits in a replay")

    @contextmanager
    def busy(self) -> Iterator[None]:
        yield


class Past(Telegram):
    """Reads what came; answers nobody."""

    def __init__(self, clock: Then) -> None:
        super().__init__("1:a", "http://localhost/bot", clock)
        self.username = "zero_report_bot"

    async def answer(self, tap: str, words: str | None, *, loud: bool) -> None:
        return None


class PastOnWeCom(WeCom):
    """Reads what came."""

    def __init__(self, clock: Then) -> None:
        api = Api("http://localhost", "ww", "", clock)
        receiver = Receiver(Crypto("t", "a" * 43, "ww"), clock, "localhost", 0, "/")
        super().__init__(api, 1, receiver, Groups(api, None, nobody), clock)


async def replay(old: Storage, new: Storage) -> int:
    """How many rows were decided again. AssertionError names the first that came out otherwise."""
    clock, again = Then(), 0
    turn = Turn(new, clock, ZONE, {"telegram": Past(clock), "wecom": PastOnWeCom(clock)}, lambda: None, lambda: None)
    rows = await old.read(
        lambda tx: tx.all("SELECT * FROM inbox WHERE state = 'done' ORDER BY place, decided_at, received, id")
    )
    for row in rows:
        clock.at = unstamp(row["decided_at"])
        facts = await old.read(lambda tx, row=row: _facts(tx, row))  # type: ignore[misc]
        if row["body"] == "" or any(one["kind"] in OF_WHAT_IS_GONE for one in facts):
            await new.run(lambda tx, row=row, facts=facts: _by_facts(tx, row, facts))  # type: ignore[misc]
            continue
        await new.run(lambda tx, row=row: _decide(tx, row, turn))  # type: ignore[misc]
        again += 1
    return again


def _facts(tx: Tx, row: Row) -> list[Row]:
    return tx.all("SELECT * FROM fact WHERE cause = :id ORDER BY n", id=row["id"])


def _decide(tx: Tx, row: Row, turn: Turn) -> None:
    _feed(tx, row)
    inbox.hold(tx, row["lane"])
    [one] = [one for one in inbox.take(tx, row["lane"], MANY) if one.id == row["id"]]
    turn.take(tx, one)
    now = tx.one("SELECT state, outcome FROM inbox WHERE id = :id", id=row["id"])
    assert now is not None
    assert now["state"] == "done", f"{row['id']}: {now['outcome']}"


def _feed(tx: Tx, row: Row) -> None:
    """What a turn put for later or for another lane must be what came of it then."""
    key = {"channel": row["channel"], "native": row["native"]}
    tx.run("DELETE FROM later WHERE channel = :channel AND native = :native", **key)
    there = tx.one("SELECT body, seed, lane, state FROM inbox WHERE id = :id", id=row["id"])
    if there is not None:
        same = (there["body"], bytes(there["seed"]), there["lane"]) == (row["body"], bytes(row["seed"]), row["lane"])
        assert same, f"{row['id']} was put otherwise: {there['body']}"
        tx.run(
            "UPDATE inbox SET on_key = :on, meant = :meant WHERE id = :id",
            id=row["id"],
            on=row["on_key"],
            meant=row["meant"],
        )
        return
    _insert(tx, "inbox", {**row, "state": "open", "outcome": "", "place": None, "decided_at": None, "tries": 0})
    tx.run(
        """INSERT INTO seen (channel, native, received) VALUES (:channel, :native, :received)
           ON CONFLICT (channel, native) DO NOTHING""",
        received=row["received"],
        **key,
    )


def _insert(tx: Tx, table: str, row: Mapping[str, Any]) -> None:
    names = list(row)
    sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"  # noqa: S608
    tx.run(sql, **{name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()})


def _by_facts(tx: Tx, row: Row, facts: list[Row]) -> None:
    tx.run("DELETE FROM inbox WHERE id = :id", id=row["id"])  # as it was put by the turn before it
    _insert(tx, "inbox", row)
    inbox.hold(tx, row["lane"])
    for one in facts:
        if one["body"] == "":
            _erased(tx, one)
            continue
        at = unstamp(one["at"])
        day = at.astimezone(ZONE).date()
        cause = Cause(row["id"], one["lane"], one["actor"], at, day, one["channel"], bytes(row["seed"]))
        record(tx, fact_from(one["kind"], one["body"]), cause)


def _erased(tx: Tx, fact: Row) -> None:
    """Of it there is nothing but its place and its digest."""
    tx.run("UPDATE lane SET n = n + 1 WHERE name = :lane", lane=fact["lane"])
    _insert(tx, "fact", fact)


def fact_from(kind: str, body: str) -> f.Fact:
    made: f.Fact = read(KINDS[kind], body)
    return made


async def everything(storage: Storage, tables: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table, in the order of all their columns."""

    def rows_of(tx: Tx) -> dict[str, list[dict[str, Any]]]:
        return {one: _sorted(tx.all(f"SELECT * FROM {one}{WITHOUT.get(one, '')}")) for one in tables}  # noqa: S608

    return await storage.read(rows_of)


def _sorted(rows: list[Row]) -> list[dict[str, Any]]:
    plain = [{name: bytes(v) if isinstance(v, memoryview) else v for name, v in row.items()} for row in rows]
    return sorted(plain, key=lambda row: [str(value) for value in row.values()])


def kept(tx: Tx) -> list[str]:
    """Every table of an SQLite database that decisions keep."""
    rows = tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")
    return sorted({row["name"] for row in rows} - NOT_DECIDED)


async def same_again(old: Storage, new: Storage) -> int:
    """`new` is SQLite. Replays and compares, fact for fact and row for row."""
    again = await replay(old, new)
    tables = await new.read(kept)
    then, now = await everything(old, tables), await everything(new, tables)
    assert await new.read(lambda tx: tx.all("SELECT id FROM inbox WHERE state = 'open'")) == []
    for name, rows in then.items():
        assert now[name] == rows, difference(name, rows, now[name])
    return again


def difference(name: str, then: list[dict[str, Any]], now: list[dict[str, Any]]) -> str:
    gone = [row for row in then if row not in now][:3]
    new = [row for row in now if row not in then][:3]
    return f"table {name}: {len(then)} rows, now {len(now)}\n then: {gone}\n now: {new}"
