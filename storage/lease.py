"""Who does what one process alone may do, until when: by the database's clock, the same for all who share it.

A holder that was asleep may not know that it is none any more. So whatever it commits, it commits with its epoch."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from msgspec import Struct

from handlers.plain import stamp, unstamp
from storage.transaction import Row, Storage, Tx

LENGTH: Final = timedelta(seconds=6)  # from its last renewal
EPOCH: Final = "SELECT epoch FROM lease WHERE name = :name"
RENEWED: Final = "UPDATE lease SET until = :until WHERE name = :name AND holder = :holder"
FIRST: Final = """INSERT INTO lease (name, holder, epoch, until) VALUES (:name, :holder, 1, :until)
                  ON CONFLICT (name) DO NOTHING"""
T = TypeVar("T")


class Superseded(Exception):
    """Another process has taken the lease over: nothing of this work holds, and whoever did it has to stop."""


def keep(tx: Tx, name: str, holder: str, now: datetime, gone: Callable[[str], bool]) -> int | None:
    """Renews it, or takes what nobody holds. Its epoch, the same while nobody else has had it between; None while it is
    another's. `now`: by the database's `clock`; `gone`: whether a holder is known to be dead, whatever it had left."""
    new = {"name": name, "holder": holder, "until": stamp(now + LENGTH)}
    known = _known(tx, name)
    if known is None:
        return 1 if tx.run(FIRST, **new) else None
    if known.holder == holder:
        tx.run(RENEWED, **new)
        return known.epoch
    if known.until > now and not gone(known.holder):
        return None
    tx.run("UPDATE lease SET holder = :holder, epoch = epoch + 1, until = :until WHERE name = :name", **new)
    return known.epoch + 1


def let_go(tx: Tx, name: str, epoch: int) -> None:
    """Anybody may have it from now on. The epoch goes on being counted."""
    tx.run(
        "UPDATE lease SET until = :now WHERE name = :name AND epoch = :epoch",
        name=name,
        epoch=epoch,
        now=stamp(clock(tx)),
    )


def ended(tx: Tx, name: str) -> bool:
    """Of a process that ends well, or is buried. False when that has been done."""
    return tx.run("DELETE FROM lease WHERE name = :name", name=name) == 1


def bury(tx: Tx, kind: str, gone: Callable[[str], bool]) -> int:
    """How many processes of this kind (`kind:…`) have not ended well. Each is counted once."""
    now = clock(tx)
    dead = [one.name for one in _of_kind(tx, kind) if one.until <= now or gone(one.holder)]
    return sum(ended(tx, name) for name in dead)


def alive(tx: Tx) -> bool:
    """Whether any process is at work on this database."""
    now = clock(tx)
    return any(_lease(row).until > now for row in tx.all("SELECT name, holder, epoch, until FROM lease"))


def others(tx: Tx, kind: str, holder: str) -> bool:
    """Whether another process of this kind is at work."""
    now = clock(tx)
    return any(one.until > now and one.holder != holder for one in _of_kind(tx, kind))


class Guarded(Struct, frozen=True):
    """The storage of a lease's holder. Raises Superseded where the lease is another's by now."""

    storage: Storage
    name: str
    epoch: int

    async def run(self, work: Callable[[Tx], T]) -> T:
        """Until the work is committed nobody can take the lease over."""

        def guarded(tx: Tx) -> T:
            self._insist(tx.locked(EPOCH, name=self.name))
            return work(tx)

        return await self.storage.run(guarded)

    async def read(self, work: Callable[[Tx], T]) -> T:
        def guarded(tx: Tx) -> T:
            self._insist(tx.all(EPOCH, name=self.name))
            return work(tx)

        return await self.storage.read(guarded)

    async def close(self) -> None:
        """It is not ours to close."""

    def _insist(self, known: list[Row]) -> None:
        if known != [{"epoch": self.epoch}]:
            raise Superseded(f"{self.name} has been taken over by another process")


def clock(tx: Tx) -> datetime:
    """The database's own, as the transaction began; on SQLite in whole seconds."""
    row = tx.one("SELECT CAST(CURRENT_TIMESTAMP AS TEXT) AS now")
    now = datetime.fromisoformat(str(row["now"]) if row else "")
    return now.astimezone(UTC) if now.tzinfo else now.replace(tzinfo=UTC)  # SQLite's is UTC and does not say so


class _Lease(Struct, frozen=True):
    name: str
    holder: str
    epoch: int
    until: datetime


def _known(tx: Tx, name: str) -> _Lease | None:
    rows = tx.locked("SELECT name, holder, epoch, until FROM lease WHERE name = :name", name=name)
    return _lease(rows[0]) if rows else None


def _of_kind(tx: Tx, kind: str) -> list[_Lease]:
    rows = tx.all(
        "SELECT name, holder, epoch, until FROM lease WHERE name >= :from AND name < :to ORDER BY name",
        to=f"{kind};",
        **{"from": f"{kind}:"},
    )
    return [_lease(row) for row in rows]


def _lease(row: Row) -> _Lease:
    return _Lease(row["name"], row["holder"], row["epoch"], unstamp(row["until"]))
