"""Telegram: a channel of the port. The only package that imports python-telegram-bot."""

from bot.channels.line import Http
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.webhook import Webhook

__all__ = ["Http", "Telegram", "Webhook"]
