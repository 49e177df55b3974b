"""发病日期: since when somebody is ill, where it is said: 昨天开始发烧, 从周五起咳嗽, 9月5日发病."""

import re
from datetime import date, timedelta

from handlers.rules.dates import read_day
from handlers.rules.spelling import plain

LONGEST = timedelta(days=60)  # beyond it the day is of something else

_SINCE = re.compile(
    r"\s*(?:早上|上午|中午|下午|晚上|夜里|早|晚|夜)?\s*(?:就?开始|起病|发病|就(?=发|不|咳|吐|拉|难受|有)|起(?!床|来|不|请|休))"
)


def said_onset(words: str, today: date) -> date | None:
    """The first day before today of which it is said; None where none is, or where it is today's."""
    text = plain(words)
    for at in range(len(text)):
        read = read_day(text, at, today)
        day = read[0].back if read else None
        if read is not None and day is not None and _SINCE.match(text, read[1]):
            return day if today - LONGEST <= day < today else None
    return None
