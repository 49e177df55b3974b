"""A letter → its channel: one call, and how that ended."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from bot.channels import Broadcaster, Channel, ChannelError, Gone, Refused, Shown, Unreachable
from bot.letters import Letter, made
from bot.painter import Paint
from bot.vault import Vault
from handlers.values import replace

log = logging.getLogger(__name__)

MENU = "menu"  # the ref of a command menu: it has none


class Finished(Struct, frozen=True):
    """A letter's end: what is shown now, or why nothing is. `at` is when it went out."""

    letter: Letter
    outcome: Shown | ChannelError
    at: datetime


async def show(letter: Letter, channel: Channel, now: datetime, vault: Vault, paint: Paint) -> list[Finished]:
    """One for each chat. Whatever goes wrong is an outcome too: nothing is raised but a cancellation."""
    missed: Sequence[str] = ()
    try:
        outcome: Shown | ChannelError
        if letter.others and isinstance(channel, Broadcaster):
            outcome, missed = await channel.show_all([one.due.native for one in letter.each()], letter.page)
        else:
            outcome = await _shown(letter, channel, now, vault, paint)
    except ChannelError as error:
        outcome = error
    except Exception as error:
        log.exception("message %s cannot be shown", letter.due.key)
        outcome = Refused(type(error).__name__)  # its words may hold a value
    return [
        Finished(one, Unreachable("it reached all but this one") if one.due.native in missed else outcome, now)
        for one in letter.each()
    ]


async def _shown(letter: Letter, channel: Channel, now: datetime, vault: Vault, paint: Paint) -> Shown:
    due = letter.due
    if letter.menu is not None:
        await channel.menus(due.native, due.private, letter.menu)
        return Shown(MENU)
    page = letter.page
    if letter.ref is not None and due.quiet and due.private and page.face is None and not channel.can.edits_text:
        raise Gone("what it is to be is no card")  # and as it is not sent anew, what stands there is left alone
    if letter.picture is not None:
        page = replace(page, photo=await paint(letter.picture, due.language))
    if letter.workbook is not None or letter.paper is not None:
        page = await asyncio.to_thread(made, letter, now, vault)
    return await channel.show(due.native, page, letter.ref, due.edit_code)
