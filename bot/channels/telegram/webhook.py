"""The webhook: Telegram posts each update to us, as often as it takes until we have it."""

import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot, WebhookInfo

from bot.channels import ChannelError, Raw, TryLater, Unauthorized, nothing
from bot.channels.door import ANONYMOUS, PATIENCE, Door, Take, Unread, body
from bot.channels.telegram.errors import port_errors
from bot.channels.telegram.listening import WANTED
from bot.clock import Clock

log = logging.getLogger(__name__)

SECRET: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
LARGEST: Final = 1024 * 1024  # bytes of a body; an update of the longest text with a hundred buttons is far below
CONNECTIONS: Final = 100  # that Telegram opens at once: as many as it offers
BEAT: Final = timedelta(seconds=50)  # between two questions how it gets on
SOON: Final = timedelta(seconds=5)  # the same while it does not
TAP_KEPT: Final = timedelta(seconds=150)  # so long after a gap the last of what waited may come


@dataclass(frozen=True)
class Webhook:
    """Where Telegram is to post, with which secret, and where we listen for it behind that address."""

    url: str
    secret: str = field(repr=False)
    host: str
    port: int

    @property
    def path(self) -> str:
        return urlsplit(self.url).path or "/"


class Hook:
    """Any number of processes may stand behind the address. `out_since` as of the poll; but what waited comes one by
    one, so a gap ends when Telegram has nothing left, or nothing that old."""

    def __init__(self, bot: Bot, clock: Clock, webhook: Webhook) -> None:
        self._bot = bot
        self._clock = clock
        self._webhook = webhook
        self._door = Door(webhook.host, webhook.port, "telegram.webhook_listen")
        self.out_since: datetime | None = None
        self._back_since: datetime | None = None
        self._touched = clock.now()

    @property
    def port(self) -> int:
        return self._door.port

    async def stand_open(self, take: Take) -> None:
        """Until cancelled. Raises Conflict when the address is another program's."""

        async def answer(request: web.BaseRequest) -> web.Response:
            try:
                return await self._answer(request, take)
            except Unread as error:
                return _refused(str(error))

        await self._door.stand_open(answer)

    async def _answer(self, request: web.BaseRequest, take: Take) -> web.Response:
        """Whatever is wrong with a call, the answer is the same; our log says what."""
        told = request.headers.get(SECRET, "").encode()
        if request.method != "POST" or request.path != self._webhook.path:
            return _refused("it is not a POST to the path of telegram.webhook_url")
        if not hmac.compare_digest(told, self._webhook.secret.encode()):
            return _refused("it does not bring telegram.webhook_secret")
        update = _update(await body(request, LARGEST))
        if update is None:
            return _refused("it brings no update")
        try:
            await self._door.take(Raw(str(update["update_id"]), json.dumps(update)), take)
        except TimeoutError:
            log.error("Telegram: what it posted is not taken after %s s and is not acknowledged", PATIENCE)
            return web.Response(status=503, headers=ANONYMOUS)
        self._touched = self._clock.now()
        return web.Response(headers=ANONYMOUS)

    async def look_after(self, take: Take, went_round: Callable[[], None] = nothing) -> None:
        """For ever: sets the webhook, and asks how it gets on. Raises Unauthorized, and whatever `take` raises."""
        is_set = False
        while True:
            went_round()
            asked = self._clock.now()
            try:
                if not is_set:
                    await self._set()
                    is_set = True
                await self._look(take, asked)
            except Unauthorized:
                raise
            except ChannelError as error:
                self._lost(str(error))
                seconds = error.seconds if isinstance(error, TryLater) else 0
                await self._clock.sleep_until(asked + max(SOON, timedelta(seconds=seconds)))
            else:
                await self._clock.sleep_until(asked + (BEAT if self.out_since is None else SOON))

    async def _set(self) -> None:
        """The same again changes nothing at Telegram, so each process may."""
        with port_errors():
            await self._bot.set_webhook(
                self._webhook.url,
                max_connections=CONNECTIONS,
                allowed_updates=WANTED,
                secret_token=self._webhook.secret,
            )

    async def _info(self) -> WebhookInfo:
        with port_errors():
            return await self._bot.get_webhook_info()

    async def _look(self, take: Take, now: datetime) -> None:
        """What Telegram could not bring since we last heard from it says that it does not reach us."""
        info = await self._info()
        waiting, failed = info.pending_update_count, info.last_error_date
        if waiting and failed is not None and failed > self._touched:
            self._lost(f"it does not reach {self._webhook.url}: {info.last_error_message}")
            return
        await take(())
        self._touched = now
        if self.out_since is None:
            return
        self._back_since = self._back_since or now
        if not waiting or now - self._back_since > TAP_KEPT:
            self.out_since = self._back_since = None
            log.info("Telegram: in touch")

    def _lost(self, why: str) -> None:
        if self.out_since is None:
            log.warning("Telegram is out of touch: %s", why)
        self.out_since, self._back_since = self.out_since or self._touched, None


def _update(posted: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(posted)
    except ValueError:
        return None
    return update if isinstance(update, dict) and isinstance(update.get("update_id"), int) else None


def _refused(why: str) -> web.Response:
    log.warning("Telegram: a call to the webhook was refused: %s", why)
    return web.Response(status=403, headers=ANONYMOUS)
