"""`replay`: what an administrator of the machine does after a fix."""

from bot.commands import Say
from bot.machine import Machine, MachineError
from bot.texts import Words
from storage import inbox


async def replay(machine: Machine, id: str, words: Words, say: Say) -> None:
    """Raises MachineError when no such row was set aside, or when it raises again."""
    if not await machine.storage.run(lambda tx: inbox.reopen(tx, id)):
        raise MachineError(words.say("machine.no_such_row", {"id": id}))
    # an id is <received>:<channel>:<native>, and an instant has two colons of its own
    channel, native = id.split(":", 4)[3:]
    [outcome] = await machine.finish([(channel, native)])
    say(words.say("machine.replayed", {"id": id, "outcome": outcome}))
