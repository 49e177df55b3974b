"""`audit verify`: whether anything that was recorded has been changed since, and which seal a caption shows."""

from bot.commands import Say
from bot.machine import Machine, MachineError
from bot.texts import Words
from handlers.seals import digits_of
from storage import audit


async def verify(machine: Machine, words: Words, say: Say) -> None:
    """Raises MachineError naming the first broken link."""
    whole(await machine.storage.read(audit.verify), words, say)


def whole(found: audit.Found, words: Words, say: Say) -> None:
    """Raises MachineError naming the first broken link."""
    counted = {"facts": found.facts, "seals": found.seals, "after": found.after, "erased": found.erased}
    if found.broken is None:
        say(words.say("machine.audit_whole", counted))
        return
    one = found.broken
    where = {"seal": one.seal, "lane": one.lane, "n": one.n, "last": one.last}
    link = words.say(f"machine.broken.{one.what}", where)
    place = words.say("machine.audit_in" if one.seal else "machine.audit_after", where)
    raise MachineError(words.say("machine.audit_broken", {"place": place, "link": link, **counted}))


async def caption(machine: Machine, said: str, words: Words, say: Say) -> None:
    """Raises MachineError where no seal has these digits."""
    digits = digits_of(said)
    if not digits:
        raise MachineError(words.say("machine.no_digits", {"said": said}))
    found = await machine.storage.read(lambda tx: audit.seal_with(tx, digits))
    if found is None:
        raise MachineError(words.say("machine.no_seal", {"said": said}))
    say(words.say("machine.seal", {"n": found[0], "day": found[1], "said": said}))
