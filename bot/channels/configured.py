"""config.toml → the channels of this machine."""

from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256
from typing import Final

from bot.channels import Channel
from bot.clock import Clock
from bot.config import Config, ConfigError, host_of, port_of

DIGITS: Final = 12  # hexadecimal, of a key's hash
ROBOTS_GROUP = (
    "wecom.group is for a self-built app. With a 智能机器人 leave it out: put the robot into the leaders' group and "
    "write @it /bind leaders there."
)


async def nobody() -> Sequence[str]:
    """For who makes no group."""
    return ()


def configured(
    config: Config, clock: Clock, leaders: Callable[[], Awaitable[Sequence[str]]] = nobody
) -> dict[str, Channel]:
    """Each platform that is configured, not yet open. `leaders`: who is to be in a group that WeCom's app makes, by
    their ids there. Raises ConfigError and Unauthorized."""
    channels: dict[str, Channel] = {}
    for name in config.channels:
        channels[name] = _telegram(config, clock) if name == "telegram" else _wecom(config, clock, leaders)
    return channels


def groups_of(config: Config) -> dict[str, str]:
    """The leaders' group on each platform on which the machine names it: where it is, empty for none. With another
    key a robot's is another group, to which nothing has been said. Raises ConfigError."""
    if not config.wecom.group:
        return {"wecom": ""}
    from bot.channels.wecom.groups import APPCHAT, ROBOT  # what is not used is not loaded

    key = config.wecom_group_key
    if key is None:
        return {"wecom": f"{APPCHAT}:leaders{config.wecom.agent_id}"}
    return {"wecom": f"{ROBOT}:{sha256(key.encode()).hexdigest()[:DIGITS]}"}


def _telegram(config: Config, clock: Clock) -> Channel:
    from bot.channels.telegram import Telegram, Webhook  # what is not used is not loaded

    section, secret = config.telegram, config.webhook_secret
    listen = section.webhook_listen
    webhook = None if secret is None else Webhook(section.webhook_url, secret, host_of(listen), port_of(listen))
    return Telegram(config.token, section.base_url, clock, webhook=webhook)


def _wecom(config: Config, clock: Clock, leaders: Callable[[], Awaitable[Sequence[str]]]) -> Channel:
    from bot.channels.wecom import Api, Crypto, Groups, Receiver, Robot, WeCom

    section, app, robot = config.wecom, config.wecom_app, config.wecom_robot
    if robot is not None:
        if section.group:
            raise ConfigError(ROBOTS_GROUP)
        return Robot(robot.bot_id, robot.secret, section.robot_url, clock)
    if app is None:
        raise ConfigError("WeCom needs wecom.corp_id or wecom.bot_id.")
    api = Api(section.base_url, app.corp_id, app.secret, clock)
    crypto = Crypto(app.token, app.aes_key, app.corp_id)
    receiver = Receiver(crypto, clock, host_of(section.listen), port_of(section.listen), section.path)
    return WeCom(api, app.agent_id, receiver, Groups(api, config.wecom_group_key, leaders), clock)
