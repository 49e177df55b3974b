"""What an admin typed after /holiday: for whom, which days, and what the days are called. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from handlers.class_names import read_class, school_first
from handlers.model import School
from handlers.rules.dates import read_day

LONGEST = 120  # days: beyond a summer holiday it is a slip of the year
LONGEST_NAME = 30
_AROUND = " ,。:;、"

# What says for certain that there is school, or that there is none; a name of other words with one of _UNCLEAR in it
# may mean either, and is asked about: to take a day off for a school day sends nobody anything all morning.
_ON = re.compile(
    r"(?:改为|改回|调休|仍然?|要)?(?:(?:恢复)?(?:正常|照常)?|恢复|照旧)(?:上学|上课|补课|补班)|(?:恢复)?(?:正常|照常)|复课"
    r"|(?:取消|不)(?:放假|停课|休息)|(?:back to )?school(?: day)?|(?:no|cancel) holiday"
)
_OFF = re.compile(r"(?:不用|不|停止|暂停|取消)(?:上学|上课|补课)|调休(?:放假|休息)|no school|school closed")
_UNCLEAR = re.compile(
    r"上学|上课|复课|复学|补.?[课班]|开学|返校|到校|取消|恢复|照常|照旧|正常|继续|不放假|不停课|调休|上班|撤|删|作废|错|误|还原|改回"
    r"|[上下]午|中午|半天|提前|推迟|延迟|延后|晚[到点]|一节|早自习|晚自习|是否|[吗?]|[天周日]$"
    r"|school|cancel|resume|normal|half|early|late|afternoon|morning|open|undo|delete|remove|back"
)
# What a day off is called: whatever else is typed after a day (有课, 考试) closes nobody.
_DAY_OFF = re.compile(
    r"假|停[课学电水气]|休|节|元旦|清明|端午|中秋|国庆|除夕|五一|十一|三月三|台风|暴[雨雪]|大[雨雪雾风]|高温|寒潮|冰冻|洪|地震|疫情|流感"
    r"|运动会|校庆|[春秋]游|研学|holiday|vacation|break|feast|festival|new year|closed|\boff\b|typhoon|storm|rain|snow"
    r"|flood|flu|sports"
)
_PART_OF_DAY = re.compile(r"[早晚午夜晨]|白天")  # 今天下午停课 closes no day
_PARTS = re.compile(r"[()\[\]【】,，。;；:：、!！\s]+")
# A place in a name would close everybody, not that place: 三(2)班水痘停课, 一至三年级停课, 火星小学停课.
_PART = re.compile(
    r"年级|班(?!会)|[全本我该]校|学前|[园校部段](?=停|放|休|不)|[初高][一二三]|[一二三四五六七八九托大中小]\(?\d"
)
_SCHOOL = re.compile(r"(?<!中)小学(?!生)|中学(?!生)|初中|高中|幼儿园|校区|分校")
_TO = re.compile(r"\s*(?:\.{2,}|…+|~|至|到|—+|–|-)\s*")
_SHORT = re.compile(r"(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d|-)")
_FROM_TODAY = re.compile(r"(?:大?[前后昨明今当]|上|下|本|这)")
_IN_MONTH = re.compile(r"(?P<day>\d{1,2})[日号]?(?![\d月/-])")


class Said(Struct, frozen=True):
    """Without school, grade and class it is for the whole district."""

    school: School | None
    grade: str
    klass: str
    first: date
    last: date
    name: str
    school_day: bool

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(n) for n in range((self.last - self.first).days + 1))


class Misread(Struct, frozen=True):
    """What was wrong, as the last part of a text key: unread, scope, order, past, reversed, long, name, again,
    unclear."""

    why: str


def read_holiday(typed: str, schools: Sequence[School], today: date) -> Said | Misread:
    """[学校] [年级|班级] 日期[..日期] [名称|上学]; the place may also stand behind the date, as a word of its own."""
    words = re.sub(r"\s+", " ", _common_width(typed)).strip()
    school, rest = _school(words, schools, today)
    scope, rest = _first_word(rest, today)
    grade, klass = _part(scope)
    span = _span(rest, today)
    if span is None:
        return Misread("unread")
    if scope and not grade and not klass:
        return Misread("scope")
    first, last, end = span
    name = rest[end:].strip(_AROUND)
    if _PART_OF_DAY.search(rest[:end]):
        return Misread("unclear")
    if not scope:
        school, grade, klass, name = _behind(school, name, schools, today)
        if _names_place(name, school, schools):
            return Misread("order")
    school_day = _school_day(name)
    wrong = _wrong(first, last, name, today) or ("unclear" if school_day is None else None)
    return Misread(wrong) if wrong else Said(school, grade, klass, first, last, name, bool(school_day))


def _behind(
    school: School | None, name: str, schools: Sequence[School], today: date
) -> tuple[School | None, str, str, str]:
    """今天 中心小学 三(2)班 停课: school, grade and class, and what is left for a name."""
    if school is None:
        school, name = _school(name, schools, today)
    word, _, rest = name.partition(" ")
    if not _PART.search(word):
        return school, "", "", name
    grade, klass = _part(word)
    return school, grade, klass, rest.strip(_AROUND) if grade or klass else name


def _names_place(name: str, school: School | None, schools: Sequence[School]) -> bool:
    """A part, or a school other than the one that was meant."""
    others = (_common_width(name) for one in schools if one != school for name in (one.name, one.short))
    unknown = school is None and _SCHOOL.search(name) is not None
    return unknown or _PART.search(name) is not None or any(one in name for one in others)


def _school_day(name: str) -> bool | None:
    """None where the name may mean either."""
    words = name.casefold()
    parts = [words] if _ON.fullmatch(words) else [one for one in _PARTS.split(words) if one]
    if parts and all(_ON.fullmatch(one) for one in parts):
        return True
    off = not words or _OFF.search(words) or _DAY_OFF.search(words)
    return None if not off or _UNCLEAR.search(_OFF.sub("", words)) else False


def _wrong(first: date, last: date, name: str, today: date) -> str | None:
    """A name with a day in it is a second day, which would be lost."""
    if len(name) > LONGEST_NAME:
        return "name"
    if any(_second(name, at, today) for at in range(len(name))):
        return "again"
    if last < first:
        return "reversed"
    if first < today:
        return "past"
    return "long" if (last - first).days >= LONGEST else None


def _second(name: str, at: int, today: date) -> bool:
    """A day to come, in figures or from today on; 三月三 is a feast."""
    found = _day(name, at, today)
    return found is not None and found[0] >= today and re.search(r"\d|[日号天周]|星期", name[at : found[1]]) is not None


def _school(words: str, schools: Sequence[School], today: date) -> tuple[School | None, str]:
    """The school that the words begin with, the longest name first; the rest of the words."""
    if _day(words, 0, today):
        return None, words
    return school_first(words, schools, _common_width)


def _common_width(words: str) -> str:
    return unicodedata.normalize("NFKC", words)


def _first_word(words: str, today: date) -> tuple[str, str]:
    """The word before the date, if the words do not begin with one."""
    if not words or _day(words, 0, today):
        return "", words
    scope, _, rest = words.partition(" ")
    return scope, rest


def _part(scope: str) -> tuple[str, str]:
    """三 for 三年级, or 三(2)班; neither for what is no part of a school."""
    klass = read_class(scope)
    if klass is not None:
        return "", klass.name
    grade = read_class(f"{scope.removesuffix('年级')}(1)班") if scope else None
    return (grade.grade, "") if grade else ("", "")


def _span(words: str, today: date) -> tuple[date, date, int] | None:
    start = _day(words, 0, today)
    if start is None:
        return None
    first, end = start
    to = _TO.match(words, end)
    if to is None:
        return first, first, end
    since = today if _FROM_TODAY.match(words, to.end()) else first  # 下周三 and 后天 are said from today; 周三 is not
    until = _day(words, to.end(), since) or _in_month(words, to.end(), first)
    return (first, *until) if until else None


def _day(words: str, at: int, today: date) -> tuple[date, int] | None:
    """A day with its month, or one said from today; 10-12 is 10月12日."""
    short = _SHORT.match(words, at)
    if short:
        found = read_day(f"{short['month']}月{short['day']}日", 0, today)
        return (found[0].ahead, short.end()) if found and found[0].ahead else None
    read = read_day(words, at, today)
    return (read[0].ahead, read[1]) if read and read[0].ahead else None


def _in_month(words: str, at: int, first: date) -> tuple[date, int] | None:
    """The 14 of 10月12日至14."""
    found = _IN_MONTH.match(words, at)
    read = read_day(f"{found['day']}日", 0, first) if found else None
    return (read[0].ahead, found.end()) if found and read and read[0].ahead else None
