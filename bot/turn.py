"""THE HEART: a lane's open updates, decided one by one, committed together; taps are answered after the commit."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial

from msgspec import Struct

from bot.cards import by_itself
from bot.channels import Channel, ChannelError, Heard
from bot.clock import POLL, Bell, Clock
from bot.letters import is_ours
from bot.meters import Meters
from bot.pulse import Pulse
from bot.surveys import Asked, Survey, Surveys, beside, decided
from bot.tasks import together
from bot.texts import Words
from bot.understanding import OURS, Understanding
from handlers import ANYBODY, PEOPLE
from handlers import OURS as VERBS_OF_OURS
from handlers.model import Answer, Choice, Message, ToHere, ToPerson, Update, text
from handlers.outcome import Outcome
from handlers.plain import unstamp
from handlers.values import replace
from handlers.words import NOTHING
from storage import Storage, StorageError, Tx, inbox, mail, removal, saying, wanted
from storage.record import Cause, record

log = logging.getLogger(__name__)

BATCH = 100
BATCH_SECONDS = 0.050
AT_A_TIME = 4  # lanes, until it is looked again which have open rows: a tap waits for no more, nor for a whole tick
PATIENCE = timedelta(seconds=1)
LIMIT = timedelta(minutes=2)  # of a round, which takes one lane once
WAIT_FOR_SCHOOLS = timedelta(seconds=60)
ZERO_SEED = bytes(16)


class Reply(Struct, frozen=True):
    """The answer to one tap, to be given after the commit."""

    channel: str
    tap: str
    answer: Answer
    language: str
    author: str
    received: datetime  # the tap


class Worked(Struct, frozen=True):
    """What one transaction did."""

    rows: int
    replies: tuple[Reply, ...]
    planned: bool  # something was put for a later hour, or is to be fetched or taken out
    asks: Asked | None = None  # its next row waits for this survey

    def __add__(self, other: "Worked") -> "Worked":
        return Worked(self.rows + other.rows, self.replies + other.replies, self.planned or other.planned)


NOTHING_DONE = Worked(0, (), planned=False)


class Stop(Struct, frozen=True):
    """Where a round through the lanes is: what the last one did, which come next, and which could not be taken."""

    worked: Worked
    lanes: Sequence[str]
    in_vain: frozenset[str]


START = Stop(NOTHING_DONE, (), frozenset())


class Turn:
    """Takes lanes until nothing is open, those after `begins` first: several workers begin apart. `spoken` is called
    after a commit that may have left something to show, `planned` after one that has put something for a later hour, or
    wants something fetched or taken out. `survey`: who looks at the whole district, unless it is done here. `poll`:
    after how long it looks unrung."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        zone: tzinfo,
        channels: Mapping[str, Channel],
        spoken: Callable[[], None],
        planned: Callable[[], None],
        meters: Meters | None = None,
        begins: str = "",
        survey: Survey | None = None,
        poll: timedelta = POLL,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._zone = zone
        self._channels = channels
        self._spoken = spoken
        self._planned = planned
        self._at = begins
        self._poll = poll
        self._bell = Bell(clock)
        self._understanding = Understanding(channels, clock, zone)
        self.surveys = Surveys(clock, self._understanding, survey or beside(storage))
        self._answering: set[asyncio.Task[None]] = set()
        self._meters = meters or Meters()
        self.pulse = Pulse(clock, LIMIT)

    def ring(self) -> None:
        self._bell.ring()

    async def run(self) -> None:
        """For ever. A database that is away is no bug in a handler: the loop waits."""
        await together(
            self._go_round(self.pulse, self._bell, self._take_all),
            self._go_round(self.surveys.pulse, self.surveys.bell, self._survey),
        )

    async def _go_round(self, pulse: Pulse, bell: Bell, work: Callable[[], Awaitable[None]]) -> None:
        with pulse.beating():
            while True:
                await bell.wait(self._clock.now() + self._poll)
                try:
                    with self._clock.busy():
                        bell.take()
                        await work()
                    pulse.beat()
                except StorageError as error:
                    pulse.waits(str(error))
                    log.error("turn: %s", error)
                    await self._clock.sleep_until(self._clock.now() + PATIENCE)
                    bell.ring()

    async def drain(self) -> None:
        """Takes every lane, schools first, until none has a row that may be taken."""
        await self._take_all()
        while self.surveys.waits:
            self.surveys.bell.take()
            await self._survey()
            self._bell.take()
            await self._take_all()

    async def _survey(self) -> None:
        if await self.surveys.make():
            self.ring()

    async def _take_all(self) -> None:
        stop = START
        while True:
            stop = await self._storage.run(partial(self._take_one, after=stop))
            self._after(stop.worked)
            self.pulse.beat()
            if not stop.lanes:
                return

    def _take_one(self, tx: Tx, after: Stop) -> Stop:
        """A lane, and which come after it, in one transaction: to look before and after would be two more."""
        lanes = after.lanes or self._next(tx, after.in_vain)
        if not lanes:
            return START
        lane, *rest = lanes
        self._at = lane
        worked = self._lane(tx, lane)
        # what waited for a lane that was taken may go now
        in_vain = frozenset() if worked.rows else after.in_vain | {lane}
        return Stop(worked, rest or self._next(tx, in_vain), in_vain)

    def _next(self, tx: Tx, in_vain: Collection[str]) -> list[str]:
        """A few at a time, from where we are: workers that are apart seldom meet what another has emptied meanwhile.
        Lanes in which somebody waits come first; the last place is kept for what is ours alone, such as the clock's."""
        found = {lane: waits for lane, waits in inbox.lanes(tx).items() if lane not in in_vain}
        schools = [lane for lane in found if lane != inbox.DISTRICT]
        ahead = [lane for lane in schools if lane > self._at]
        round = [*ahead, *schools[: len(schools) - len(ahead)]]
        people = [lane for lane in round if found[lane]]
        own = [lane for lane in round if not found[lane]]
        few = people[: AT_A_TIME - 1] if own else people[:AT_A_TIME]
        return [*few, *own[: AT_A_TIME - len(few)]] or list(found)

    async def recover(self) -> None:
        """After an unclean stop: open rows one by one; a row that was being taken at three stops is set aside."""
        for lane in await self._storage.read(inbox.lanes):
            for row in await self._storage.read(lambda tx, lane=lane: inbox.take(tx, lane, BATCH)):  # type: ignore[misc]
                await self._alone(row)

    async def _alone(self, row: inbox.Row) -> None:
        tries = await self._storage.run(lambda tx: inbox.begin(tx, row.id))
        self._after(await self._storage.run(lambda tx: self._singly(tx, row, tries)))

    def _after(self, worked: Worked) -> None:
        if worked.rows:
            self._spoken()
        if worked.planned:
            self._planned()
        if worked.asks is not None:
            self.surveys.ask(worked.asks)
        for reply in worked.replies:
            task = asyncio.create_task(self._answer(reply))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer(self, reply: Reply) -> None:
        """A tap's answer is given once; one that cannot be given is not news."""
        words = None
        if reply.answer.text is not None:
            words = Words(reply.language).render(reply.answer.text, name=lambda _: None, author=reply.author)
        try:
            with self._clock.busy():
                await self._channels[reply.channel].answer(reply.tap, words, loud=reply.answer.loud)
            self._meters.answered(self._clock.now() - reply.received)
        except ChannelError as error:
            log.info("tap not answered: %s", error)

    # Inside the transaction

    def _singly(self, tx: Tx, row: inbox.Row, tries: int) -> Worked:
        """Nothing where another process is at it, or has been."""
        if not inbox.claim(tx, row.lane) or not inbox.is_open(tx, row.id):
            return NOTHING_DONE
        if tries <= inbox.LAST_TRY:
            return self.take(tx, row)
        log.error("update %s has stopped the program %d times: set aside", row.id, tries - 1)
        self._aside(tx, row, "it stopped the program three times")
        return NOTHING_DONE

    def _lane(self, tx: Tx, lane: str) -> Worked:
        whole, began = NOTHING_DONE, self._clock.monotonic()
        if (lane == inbox.DISTRICT and self.surveys.waits) or not inbox.claim(tx, lane):
            return whole
        for row in inbox.take(tx, lane, BATCH):
            if row.channel not in OURS and row.channel not in self._channels:
                continue  # a command line beside the running bot leaves people's updates to it
            behind = self._behind(tx, row)
            if behind and self._clock.now() - row.received < WAIT_FOR_SCHOOLS:
                continue
            if (understood := self.surveys.wanted(tx, row)) is not None:
                whole = replace(whole, asks=Asked(row.id, understood, ",".join(behind)))
                break
            whole += self.take(tx, row, ",".join(behind))
            if self._clock.monotonic() - began > BATCH_SECONDS:
                break
        if whole.rows:
            self._meters.turned(self._clock.monotonic() - began, whole.rows)
        return whole

    def _behind(self, tx: Tx, row: inbox.Row) -> list[str]:
        """For a district's tick: the schools whose tick of the same step is not done."""
        if row.channel != "clock" or row.lane != inbox.DISTRICT:
            return []
        return inbox.schools_behind(tx, row.native.removeprefix("tick:").rpartition(":")[0])

    def take(self, tx: Tx, row: inbox.Row, behind: str = "") -> Worked:
        """One row, whatever comes of it. `behind`: the schools that a tick of the district did not wait for."""
        heard: Heard | None = None
        update: Update | None = None
        outcome: Outcome | None = None
        known = self.surveys.known(tx, row)
        try:
            with tx.savepoint():
                heard = self._understanding.read(row)
                if heard is None:
                    inbox.done(tx, row.id, "nothing", self._clock.now(), None, None, keep=False)
                    return Worked(1, (), planned=False)
                understood = known.understood if known else self._understanding.understood(tx, row, heard)
                said, update = understood.said, understood.update
                heard = said.heard
                outcome = known.outcome if known else decided(tx, update, behind)
                later = self._write(tx, update, self._in_words(tx, update, outcome, said.chosen))
                self._touched(tx, update, heard)
                # what a stranger writes, perhaps a parent, is not ours to keep
                keep = outcome.actor != update.as_stranger
                inbox.done(
                    tx,
                    row.id,
                    _kinds(outcome),
                    update.now,
                    update.on,
                    said.kept,
                    keep=keep,
                    place=known.place if known else None,
                )
                log.info("turn %s %s: %s", row.id, _known(update.verb), _kinds(outcome))
                self._measure(row, update)
            planned = later or bool(outcome.fetches or outcome.takes_out or outcome.takes_back)
            return Worked(1, self._replies(heard, row, outcome), planned)
        except StorageError:
            raise
        except Exception as error:
            log.exception("update %s set aside", row.id)
            self._aside(tx, row, f"{type(error).__name__}")
            broken = Outcome(answer=Answer(text("answer.broken"), loud=True))
            if update is not None and outcome is None and row.channel not in OURS:
                self._write(tx, update, self._in_words(tx, update, _sorry(update) if update.tap is None else broken))
            return Worked(1, self._replies(heard, row, broken) if heard else (), planned=False)

    def _measure(self, row: inbox.Row, update: Update) -> None:
        self._meters.decided(update.now - row.received)
        if row.channel == "clock" and update.verb == "tick":
            self._meters.ticked(update.now - unstamp(update.args[1]))

    def _aside(self, tx: Tx, row: inbox.Row, error: str) -> None:
        inbox.set_aside(tx, row.id, error)
        told = inbox.own(
            inbox.DISTRICT, "postman", f"aside:{row.id}", "set_aside", (row.channel, error), row.id, ZERO_SEED
        )
        if not row.native.startswith("aside:"):
            inbox.put(tx, [told], self._clock.now())

    def _write(self, tx: Tx, update: Update, outcome: Outcome) -> bool:
        """Whether anything was put for a later hour that is not waiting for it already."""
        cause = Cause(update.id, update.lane, outcome.actor, update.at, update.today, update.channel, update.seed)
        for fact in outcome.facts:
            record(tx, fact, cause)
        saying.say(tx, update, outcome.says)
        for draft in outcome.drafts:
            mail.keep_draft(tx, draft, update.now)
        for fetch in outcome.fetches:
            wanted.put(tx, update, fetch)
        if outcome.takes_out and update.own is not None:
            removal.put(tx, update.channel, update.chat, update.own, update.now)
        for subject in outcome.takes_back:
            removal.put_shown(tx, subject, update.now)
        later = False
        for put in outcome.puts:
            arrival = inbox.own(put.lane, "lane", put.native, put.verb, put.args, put.text, update.seed)
            if put.at is None:
                inbox.put(tx, [arrival], update.now)
            else:
                later |= inbox.put_later(tx, arrival, put.at, update.now)
        return later

    def _in_words(self, tx: Tx, update: Update, outcome: Outcome, chosen: Sequence[Choice] = ()) -> Outcome:
        """Where the platform does not answer a tap by itself, what must be read is said in words, and so is what
        nothing else here says; but not beside a change on the phone that says it. A number is said back with its
        meaning."""
        if update.tap is None or self._toasts(update.channel):
            return outcome
        answer = outcome.answer or Answer()
        there = (ToHere(), ToPerson(outcome.actor))
        here = [
            message
            for message in outcome.says
            if message.to in there and (not message.only_if_shown or message.key == update.on)
        ]
        shown = answer.shown and not all(mail.stands(tx, update, message) for message in here)
        words = answer.text if not here or ((answer.loud or chosen) and not shown) else None
        if words is None and not chosen:
            return outcome
        labels = (by_itself(Words(outcome.language), one.label) for one in chosen)
        meaning = tuple(text("number.means", label=label) for label in labels)
        said = text("number.echo", meaning=meaning, answer=words or NOTHING)
        aloud = Message(f"answer:{update.id}", ToHere(), said)
        return replace(outcome, says=(aloud, *outcome.says))

    def _toasts(self, channel: str) -> bool:
        return channel in OURS or self._channels[channel].can.toasts

    def _touched(self, tx: Tx, update: Update, heard: Heard) -> None:
        """Where somebody was heard last, and what their tap allows: to change the card, or to close one that is none of
        ours any more."""
        if update.channel in OURS:
            return
        if update.private:
            mail.heard(tx, update.channel, update.chat, update.at)
        if heard.edit_code is not None and heard.ref is not None:
            until = update.at + self._channels[update.channel].can.edit_life
            known = mail.may_edit(tx, update.channel, update.chat, heard.ref, heard.edit_code, until)
            if not known and is_ours(heard.ref):  # nothing is made of another's
                saying.close(tx, update, text("answer.card_over"), heard.ref, heard.edit_code, until)

    def _replies(self, heard: Heard, row: inbox.Row, outcome: Outcome) -> tuple[Reply, ...]:
        """Every tap is answered, if only to stop its hour-glass."""
        if heard.tap is None or not self._toasts(row.channel):
            return ()
        answer = outcome.answer or Answer()
        return (Reply(row.channel, heard.tap, answer, outcome.language, outcome.actor, row.received),)


def _kinds(outcome: Outcome) -> str:
    """For the log and the inbox: what happened, never what was said."""
    kinds = [type(fact).__name__ for fact in outcome.facts]
    return " ".join((*kinds, f"says={len(outcome.says)}")) if kinds or outcome.says else "nothing"


def _known(verb: str) -> str:
    """For the log: a command that there is not is somebody's own words."""
    return verb if verb in PEOPLE or verb in ANYBODY or verb in VERBS_OF_OURS else "unknown"


def _sorry(update: Update) -> Outcome:
    """What was typed in private and could not be handled is not met with silence; a tap is answered by itself."""
    if update.tap is not None or not update.private:
        return Outcome()
    return Outcome(says=(Message(f"answer:{update.id}", ToHere(), text("answer.broken_words")),))
