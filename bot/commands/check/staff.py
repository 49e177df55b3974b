"""Who of the roster has which account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.config import Config
from bot.directory import known
from storage import open_storage
from storage.answers import Answers

WECOM = "wecom"


@dataclass(frozen=True)
class Listed:
    """The names of the roster: by account, in small letters, of who has one, and of the others."""

    bound: Mapping[str, str]
    others: tuple[str, ...]


async def listed(config: Config, day: date) -> Listed:
    """Nobody before the first start. Raises StorageError."""
    storage = await open_storage(config.storage.url)
    try:
        found = await storage.read(lambda tx: known(Answers(tx), WECOM, day))
    except KeyError:
        return Listed({}, ())  # there are no rules yet
    finally:
        await storage.close()
    names = {one.person.id: one.person.name for one in found.staff}
    chats = [(native, chat.person) for native, chat in found.chats.items() if chat.state == "bound"]
    bound = {native: names[person] for native, person in chats if person in names}
    have = {person for _, person in chats}
    return Listed(bound, tuple(name for id, name in names.items() if id not in have))
