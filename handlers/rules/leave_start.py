"""From which day on a leave of so many days counts, where it is said: 从昨天开始请假四天, 病假三天，9月4日起."""

import re
from datetime import date

from handlers.rules.dates import read_day

_BEFORE = 14  # signs between such a day and the number of days
_ENDS = re.compile(r"[。;!?\n]")
_SINCE = "开始|算起|算|起"
_NOT_BACK = r"(?!\s*[上来返到回复恢])"  # 三天，周五开始上学
_THEN_ASKED = re.compile(rf"(?P<since>{_SINCE})?\s*[又就也]?(?:请了?|休了?|续)?(?:的?[病事]?假)?了?\s*")
_LEADS = re.compile(r"(?:的?[病事]?假)?[,、(\s]*[是就]?(?P<since>[从自])?\s*")
_FOLLOWS = re.compile(rf"(?P<since>{_SINCE})?的?{_NOT_BACK}")


def starts(text: str, start: int, end: int, today: date) -> date | None:
    """The first day of the leave whose length stands from `start` to `end` of a plain text; None where none is said.
    周四 is the last Thursday."""
    return _said_before(text, start, today) or _said_after(text, end, today)


def _said_before(text: str, start: int, today: date) -> date | None:
    first = max(0, start - _BEFORE)
    for at in range(first, start):
        read = read_day(text, at, today)
        if read is None or read[1] > start:
            continue
        asked = _THEN_ASKED.fullmatch(text, read[1], start)
        if asked is not None and (asked["since"] or text[at - 1 : at] in ("从", "自")):
            return read[0].back or read[0].ahead
    return None


def _said_after(text: str, end: int, today: date) -> date | None:
    stop = _ENDS.search(text, end)
    text = text[: stop.start()] if stop else text
    leads = _LEADS.match(text, end)
    read = read_day(text, leads.end(), today) if leads else None
    follows = _FOLLOWS.match(text, read[1]) if read else None
    if leads is None or read is None or follows is None:
        return None
    return (read[0].back or read[0].ahead) if leads["since"] or follows["since"] else None
