"""A body temperature as it is typed: 38.5, 38度5, ３８．５℃, 三十八度二. Never corrected silently."""

import re
from typing import Literal

from msgspec import Struct

from handlers.rules.numbers import DIGITS, number
from handlers.rules.spelling import plain

# Outside of this a number is a slip of the thumb, not a child's temperature (DOMAIN §3, "Natural messages").
LOWEST, HIGHEST = 340, 430


class Temperature(Struct, frozen=True):
    """Tenths of °C, within 34.0–43.0."""

    tenths: int


class Problem(Struct, frozen=True):
    """What cannot be taken as it stands.

    none: no number in it. range: a number that no living child has. decimal: the point is missing or misplaced.
    several: more than one number. `meant` is what was probably meant, in tenths of °C, to be offered, never assumed.
    """

    kind: Literal["none", "range", "decimal", "several"]
    said: str
    meant: int | None = None


_WHOLE = r"\d{1,5}|[二三四五]?十[一二三四五六七八九]?|[三四][〇零一二三四五六七八九]"
_PART = r"\d{1,3}|半|[零〇一二三四五六七八九]"
_DEGREE = r"摄氏度|度|℃|°c?"

# 38.5 38。5 38·5 38点5 38度5 38.5度 38℃ 38 三十八五; the part after a bare 度 must not begin the next thing said
_DEGREES = re.compile(
    rf"(?P<whole>{_WHOLE})"
    rf"(?:\s*(?:[.。·,]|点|(?P<early>{_DEGREE}))\s*(?P<part>{_PART})(?![\d.。]\d)(?!\s*[号人名月日天])"
    rf"|(?P<spoken>(?<=[一二三四五六七八九十])[一二三四五六七八九])(?![号人名月日天]))?"
    rf"\s*(?P<late>{_DEGREE})?"
)
_NUMBER = re.compile(r"\d+")


def read_temperature(text: str) -> Temperature | Problem:
    """The one temperature that `text` names, or why it is none. "38" is 38.0."""
    said = plain(text).strip()
    found = [match for match in _DEGREES.finditer(said) if match["whole"]]
    if not found:
        return Problem("none", text)
    if len(found) > 1:
        return _slipped(said, text) or Problem("several", text)
    return degrees(found[0]["whole"], found[0]["part"] or found[0]["spoken"], text)


def degrees(whole: str, part: str | None, said: str) -> Temperature | Problem:
    """Judges a number already taken apart: `whole` before the point, `part` after it."""
    before = int(whole) if whole.isdecimal() else _spoken(whole)
    after = "5" if part == "半" else "".join(str(DIGITS.get(sign, sign)) for sign in part or "")
    after = after.rstrip("0") or "0"
    if before is None:
        return Problem("none", said)
    if len(after) > 1 or not LOWEST <= before * 10 + int(after) <= HIGHEST:
        return _misplaced(f"{before}{after if part else ''}", said)
    return Temperature(before * 10 + int(after))


def _spoken(whole: str) -> int | None:
    """三十八 and 三八 are both 38 here."""
    if len(whole) == 2 and whole[0] in DIGITS and whole[1] in DIGITS:
        return DIGITS[whole[0]] * 10 + DIGITS[whole[1]]
    return number(whole)


def _misplaced(digits: str, said: str) -> Problem:
    """385 and 3.85 mean 38.5; 44 and 52.1 mean nothing that could be offered."""
    if len(digits) == 3 and LOWEST <= int(digits) <= HIGHEST:
        return Problem("decimal", said, int(digits))
    if len(digits) == 4 and LOWEST * 10 <= int(digits) <= HIGHEST * 10:
        return Problem("decimal", said, (int(digits) + 5) // 10)
    return Problem("range", said)


def _slipped(plain_text: str, said: str) -> Problem | None:
    """ "38 5": a point that became a space."""
    digits = _NUMBER.findall(plain_text)
    if len(digits) == 2 and len(digits[0]) == 2 and len(digits[1]) == 1:
        offer = _misplaced("".join(digits), said)
        return offer if offer.kind == "decimal" else None
    return None
