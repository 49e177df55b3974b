"""What one process alone may do: leases, taken and renewed together, and work that goes on only while they hold."""

import asyncio
import logging
import os
import secrets
from base64 import b32encode
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from bot.channels import Conflict
from bot.clock import Clock
from storage import Storage, StorageError, Tx
from storage.lease import LENGTH, Guarded, Superseded, bury, clock, ended, keep, let_go
from storage.running import seen

log = logging.getLogger(__name__)

# Real seconds, for they are measured against the database's clock: between two renewals, and two looks at a lease that
# is another's
BEAT: Final = 1.5
LEAST_PATIENCE: Final = 3.0
BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
PROCESSES: Final = Path("/proc/self/ns/pid")


class Leases:
    """Each name that is wanted is ours, another's or nobody's. Where the database is away for a lease's length nothing
    is ours any more: by then somebody else may have it."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._here = _process_table()
        self.own = b32encode(secrets.token_bytes(5)).decode().lower()  # made as the ids are
        self.holder = f"{self._here}/{os.getpid()}/{self.own}"
        self._wanted: set[str] = set()
        self._epochs: Mapping[str, int] = {}
        self._until_when = 0.0  # by the loop's clock
        self._renewing = asyncio.Lock()
        self._changed = asyncio.Condition()

    async def run(self) -> None:
        """For ever."""
        while True:
            await self.renew()
            await asyncio.sleep(BEAT)

    async def renew(self) -> None:
        """All that are wanted, in one transaction. One at a time: the next goes by what the one before it found."""
        async with self._renewing:
            before = self._epochs
            await self._renew()
            changed = self._epochs != before
        if changed:
            async with self._changed:
                self._changed.notify_all()

    async def _renew(self) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        # who comes late because the machine was busy asks all the same: perhaps nobody has taken over
        patience = max(self._until_when, begun + LEAST_PATIENCE) if self._epochs else None
        try:
            async with asyncio.timeout_at(patience):
                self._epochs = await self._storage.run(self._kept)
            self._until_when = begun + LENGTH.total_seconds()
        except (StorageError, TimeoutError) as error:
            if self._epochs and loop.time() >= self._until_when:
                log.error("the database is away, so what one process alone may do is left to others: %s", error)
                self._epochs = {}

    async def register(self, kind: str) -> None:
        """A lease of this process's own, by which others know that it is at work."""
        self._wanted.add(f"{kind}:{self.holder}")
        await self.renew()

    async def bury(self, kind: str) -> bool:
        """Whether a process of this kind has ended without saying so; true once for each."""
        return await self._storage.run(lambda tx: bury(tx, kind, self._is_gone)) > 0

    async def hold(self, name: str, work: Callable[[Guarded], Awaitable[None]]) -> None:
        """For ever: does the work whenever the lease is ours, with a storage that takes what it does only then. Raises
        what ended the work, unless the lease was lost."""
        self._wanted.add(name)
        with self._clock.busy():
            await self.renew()
        while True:
            await self._until(lambda: name in self._epochs)
            epoch = self._epochs[name]
            log.info("%s is this process's (epoch %d)", name, epoch)
            try:
                await self._work(name, epoch, work)
            except Exception:
                self._wanted.discard(name)
                raise
            log.warning("%s is no longer this process's (epoch %d)", name, epoch)

    async def release(self, *, clean: bool) -> None:
        """At the end. Unless it is `clean`, others are to know that this process did not end well."""

        def let_all_go(tx: Tx) -> None:
            for name, epoch in self._epochs.items():
                if not name.endswith(self.holder):
                    let_go(tx, name, epoch)
                elif clean:
                    ended(tx, name)

        await self._storage.run(let_all_go)

    async def _work(self, name: str, epoch: int, work: Callable[[Guarded], Awaitable[None]]) -> None:
        """Until the lease is lost."""
        working = asyncio.ensure_future(work(Guarded(self._storage, name, epoch)))
        # asked for at once: who is told to stop while it ends, perhaps twice, asks no more
        working.add_done_callback(seen)
        losing = asyncio.ensure_future(self._until(lambda: self._epochs.get(name) != epoch))
        try:
            await asyncio.wait({working, losing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            losing.cancel()
            working.cancel()
            await asyncio.wait({working})
        if working.cancelled():
            return
        try:
            working.result()
        except Superseded:
            await self.renew()
        except Conflict:  # whom the platform has let in instead of us may be who has the lease
            await self.renew()
            if self._epochs.get(name) == epoch:
                raise

    async def _until(self, told: Callable[[], bool]) -> None:
        async with self._changed:
            await self._changed.wait_for(told)

    def _kept(self, tx: Tx) -> dict[str, int]:
        """In the order of their names, as every process does: so none waits for one that waits for it."""
        now = clock(tx)
        kept = ((name, keep(tx, name, self.holder, now, self._is_gone)) for name in sorted(self._wanted))
        return {name: epoch for name, epoch in kept if epoch is not None}

    def _is_gone(self, holder: str) -> bool:
        """Of a process of this very machine that is known at once; of others only by time."""
        where, _, rest = holder.partition("/")
        if not self._here or where != self._here:
            return False
        try:
            os.kill(int(rest.partition("/")[0]), 0)
        except ProcessLookupError:
            return True
        except OSError:  # it is another user's
            return False
        return False


def _process_table() -> str:
    """What two processes share that see each other's numbers; nothing where that cannot be told."""
    try:
        return f"{BOOT.read_text(encoding='ascii').strip()}.{PROCESSES.stat().st_ino}"
    except OSError:
        return ""
