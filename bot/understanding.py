"""What a row of the inbox says: read by its channel, a number taken for what it stands for, and made the update that
handlers decide upon."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from msgspec import Struct

from bot.channels import Channel, Heard
from bot.clock import Clock
from bot.meaning import Meant, again, meant
from handlers.model import Update
from storage import Tx, inbox, mail

OURS: Final = frozenset({"clock", "machine", "postman", "lane"})
TAP_KEPT: Final = timedelta(seconds=150)  # Telegram forgets a tap that nobody fetches: none that comes is older


class Understood(Struct, frozen=True):
    said: Meant
    update: Update


class Understanding:
    """Nothing is written."""

    def __init__(self, channels: Mapping[str, Channel], clock: Clock, zone: tzinfo) -> None:
        self._channels = channels
        self._clock = clock
        self._zone = zone

    def read(self, row: inbox.Row) -> Heard | None:
        """None where it says nothing to us."""
        if row.channel not in OURS:
            return self._channels[row.channel].read(row.body)
        said = json.loads(row.body)
        return Heard(row.channel, row.channel, True, said["verb"], tuple(said["args"]), said["text"])

    def understood(self, tx: Tx, row: inbox.Row, heard: Heard) -> Understood:
        said = self._meant(tx, row, heard)
        return Understood(said, self._update(tx, row, said.heard))

    def _meant(self, tx: Tx, row: inbox.Row, heard: Heard) -> Meant:
        """What was meant when it was first decided is still meant when it is decided again."""
        if row.meant is not None:
            return again(heard, row.meant)
        if row.channel in OURS:
            return Meant(heard)
        return meant(tx, heard, row.channel, self._channels[row.channel].can, row.received)

    def _update(self, tx: Tx, row: inbox.Row, heard: Heard) -> Update:
        return Update(
            id=row.id,
            lane=row.lane,
            channel=row.channel,
            sender=heard.sender,
            chat=heard.chat,
            private=heard.private,
            at=_acted(row, heard),
            now=self._clock.now(),
            seed=row.seed,
            zone=self._zone,
            verb=heard.verb,
            args=heard.args,
            text=heard.text,
            ref=heard.ref,
            tap=heard.tap,
            on=row.on or (mail.key_of(tx, row.channel, heard.chat, heard.ref) if heard.ref else None),
            mentioned=heard.mentioned,
            own=heard.own,
        )


def _acted(row: inbox.Row, heard: Heard) -> datetime:
    """When the person acted: by the platform's clock. A tap has no time there, and after a gap in our listening it may
    be as old as the gap: the doubt is ours, not the teacher's."""
    if heard.at is not None:
        return min(row.received, datetime.fromtimestamp(heard.at, UTC))
    if heard.tap is not None and row.since is not None:
        return max(row.since, row.received - TAP_KEPT)
    return row.received
