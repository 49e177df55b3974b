"""Telegram's one value: the token."""

from bot.channels import ChannelError
from bot.channels.telegram import Telegram
from bot.clock import Clock
from bot.commands.check.found import Found, bad, good
from bot.config import Config, ConfigError


async def token(config: Config, clock: Clock) -> Found:
    try:
        channel = Telegram(config.token, config.telegram.base_url, clock)
    except (ConfigError, ChannelError) as error:
        return bad("telegram", str(error))
    try:
        await channel.open()
    except ChannelError as error:
        return bad("telegram", str(error))
    finally:
        await channel.close()
    return good("telegram", f"@{channel.username}")
