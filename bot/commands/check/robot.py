"""The long connection of the 智能机器人."""

from bot.clock import Clock
from bot.commands.check.found import Found, good
from bot.config import Config, WecomRobot
from bot.texts import Words


async def robot(robot: WecomRobot, config: Config, clock: Clock, words: Words) -> Found:
    """One connection a robot: another would end that of the bot that runs."""
    return good("robot", words.say("check.wecom.robot"))
