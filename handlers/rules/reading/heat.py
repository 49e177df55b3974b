"""Temperatures in running text: 38.5, 38度5, 三十八度二, 38.5-39, 低于37.3."""

import re
from datetime import date

from handlers.rules.cues import Cue
from handlers.rules.reading.pattern import Pattern, Senses
from handlers.rules.reading.tokens import Bare, Degrees, Meant
from handlers.rules.temperature import Problem, Temperature, degrees

# 体温均低于37.3 speaks of health; 低于39 does not.
_HEALTHY_BELOW = 375


def _degrees(found: "re.Match[str]", today: date) -> Senses:
    """A number with a point or a unit. 1.5 without a unit is nobody's temperature."""
    read = degrees(found["whole"], found["part"], found[0])
    likely = isinstance(read, Temperature) or read.kind == "decimal" or found["unit"] or found[0][0] in "345"
    return (Degrees(read),) if likely else (Bare(None),)


def _span(found: "re.Match[str]", today: date) -> Senses:
    """38.5-39: the higher counts."""
    ends = [found["low"].partition("."), found["high"].partition(".")]
    read = [degrees(whole, part or None, found[0]) for whole, _, part in ends]
    tenths = [one.tenths for one in read if isinstance(one, Temperature)]
    highest = Temperature(max(tenths)) if len(tenths) == len(read) else Problem("several", found[0])
    return (Degrees(highest, ranged=True),)


def _below(found: "re.Match[str]", today: date) -> Senses:
    read = degrees(found["whole"], found["part"], found[0])
    return (Meant(cue=Cue.COOL),) if isinstance(read, Temperature) and read.tenths <= _HEALTHY_BELOW else ()


_UNIT = r"(?:摄氏度|度|℃|°c?|c(?![a-z]))"
_WHOLE = r"(?:三十[四五六七八九]?|四十[一二三四五六七八九]?|[三四][〇零一二三四五六七八九])"
_DIGIT = r"[零一二三四五六七八九\d]"
_NOT_MORE = r"(?!\d|\s*[号人名个月日天年班])"
_LESS = r"(?:低于|小于|不超过|未超过|没超过|没有超过|无人超过|没人超过|不高于|<|≤)=?\s*"

PATTERNS: tuple[Pattern, ...] = (
    Pattern(rf"(?P<whole>\d{{1,4}})[.·](?P<part>\d{{1,3}})(?!\d|[.]\d)(?:\s*(?P<unit>{_UNIT}))?", _degrees),
    # 实到43。3号: a full stop is a point only when nothing is counted after it
    Pattern(r"(?P<whole>\d\d)(?:。|点)(?P<part>\d)(?!\d|\s*[号人名个月日天、.分])(?P<unit>)", _degrees),
    Pattern(rf"(?P<whole>\d{{1,4}})\s*(?P<unit>{_UNIT})(?P<part>半|{_DIGIT}){_NOT_MORE}", _degrees),
    Pattern(rf"(?P<whole>\d{{1,4}})\s*(?P<unit>{_UNIT})(?P<part>)", _degrees),
    Pattern(rf"(?P<whole>{_WHOLE})(?P<unit>{_UNIT}|点)(?P<part>半|{_DIGIT}){_NOT_MORE}度?", _degrees),
    Pattern(rf"(?P<whole>{_WHOLE})(?P<unit>{_UNIT})(?P<part>)", _degrees),
    Pattern(rf"(?P<whole>三十[四五六七八九])(?P<part>[一二三四五六七八九])(?!十){_NOT_MORE}(?P<unit>)", _degrees),
    Pattern(rf"(?P<low>\d\d\.\d)\s*{_UNIT}?\s*[-~到至]\s*(?P<high>\d\d(?:\.\d)?)(?!\.|\d|号|人)(?:\s*{_UNIT})?", _span),
    Pattern(rf"(?P<low>\d\d)\s*{_UNIT}?\s*[-~到至]\s*(?P<high>\d\d\.\d)(?!\d|号|人)(?:\s*{_UNIT})?", _span),
    Pattern(rf"{_LESS}(?P<whole>3\d)(?:\.(?P<part>\d))?(?:\s*{_UNIT})?", _below),
    Pattern(rf"(?:没有|无|未见)\s*(?P<whole>3\d)(?:\.(?P<part>\d))?\s*{_UNIT}?\s*(?:及?以上)", _below),
    Pattern(rf"(?P<whole>3\d)(?:\.(?P<part>\d))?\s*{_UNIT}?\s*(?:及?以下|之下|以内)", _below),
)
