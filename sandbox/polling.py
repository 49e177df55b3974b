"""getUpdates: waiting, confirming, two pollers at once, and impatience, as Client.cpp of telegram-bot-api does it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sandbox.clock import Clock, Hold
from sandbox.errors import ApiError, conflict
from sandbox.faults import Faults
from sandbox.model import JsonObject
from sandbox.params import Params
from sandbox.updates import Update, Updates

LONGEST_POLL = 50  # seconds
WEBHOOK_IS_SET = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_CAME = "terminated by setWebhook request"
_HUNG_UP = object()


class Connection(Protocol):
    """A caller's connection; its transport is None once it is gone."""

    transport: asyncio.Transport | None


class Poller:
    """One bot's long poll. Holds the clock while updates are due to a poller that is there: a call is open, or the
    last one was answered well on a connection that still stands (the next call is then on its way)."""

    def __init__(self, clock: Clock, updates: Updates, faults: Faults) -> None:
        self._clock = clock
        self._updates = updates
        self._faults = faults
        self._hold = Hold(clock)
        self._parked: asyncio.Future[object] | None = None
        self._open = 0
        self._parked_on: Connection | None = None
        self._returned_on: Connection | None = None
        self._again: tuple[Update, ...] = ()
        self._last: tuple[int, datetime] | None = None
        self._next_quick_conflict: datetime | None = None
        updates.listeners.append(self.wake)

    @property
    def waits(self) -> bool:
        """A bot is there and is told at once."""
        return self._parked is not None

    async def get_updates(self, params: Params, connection: Connection) -> list[JsonObject]:
        """The next updates. Raises 409 if another poll takes over while this one waits."""
        self._open += 1
        try:
            with self._clock.busy():
                self._updates.allow(params.structure("allowed_updates"))
                offset, limit, timeout = self._patience(params)
                batch = self._batch(offset, limit)
            if not batch and timeout:
                batch = await self._wait(offset, limit, timeout, connection)
            self._returned_on = connection if connection.transport is not None else None
            return [update.as_json() for update in batch]
        finally:
            self._open -= 1
            self.settle()

    def _patience(self, params: Params) -> tuple[int, int, int]:
        """The same offset again too soon: within 0.5 s one update at a time, within 3 s a poll of 3 s at least."""
        now = self._clock.now()
        offset = params.integer("offset")
        limit = params.integer("limit", 100, 1, 100)
        timeout = params.integer("timeout", 0, 0, LONGEST_POLL)
        if self._last is not None and self._last[0] == offset:
            since = now - self._last[1]
            timeout = 3 if timeout < 3 and since < timedelta(seconds=3) else timeout
            limit = 1 if since < timedelta(seconds=0.5) else limit
        self._last = (offset, now)
        return offset, limit, timeout

    def _batch(self, offset: int, limit: int) -> Sequence[Update]:
        found = self._updates.take(offset, limit)
        if self._faults.silent():
            return ()
        batch, self._again = (*self._again, *found), ()
        if batch and self._faults.duplicates():
            self._again = batch
        return batch

    async def _wait(self, offset: int, limit: int, seconds: int, connection: Connection) -> Sequence[Update]:
        self.abort(OTHER_POLLER)
        parked = self._parked = asyncio.get_running_loop().create_future()
        self._parked_on = connection
        self.settle()
        timer = asyncio.ensure_future(self._clock.sleep_until(self._clock.now() + timedelta(seconds=seconds)))
        timer.add_done_callback(lambda _: None if parked.done() else parked.set_result(None))
        try:
            reason = await parked
        finally:
            timer.cancel()
            if self._parked is parked:
                self._parked = None
        if isinstance(reason, str):
            raise await self.conflict(reason)
        return () if reason is _HUNG_UP else self._batch(offset, limit)

    async def conflict(self, reason: str) -> ApiError:
        """A second conflict within 3 s is told 3 s later."""
        now = self._clock.now()
        if self._next_quick_conflict is not None and now < self._next_quick_conflict:
            await self._clock.sleep_until(now + timedelta(seconds=3))
        else:
            self._next_quick_conflict = now + timedelta(seconds=3)
        return conflict(reason)

    def abort(self, reason: str) -> None:
        """Ends a waiting poll with 409."""
        self._release(reason)

    def wake(self) -> None:
        """Something new, or no longer held back."""
        if len(self._updates) and not self._faults.silent():
            self._release(None)
        self.settle()

    def finish(self) -> None:
        """The sandbox stops: a waiting poll is answered with what there is."""
        self._release(None)
        self._returned_on = None
        self._hold.set(False)

    def lost(self, connection: Connection) -> None:
        """A connection is gone, and with it the poller that had updates from it or waited on it."""
        if self._parked is not None and self._parked_on is connection:
            self._release(_HUNG_UP)
        if self._returned_on is connection:
            self.gone()

    def gone(self) -> None:
        """The last call went wrong: the bot may take its time before it calls again."""
        self._returned_on = None
        self.settle()

    def settle(self) -> None:
        """Holds the clock if, and only if, a poller that is there has updates to take or to confirm."""
        there = self._open > 0 or self._returned_on is not None
        self._hold.set(there and len(self._updates) > 0 and not self._faults.silent())

    def _release(self, reason: object) -> None:
        parked, self._parked = self._parked, None
        if parked is not None and not parked.done():
            parked.set_result(reason)
