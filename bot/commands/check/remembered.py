"""What the bot's own database knows of WeCom: who has which account, which group is the leaders', whether it runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.app import RUNNING
from bot.config import Config
from bot.directory import known
from handlers.plain import unstamp
from handlers.questions import Group
from storage import StorageError, Tx, open_storage, progress
from storage.answers import Answers

WECOM: Final = "wecom"
LEADERS: Final = "leaders"
IN_TOUCH: Final = timedelta(minutes=2)  # a bot that listens writes down that it is in touch at least once a minute


@dataclass(frozen=True)
class Remembered:
    """The names of the roster: by account, in small letters, of who has one, and of the others. `group` is the native
    id of the leaders' group on WeCom; `is_running`: a bot that runs has just been in touch with WeCom."""

    bound: Mapping[str, str]
    others: tuple[str, ...]
    group: str | None
    is_running: bool


NOTHING: Final = Remembered({}, (), None, False)


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
    ask = Answers(tx)
    found, group = known(ask, WECOM, now.astimezone(zone).date()), ask(Group(LEADERS))
    names = {one.person.id: one.person.name for one in found.staff}
    chats = [(native, chat.person) for native, chat in found.chats.items() if chat.state == "bound"]
    bound = {native: names[person] for native, person in chats if person in names}
    have = {person for _, person in chats}
    others = tuple(name for id, name in names.items() if id not in have)
    is_here = group is not None and (group.channel, group.state) == (WECOM, "bound")
    return Remembered(bound, others, group.native if group is not None and is_here else None, _is_running(tx, now))


def _is_running(tx: Tx, now: datetime) -> bool:
    touch = progress.known(tx, f"touch:{WECOM}")
    return bool(progress.known(tx, RUNNING)) and touch is not None and now - unstamp(touch) < IN_TOUCH
