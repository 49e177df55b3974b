"""The numbers of the headline: 应到45实到43, 45人全到, 完成率100%, and which class it is."""

import re
from datetime import date

from handlers.class_names import read_class
from handlers.model import Attendance
from handlers.rules.cues import Cue
from handlers.rules.numbers import NUMERAL as N
from handlers.rules.reading.pattern import Builder, Pattern, Senses, value
from handlers.rules.reading.tokens import ClassSaid, Count, Meant, People, Silent, Total


def _count(total: Total) -> Builder:
    return lambda found, today: (Count(total, value(found["n"])),)


def _both(found: "re.Match[str]", today: date) -> Senses:
    if not found["m"]:
        return (Count(Total.BOTH, value(found["n"])),)
    return (Count(Total.EXPECTED, value(found["n"])), Count(Total.PRESENT, value(found["m"])))


def _pair(found: "re.Match[str]", today: date) -> Senses:
    """45/43 is 应到/实到; 9/5 is a day."""
    return _both(found, today) if value(found["n"]) > 12 else ()


def _class(found: "re.Match[str]", today: date) -> Senses:
    roll = read_class(found[0])
    return (ClassSaid(roll.name),) if roll else ()


def _part_of_class(found: "re.Match[str]", today: date) -> Senses:
    return (ClassSaid(found[0]),)


def _silent(found: "re.Match[str]", today: date) -> Senses:
    return (Silent(),)


def _hour(found: "re.Match[str]", today: date) -> Senses:
    return (Silent(),) if value(found["hour"]) <= 24 else ()


def _people(found: "re.Match[str]", today: date) -> Senses:
    return (People(value(found["n"])),)


def _tally(found: "re.Match[str]", today: date) -> Senses:
    kind = Attendance.SICK if found["kind"] == "病" else Attendance.PERSONAL
    return Meant(attendance=kind), People(value(found["n"]))


def _missing(found: "re.Match[str]", today: date) -> Senses:
    """少一个."""
    return Meant(cue=Cue.AWAY), People(value(found["n"]))


def _personal(found: "re.Match[str]", today: date) -> Senses:
    """郑凯（事）."""
    return (Meant(attendance=Attendance.PERSONAL),)


_NOT_MORE = r"(?!\d|\.\d|\s*[号天日度月℃%点])"
_TAIL = r"\s*[人名]?(?:学生|同学)?"
_IS = r"\s*[:是为有]?\s*"
# 全班2人请假 is no headline, 全班45人 is
_ALONE = r"(?=\s*(?:[,;。!.\n)]|$|全[到勤部都]|都|均|应|实|已|到))"
_EXPECTED = r"(?:应到(?:校|人数|学生)?|应出勤|应(?=\s*:?\s*\d)|总人?数|在籍|在册|学生总?数|班级人数)"
_WHOLE_CLASS = r"(?:全班|本班|我班|一?共)(?:共有?|有|总人数|人数|学生)?\s*:?\s*"
_PRESENT = (
    r"(?:实到(?:校|人数|学生)?|实际到校?|实出勤|到校(?:人数)?|出勤(?:人数)?|已到校?|(?:健康监测)?打卡|在校(?:人数)?"
    r"|实(?=\s*:?\s*\d)|到(?=\s*\d+\s*人))"
)
_EXPECTED_PRESENT = r"应到?\s*[、/和,及]?\s*实到?(?:人数)?\s*(?:均为|都是|均是|各为?|都为|均|都)?\s*:?\s*"
_HEADS = rf"(?P<n>{N})\s*(?:[人名](?:学生|同学)?|个?(?:学生|同学|孩子|小朋友|娃))"
_CAME = r"\s*(?:已?经?全部?|都|均)\s*(?:已?到(?:校|齐|了)*|来了|出勤|在校|在教室|在班)"
_RATE = r"(?:完成率|出勤率|打卡率|到校率|上报率)\s*[:为是达]?\s*(?P<n>\d{1,3})(?:\.\d+)?\s*%"

_GRADE = r"(?:[初高小]?[一二三四五六七八九]|[初高][1-3]|[1-9]|[托大中小]|学前)"
_ORDINAL = r"(?:\d{1,2}|[一二三四五六七八九]?十?[一二三四五六七八九])"

PATTERNS: tuple[Pattern, ...] = (
    Pattern(rf"{_EXPECTED}{_IS}(?P<n>{N}){_NOT_MORE}{_TAIL}", _count(Total.EXPECTED)),
    Pattern(rf"{_WHOLE_CLASS}(?P<n>{N}){_TAIL}{_ALONE}", _count(Total.EXPECTED)),
    Pattern(rf"{_PRESENT}{_IS}(?P<n>{N}){_NOT_MORE}{_TAIL}", _count(Total.PRESENT)),
    Pattern(rf"{_EXPECTED_PRESENT}(?P<n>{N})(?:\s*/\s*(?P<m>{N}))?{_NOT_MORE}{_TAIL}", _both),
    Pattern(r"(?P<n>\d{2})\s*/\s*(?P<m>\d{2})(?![\d/])人?", _pair),
    Pattern(rf"{_HEADS}应到校?", _count(Total.EXPECTED)),
    Pattern(rf"{_HEADS}实到校?", _count(Total.PRESENT)),
    Pattern(rf"{_HEADS}{_CAME}", _count(Total.BOTH)),
    Pattern(rf"{_HEADS}\s*(?:全勤|满勤|全到|到齐)", _count(Total.BOTH)),
    Pattern(rf"(?:全勤|全员|全到|全部到校|到齐)\s*:?\s*(?P<n>{N})\s*人(?:到校)?", _count(Total.BOTH)),
    Pattern(_RATE, _count(Total.RATE)),
    Pattern(rf"\d+(?:\.\d+)?\s*%|{N}[次回遍趟]", _silent),
    Pattern(rf"(?:小学)?{_GRADE}(?:年级|年|级)?\s*[-.·(]?\s*{_ORDINAL}\s*\)?\s*班", _class),
    Pattern(rf"{_GRADE}(?:年级)?\({_ORDINAL}\)", _class),
    Pattern(rf"{_GRADE}年级{_ORDINAL}(?![\d人名个])", _class),
    Pattern(rf"(?:\d{{4}}[级届])?\(?{_ORDINAL}\)?班", _part_of_class),
    Pattern(r"(?P<hour>\d{1,2}):[0-5]\d(?![\d.度℃°])", _hour),
    Pattern(rf"(?P<hour>{N})[点时](?:[0-5]\d分?|半|钟|整|多|左右|{N}分)?(?![\d.度℃°])", _hour),
    Pattern(rf"(?P<n>{N})\s*(?:人|名|位|例|个(?:同学|学生|孩子|小朋友|人|娃)?)(?:同学|学生|孩子)?", _people),
    Pattern(rf"(?:少|缺)了?(?P<n>{N})个(?:人|孩子|学生|同学)?", _missing),
    Pattern(r"事(?=\))", _personal),
    Pattern(rf"(?P<kind>[病事])假?\s*[:是]?\s*(?P<n>\d{{1,2}}){_NOT_MORE}(?![/-]\d)\s*[人名]?", _tally),
)
