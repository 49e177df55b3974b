"""Filling in a list with the thumb: which pupil, how warm, what else, where, the next; and the same as one sentence."""

import random
from collections.abc import Sequence
from typing import Final

from sandbox.crowd.hand import Hand, Says, exactly, labelled, seat, words
from sandbox.crowd.illness import (
    AT_SCHOOL,
    COLLECTED,
    FOREHEAD,
    HOME,
    HOSPITAL,
    LATE,
    PERSONAL,
    SICK,
    UNKNOWN,
    Listed,
)
from sandbox.model import Message
from sandbox.reading import TICKED

SEND: Final = words("发送")
DONE: Final = words("→")
NOT_FEVERISH: Final = words("不发热")
NOT_MEASURED: Final = words("未测")
METHOD: Final = "测温方式："
SOON: Final = (1.5, 5.0)  # seconds between two taps of somebody who knows what to press


async def fill(hand: Hand, screen: Message, listed: Sequence[Listed]) -> Message:
    """From the screen with the names to the same screen with everybody listed."""
    for one in listed:
        screen = await one_pupil(hand, screen, one)
    return screen


async def one_pupil(hand: Hand, screen: Message, one: Listed) -> Message:
    screen = await step(hand, screen, seat(one.seat))
    if one.absence is not None:
        return await step(hand, screen, exactly(one.absence))
    if one.method != FOREHEAD:
        screen = await step(hand, screen, words(METHOD), then=exactly(METHOD + one.method))
    await says_warmth(hand, screen, one.temperature, measured=one.measured)
    screen = await symptoms(hand, await hand.changed(screen), one.symptoms)
    return await step(hand, screen, exactly(one.place or AT_SCHOOL))


async def symptoms(hand: Hand, screen: Message, wanted: Sequence[str]) -> Message:
    """Ticked one by one, or all at once; then 选好了."""
    if hand.ticks_at_once and wanted:
        await hand.pause(*SOON)
        hand.tick(screen, [exactly(one) for one in wanted])
        return await hand.changed(screen)
    for one in wanted:
        chosen = words(TICKED + one)
        if labelled(screen, chosen) is None:
            screen = await step(hand, screen, exactly(one), then=chosen)
    return await step(hand, screen, DONE)


async def step(hand: Hand, screen: Message, says: Says, then: Says | None = None) -> Message:
    """Presses, and gives back the message once it has changed (or shows what should come)."""
    await hand.pause(*SOON)
    hand.press(screen, says)
    return await (hand.changed(screen) if then is None else hand.expect(screen, then))


async def says_warmth(hand: Hand, screen: Message, tenths: int | None, *, measured: bool = True) -> None:
    """By button, or now and then typed, as people type it."""
    await hand.pause(*SOON)
    if tenths is None:
        hand.press(screen, NOT_FEVERISH if measured else NOT_MEASURED)
        return
    label = exactly(f"{tenths / 10:.1f}")
    if labelled(screen, label) is not None and hand.dice.random() < 0.7:
        hand.press(screen, label)
    else:
        hand.write(degrees(hand.dice, tenths))


# In words


def degrees(dice: random.Random, tenths: int) -> str:
    whole, tenth = divmod(tenths, 10)
    plain = f"{whole}.{tenth}"
    wide = plain.translate({ord(sign): ord(sign) - ord("0") + ord("０") for sign in "0123456789"})
    return dice.choice((plain, f"{whole}度{tenth}", wide, f"{plain}℃"))


_SAID_PLACE: Final = {AT_SCHOOL: "在校留观", COLLECTED: "家长已接回", HOSPITAL: "已去医院", HOME: "在家"}
_SAID_ABSENCE: Final = {SICK: "病假", PERSONAL: "事假", UNKNOWN: "没来，原因不明", LATE: "迟到"}
_SAID_SYMPTOM: Final = {"腹泻": "拉肚子", "呕吐": "吐了", "腹痛": "肚子疼", "咽痛": "嗓子疼", "流涕鼻塞": "流鼻涕"}


def sentence(dice: random.Random, expected: int, listed: Sequence[Listed]) -> str:
    """A whole morning in one line: 应到45实到43，3号发烧38度5已去医院，17号拉肚子在家."""
    present = expected - sum(one.away for one in listed)
    return "，".join((f"应到{expected}实到{present}", *(_phrase(dice, one) for one in listed)))


def _phrase(dice: random.Random, one: Listed) -> str:
    if one.absence is not None:
        return f"{one.seat}号{_SAID_ABSENCE[one.absence]}"
    warm = f"发烧{degrees(dice, one.temperature)}" if one.temperature is not None else ""
    said = "".join(_SAID_SYMPTOM.get(symptom, symptom) for symptom in one.symptoms)
    return f"{one.seat}号{warm}{said}{_SAID_PLACE[one.place or AT_SCHOOL]}"


ALL_WELL: Final = ("全员正常", "{klass}全勤，无异常", "零报告", "应到{n}实到{n}，体温正常")


def all_well(dice: random.Random, klass: str, expected: int) -> str:
    return dice.choice(ALL_WELL).format(klass=klass, n=expected)
