"""What Telegram says when it says no, in the port's few words. The sentences are those of its server, Client.cpp."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from telegram import error as ptb

from bot.channels import ChannelError, Conflict, Gone, Refused, TooMany, TryLater, Unauthorized, Unknown, Unreachable
from bot.channels.telegram.request import NotSent

# the library then gives spans of time as timedelta and does not warn of the change at each 429
os.environ["PTB_TIMEDELTA"] = "true"

NOT_MODIFIED = "message is not modified"
NOTHING_TO_DELETE = "message to delete not found"
RECONNECT = 3.0  # seconds before a network that is away is tried again
FOREIGN = 30.0  # seconds after an answer that was not Telegram's own, such as a log-in page's

# begins with a code, as WeCom's do: for an admin, in chat
NOT_KNOWN = (
    "401 Telegram does not know this bot's token（机器人令牌不对或已重置）：在 Telegram 里找 @BotFather，发 /mybots，"
    "选本机器人，点「API Token」，写进 telegram.token 后重启。"
)

_GONE = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
    "there is no media in the message to edit",
    "message_id_invalid",
    "query is too old",
)
_UNREACHABLE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_restricted",
    "group chat was deactivated",
)


@contextmanager
def port_errors() -> Iterator[None]:
    """Whatever the library raises inside leaves as a ChannelError."""
    try:
        yield
    except ptb.TelegramError as error:
        raise translated(error) from error


@contextmanager
def harmless(words: str) -> Iterator[None]:
    """A refusal in these words means that all is as it should be."""
    try:
        yield
    except ptb.BadRequest as error:
        if words not in error.message.lower():
            raise


def translated(error: ptb.TelegramError) -> ChannelError:
    """BadRequest and TimedOut are NetworkErrors to the library, so they come first."""
    if isinstance(error.__cause__, ptb.TelegramError):
        return _foreign(error)
    match error:
        case ptb.InvalidToken():
            return Unauthorized(NOT_KNOWN)
        case ptb.Forbidden():
            return Unreachable(error.message)
        case ptb.ChatMigrated():
            return Unreachable(error.message, moved_to=str(error.new_chat_id))
        case ptb.RetryAfter():
            return TooMany(error.message, seconds=_seconds(error.retry_after), limit=True)
        case ptb.Conflict():
            return Conflict(error.message)
        case NotSent():
            return TryLater(error.message, seconds=RECONNECT, whole=True)
        case ptb.BadRequest():
            return _bad_request(error.message)
        case _:  # a time-out, a connection that broke, a 5xx: it may have been shown
            return Unknown(error.message)


def _bad_request(message: str) -> ChannelError:
    words = message.lower()
    if any(gone in words for gone in _GONE):
        return Gone(message)
    if any(unreachable in words for unreachable in _UNREACHABLE):
        return Unreachable(message)
    return Refused(message)


def _foreign(error: ptb.TelegramError) -> ChannelError:
    """The library could not parse the refusal: it is a proxy's, and says nothing of our token or the chat."""
    if type(error) is ptb.NetworkError:
        return Unknown("a server error without Telegram's own words")
    return TryLater(f"{type(error).__name__} without Telegram's own words", seconds=FOREIGN, whole=True)


def _seconds(span: int | timedelta) -> float:
    return span.total_seconds() if isinstance(span, timedelta) else float(span)
