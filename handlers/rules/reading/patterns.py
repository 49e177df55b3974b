"""Numbers in a sentence: what stands around one says whether it is a seat, a day, a count, a class or a temperature."""

import re
from datetime import date

from handlers.class_names import read_class
from handlers.rules.cues import Cue
from handlers.rules.dates import read_day
from handlers.rules.reading import headline, heat, seats, spans
from handlers.rules.reading.pattern import Pattern, Senses, value
from handlers.rules.reading.tokens import Bare, ClassSaid, Degrees, Meant, Seat, Sense, Silent, Who
from handlers.rules.temperature import LOWEST, degrees


def _bare(found: "re.Match[str]", today: date) -> Senses:
    return (Bare(int(found[0]) if found[0].isdecimal() and len(found[0]) <= 4 else None),)


def _bare_spoken(found: "re.Match[str]", today: date) -> Senses:
    return (Bare(value(found[0])),)


_PATTERNS: tuple[Pattern, ...] = (
    *headline.PATTERNS,
    *seats.PATTERNS,
    *heat.PATTERNS,
    Pattern(r"\d+(?:\.\d+)*", _bare),
    Pattern(r"三十[四五六七八九]|四十[一二]?", _bare_spoken),
)
# What may begin a pattern; everywhere else none is tried.
_NUMERALS = "0123456789零〇一二两三四五六七八九十半"
_SIGNS = (
    "少缺月国春清端五劳过节放寒暑痊康退通初年无应实全总共本我在学班到出已打完上座请截至直"
    "低小不未没初高大中托病事健#<≤(①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
)
STARTS = frozenset(_NUMERALS + _SIGNS)

_LISTED = re.compile(r"[①-⑳]|\(?\d{1,3}\s*[.、)]\s*(?=[^\d\s.])")
_LISTED_SEAT = re.compile(r"(\d{1,2})[.、]\s*(?=\d{1,2}\s*号)")
_OPENING = re.compile(r"[初高]?[一二三四五六七八九]\d{1,2}(?=\s*(?:今|全|应|实|无|都|零|,|:|晨|午|$))")
_NEXT_ITEM = 200  # signs within which the next item of a list is looked for
_DOTTED_DAY = re.compile(r"(\d{1,2})[.-](\d{1,2})(?![\d.-]|\s*[度℃人号班])")
_SLIPPED = re.compile(r"(3[4-9]|4[0-2])\s*[,、]\s*(\d)(?!\d|\s*[号人名个例度℃、,.])")  # 38，5
_LISTED_CHINESE = re.compile(r"\(?[一二三四五六七八九十]{1,2}(?:[、.]|\)[、.]?)\s*(?=[^一二三四五六七八九十\s])")
_DIGITS = re.compile(r"\d+")


def read_number(text: str, at: int, today: date, last: Sense | None) -> tuple[Senses, int]:
    """The longest pattern at this place and where it ends; no senses when there is none. `last` is the sense before
    it that carries weight."""
    if placed := _placed(text, at, today, last):
        return placed
    best: tuple[Senses, int] = ((), at)
    for one in _PATTERNS:
        found = one.shape.match(text, at)
        if found and found.end() > best[1] and (senses := one.build(found, today)):
            best = senses, found.end()
    for read in spans.read(text, at, today):
        if read[1] >= best[1]:
            best = read
    return best


def _placed(text: str, at: int, today: date, last: Sense | None) -> tuple[Senses, int] | None:
    """What is only read at certain places: 三2 without 班, the day 9.1, the 1. of a list, seats with commas."""
    if _awaits_degrees(last) and (found := _SLIPPED.match(text, at)):
        return (Degrees(degrees(found[1] + found[2], None, found[0])),), found.end()
    if last is None and (found := _OPENING.match(text, at)) and (roll := read_class(found[0])):
        return (ClassSaid(roll.name),), found.end()
    if last is None and (found := _DOTTED_DAY.match(text, at)):
        read = read_day(f"{found[1]}月{found[2]}日", 0, today)
        if read and read[0].back:
            return (read[0],), found.end()
    before = text[at - 1] if at else "\n"
    if before not in " \n,;。!?:()":
        return None
    found = _LISTED.match(text, at)
    if found is None and before == "\n":
        found = _listed_seat(text, at) or _LISTED_CHINESE.match(text, at)
    if found and not (_awaits_degrees(last) and _first_number(found[0]) * 10 >= LOWEST):
        return (Silent(listed=True),), found.end()
    found = seats.COMMA_SEATS.shape.match(text, at)
    if found and not _awaits_degrees(last) and all(value(one) * 10 < LOWEST for one in found["list"].split(",")):
        return seats.COMMA_SEATS.build(found, today), found.end()
    return None


def _listed_seat(text: str, at: int) -> "re.Match[str] | None":
    """The 1. of 1.3号 and 1、3号, if the list goes on; 3、17号 are two seats."""
    found = _LISTED_SEAT.match(text, at)
    if found is None or "." in found[0]:
        return found
    number = int(found[1])
    around = text[max(0, at - _NEXT_ITEM) : at] + text[found.end() : found.end() + _NEXT_ITEM]
    goes_on = any(re.search(rf"(?<!\d){one}[.、]", around) for one in (number - 1, number + 1))
    return found if goes_on else None


def _first_number(said: str) -> int:
    digits = _DIGITS.search(said)
    return int(digits[0]) if digits else 0


def _awaits_degrees(last: Sense | None) -> bool:
    """After a pupil or a fever 38 is a temperature, not the thirty-eighth of a list."""
    match last:
        case Who() | Seat():
            return True
        case Meant(symptoms=symptoms, cue=cue, method=method):
            return bool(symptoms) or cue is Cue.HEAT or method is not None
        case _:
            return False
