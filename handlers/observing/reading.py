"""What was typed after /travel: 17号 去武汉 9月1日离开 9月5日回来 中风险; 三(1)班 王小明 去杭州. Pure."""

import re
from datetime import date

from msgspec import Struct

from handlers.model import Sure
from handlers.rules.dates import read_day
from handlers.rules.spelling import plain

_BACK = re.compile(r"\s*(?:回来|返回|返校|回|返)")
_BACK_BEFORE = re.compile(r"(?:回来|返回|返校|回到?|返)\s*$")
_NO_RISK = re.compile(r"(?:非|不是|没去|无|低)(?:中?高?)?风险(?:地区|区)?|不是疫区")
_RISK = re.compile(r"(?:中高?|高)?风险(?:地区|区)?|疫区")
_CONTACT = re.compile(r"接触(?:过|了)?\S*?(?:病人|患者|病例|发热)\S*|密接|密切接触者?")
_NO_CONTACT = re.compile(r"(?:没有?|未|无)接触\S*")
_PLACE = re.compile(r"(?:去(?:了|过)?|到(?:了|过)?|前往|在)\s*(?P<place>[^\s,，。;；0-9]{1,20})")
_NOISE = re.compile(r"离开|出发|走的?|出的门|从|于|[,，。;；]|\s+")


class Said(Struct, frozen=True):
    """`who` is still to be found in the class, empty for oneself. `returned`: None while they are away."""

    who: str
    destination: str
    left: date | None
    returned: date | None
    risk: Sure
    contact: Sure


def read_travel(typed: str, today: date) -> Said | None:
    """None where no place was said. The later of two days is the return; one alone is, where it says so."""
    words = plain(typed).strip()
    risk, words = _answer(words, _NO_RISK, _RISK)
    contact, words = _answer(words, _NO_CONTACT, _CONTACT)
    left, returned, words = _days(words, today)
    place = _PLACE.search(words)
    if place is None:
        return None
    who = _NOISE.sub(" ", words[: place.start()] + " " + words[place.end() :]).strip()
    return Said("" if who in ("我", "自己", "本人") else who, place["place"], left, returned, risk, contact)


def _answer(words: str, no: re.Pattern[str], yes: re.Pattern[str]) -> tuple[Sure, str]:
    for said, pattern in ((Sure.NO, no), (Sure.YES, yes)):
        if found := pattern.search(words):
            return said, words[: found.start()] + " " + words[found.end() :]
    return Sure.UNSURE, words


def _days(words: str, today: date) -> tuple[date | None, date | None, str]:
    found: list[tuple[date, bool]] = []
    at = 0
    while at < len(words):
        read = read_day(words, at, today)
        day = read[0].back if read else None
        if read is None or day is None:
            at += 1
            continue
        before, after = words[:at], words[read[1] :]
        says = _BACK.match(after) or _BACK_BEFORE.search(before)
        found.append((day, says is not None))
        after = after[says.end() :] if says and says.re is _BACK else after
        words, at = f"{_BACK_BEFORE.sub('', before)} {after}", len(_BACK_BEFORE.sub("", before))
    back = next((day for day, says in found if says), None)
    others = [day for day, says in found if not says]
    if back is None and len(others) > 1:
        back = others.pop(others.index(max(others)))
    return min(others, default=None), back, words
