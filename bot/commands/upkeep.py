"""`check` and `replay`: what an administrator of the machine does before a start and after a fix."""

import os
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
from bot.vault import Vault
from handlers.questions import RulesOn
from handlers.rulebook import Rules
from storage import StorageError, inbox, open_storage
from storage.answers import Answers

Found = tuple[str, str, str]  # what was tried; good, warned or bad; what was found


async def check(config: Config, clock: Clock, words: Words, say: Say) -> bool:
    """Tries token, database, texts and rules; True when the bot could run. What would surprise the district is warned
    of. Nothing is started, nobody is written to."""
    well = True
    async for what, how, found in _tried(config, clock, words):
        say(words.say(f"machine.{how}", {"what": words.say(f"machine.what.{what}"), "found": found}))
        well = well and how != "bad"
    return well


async def _tried(config: Config, clock: Clock, words: Words) -> AsyncIterator[Found]:
    yield "config", "good", config.district.zone
    yield await _token(config, clock)
    problems = check_texts()
    yield "texts", "bad" if problems else "good", "; ".join(problems) or "zh, en"
    yield _files(config, words)
    for one in await _database(config, clock.now().astimezone(config.zone).date(), words):
        yield one


def _files(config: Config, words: Words) -> Found:
    """Certificates are for the bot's own user alone."""
    folder = config.storage.files
    path = Vault(folder).open_to_others()
    if path is not None:
        return "files", "bad", words.say("machine.files_open", {"path": path})
    if folder.exists() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return "files", "bad", words.say("machine.files_closed", {"path": str(folder)})
    return "files", "good", str(folder)


async def _token(config: Config, clock: Clock) -> Found:
    try:
        channel = Telegram(config.token, config.telegram.base_url, clock)
    except (ConfigError, ChannelError) as error:
        return "token", "bad", str(error)
    try:
        await channel.open()
    except ChannelError as error:
        return "token", "bad", str(error)
    finally:
        await channel.close()
    return "token", "good", f"@{channel.username}"


async def _database(config: Config, today: date, words: Words) -> list[Found]:
    try:
        storage = await open_storage(config.storage.url)
    except StorageError as error:
        return [("database", "bad", str(error))]
    found: Found = ("database", "good", config.storage.url.partition("://")[0])
    try:
        return [found, _rules(await storage.read(lambda tx: Answers(tx)(RulesOn(today))), today, words)]
    except KeyError:
        return [found, ("rules", "good", "district.toml")]  # before the first start they are still in their file
    except (StorageError, ValueError) as error:
        return [found, ("rules", "bad", str(error))]
    finally:
        await storage.close()


def _rules(rules: Rules, today: date, words: Words) -> Found:
    if not rules.terms:
        return "rules", "warned", words.say("machine.no_terms")
    if all(last < today for _, last in rules.terms):
        return "rules", "warned", words.say("machine.terms_over")
    return "rules", "good", f"{rules.district}, {len(rules.rounds)}"


async def replay(machine: Machine, id: str, words: Words, say: Say) -> None:
    """Raises MachineError when no such row was set aside, or when it raises again."""
    if not await machine.storage.run(lambda tx: inbox.reopen(tx, id)):
        raise MachineError(words.say("machine.no_such_row", {"id": id}))
    # an id is <received>:<channel>:<native>, and an instant has two colons of its own
    channel, native = id.split(":", 4)[3:]
    [outcome] = await machine.finish([(channel, native)])
    say(words.say("machine.replayed", {"id": id, "outcome": outcome}))
