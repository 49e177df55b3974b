"""What the bot's own database knows of WeCom: who has which account, who is in the leaders' group, whether it runs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.app import HEARS, LINE
from bot.config import Config
from bot.directory import known
from handlers.model import LEADERS
from storage import StorageError, Tx, lease, open_storage
from storage.answers import Answers
from storage.chats import group_of, leaders_on

WECOM: Final = "wecom"
NOBODY: Final = ""


class Remembered(Struct, frozen=True):
    """The names of the roster: by account, in small letters, of who has one, and of the others. `leaders`: how many
    学区领导 there are among the first. `has_group`: one is bound. `is_running`: a bot listens to it."""

    bound: Mapping[str, str]
    others: tuple[str, ...]
    leaders: int
    has_group: bool
    is_running: bool


NOTHING: Final = Remembered({}, (), 0, False, False)


async def remembered(config: Config, now: datetime) -> Remembered:
    """Nothing before the first start, nor of a database that cannot be read: that is said elsewhere."""
    try:
        storage = await open_storage(config.storage.url)
    except StorageError:
        return NOTHING
    try:
        return await storage.read(lambda tx: _remembered(tx, now, config.zone))
    except (StorageError, KeyError):  # KeyError: there are no rules yet
        return NOTHING
    finally:
        await storage.close()


def _remembered(tx: Tx, now: datetime, zone: ZoneInfo) -> Remembered:
    day = now.astimezone(zone).date()
    found = known(Answers(tx), WECOM, day)
    names = {one.person.id: one.person.name for one in found.staff}
    chats = [(native, chat.person) for native, chat in found.chats.items() if chat.state == "bound"]
    have = {person for _, person in chats}
    return Remembered(
        bound={native: names[person] for native, person in chats if person in names},
        others=tuple(name for id, name in names.items() if id not in have),
        leaders=len(leaders_on(tx, WECOM, day.isoformat())),
        has_group=group_of(tx, LEADERS, WECOM) is not None,
        is_running=_is_running(tx),
    )


def _is_running(tx: Tx) -> bool:
    return any(lease.others(tx, kind, NOBODY) for kind in (f"{HEARS}:{WECOM}", LINE))
