"""Days, and how long a leave lasts: 9月5日, 到周五, 9.17-9.18, 三天; 到国庆, which must be asked."""

import re
from collections.abc import Iterator
from datetime import date

from handlers.rules.dates import Day, read_day, read_span
from handlers.rules.reading.pattern import Senses
from handlers.rules.reading.seats import TO
from handlers.rules.reading.tokens import Lasting, Until

_TO = re.compile(TO)
_FROM_TO = re.compile(
    r"(?P<month>1?\d)[.月/](?P<day>[1-3]?\d)[日号]?\s*[-~到至]\s*"
    r"(?:(?P<last_month>1?\d)[.月/])?(?P<last>[1-3]?\d)(?![\d.度℃人])[日号]?"
)
_SOME_DAY = (
    r"(?:国庆节?|中秋节?|元旦|春节|清明节?|端午节?|五一|劳动节|过年|过节|节日?|放假|寒假|暑假|下学期"
    r"|下个?(?:周|星期|礼拜)(?![一二三四五六日天1-6末])|下个?月(?![底末\d一二三四五六七八九十])"
    r"|初[一二三四五六七八九十](?!\s*[(\d班中年]))"
)
_COMES = (
    r"(?:前|后|之前|之后|以后|过后)?\s*(?:再|才|就)?(?:能|可以)?"
    r"(?:来上学|来上课|来|回来|回不来|来不了|返校|到校|复课)"
)
_DOTTED = re.compile(r"(?P<month>1?\d)\.(?P<day>[1-3]?\d)(?=\s*(?:返校|回校|复课|复学|来|到校|回来))")
_TODAY_AND = re.compile(r"今明(?P<more>后)?[两二2三3]?天")
_SOMETIME = re.compile(rf"{TO}(?:{_SOME_DAY}|病好|痊愈|康复|退烧|通知)|{_SOME_DAY}{_COMES}")


def read(text: str, at: int, today: date) -> Iterator[tuple[Senses, int]]:
    """All that fits at this place, each with where it ends."""
    if found := read_day(text, at, today):
        yield (found[0],), found[1]
    if found := _dotted(text, at, today):
        yield (found[0],), found[1]
    yield from _from_day_to_day(text, at, today)
    if vague := _SOMETIME.match(text, at):
        yield (Until(Day(None, None)),), vague.end()
    if (to := _TO.match(text, at)) and (last := read_day(text, to.end(), today)):
        yield (Until(last[0]),), last[1]
    if together := _TODAY_AND.match(text, at):
        yield (Lasting(3 if together["more"] else 2),), together.end()
    if lasting := read_span(text, at):
        yield (Lasting(lasting[0]),), lasting[1]


def _dotted(text: str, at: int, today: date) -> tuple[Day, int] | None:
    """9.18返校; a 9.18 of which nobody comes back may be anything."""
    found = _DOTTED.match(text, at)
    said = read_day(f"{found['month']}月{found['day']}日", 0, today) if found else None
    return (said[0], found.end()) if found and said and said[0].ahead else None


def _from_day_to_day(text: str, at: int, today: date) -> Iterator[tuple[Senses, int]]:
    """9.17-9.18, 9月17日到20日."""
    found = _FROM_TO.match(text, at)
    if found is None:
        return
    month, last_month = found["month"], found["last_month"] or found["month"]
    first = read_day(f"{month}月{found['day']}日", 0, today)
    last = read_day(f"{last_month}月{found['last']}日", 0, today)
    if first and last and first[0].ahead and last[0].ahead:
        yield (first[0], Until(last[0])), found.end()
