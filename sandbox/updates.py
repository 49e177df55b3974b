"""The queue of what happened, until the bot has confirmed it: numbers, expiry, allowed kinds."""

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sandbox.clock import Clock
from sandbox.model import JsonObject

DEFAULT_KINDS = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
ALL_KINDS = DEFAULT_KINDS | {
    "chat_member",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "shipping_query",
    "pre_checkout_query",
    "poll",
    "poll_answer",
    "chat_join_request",
    "message_reaction",
    "message_reaction_count",
}


@dataclass(frozen=True, slots=True)
class Update:
    """`lane`: updates of one lane reach a webhook one after the other."""

    id: int
    lane: int
    kind: str
    body: JsonObject
    expires: datetime

    def as_json(self) -> JsonObject:
        return {"update_id": self.id, self.kind: self.body}


class Updates:
    """Kept in the order they happened. `listeners` are called after each new one; `parted` with each that the bot has
    confirmed, as it is let go of."""

    def __init__(self, clock: Clock, dice: random.Random) -> None:
        self._clock = clock
        self._dice = dice
        self._waiting: dict[int, Update] = {}
        self._soonest: datetime | None = None
        self.allowed: frozenset[str] = DEFAULT_KINDS
        self.listeners: list[Callable[[], None]] = []
        self.parted: list[Callable[[Update], None]] = []
        self.next_id = 0
        self.restart_ids()

    def restart_ids(self, first: int | None = None) -> None:
        """Telegram picks a new random number after a quiet week, so never while something waits; `first` is one that
        it might pick."""
        if self._waiting:
            raise RuntimeError("updates are waiting: Telegram restarts its numbers only when there are none")
        self.next_id = self._dice.randrange(100_000_000, 1_000_000_000) if first is None else first

    def allow(self, kinds: object) -> None:
        """None keeps what was set before, [] is the default; unknown kinds are ignored, as Telegram does."""
        if isinstance(kinds, list):
            self.allowed = frozenset(str(kind).lower() for kind in kinds) & ALL_KINDS or DEFAULT_KINDS

    def add(self, kind: str, body: JsonObject, *, lane: int, expires: datetime) -> None:
        """Not retroactive: a kind that is not allowed at this moment is lost."""
        if kind not in self.allowed:
            return
        update = Update(self.next_id, lane, kind, body, expires)
        self.next_id += 1
        self._waiting[update.id] = update
        self._soonest = expires if self._soonest is None else min(self._soonest, expires)
        for listener in tuple(self.listeners):
            listener()

    def _expire(self) -> None:
        now = self._clock.now()
        if self._soonest is None or now < self._soonest:
            return
        self.forget([update.id for update in self._waiting.values() if update.expires <= now])
        self._soonest = min((update.expires for update in self._waiting.values()), default=None)

    def waiting(self) -> Sequence[Update]:
        self._expire()
        return tuple(self._waiting.values())

    def __len__(self) -> int:
        self._expire()
        return len(self._waiting)

    def take(self, offset: int, limit: int) -> Sequence[Update]:
        """Confirms all before `offset` and shows the next. A negative offset drops all but the last so many;
        one far beyond the end is taken for a number from before a restart and confirms nothing."""
        if offset < 0:
            self._part([update.id for update in self.waiting()[:offset]])
        elif offset <= self.next_id + 10:
            self._part([update_id for update_id in self._waiting if update_id < offset])
        self._expire()
        return tuple(itertools.islice(self._waiting.values(), limit))

    def _part(self, ids: Sequence[int]) -> None:
        for listener in self.parted:
            for update_id in ids:
                listener(self._waiting[update_id])
        self.forget(ids)

    def forget(self, ids: Sequence[int]) -> None:
        for update_id in ids:
            self._waiting.pop(update_id, None)
