"""What the office does before the day: rules, calendar, rolls and invitations go in through the inbox."""

from collections.abc import Mapping
from datetime import datetime

from bot.clock import AffineClock
from bot.config import Config
from bot.machine import Machine
from bot.seed import seed
from handlers import ids
from handlers.rolls import to_json
from storage import open_storage
from storage.inbox import DISTRICT
from tests.kill.town import DAY, Town


async def prepare(url: str, town: Town, now: datetime, userids: Mapping[int, str]) -> dict[int, str]:
    """The one-time code of everybody, by their number on the phones; whom a directory knows is bound already."""
    storage = await open_storage(url)
    try:
        machine = Machine(storage, AffineClock(now, 1), Config(), {})
        await storage.run(lambda tx: seed(tx, now, DAY))
        rolls = [
            machine.arrival("roster", (str(place), DAY.replace(day=1, month=8).isoformat()), to_json(roll))
            for place, roll in enumerate(town.rolls())
        ]
        await machine.tell(rolls)
        invitation = machine.arrival("invites", ("",))
        await machine.tell([invitation])
        people = await storage.read(lambda tx: tx.all("SELECT id, name, school FROM person"))
        known = {row["name"]: str(row["id"]) for row in people}
        lanes = {row["name"]: str(row["school"] or DISTRICT) for row in people}
        bound = [(one, userids[one.id]) for one in town.members if one.id in userids]
        await machine.tell(
            [
                machine.arrival("member", ("wecom", userid, known[one.name]), lane=lanes[one.name])
                for one, userid in bound
            ]
        )
    finally:
        await storage.close()
    return {one.id: ids.code(invitation.seed, known[one.name]) for one in town.members}
