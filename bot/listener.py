"""From a channel into the inbox: commit 1. Nothing is acknowledged to a platform before it is ours."""

import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from bot.channels import Channel, Heard, Raw
from bot.clock import Clock
from bot.pulse import Pulse
from handlers.plain import stamp, unstamp
from storage import Storage, StorageError, Tx, progress
from storage.inbox import DISTRICT, Arrival, lane_of, own, put

log = logging.getLogger(__name__)

SEED_BYTES = 16
PATIENCE = timedelta(seconds=1)
LIMIT = timedelta(minutes=5)  # of a round: a poll may last a minute and a half
T = TypeVar("T")


class Listener:
    """Puts what one channel hears into the inbox and wakes the turn. When it was last in touch is written down with
    every answer of the platform, so that a gap is known for one also when the program was not there. `answered` is
    called after the first of them: who acted while we were away is heard before what was due meanwhile. While `others`
    listen, there is no gap: the platform calls whom it reaches."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        channel: Channel,
        wake: Callable[[], None],
        answered: Callable[[], None],
        others: Callable[[Tx], bool] = lambda tx: False,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._channel = channel
        self._wake = wake
        self._answered = answered
        self._others = others
        self._first = True
        self._touch = f"{progress.TOUCH}{channel.name}"
        self.pulse = Pulse(clock, LIMIT)

    async def run(self) -> None:
        with self.pulse.beating():
            last = await self._surely(lambda tx: progress.known(tx, self._touch))
            now = self._clock.now()
            try:
                await self._channel.listen(self.take, min(unstamp(last), now) if last else None, self.pulse.goes_round)
            finally:
                await self._part()

    async def take(self, raws: Sequence[Raw]) -> None:
        """Returns when every update is committed. While the database is away it waits.
        They were heard when they were handed over, however long that takes."""
        seeds = [secrets.token_bytes(SEED_BYTES) for _ in raws]
        now = self._clock.now()
        with self._clock.busy():
            if await self._surely(lambda tx: self._put(tx, raws, seeds, now)):
                self._wake()
            if self._first:
                self._first = False
                self._answered()

    async def _surely(self, work: Callable[[Tx], T]) -> T:
        while True:
            try:
                done = await self._storage.run(work)
                self.pulse.beat()
                return done
            except StorageError as error:
                self.pulse.waits(str(error))
                log.error("inbox: %s; what came in waits", error)
            await self._clock.sleep_until(self._clock.now() + PATIENCE)

    async def _part(self) -> None:
        """At the program's end, if we were in touch until then."""
        if self._channel.out_since is None:
            now = self._clock.now()
            try:
                await self._storage.run(lambda tx: progress.keep(tx, self._touch, stamp(now)))
            except StorageError as error:
                log.error("inbox: the next start will take it that nobody listened before now: %s", error)

    def _put(self, tx: Tx, raws: Sequence[Raw], seeds: Sequence[bytes], now: datetime) -> int:
        progress.keep(tx, self._touch, stamp(now))
        since = self._channel.out_since
        if since is not None and self._others(tx):
            since = None
        arrivals = [
            Arrival(self._lane(tx, raw), self._channel.name, raw.native, raw.body, seed, since=since)
            for raw, seed in zip(raws, seeds, strict=True)
        ]
        if since is not None:
            # once for each: of a long backlog it is the first answer that ends it
            written = "kept" if self._channel.can.keeps_input else "lost"
            arrivals.append(gap(self._channel.name, since, now, written))
        return put(tx, arrivals, now)

    def _lane(self, tx: Tx, raw: Raw) -> str:
        """An update that cannot be read goes to its sender's lane all the same: the turn sets it aside."""
        try:
            heard = self._channel.read(raw.body) or Heard("", "", True, "")
        except ValueError:
            heard = Heard("", "", True, "")
        return lane_of(tx, self._channel.name, heard.sender, heard.args[0] if heard.tap and heard.args else None)


def gap(channel: str, since: datetime, until: datetime, written: str) -> Arrival:
    """That nobody listened to a platform, and what became of what was said there: see handlers.outages.gap. One that
    began at this instant is one update, whoever puts it."""
    began, seed = stamp(since), secrets.token_bytes(SEED_BYTES)
    args = (channel, began, stamp(until), written)
    return own(DISTRICT, "machine", f"gap:{channel}:{began}", "gap", args, "", seed)
