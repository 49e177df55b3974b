"""A platform that posts to a webhook, and on it the teachers of a whole morning."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from bench.fleet import SECRET, Hours
from bench.morning import FIRST, Plan
from bench.stand_in import FIRST_CHAT, StandIn, Teacher, options
from bench.teachers import Shown, Step, chat_of, shown
from bot.channels.telegram.webhook import CONNECTIONS
from bot.channels.telegram.webhook import SECRET as HEADER
from bot.clock import AffineClock

AGAIN: Final = 1.0  # seconds until what was not taken is posted again
PATIENCE: Final = ClientTimeout(total=60)  # for the answer to a post
KNOWN: Final = (Step("已知悉"),)  # what an officer does about a fever, at once
HEADERS: Final = {HEADER: SECRET, "Content-Type": "application/json"}


@dataclass(frozen=True)
class Reply:
    """When an update came to be, in seconds of the loop, and how long it took until its answer was shown."""

    asked: float
    took: float


class Capital(StandIn):
    """`reporting` and `confirmed`: the chats of those who have begun, and of those who have seen their receipt.
    `again`: how often what was posted was not taken at the first time."""

    def __init__(self, plans: Sequence[Plan | None], hook: str, session: ClientSession) -> None:
        super().__init__(options(len(plans), FIRST, 0.0))
        self.options.rate = 1.0  # who lists somebody thinks for a second before each tap
        self.plans = {FIRST_CHAT + n: plan for n, plan in enumerate(plans) if plan is not None}
        for chat, plan in self.plans.items():
            self.teachers[chat].steps = tuple(plan.steps)
        self.reporting: set[int] = set()
        self.confirmed: set[int] = set()
        self.replies: list[Reply] = []
        self.again = 0
        self._early: set[int] = set()  # whose hour has come before their card
        self._clock, self._speed = AffineClock(FIRST, 1.0), 1.0
        self._hook = hook
        self._session = session
        self._posts: set[asyncio.Task[None]] = set()
        self._due: list[asyncio.TimerHandle] = []

    # The hours

    def set_hour(self, hours: Hours) -> None:
        self._clock, self._speed = AffineClock(hours.start, hours.speed, hours.anchor), hours.speed

    def let_begin(self, since: datetime, until: datetime) -> None:
        """Who is to begin between these hours begins at hers, or at once if it is gone. She is at her card, whatever
        she has done since: the same hours are played on several copies of the district."""
        for chat, plan in self.plans.items():
            if since <= plan.at < until:
                teacher = self.teachers[chat]
                teacher.at, teacher.waits = 0, True
                self.reporting.discard(chat)
                self.confirmed.discard(chat)
                seconds = (plan.at - self.now()).total_seconds() / self._speed
                if seconds > 0:
                    self._due.append(self.loop.call_later(seconds, self._begins, chat))
                else:
                    self._begins(chat)

    def now(self) -> datetime:
        return self._clock.now().astimezone(UTC)

    def real(self, hour: datetime) -> float:
        """The instant of the loop at which it is that hour."""
        return self.loop.time() + (hour - self.now()).total_seconds() / self._speed

    def is_at_rest(self) -> bool:
        """All whose hour has come have their receipt."""
        return self.reporting == self.confirmed and not self._early and not self._posts

    def awaits(self, since: float, until: float) -> bool:
        """Whether somebody who acted between these instants of the loop has not seen what comes of it."""
        return any(one.waits and since <= one.asked < until for one in self.teachers.values())

    def end(self) -> None:
        for begin in self._due:
            begin.cancel()
        for post in self._posts:
            post.cancel()

    # Teachers

    def _begins(self, chat: int) -> None:
        teacher = self.teachers[chat]
        if teacher.sees.lets(teacher.steps[0]):
            self.reporting.add(chat)
            self.act(teacher, teacher.sees)
        else:
            self._early.add(chat)

    def shown(self, body: bytes) -> None:
        chat = chat_of(body)
        teacher = self.teachers.get(chat)
        if teacher is None:
            self._officer(chat, shown(body))
            return
        if teacher.at or not teacher.steps:
            super().shown(body)
        elif (card := shown(body)).lets(teacher.steps[0]):
            teacher.sees = card
            if chat in self._early:
                self._early.discard(chat)
                self._begins(chat)

    def _officer(self, chat: int, sees: Shown) -> None:
        if sees.lets(KNOWN[0]):
            self.act(Teacher(chat, KNOWN), sees)

    def answered(self, teacher: Teacher) -> None:
        teacher.waits = False
        self.replies.append(Reply(teacher.asked, self.loop.time() - teacher.asked))
        if teacher.at == len(teacher.steps):
            self.confirmed.add(teacher.chat)

    # The webhook

    def hand_out(self, late: bool = False) -> None:
        while self.queue:
            _, update = self.queue.popleft()
            post = asyncio.create_task(self._post(update.encode()))
            self._posts.add(post)
            post.add_done_callback(self._posts.discard)

    async def _post(self, update: bytes) -> None:
        """As often as it takes until the bot has it."""
        while not await self._is_taken(update):
            self.again += 1
            await asyncio.sleep(AGAIN)

    async def _is_taken(self, update: bytes) -> bool:
        try:
            async with self._session.post(self._hook, data=update, headers=HEADERS) as answer:
                return answer.status == 200
        except (ClientError, TimeoutError):
            return False


@asynccontextmanager
async def capital(plans: Sequence[Plan | None], hook: str) -> AsyncIterator[Capital]:
    """Posts with as many connections as Telegram opens."""
    async with ClientSession(connector=TCPConnector(limit=CONNECTIONS), timeout=PATIENCE) as session:
        one = Capital(plans, hook, session)
        try:
            yield one
        finally:
            one.end()
