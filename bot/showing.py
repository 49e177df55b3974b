"""A letter → its channel: one call, and how that ended."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime

from bot.channels import Channel, ChannelError, Refused
from bot.letters import Letter, made
from bot.vault import Vault

log = logging.getLogger(__name__)

MENU = "menu"  # the ref of a command menu: it has none


@dataclass(frozen=True)
class Finished:
    """A letter's end: the ref of what is shown now, or why it is not. `at` is when it went out."""

    letter: Letter
    outcome: str | ChannelError
    at: datetime


async def show(letter: Letter, channel: Channel, now: datetime, vault: Vault) -> Finished:
    """Whatever goes wrong is an outcome too: nothing is raised but a cancellation."""
    try:
        outcome: str | ChannelError = await _ref(letter, channel, now, vault)
    except ChannelError as error:
        outcome = error
    except Exception as error:
        log.exception("message %s cannot be shown", letter.due.key)
        outcome = Refused(f"{type(error).__name__}: {error}")
    return Finished(letter, outcome, now)


async def _ref(letter: Letter, channel: Channel, now: datetime, vault: Vault) -> str:
    due = letter.due
    if letter.menu is not None:
        await channel.menus(due.native, due.private, letter.menu)
        return MENU
    page = letter.page
    if letter.picture is not None or letter.workbook is not None or letter.paper is not None:
        page = await asyncio.to_thread(made, letter, now, vault)
    return await channel.show(due.native, page, letter.ref)
