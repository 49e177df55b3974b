"""WeCom: what config.toml lacks, by the name it has in the console, and what WeCom says of the rest."""

from collections.abc import AsyncIterator
from typing import Final

from pydantic import SecretStr

from bot.clock import Clock
from bot.commands.check.callback import callback
from bot.commands.check.console import console
from bot.commands.check.found import Found, bad, warned
from bot.commands.check.robot import robot
from bot.config import Config, ConfigError, WecomSection
from bot.texts import Words

APP: Final = ("corp_id", "agent_id", "secret", "token", "aes_key")
ROBOT: Final = ("bot_id", "bot_secret")


def meant(config: Config) -> bool:
    """Whether the district wants WeCom at all: also where the value is missing by which the bot would know."""
    return any(_has(config.wecom, key) for key in (*APP, *ROBOT))


async def tried(config: Config, clock: Clock, words: Words) -> AsyncIterator[Found]:
    """Every value that is missing; where none is, what WeCom says of them."""
    lacks = [key for key in _wanted(config.wecom) if not _has(config.wecom, key)]
    for key in lacks:
        yield bad(key, words.say("check.missing", {"key": f"wecom.{key}", "where": words.say(f"check.where.{key}")}))
    if lacks:
        return
    try:
        app, long_connection = config.wecom_app, config.wecom_robot
    except ConfigError as error:
        yield bad("wecom", str(error))
        return
    if app is not None:
        async for one in console(app, config, clock, words):
            yield one
        for one in await callback(app, config.wecom, clock, words):
            yield one
        if config.wecom.bot_id:
            yield warned("robot", words.say("check.wecom.robot_unused"))
    elif long_connection is not None:
        for one in await robot(long_connection, config, clock, words):
            yield one


def _wanted(section: WecomSection) -> tuple[str, ...]:
    """The app's, or the robot's where nothing of an app is there."""
    if any(_has(section, key) for key in ROBOT) and not any(_has(section, key) for key in APP):
        return ROBOT
    return (*APP, "group_key") if section.group == "robot" else APP


def _has(section: WecomSection, key: str) -> bool:
    value = getattr(section, key)
    said = value.get_secret_value() if isinstance(value, SecretStr) else value
    return bool(said) or getattr(section, f"{key}_file", None) is not None
