"""Days and spans as they are said: 9月5日, 5日, 周五, 下周一, 昨晚, 三天, 一周."""

import re
from datetime import date, timedelta

from msgspec import Struct

from handlers.rules.numbers import NUMERAL, number


class Day(Struct, frozen=True):
    """A day that was said. 5日 and 周五 come every month and week: `back` is the last such day up to today, `ahead` the
    first from today on. Both None is no day at all, such as 2月30日. `whole`: it was said with its month."""

    back: date | None
    ahead: date | None
    whole: bool = False


_RELATIVE = {
    "大前天": -3,
    **dict.fromkeys(("前天", "前日", "前晚"), -2),
    **dict.fromkeys(("昨天", "昨日", "昨晚", "昨夜", "昨儿"), -1),
    **dict.fromkeys(("今天", "今日", "今早", "今晨", "今晚", "今儿", "当日", "当天"), 0),
    **dict.fromkeys(("明天", "明日", "明早", "明晚"), 1),
    **dict.fromkeys(("后天", "后日"), 2),
    "大后天": 3,
}
_WEEKDAYS = {**{sign: place for place, sign in enumerate("一二三四五六日")}, "天": 6}
_WEEKDAYS |= {str(place + 1): place for place in range(6)}
_WEEKS = {"上上": -2, "上": -1, "": 0, "本": 0, "这": 0, "下": 1, "下下": 2}

_HOUR = r"(?:\s*(?:早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜|凌晨|早|晚|夜|白天))?"
_WHOLE = re.compile(r"(?P<year>\d{4})\s*[年./-]\s*(?P<month>\d{1,2})\s*[月./-]\s*(?P<day>\d{1,2})(?!\d)[日号]?" + _HOUR)
_MONTHLY = re.compile(rf"(?P<month>{NUMERAL})\s*月\s*(?P<day>{NUMERAL})(?:日|号)?" + _HOUR)
_SLASHED = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\d/])")
_NUMBERED = re.compile(rf"(?:本月|这个月)(?P<here>{NUMERAL})(?:日|号)" + _HOUR + rf"|(?P<day>{NUMERAL})日" + _HOUR)
_WEEKLY = re.compile(
    r"(?P<week>上上|下下|上|下|本|这)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天](?!天)|[1-6](?![\d天]))" + _HOUR
)
_MONTH_END = re.compile(rf"(?:(?P<month>{NUMERAL})|(?P<end_of>本|这个?|当|下个?))?月(?:底|末)")
_NAMED = re.compile(f"(?P<word>{'|'.join(_RELATIVE)})" + _HOUR)
_SPAN = re.compile(
    rf"(?:(?P<many>{NUMERAL}|半)\s*(?P<unit>天|个?星期|个?礼拜|周|个月)(?P<half>半)?)(?!年级|一|二|三|四|五|六|日|天|前)"
)
_BARE = re.compile(r"(\d{1,2})号")
_UNITS = {"天": 1, "星": 7, "礼": 7, "周": 7, "月": 30}


def read_day(text: str, at: int, today: date) -> tuple[Day, int] | None:
    """The day said at this place of a plain text, and where it ends. N号 is not read here: it may be a seat."""
    if found := _MONTH_END.match(text, at):
        last = _last_of_month(today, found["month"], found["end_of"] or "")
        return Day(last, last), found.end()
    for pattern in (_WHOLE, _MONTHLY, _SLASHED, _NUMBERED, _WEEKLY, _NAMED):
        found = pattern.match(text, at)
        if found is None:
            continue
        day = _day(found.groupdict(), today)
        if day.back or pattern is not _SLASHED:
            return day, found.end()
    return None


def read_ahead(text: str, at: int, today: date) -> tuple[date, int] | None:
    """The first such day from today on, where nothing but a day can stand: 5号 is one. And where it ends."""
    numbered = _BARE.match(text, at)
    if numbered:
        day, end = of_month(int(numbered[1]), today), numbered.end()
    elif read := read_day(text, at, today):
        day, end = read
    else:
        return None
    return (day.ahead, end) if day.ahead else None


def of_month(day: int, today: date) -> Day:
    """The day of the month that N号 would be."""
    near = [made for step in range(-2, 3) if (made := _of(today.year * 12 + today.month - 1 + step, day))]
    return Day(
        max((made for made in near if made <= today), default=None),
        min((made for made in near if made >= today), default=None),
    )


def read_span(text: str, at: int) -> tuple[int, int] | None:
    """How many days are said at this place, at least one, and where that ends. A month counts as 30."""
    found = _SPAN.match(text, at)
    if not found:
        return None
    unit = found["unit"].lstrip("个")[:1]
    if found["many"] == "半":
        return (_UNITS[unit] + 1) // 2, found.end()
    many = number(found["many"])
    if not many:
        return None
    return many * _UNITS[unit] + bool(found["half"]), found.end()


def _day(said: dict[str, str | None], today: date) -> Day:
    if word := said.get("word"):
        day = today + timedelta(_RELATIVE[word])
        return Day(day, day)
    if weekday := said.get("weekday"):
        return _weekday(said.get("week"), _WEEKDAYS[weekday], today)
    if here := said.get("here"):
        inside = _make(today.year, today.month, number(here))
        return Day(inside, inside, whole=True)
    if not said.get("month"):
        return of_month(number(said["day"] or "") or 0, today)
    month, day_number = number(said["month"] or ""), number(said["day"] or "")
    if "year" in said:
        day_said = _make(int(said["year"] or 0), month, day_number)
        return Day(day_said, day_said, whole=True)
    years = [made for step in (-1, 0, 1) if (made := _make(today.year + step, month, day_number))]
    nearest = min(years, key=lambda made: abs((made - today).days), default=None)
    return Day(nearest, nearest, whole=True)


def _weekday(week: str | None, weekday: int, today: date) -> Day:
    monday = today - timedelta(today.weekday())
    day = monday + timedelta(weekday + 7 * _WEEKS[week or ""])
    if week:
        return Day(day, day)
    return Day(day - timedelta(7 * (day > today)), day + timedelta(7 * (day < today)))


def _last_of_month(today: date, month: str | None, which: str) -> date | None:
    """9月底 and 下月底; 月底 is this month's."""
    months_on = int(which.startswith("下"))
    if month is not None:
        if not 1 <= (said := number(month) or 0) <= 12:
            return None
        months_on = (said - today.month) % 12
    following = today.year * 12 + today.month + months_on
    return date(following // 12, following % 12 + 1, 1) - timedelta(1)


def _of(month: int, day: int) -> date | None:
    """`month` counted from the year 0."""
    return _make(month // 12, month % 12 + 1, day)


def _make(year: int, month: int | None, day: int | None) -> date | None:
    try:
        return date(year, month or 0, day or 0)
    except ValueError:
        return None
