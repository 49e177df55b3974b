"""企业微信: a channel of the port."""

from bot.channels.wecom.api import Api
from bot.channels.wecom.callbacks import Receiver
from bot.channels.wecom.channel import WeCom
from bot.channels.wecom.crypto import Crypto
from bot.channels.wecom.groups import Groups
from bot.channels.wecom.robot import Robot

__all__ = ["Api", "Crypto", "Groups", "Receiver", "Robot", "WeCom"]
