"""The webhook: each update posted to the bot's address until it says 2xx, as WebhookActor.cpp does it.

Updates of one lane (one chat, one person's taps) go one after the other, lanes beside each other. The first repeat
comes at once, then after 2, 4, 8 … s up to a random 60-120 s; `Retry-After` is honoured up to an hour; an update
that would expire meanwhile is dropped; 23 hours of 410 close the webhook.
"""

import asyncio
import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

import aiohttp

from sandbox.clock import Clock, Hold
from sandbox.errors import bad_request, too_many
from sandbox.faults import Faults
from sandbox.model import JsonObject
from sandbox.params import Params
from sandbox.updates import DEFAULT_KINDS, Update, Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_LONGEST_DELAY = (60, 120)  # seconds
_RETRY_AFTER = 3600  # seconds
_GONE_FOR = timedelta(hours=23)


@dataclass(frozen=True, slots=True)
class Address:
    url: str
    secret: str
    connections: int


def _let_go(hold: Hold, _task: "asyncio.Task[None]") -> None:
    """Also when the lane's task was cancelled before it began."""
    hold.set(False)


class Webhook:
    """Holds the clock while an update is on its way or has not been tried yet, not while it waits for a repeat."""

    def __init__(self, clock: Clock, updates: Updates, faults: Faults, dice: random.Random) -> None:
        self._clock = clock
        self._updates = updates
        self._faults = faults
        self._dice = dice
        self.address: Address | None = None
        self._next_set: datetime | None = None
        self._last_error: tuple[datetime, str] | None = None
        self._gone_since: datetime | None = None
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(1)
        self._session: aiohttp.ClientSession | None = None
        updates.listeners.append(self.wake)

    async def set(self, params: Params) -> str:
        """What Telegram says of it. Raises what is wrong with the address or the secret."""
        address = self._read(params)
        now = self._clock.now()
        if self._next_set is not None and now < self._next_set:
            raise too_many(1)
        self._next_set = now + timedelta(seconds=1)
        self._updates.allow(params.structure("allowed_updates"))
        if address == self.address and not params.flag("drop_pending_updates"):
            return "Webhook is already set"
        await self._close()
        self._drop_pending(params)
        self.address, self._slots = address, asyncio.Semaphore(address.connections)
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        self.wake()
        return "Webhook was set"

    async def delete(self, params: Params) -> str:
        was_set = self.address is not None
        await self._close()
        self._drop_pending(params)
        return "Webhook was deleted" if was_set else "Webhook is already deleted"

    def info(self) -> JsonObject:
        body: JsonObject = {
            "url": self.address.url if self.address else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if self._last_error is not None:
            at, message = self._last_error
            body |= {"last_error_date": int(at.timestamp()), "last_error_message": message}
        if self.address is not None:
            body |= {"max_connections": self.address.connections, "ip_address": "127.0.0.1"}
        if self._updates.allowed != DEFAULT_KINDS:
            body["allowed_updates"] = sorted(self._updates.allowed)
        return body

    def _read(self, params: Params) -> Address:
        url, secret = params.string("url"), params.string("secret_token")
        parts = urlsplit(url)
        # Telegram takes https only; here the bot listens on loopback, without a certificate
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise bad_request("invalid webhook URL specified")
        if len(secret) > 256:
            raise bad_request("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        return Address(url, secret, params.integer("max_connections", 40, 1, 100))

    def _drop_pending(self, params: Params) -> None:
        if params.flag("drop_pending_updates"):
            self._updates.forget([update.id for update in self._updates.waiting()])

    async def stop(self) -> None:
        await self._close()

    async def _close(self) -> None:
        self.address, self._last_error, self._gone_since = None, None, None
        tasks, self._lanes = list(self._lanes.values()), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def wake(self) -> None:
        """Sets every lane going that has something to deliver."""
        if self.address is None or self._faults.silent():
            return
        for update in self._updates.waiting():
            if update.lane not in self._lanes:
                hold = Hold(self._clock)
                hold.set(True)
                task = asyncio.ensure_future(self._work(update.lane, hold))
                task.add_done_callback(partial(_let_go, hold))
                self._lanes[update.lane] = task

    async def _work(self, lane: int, hold: Hold) -> None:
        try:
            while (update := self._first(lane)) is not None:
                await self._deliver(update, hold)
        finally:
            if self._lanes.get(lane) is asyncio.current_task():
                del self._lanes[lane]

    def _first(self, lane: int) -> Update | None:
        if self.address is None or self._faults.silent():
            return None
        return next((update for update in self._updates.waiting() if update.lane == lane), None)

    async def _deliver(self, update: Update, hold: Hold) -> None:
        delay, failures = 1, 0
        while self.address is not None:
            hold.set(True)
            trouble, retry_after = await self._post(self.address, update)
            if not trouble:
                if self._faults.duplicates():
                    await self._post(self.address, update)
                self._updates.forget([update.id])
                return
            now = self._clock.now()
            self._last_error = (now, trouble)
            wait = min(retry_after, _RETRY_AFTER)
            if wait == 0 and failures > 0:
                delay = min(self._dice.randint(*_LONGEST_DELAY), delay * 2)
                wait = delay
            failures += 1
            if now + timedelta(seconds=wait) > update.expires or self._closed_by_410(trouble, now):
                self._updates.forget([update.id])
                return
            hold.set(False)
            await self._clock.sleep_until(now + timedelta(seconds=wait))

    async def _post(self, address: Address, update: Update) -> tuple[str, int]:
        """What went wrong ("" if nothing) and the seconds the bot asked us to wait."""
        headers = {SECRET_HEADER: address.secret} if address.secret else {}
        session = self._session
        if session is None:
            return "Webhook is closed", 0
        try:
            async with (
                self._slots,
                session.post(address.url, json=update.as_json(), headers=headers) as response,
            ):
                if 200 <= response.status <= 299:
                    self._gone_since = None
                    return "", 0
                asked = response.headers.get("Retry-After", "")
                trouble = f"Wrong response from the webhook: {response.status} {response.reason}"
                return trouble, int(asked) if asked.isdigit() else 0
        except TimeoutError:
            return "Read timeout expired", 0
        except aiohttp.ClientError:
            return "Connection refused", 0

    def _closed_by_410(self, trouble: str, now: datetime) -> bool:
        """True once the bot has said "gone" for 23 hours: then the webhook is no more, and getUpdates works."""
        if " 410 " not in f"{trouble} ":
            self._gone_since = None
            return False
        self._gone_since = self._gone_since or now
        if now - self._gone_since < _GONE_FOR:
            return False
        self.address = None
        return True
