"""The promises of the program broken on purpose, one at a time: what the simulation must find."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from unittest.mock import patch

import bot.delivery
import bot.postman
import bot.ticker
import bot.turn
import storage.inbox
import storage.mail
import storage.record
from bot.channels import Capabilities, Raw, Unknown
from bot.channels.door import Door, Take
from bot.channels.telegram.listening import Listener
from bot.channels.wecom import Api, errors
from bot.letters import Letter
from bot.postman import Postman
from bot.ticker import Ticker
from bot.turn import Turn, Worked
from handlers import OURS, decide
from handlers.alerts import raising
from handlers.facts import Reported
from handlers.outcome import Outcome
from handlers.plain import stamp
from storage import Tx, progress
from storage.answers import Answers
from storage.inbox import Arrival
from storage.mail import Due, Standing
from storage.record.lane import append

Mutation = Callable[[], Any]


def acknowledged_before_the_commit() -> Any:
    """The next poll confirms what is still on its way into the inbox."""

    late: list[asyncio.Future[None]] = []

    async def hand_over(self: Listener, updates: list[Any], take: Callable[[Sequence[Raw]], Any]) -> None:
        async def later() -> None:
            await asyncio.sleep(0.5)
            await take([Raw(str(one["update_id"]), json.dumps(one)) for one in updates])

        late.append(asyncio.ensure_future(later()))
        self._offset = updates[-1]["update_id"] + 1 if updates else None
        self._in_touch, self.out_since = True, None

    return patch.object(Listener, "_hand_over", hand_over)


def what_was_shown_is_not_written_down() -> Any:
    def shown(tx: Tx, message: Due, how: Standing, now: datetime) -> None:
        tx.run(
            "UPDATE message SET state = 'idle' WHERE key = :key AND address = :address",
            key=message.key,
            address=message.address,
        )

    return patch.object(storage.mail, "shown", shown)


def rows_instead_of_lanes() -> Any:
    """Two workers decide upon what they both saw before either of them wrote."""

    def lane(self: Turn, tx: Tx, name: str) -> Worked:
        rows = storage.inbox.take(tx, name, 100)
        decided: dict[Any, Outcome] = {}
        real = decide

        def remembered(update: Any, ask: Any) -> Outcome:
            return decided.get(update.id) or real(update, ask)

        for row in rows:
            if row.channel == "telegram" and (heard := self._understanding.read(row)) is not None:
                decided[row.id] = real(self._understanding.understood(tx, row, heard).update, Answers(tx))
        whole = Worked(0, (), planned=False)
        with patch.object(bot.surveys, "decide", remembered):
            for row in rows:
                if not self._behind(tx, row):
                    whole += self.take(tx, row)
        return whole

    return patch.object(Turn, "_lane", lane)


def repeats_are_not_known() -> Any:
    def put(tx: Tx, arrivals: Sequence[Arrival], now: datetime) -> int:
        for one in arrivals:
            tx.run(
                "DELETE FROM seen WHERE channel = :channel AND native = :native", channel=one.channel, native=one.native
            )
        return real(tx, arrivals, now)

    real = storage.inbox.put
    return patch.multiple("bot.listener", put=put)


def a_tick_is_put_twice() -> Any:
    """It is forgotten up to when they have been put, and a tick has no name of its own."""

    def ticks(self: Ticker, tx: Tx, due: Any) -> Iterator[Arrival]:
        for one in real(self, tx, due):
            yield one
            yield storage.inbox.Arrival(one.lane, one.channel, f"{one.native}:again", one.body, one.seed, ours=True)

    real = Ticker._ticks
    return patch.object(Ticker, "_ticks", ticks)


def a_reminder_is_not_withdrawn() -> Any:
    def record(tx: Tx, fact: Any, cause: Any) -> None:
        append(tx, fact, cause)
        storage.record._keep(tx, fact, cause)

    return patch.object(bot.turn, "record", record)


def drafts_are_kept_in_memory() -> Any:
    """They end with the program."""

    async def recover(self: Turn) -> None:
        await self._storage.run(lambda tx: tx.run("DELETE FROM draft"))
        await real(self)

    real = Turn.recover
    return patch.object(Turn, "recover", recover)


def the_offset_is_a_maximum() -> Any:
    async def hand_over(self: Listener, updates: list[Any], take: Callable[[Sequence[Raw]], Any]) -> None:
        before = self._offset
        await real(self, updates, take)
        self._offset = max(filter(None, (before, self._offset)), default=None)

    real = Listener._hand_over
    return patch.object(Listener, "_hand_over", hand_over)


def an_alert_is_not_passed_on() -> Any:
    return patch.object(raising, "wait", lambda update, rules, alert: ())


def the_summary_is_not_kept_true() -> Any:
    return patch.dict(OURS, {"summary_again": lambda update, ask, person: Outcome()})


def a_report_leaves_no_fact() -> Any:
    def without(tx: Tx, fact: Any, cause: Any) -> None:
        if not isinstance(fact, Reported):
            real(tx, fact, cause)

    real = append
    return patch.object(storage.record, "append", without)


def what_may_not_have_come_is_taken_for_shown() -> Any:
    def unknown(tx: Tx, letter: Letter, why: Unknown, now: datetime, can: Capabilities) -> None:
        storage.mail.never(tx, letter.due, str(why))

    return patch.object(bot.delivery, "_unknown", unknown)


def a_failed_commit_is_forgotten() -> Any:
    """The postman lets go of what has ended before it is written down."""

    async def commit(self: Postman) -> None:
        kept = tuple(self._finished)
        try:
            await real(self)
        finally:
            if len(self._finished) >= len(kept):
                del self._finished[: len(kept)]

    real = Postman._commit
    return patch.object(Postman, "_commit", commit)


def what_was_due_meanwhile_is_forgotten() -> Any:
    """A start takes it that all up to then has been put."""

    async def run(self: Ticker) -> None:
        await self._storage.run(lambda tx: progress.keep(tx, bot.ticker.TICKED, stamp(self._clock.now())))
        await real(self)

    real = Ticker.run
    return patch.object(Ticker, "run", run)


def a_callback_is_answered_before_the_commit() -> Any:
    """The 200 says that WeCom may forget what is still on its way into the inbox."""

    late: list[asyncio.Future[None]] = []

    async def taken(self: Door, told: Raw, take: Take) -> None:
        async def later() -> None:
            await asyncio.sleep(0.5)
            await take([told])

        late.append(asyncio.ensure_future(later()))

    return patch.object(Door, "take", taken)


def a_repeat_is_another_request() -> Any:
    """WeCom shows it once more."""

    async def call(self: Api, path: str, body: Mapping[str, Any] | None = None, **query: str) -> dict[str, Any]:
        said = body and {name: value for name, value in body.items() if "duplicate_check" not in name}
        return await real(self, path, said, **query)

    real = Api.call
    return patch.object(Api, "call", call)


def the_code_of_a_tap_is_dropped() -> Any:
    """So what was tapped cannot change any more."""
    return patch.object(storage.mail, "may_edit", lambda *of: True)


def a_token_is_good_until_its_time() -> Any:
    """WeCom may end it whenever it likes."""
    return patch.dict(errors.MEANINGS, {40014: errors.MEANINGS[40058]})


MUTATIONS: Final[Mapping[str, Mutation]] = {
    one.__name__: one
    for one in (
        acknowledged_before_the_commit,
        what_was_shown_is_not_written_down,
        rows_instead_of_lanes,
        repeats_are_not_known,
        a_tick_is_put_twice,
        a_reminder_is_not_withdrawn,
        drafts_are_kept_in_memory,
        the_offset_is_a_maximum,
        an_alert_is_not_passed_on,
        the_summary_is_not_kept_true,
        a_report_leaves_no_fact,
        what_may_not_have_come_is_taken_for_shown,
        a_failed_commit_is_forgotten,
        what_was_due_meanwhile_is_forgotten,
        a_callback_is_answered_before_the_commit,
        a_repeat_is_another_request,
        the_code_of_a_tap_is_dropped,
        a_token_is_good_until_its_time,
    )
}
