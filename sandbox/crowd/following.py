"""What becomes of those who were away, button by button: still away, back, what it is, how warm today."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sandbox.crowd.cases import Word
from sandbox.crowd.filling import SOON, says_warmth, step
from sandbox.crowd.hand import Hand, Stuck, exactly, labelled, words
from sandbox.crowd.illness import Listed
from sandbox.model import Message

AS_BEFORE: Final = words("都同昨日")
MORE: Final = words("还有别人")
_ASKED: Final = re.compile(r"^(\d+)号.* (?:今天来了吗|今天体温多少)", re.M)
STILL, UNWELL, CAME, WELL = "仍缺勤", "仍不适", "已返校", "已好"
CAUSE, WARMTH = "病因已明", "报今天体温"


async def account(hand: Hand, screen: Message, said: Sequence[Word]) -> tuple[Message, tuple[Listed, ...]]:
    """From the card, or a screen with their rows, until something is said of each; and what is listed by it."""
    listed: list[Listed | None] = []
    for one in said:
        screen = await step(hand, screen, exactly(f"{one.seat}号{_label(one)}"))
        at = hand.now()
        asked = one.case.in_class or one.case.followed(at)
        screen = await _of(hand, screen, one, asked=asked)
        listed.append(one.listed(at, asked=asked))
    return screen, tuple(one for one in listed if one is not None)


def listed_of(said: Sequence[Word], at: datetime) -> tuple[Listed, ...]:
    return tuple(listed for one in said if (listed := one.listed(at, asked=one.case.followed(at))) is not None)


async def _of(hand: Hand, screen: Message, one: Word, *, asked: bool) -> Message:
    """What comes after the button of their row."""
    if one.came:
        return screen
    if one.cause is not None:
        screen = await step(hand, screen, exactly(one.cause))
    if asked:
        await says_warmth(hand, screen, one.temperature)
        screen = await hand.changed(screen)
    return screen


def _label(one: Word) -> str:
    if one.case.away:
        return CAME if one.came else CAUSE if one.cause else STILL
    if one.case.in_class:
        return WARMTH
    return WELL if one.came else UNWELL


def asked_of(screen: Message, said: Sequence[Word]) -> Word:
    """Of whom 都同昨日 wants to know more."""
    found = _ASKED.search(screen.text)
    one = next((one for one in said if found and one.seat == int(found[1])), None)
    if one is None:
        raise Stuck(f"is asked of nobody she knows: {screen.text[:60]!r}")
    return one


async def says_of(hand: Hand, screen: Message, one: Word) -> None:
    """Whether they came today, or how warm they are."""
    still = exactly(f"{one.seat}号{STILL}")
    if labelled(screen, still) is not None:
        await hand.pause(*SOON)
        hand.press(screen, still)
        return
    if not one.case.followed(hand.now()):
        raise Stuck(f"is asked how warm {one.seat}号 is, who had no fever")
    await says_warmth(hand, screen, one.temperature)
