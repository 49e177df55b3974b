"""The long poll: an update is confirmed to Telegram only after it has been taken."""

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from telegram import Bot
from telegram.error import TimedOut

from bot.channels import ChannelError, Conflict, Raw, TryLater, Unauthorized, nothing
from bot.channels.telegram.errors import FOREIGN, NOT_KNOWN, port_errors
from bot.channels.telegram.request import AiohttpRequest, parse
from bot.clock import Clock

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
LONGEST_PAUSE = 30.0
AFTER_CONFLICT = 5.0
FULL = 100  # updates that Telegram gives at once: behind these there may be more of the same backlog
SLOW = timedelta(seconds=2)  # longer than this in `take`, and nobody was listening meanwhile

log = logging.getLogger(__name__)


class Listener:
    """`out_since` is when the first of the polls that failed just now began: taps heard after a gap are older than
    they seem. None while in touch; set until the first answer after the gap has been taken, and what waited behind
    it. Out of touch, and at the start, it asks without patience: an answer, even an empty one, ends the gap."""

    def __init__(self, bot: Bot, request: AiohttpRequest, clock: Clock) -> None:
        self._bot = bot
        self._request = request
        self._clock = clock
        self._offset: int | None = None
        self._pause = 1.0
        self._in_touch = False
        self.out_since: datetime | None = None

    async def listen(
        self,
        take: Callable[[Sequence[Raw]], Awaitable[None]],
        out_since: datetime | None = None,
        went_round: Callable[[], None] = nothing,
    ) -> None:
        """For ever. Raises Unauthorized, and whatever `take` raises: those updates are then not confirmed."""
        self.out_since, self._in_touch = out_since, False
        while True:
            went_round()
            begun = self._clock.now()
            try:
                updates = await self._poll()
            except Unauthorized:
                raise
            except ChannelError as error:
                await self._sit_out(error, begun, went_round)
                continue
            if updates is None:
                self._lost(begun)
                continue
            with self._clock.busy():
                await self._hand_over(updates, take)

    async def _poll(self) -> list[Any] | None:
        """None when the platform kept silent for longer than it was asked to: the line may be dead, so ask again."""
        form = {"allowed_updates": json.dumps(WANTED)}
        if self._offset is not None:
            form["offset"] = str(self._offset)
        with port_errors():
            try:
                url = f"{self._bot.base_url}/getUpdates"
                status, payload = await self._request.poll(url, form, at_once=not self._in_touch)
            except TimedOut:
                return None
        answer = parse(payload)
        if status == 200 and isinstance(answer.get("result"), list):
            return list(answer["result"])
        raise _refusal(status, answer)

    async def _hand_over(self, updates: list[Any], take: Callable[[Sequence[Raw]], Awaitable[None]]) -> None:
        """The next poll confirms the last of these. After an empty answer nothing is left to confirm, and Telegram may
        number from anywhere again."""
        answered = self._clock.now()
        await take([Raw(str(update["update_id"]), json.dumps(update)) for update in updates])
        self._offset = updates[-1]["update_id"] + 1 if updates else None
        self._pause = 1.0
        if len(updates) < FULL:
            if not self._in_touch:
                log.info("Telegram: in touch")
            self._in_touch, self.out_since = True, None
        if self._clock.now() - answered > SLOW:
            self._lost(answered)

    def _lost(self, since: datetime) -> None:
        self._in_touch = False
        self.out_since = self.out_since or since

    async def _sit_out(self, error: ChannelError, begun: datetime, went_round: Callable[[], None]) -> None:
        if self._pause == 1.0:
            log.warning("Telegram: cannot listen: %s", error)
        self._lost(begun)
        seconds = self._pause
        self._pause = min(LONGEST_PAUSE, 2 * self._pause)
        match error:
            case Conflict():
                seconds = AFTER_CONFLICT
                await self._take_over(error)
            case TryLater():
                seconds = max(seconds, error.seconds)
        until = self._clock.now() + timedelta(seconds=seconds)
        while (now := self._clock.now()) < until:
            went_round()
            await self._clock.sleep_until(min(until, now + timedelta(seconds=LONGEST_PAUSE)))

    async def _take_over(self, error: Conflict) -> None:
        """A webhook left from earlier would keep us deaf for ever; another poller is for people to stop."""
        if "webhook is active" not in str(error):
            return
        try:
            with port_errors():
                await self._bot.delete_webhook(drop_pending_updates=False)
        except ChannelError as trouble:
            log.warning("Telegram: the webhook could not be removed: %s", trouble)


def _refusal(status: int, answer: dict[str, Any]) -> ChannelError:
    if not answer:
        return TryLater(f"answered {status} without Telegram's own words", seconds=FOREIGN)
    words = str(answer.get("description", status))
    match status:
        case 401 | 404:
            return Unauthorized(NOT_KNOWN)
        case 409:
            return Conflict(words)
        case 429:
            return TryLater(words, seconds=float(answer.get("parameters", {}).get("retry_after", 0)))
        case _:
            return TryLater(words, seconds=0)
