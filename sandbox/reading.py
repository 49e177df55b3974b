"""A WeCom chat as a person reads it: what can be chosen, on a card or by number, and a picture as one with its words.

For the crowd and for tests, whose thumbs differ and whose eyes are the same."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sandbox.model import Button, Keyboard, Message
from sandbox.wecom.fields import Fields

TICKED: Final = "✓ "
TYPED: Final = "typed"  # the data of what is no button there
VOTE: Final = "vote_interaction"
OPTIONS: Final = 20
SEATS: Final = range(1, 61)
NUMBERED: Final = re.compile(r"^(\d{1,3}) (.+)$|^((?:✓ )?(\d{1,3})号.*)$", re.M)  # of a seat it is in the label
HOW: Final = ("回复数字", "Reply with the number")
TOGETHER: Final = timedelta(seconds=5)  # within which a picture and the words that belong to it come


def is_numbered(text: str, card: Mapping[str, object]) -> bool:
    return not card and any(how in text for how in HOW)


def choices(text: str, keyboard: Keyboard, card: Mapping[str, object]) -> Keyboard:
    """Buttons of a card, options of a vote (those that are ticked say so), numbered lines of a text."""
    if is_numbered(text, card):
        listed = text.rpartition("\n\n")[2]
        return tuple((Button(line[2] or line[3], line[1] or line[4]),) for line in NUMBERED.finditer(listed))
    alive = tuple(row for row in keyboard if row[0].data)
    return _options(card) if alive and card.get("card_type") == VOTE else alive


def _options(card: Mapping[str, object]) -> Keyboard:
    rows = Fields(card).inner("checkbox").rows("option_list", 0, OPTIONS)
    return tuple((Button(_ticked(row), row.string("id")),) for row in rows)


def _ticked(row: Fields) -> str:
    return f"{TICKED if row.truth('is_checked') else ''}{row.string('text')}"


def together(messages: Iterable[Message]) -> list[Message]:
    """A picture or a file is one with its words, which come right behind it."""
    shown: list[Message] = []
    for message in messages:
        before = shown[-1] if shown else None
        if before is not None and _bare(before) and not message.card and message.date - before.date < TOGETHER:
            shown[-1] = replace(
                message,
                photo=before.photo,
                document=before.document,
                protected=before.protected and message.protected,
                deleted=before.deleted and message.deleted,
            )
        else:
            shown.append(message)
    return shown


def _bare(message: Message) -> bool:
    return message.sender == 0 and not message.text and (message.photo or message.document) is not None
