"""Numbers that name a pupil or end a leave: 3号, 3、17号, 座号3, 3-5号, 到5号, 到9.5, 请3天假."""

import re
from datetime import date, timedelta

from handlers.model import Attendance
from handlers.rules.cues import Cue
from handlers.rules.dates import Day, of_month, read_day, read_span
from handlers.rules.numbers import NUMERAL as N
from handlers.rules.reading.pattern import Pattern, Senses, value
from handlers.rules.reading.tokens import Lasting, Meant, Seat, Until

_LAST_DAY = 31


def _seats(found: "re.Match[str]", today: date) -> Senses:
    return tuple(Seat(value(said), sure=False) for said in re.findall(N, found["list"]))


def _seat(found: "re.Match[str]", today: date) -> Senses:
    number = value(found["n"])
    return (Seat(number, sure=bool(found["sure"]) or not 1 <= number <= _LAST_DAY),) if number < 100 else ()


def _sure_seat(found: "re.Match[str]", today: date) -> Senses:
    number = value(found["n"])
    return (Seat(number, sure=True),) if number < 100 else ()


def _from_to(found: "re.Match[str]", today: date) -> Senses:
    last = value(found["m"])
    return Seat(value(found["n"]), sure=False), Until(of_month(last, today), last)


def _until_number(found: "re.Match[str]", today: date) -> Senses:
    number = value(found["n"])
    return (Until(of_month(number, today), number if found["unit"] == "号" else None),)


def _until_month(found: "re.Match[str]", today: date) -> Senses:
    """到9.5; 到38.5 is no day."""
    read = read_day(f"{found['month']}月{found['n']}日", 0, today)
    return (Until(read[0]),) if read and read[0].ahead else ()


def _leave(found: "re.Match[str]", today: date) -> Senses:
    kinds = {"病": Meant(attendance=Attendance.SICK), "事": Meant(attendance=Attendance.PERSONAL)}
    lasting = read_span(found["span"], 0)
    return kinds.get(found["kind"], Meant(cue=Cue.LEAVE)), Lasting(lasting[0] if lasting else 1)


def _not_before(found: "re.Match[str]", today: date) -> Senses:
    """20号前不能来: the nineteenth is the last day away."""
    day = of_month(value(found["n"]), today)
    last = day.ahead - timedelta(1) if day.ahead else None
    return Meant(cue=Cue.AWAY), Until(Day(last, last))


def _not_until(found: "re.Match[str]", today: date) -> Senses:
    """20号以后再来: so is the twentieth."""
    return (Until(of_month(value(found["n"]), today)),)


_STAYS_AWAY = "不能来|来不了|不来|回不来|不能到校|不能上学|不能上课|不能返校"
_COMES = "来上学|来上课|来|回来|返校|到校|复课"
_PUPIL = r"(?:同学|学生|小朋友|孩子|娃)"
_NO_SEAT = r"(?!码|楼|线|床|宿舍|门|院|车|房|文|公寓|食堂|教)"
TO = r"(?:一?直?到|至|截止到?|截至)\s*"

PATTERNS: tuple[Pattern, ...] = (
    Pattern(rf"(?P<list>{N}(?:\s*[、和与及]\s*{N}){{1,20}})\s*号{_PUPIL}{{0,2}}{_NO_SEAT}", _seats),
    Pattern(rf"(?P<n>{N})\s*号(?P<sure>\s*的?{_PUPIL})?{_NO_SEAT}", _seat),
    Pattern(rf"(?:座位?号?|学号)\s*[:是]?\s*(?P<n>{N})(?!\.\d)\s*号?{_PUPIL}?", _sure_seat),
    Pattern(r"#\s?(?P<n>\d{1,2})(?!\d)", _sure_seat),
    Pattern(rf"(?P<n>{N})号?\s*[-~到至]\s*(?P<m>{N})号{_NO_SEAT}", _from_to),
    Pattern(rf"{TO}(?P<n>{N})(?P<unit>[号日]){_NO_SEAT}", _until_number),
    Pattern(rf"{TO}(?P<month>\d{{1,2}})[.-](?P<n>\d{{1,2}})[日号]?(?!\d|\.\d)", _until_month),
    Pattern(rf"(?P<n>{N})号(?:之前|以前|前)(?:都|还)?(?:{_STAYS_AWAY})", _not_before),
    Pattern(rf"(?P<n>{N})号(?:之后|以后|后)(?:再|才)?能?(?:{_COMES})", _not_until),
    Pattern(rf"请了?\s*(?P<span>(?:{N}|半)(?:天|个?星期|个?礼拜|周|个月))的?(?P<kind>[病事])?假", _leave),
)
COMMA_SEATS = Pattern(rf"(?P<list>\d{{1,2}}(?:\s*,\s*\d{{1,2}}){{1,20}})\s*号{_NO_SEAT}", _seats)
