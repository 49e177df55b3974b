"""Telegram: the token, the clock by its server's, and what the bot may do in the leaders' group."""

from collections.abc import AsyncIterator

from bot.channels import ChannelError
from bot.channels.telegram import Telegram
from bot.clock import Clock
from bot.commands.check import surroundings
from bot.commands.check.found import Found, bad, good, warned
from bot.config import Config, ConfigError
from bot.texts import Words
from handlers.model import LEADERS
from storage import StorageError, open_storage
from storage.chats import group_of


async def tried(config: Config, clock: Clock, words: Words) -> AsyncIterator[Found]:
    try:
        channel = Telegram(config.token, config.telegram.base_url, clock)
    except (ConfigError, ChannelError) as error:
        yield bad("telegram", str(error))
        return
    try:
        await channel.open()
        yield good("telegram", f"@{channel.username}")
        yield surroundings.clock(channel.ahead, words)
        yield await _group(channel, await _leaders(config), words)
    except ChannelError as error:
        yield bad("telegram", str(error))
    finally:
        await channel.close()


async def _group(channel: Telegram, native: str | None, words: Words) -> Found:
    if native is None:
        return warned("group", words.say("check.group_unbound"))
    try:
        lacks = await channel.lacks_in(native)
    except ChannelError as error:
        return bad("group", words.say("check.group_away", {"problem": str(error)}))
    if lacks:
        return bad("group", words.say("check.group_mute", {"rights": ", ".join(lacks)}))
    return good("group", words.say("check.group"))


async def _leaders(config: Config) -> str | None:
    """Where they are. A database that cannot be read is told of elsewhere."""
    try:
        storage = await open_storage(config.storage.url)
    except StorageError:
        return None
    try:
        return await storage.read(lambda tx: group_of(tx, LEADERS, "telegram"))
    finally:
        await storage.close()
