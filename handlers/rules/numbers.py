"""Small numbers as people write them: 3, ３, 三, 十七, 二十三, 一百零二."""

from handlers.rules.spelling import plain

DIGITS = {**{sign: value for value, sign in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2}

# A pattern for `re` over plain text: at most three digits, or Chinese up to 999.
NUMERAL = (
    r"(?:\d{1,3}(?!\d)"
    r"|[一二两三四五六七八九]百(?:零[一二三四五六七八九]|[一二三四五六七八九]十?[一二三四五六七八九]?)?"
    r"|[二三四五六七八九]?一?十[一二三四五六七八九]?"
    r"|[零〇一二两三四五六七八九])"
)


def number(said: str) -> int | None:
    """0–999; None for what is no such number."""
    text = plain(said).strip()
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 3 else None
    return _chinese(text)


def _chinese(text: str) -> int | None:
    total, digit = 0, None
    for sign in text:
        if sign in DIGITS:
            if digit:
                return None
            digit = DIGITS[sign]
        elif sign in "十百":
            scale = 10 if sign == "十" else 100
            if total and total < scale * 10:
                return None
            total += (1 if digit is None else digit) * scale
            digit = None
        else:
            return None
    return None if not text else total + (digit or 0)
