"""What the office does before the day: rules, calendar, rolls and invitations go in through the inbox."""

from datetime import datetime
from pathlib import Path

from bot.clock import AffineClock
from bot.config import Config
from bot.machine import Machine
from bot.seed import seed
from handlers import ids
from handlers.rolls import to_json
from storage import open_storage
from tests.kill.town import DAY, Town


async def prepare(path: Path, town: Town, now: datetime) -> dict[int, str]:
    """The one-time code of everybody, by their number in the pretended Telegram."""
    storage = await open_storage(f"sqlite:///{path}")
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
        people = await storage.read(lambda tx: tx.all("SELECT id, name FROM person"))
    finally:
        await storage.close()
    known = {row["name"]: str(row["id"]) for row in people}
    return {one.id: ids.code(invitation.seed, known[one.name]) for one in town.members}
