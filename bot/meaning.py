"""What was heard → what is meant, where a platform cannot say it by itself: several choices ticked at once, and a
number that answers the question last asked."""

import json
import re
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from bot.channels import Capabilities, Heard
from bot.numbering import numbers
from handlers.model import Choice, Choices
from handlers.values import replace
from storage import Tx, mail

CHOSEN: Final = "chosen"  # of a card with ticks; the arguments are the data of all that was chosen, ticks first
UNTICKED: Final = "unticked"  # the same, and none is ticked; the arguments are of what else was chosen
LEAVES: Final = frozenset({"back", "cancel", "again"})  # 返回 and 取消: with these nothing that was ticked is meant
UNASKED: Final = "unasked"  # a number that answers nothing
NUMBER: Final = re.compile(r"\s*(\d{1,3}(?:[\s,，、]+\d{1,3})*)\s*[。.]?\s*")
ANSWERED_WITHIN: Final = timedelta(minutes=10)


class Meant(Struct, frozen=True):
    """`heard` as if a button had been tapped. `chosen`: what a number stood for, to be said back."""

    heard: Heard
    chosen: tuple[Choice, ...] = ()
    kept: str | None = None  # of a number: how `again` finds its meaning without the phones


def again(heard: Heard, kept: str) -> Meant:
    verb, args, ref = json.loads(kept)
    said = heard.text if verb == heard.verb else ""
    return Meant(replace(heard, verb=verb, args=tuple(args), text=said, ref=ref, tap=ref), kept=kept)


def meant(tx: Tx, heard: Heard, channel: str, can: Capabilities, now: datetime) -> Meant:
    if heard.verb in (CHOSEN, UNTICKED):
        leaves = next((one for one in heard.args if not LEAVES.isdisjoint(one.split(":"))), None)
        if leaves:
            return Meant(_pressed(heard, leaves))
        return Meant(_ticked(heard, heard.args)) if heard.verb == CHOSEN else _unticked(tx, heard, channel)
    if can.numbers and heard.private and heard.verb == "text" and (found := NUMBER.fullmatch(heard.text)):
        return _by_number(tx, heard, channel, now, tuple(map(int, re.findall(r"\d+", found[1]))))
    return Meant(heard)


def _by_number(tx: Tx, heard: Heard, channel: str, now: datetime, said: tuple[int, ...]) -> Meant:
    """A number of no choice goes on as it was typed if the question is one that words answer, too (a temperature);
    else it means nothing, and surely no seat."""
    question = mail.asked(tx, channel, heard.chat)
    choices = question.choices if question else ()
    fresh = question is not None and question.at >= now - ANSWERED_WITHIN
    listed = dict(numbers(choices)) if question and question.numbered and fresh else {}
    chosen = tuple(listed[number] for number in said if number in listed)
    ticks = all(one.ticked is not None for one in chosen)
    if question is None or len(chosen) < len(said) or not (ticks or len(chosen) == 1):
        return _keeping(heard if _in_words_too(choices, fresh=fresh) else replace(heard, verb=UNASKED, text=""))
    here = replace(heard, text="", ref=question.ref, tap=question.ref)
    does = tuple(one.does for one in chosen)
    return _keeping(_ticked(here, does) if ticks else _pressed(here, does[0]), chosen)


def _unticked(tx: Tx, heard: Heard, channel: str) -> Meant:
    """选好了 alone: exactly none, whatever was ticked when the card came. Which question that is, the message tells; on
    an older one it is the button alone, which changes nothing."""
    offered = [one for row in mail.offered(tx, channel, heard.chat, heard.ref or "") for one in row]
    question = next((one.does.rpartition(":")[0] for one in offered if one.ticked is not None), None)
    there = question is not None and any(one.does == heard.args[0] for one in offered)
    return _keeping(_pressed(heard, f"{question}:." if there else heard.args[0]))


def _keeping(heard: Heard, chosen: tuple[Choice, ...] = ()) -> Meant:
    return Meant(heard, chosen, json.dumps([heard.verb, heard.args, heard.ref]))


def _in_words_too(choices: Choices, *, fresh: bool) -> bool:
    """A temperature at any time; a seat as long as a number is an answer."""
    return any(one.number == 0 or (fresh and one.number is not None) for row in choices for one in row)


def _pressed(heard: Heard, does: str) -> Heard:
    verb, *args = does.split(":")
    return replace(heard, verb=verb, args=tuple(args))


def _ticked(heard: Heard, does: tuple[str, ...]) -> Heard:
    """They differ in their last argument alone, which becomes `.A.B`: exactly these. What else was chosen with them,
    such as 选好了, is meant by it."""
    question = does[0].rpartition(":")[0]
    values = (value for asked, _, value in (one.rpartition(":") for one in does) if asked == question)
    return _pressed(heard, f"{question}:.{'.'.join(values)}")
