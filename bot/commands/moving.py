"""`storage copy`: from one database to another, and what was checked of it."""

import asyncio

from bot.commands import Say
from bot.commands.audit import whole
from bot.machine import MachineError
from bot.texts import Words
from storage import Unmoved, copy_storage


async def move(source: str, target: str, words: Words, say: Say) -> None:
    """Raises MachineError where nothing was copied, or where what was copied had been changed before."""
    try:
        moved = await asyncio.to_thread(copy_storage, source, target)
    except Unmoved as error:
        raise MachineError(words.say(f"machine.unmoved.{error.why}", {"table": error.table})) from error
    say(words.say("machine.moved", {"rows": sum(moved.rows.values()), "tables": len(moved.rows)}))
    whole(moved.seals, words, say)
