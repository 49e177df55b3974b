"""`check` and `replay`: what an administrator of the machine does before a start and after a fix."""

from collections.abc import AsyncIterator
from datetime import date

from bot.channels import ChannelError
from bot.channels.telegram import Telegram
from bot.clock import Clock
from bot.commands import Say
from bot.config import Config, ConfigError
from bot.machine import Machine, MachineError
from bot.texts import Words
from bot.texts import check as check_texts
from handlers.questions import RulesOn
from storage import StorageError, inbox, open_storage
from storage.answers import Answers

Found = tuple[str, bool, str]  # what was tried, whether it is well, what was found


async def check(config: Config, clock: Clock, words: Words, say: Say) -> bool:
    """Tries token, database, texts and rules; True when all is well. Nothing is started, nobody is written to."""
    well = True
    async for what, good, found in _tried(config, clock):
        key = "machine.good" if good else "machine.bad"
        say(words.say(key, {"what": words.say(f"machine.what.{what}"), "found": found, "why": found}))
        well = well and good
    return well


async def _tried(config: Config, clock: Clock) -> AsyncIterator[Found]:
    yield "config", True, config.district.zone
    yield await _token(config, clock)
    problems = check_texts()
    yield "texts", not problems, "; ".join(problems) or "zh, en"
    for one in await _database(config, clock.now().astimezone(config.zone).date()):
        yield one


async def _token(config: Config, clock: Clock) -> Found:
    try:
        channel = Telegram(config.token, config.telegram.base_url, clock)
    except (ConfigError, ChannelError) as error:
        return "token", False, str(error)
    try:
        await channel.open()
    except ChannelError as error:
        return "token", False, str(error)
    finally:
        await channel.close()
    return "token", True, f"@{channel.username}"


async def _database(config: Config, today: date) -> list[Found]:
    try:
        storage = await open_storage(config.storage.url)
    except StorageError as error:
        return [("database", False, str(error))]
    found: Found = ("database", True, config.storage.url.partition("://")[0])
    try:
        rules = await storage.read(lambda tx: Answers(tx)(RulesOn(today)))
        return [found, ("rules", True, f"{rules.district}, {len(rules.rounds)}")]
    except KeyError:
        return [found, ("rules", True, "district.toml")]  # before the first start they are still in their file
    except (StorageError, ValueError) as error:
        return [found, ("rules", False, str(error))]
    finally:
        await storage.close()


async def replay(machine: Machine, id: str, words: Words, say: Say) -> None:
    """Raises MachineError when no such row was set aside, or when it raises again."""
    if not await machine.storage.run(lambda tx: inbox.reopen(tx, id)):
        raise MachineError(words.say("machine.no_such_row", {"id": id}))
    # an id is <received>:<channel>:<native>, and an instant has two colons of its own
    channel, native = id.split(":", 4)[3:]
    [outcome] = await machine.finish([(channel, native)])
    say(words.say("machine.replayed", {"id": id, "outcome": outcome}))
