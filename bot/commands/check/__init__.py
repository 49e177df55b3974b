"""`check`: tries all that the bot rests on, and says what is missing and where it is mended."""

from collections.abc import AsyncIterator
from pathlib import Path

from bot.clock import Clock
from bot.commands import Say
from bot.commands.check import house, surroundings, telegram, wecom
from bot.commands.check.found import BAD, Found, bad, good
from bot.config import Config
from bot.texts import Words


async def check(config: Config, clock: Clock, words: Words, say: Say, file: Path | None = None) -> bool:
    """Says a line for each thing tried; True when the bot could run. What would surprise the district is warned of.
    Nothing is started for longer than a moment, nobody is written to. `file`: the configuration's, if not the usual."""
    well = True
    async for one in _tried(config, clock, words, file):
        say(words.say(f"check.{one.how}", {"what": words.say(f"check.what.{one.what}"), "said": one.said}))
        well = well and one.how != BAD
    return well


async def _tried(config: Config, clock: Clock, words: Words, file: Path | None) -> AsyncIterator[Found]:
    yield good("config", config.district.zone)
    yield surroundings.rights(file, config, words)
    yield house.texts()
    yield surroundings.fonts(words)
    yield house.files(config, words)
    for one in (*await house.database(config, clock.now(), words), *surroundings.disk(config, words)):
        yield one
    yield surroundings.watch(config, words)
    if config.telegram.is_meant:
        async for one in telegram.tried(config, clock, words):
            yield one
    if wecom.meant(config):
        async for one in wecom.tried(config, clock, words):
            yield one
    if not config.telegram.is_meant and not wecom.meant(config):
        yield bad("channel", words.say("check.no_channel"))
