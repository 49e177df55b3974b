"""Telegram: a channel of the port. The only package that imports python-telegram-bot."""

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.request import Http

__all__ = ["Http", "Telegram"]
