"""The long connection of the 智能机器人, where nothing of a self-built app is set."""

from collections.abc import Sequence

from bot.channels import ChannelError
from bot.channels.wecom.connection import Connection
from bot.clock import Clock
from bot.commands.check import surroundings
from bot.commands.check.found import Found, bad, good, warned
from bot.commands.check.remembered import Remembered, remembered
from bot.config import Config, WecomRobot
from bot.texts import Words


async def robot(robot: WecomRobot, config: Config, clock: Clock, words: Words) -> Sequence[Found]:
    own = await remembered(config, clock.now())
    connection = Connection(robot.bot_id, robot.secret, config.wecom.robot_url, clock)
    return [await _connected(connection, own, words), _group(own, words), surroundings.clock(None, words)]


async def _connected(connection: Connection, own: Remembered, words: Words) -> Found:
    """A robot has one connection, and another would throw out the bot that runs: so that one is believed."""
    if own.is_running:
        return good("robot", words.say("check.wecom.robot_running"))
    try:
        await connection.open()
        await connection.connect()
    except ChannelError as error:
        return bad("robot", words.say("check.wecom.robot_refused", {"problem": str(error)}))
    finally:
        await connection.close()
    return good("robot", words.say("check.wecom.robot"))


def _group(own: Remembered, words: Words) -> Found:
    if own.has_group:
        return good("group", words.say("check.wecom.group_bound"))
    return warned("group", words.say("check.wecom.group_invite"))
