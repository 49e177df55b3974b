"""Who of the roster has which userid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.config import Config
from handlers.questions import ChatsOf, Schools, Staff
from storage import Tx, open_storage
from storage.answers import Answers

WECOM = "wecom"


@dataclass(frozen=True)
class Listed:
    """Everybody of the roster: by userid who has one, and the names of those who have none."""

    bound: Mapping[str, str]
    others: tuple[str, ...]


async def listed(config: Config, day: date) -> Listed:
    """Raises StorageError."""
    storage = await open_storage(config.storage.url)
    try:
        return await storage.read(lambda tx: _listed(tx, day))
    finally:
        await storage.close()


def _listed(tx: Tx, day: date) -> Listed:
    ask = Answers(tx)
    schools = [None, *(one.id for one in ask(Schools(day)))]
    people = {one.id: one.name for school in schools for one in ask(Staff(school, day))}
    userids = {chat.person: chat.native.lower() for chat in ask(ChatsOf(WECOM)) if chat.state == "bound"}
    bound = {userids[id]: name for id, name in people.items() if id in userids}
    return Listed(bound, tuple(name for id, name in people.items() if id not in userids))
