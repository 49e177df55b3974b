"""Messages → channel: paced, most urgent first, until what is shown is what is wanted."""

import asyncio
import logging
import math
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from bot import delivery
from bot.channels import Broadcaster, Capabilities, Channel, Shown, TryLater, Unauthorized, Unknown
from bot.clock import POLL, Bell, Clock
from bot.letters import Letter, Manner
from bot.meters import Meters
from bot.pacer import Pacer, Silence
from bot.painter import Paint, beside
from bot.picking import Picker
from bot.pulse import Pulse
from bot.refusals import AGAIN, Refusals
from bot.showing import Finished, show
from bot.vault import Vault
from handlers.model import Urgency
from storage import Storage, StorageError, mail
from storage.mail import HOUR, Due

log = logging.getLogger(__name__)

WATCH = timedelta(seconds=10)
PATIENCE = timedelta(seconds=1)
AT_ONCE = 30
STUCK = timedelta(minutes=3)  # longer than any call may last: each has its own limits
LIMIT = timedelta(minutes=2)  # of a round
PUT_BACK = timedelta(seconds=5)  # a clock that is put back by less delays nothing by more
SOON = datetime.min.replace(tzinfo=UTC)
FAREWELL = 5.0  # real seconds for what is on the wire when the program stops


class Postman:
    """Makes what is shown equal to what is wanted: one call at a time a chat, always the newest version. `open`: the
    names of the channels that can be written to now; what is due on another waits. `ended`: what a postman before this
    one could not record. `poll`: after how long it looks unrung."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        channels: Mapping[str, Channel],
        open: Container[str],
        refusals: Refusals,
        privacy: Mapping[str, str],
        zone: tzinfo,
        vault: Vault,
        wake_turn: Callable[[], None],
        meters: Meters | None = None,
        paint: Paint = beside,
        ended: Sequence[Finished] = (),
        poll: timedelta = POLL,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._channels = channels
        self._open = open
        self._paint = paint
        self._refusals = refusals
        self._vault = vault
        self._wake_turn = wake_turn
        self._poll = poll
        self._bell = Bell(clock)
        self._pacers = {name: Pacer(channel.can.pace) for name, channel in channels.items()}
        manners = {
            name: Manner(channel.can, privacy.get(name, channel.can.carries_names))
            for name, channel in channels.items()
        }
        receivers = {name: one.receivers for name, one in channels.items() if isinstance(one, Broadcaster)}
        self._picker = Picker(manners, open, self._pacers, zone, receivers)
        self._silences = {name: Silence() for name in channels}
        self._tasks: dict[asyncio.Task[None], float] = {}  # on the wire, and since when
        self._meters = meters or Meters()
        self.pulse = Pulse(clock, LIMIT)
        self._finished = list(ended)
        self._to_follow: list[Letter] = []
        self._watch_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._seek_at = SOON
        self._remembered = False
        self._refused: dict[str, Unauthorized] = {}

    def ring(self) -> None:
        """There may be something new to show."""
        self._seek_at = SOON
        self._bell.ring()

    @property
    def unrecorded(self) -> Sequence[Finished]:
        """What has been shown, or not, and the database does not know of it."""
        return tuple(self._finished)

    async def run(self) -> None:
        """Until cancelled; what is on the wire then is waited for and recorded. Raises Unauthorized where no channel is
        left."""
        try:
            with self.pulse.beating():
                await self._go_round()
        finally:
            await self._farewell()

    async def _go_round(self) -> None:
        look_at = self._clock.now()
        while True:
            await self._bell.wait(look_at)
            try:
                with self._clock.busy():
                    self._bell.take()
                    look_at = await self._look()
                if not self._is_stuck():
                    self.pulse.beat()
            except StorageError as error:
                self.pulse.waits(str(error))
                log.error("postman: %s", error)
                look_at, self._seek_at = self._clock.now() + PATIENCE, SOON

    def _is_stuck(self) -> bool:
        """A call that never ends keeps its chat waiting for ever."""
        return self._clock.monotonic() - min(self._tasks.values(), default=math.inf) > STUCK.total_seconds()

    async def _farewell(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FAREWELL)
        for task in self._tasks:
            task.cancel()
        try:
            await self._commit()
        except StorageError as error:
            log.error("postman: %d messages may be shown once more: %s", len(self._finished), error)

    async def _look(self) -> datetime:
        """Records what has ended, starts what may go now, and says when to look again."""
        await self._remember()
        await self._commit()
        while self._refused:
            await self._refusals.note(*self._refused.popitem())
        now = self._clock.now()
        await self._in_time(now)
        if self._watch_at is None or self._watch_at <= now:
            if await self._storage.run(lambda tx: delivery.watch(tx, now)):
                self._wake_turn()
            self._watch_at = now + WATCH
        again = min(now + self._poll, self._watch_at)
        if len(self._tasks) >= AT_ONCE:
            return again
        if self._seek_at <= now:
            self._seek_at = again  # somebody may ring meanwhile
            self._seek_at = min(await self._start(now) or again, self._seek_at)
        return min(again, self._seek_at)

    async def _in_time(self, now: datetime) -> None:
        """A clock that was put back leaves behind what is to go at an hour that is now far off. It goes at once."""
        before, self._looked_at = self._looked_at, now
        if before is None or before - now < PUT_BACK:
            return
        log.warning("the clock was put back by %d s", (before - now).total_seconds())
        self._watch_at, self._seek_at = None, SOON
        for name, pacer in self._pacers.items():
            pacer.set_back()
            self._silences[name] = Silence()
        await self._storage.run(lambda tx: mail.set_back(tx, now))

    async def _remember(self) -> None:
        """The pacer starts from the last hour, so that a restart forgets nothing. What went out in the future tells of
        a clock that was put back while nothing ran."""
        if self._remembered:
            return
        since = self._clock.now() - HOUR
        sent = await self._storage.run(lambda tx: mail.sent_since(tx, since))
        for pacer in self._pacers.values():
            pacer.remember(sent)
        self._looked_at = max((at for at, _ in sent), default=None)
        self._remembered = True

    # What goes

    async def _start(self, now: datetime) -> datetime | None:
        """As many as may go at this instant, which at Telegram's pace is one. Returns when more may, None when nothing
        waits."""
        follow = self._start_followers(now)
        open_at = [pacer.open_at(now) for name, pacer in self._pacers.items() if name in self._open]
        if min(open_at, default=now) > now:
            return min(open_at)
        picked = await self._storage.read(lambda tx: self._picker.pick(tx, now, AT_ONCE - len(self._tasks)))
        goes_at = self._clock.now()  # looking took a while, and not always the same: a window counts what went
        for letter in picked.letters:
            self._go(letter, goes_at)
        if picked.put_off:
            await self._storage.run(lambda tx: mail.put_off(tx, picked.put_off))
        for finished in picked.broken:
            self._picker.in_work.add(finished.letter.due.address)
            self._end([finished])
        more = (self._pacers[name].open_at(now) for name in picked.more)
        return min((at for at in (picked.next, follow, *more) if at is not None), default=None)

    def _start_followers(self, now: datetime) -> datetime | None:
        """The pages that follow a first one go ahead of everything else."""
        waiting: list[datetime] = []
        for letter in tuple(self._to_follow):
            at = self._picker.ready(letter.due, now)
            if at <= now:
                self._to_follow.remove(letter)
                self._go(letter, now)
            else:
                waiting.append(at)
        return min(waiting, default=None)

    def _go(self, letter: Letter, now: datetime) -> None:
        others = [due.address for due in letter.others]
        self._picker.in_work.update((letter.due.address, *others))
        self._pacers[letter.due.channel].took(letter.due.address, now, *others)
        task = asyncio.create_task(self._send(letter, now))
        self._tasks[task] = self._clock.monotonic()
        task.add_done_callback(self._tasks.pop)
        for due in (letter.due, *letter.others):
            self._meters.went_out(due.channel, now - due.due_at)

    async def _send(self, letter: Letter, now: datetime) -> None:
        channel = letter.due.channel
        with self._clock.busy():
            try:
                self._end(await show(letter, self._channels[channel], now, self._vault, self._paint))
            finally:
                self._pacers[channel].answered(self._clock.now())

    def _end(self, finished: Sequence[Finished]) -> None:
        self._finished += finished
        self._bell.ring()

    # What became of it

    async def _commit(self) -> None:
        """Commit 3, one for all that ended together. Until it has held, their chats get nothing else."""
        finished = tuple(self._finished)
        if not finished:
            return
        now = self._clock.now()
        told = await self._storage.run(
            lambda tx: [delivery.record(tx, one.letter, one.outcome, one.at, now, self._can(one)) for one in finished]
        )
        del self._finished[: len(finished)]
        for one in finished:
            self._after(one, now)
        if any(told):
            self._wake_turn()

    def _can(self, finished: Finished) -> Capabilities:
        return self._channels[finished.letter.due.channel].can

    def _after(self, finished: Finished, now: datetime) -> None:
        due = finished.letter.due
        pacer = self._pacers[due.channel]
        waits = self._picker.release(due.address) or bool(finished.letter.rest)
        if waits or not isinstance(finished.outcome, Shown):
            self._seek_at = SOON
        self._meters.came_back(due.channel, finished.outcome, due.urgency, now - _since(due))
        match finished.outcome:
            case Shown():
                self._silences[due.channel] = Silence()
                self._refusals.lift(due.channel)
                if finished.letter.rest:
                    self._picker.in_work.add(due.address)
                    self._to_follow.append(finished.letter.next())
                return
            case TryLater() as later:
                until = now + timedelta(seconds=later.seconds)
                if later.whole:
                    pacer.close(until)
                else:
                    pacer.hold(due.address, until, now, limit=later.limit)
            case Unknown():
                pacer.hold(due.address, self._silences[due.channel].until(now), now, limit=True)
            case Unauthorized() as refused:
                pacer.close(now + AGAIN)
                self._refused[due.channel] = refused
        log.info("message %s not shown on %s: %s", due.key, due.channel, finished.outcome)
        if due.urgency is Urgency.ALERT:
            self._watch_at = None


def _since(due: Due) -> datetime:
    """When it became due: of an edit, lately; of what nobody has seen yet, when it was written."""
    return due.due_at if due.shown else due.put_at
