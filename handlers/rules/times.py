"""An hour as it is said: 8:20, ８点20, 八点二十, 下午三点半, 刚刚, 十分钟前."""

import re
from datetime import time, timedelta

from msgspec import Struct

from handlers.rules.numbers import NUMERAL, number
from handlers.rules.spelling import plain


class Ago(Struct, frozen=True):
    """So long before now."""

    span: timedelta


class Hour(Struct, frozen=True):
    """An hour of the day. `half`: 上午 or 下午 was said, or a number above 12; else 3点 may be either."""

    at: time
    half: bool


_NOW = re.compile(r"刚刚?才?|现在|just now|now", re.IGNORECASE)
_AGO = re.compile(rf"(?P<n>{NUMERAL}|半)个?(?P<unit>分钟?|小时|钟头)(?:以|之)?前")
_MORNING, _EVENING = "早上|早晨|清早|今早|上午|凌晨|早|am", "下午|傍晚|晚上|今晚|晚|pm"
_HALF = rf"(?P<half>{_MORNING}|中午|{_EVENING})?"
_MINUTES = rf"(?P<minute>\d{{1,2}}|半|[一三]刻|零?{NUMERAL})"
_SPOKEN = re.compile(rf"{_HALF}(?P<hour>{NUMERAL})[点时:.](?:钟|整)?(?:过?{_MINUTES}分?)?")
_DIGITS = re.compile(rf"{_HALF}(?P<hour>\d{{1,2}})(?P<minute>\d\d)")
_PARTS = {"半": 30, "一刻": 15, "三刻": 45}


def read_hour(text: str) -> Hour | Ago | None:
    """None for what is no hour."""
    said = re.sub(r"\s+", "", plain(text)).removesuffix("左右").removesuffix("的时候").rstrip("。.")
    if _NOW.fullmatch(said):
        return Ago(timedelta())
    if ago := _AGO.fullmatch(said):
        return _ago(ago["n"], ago["unit"])
    found = _SPOKEN.fullmatch(said) or _DIGITS.fullmatch(said)
    return _hour(found["half"], found["hour"], found["minute"]) if found else None


def _ago(many: str, unit: str) -> Ago | None:
    minutes = 1 if unit[0] == "分" else 60
    if many == "半":
        return Ago(timedelta(minutes=30)) if minutes == 60 else None
    return Ago(timedelta(minutes=minutes * (number(many) or 0)))


def _hour(half: str | None, hour: str, minute: str | None) -> Hour | None:
    """下午3点 is 15:00, 晚上12点 no hour of this day."""
    hours, minutes = number(hour), _PARTS.get(minute or "", number(minute or "0"))
    if hours is None or minutes is None or minutes > 59:
        return None
    later = half is not None and re.fullmatch(f"{_EVENING}|中午", half) is not None
    if later and hours < (12 if half != "中午" else 6):
        hours += 12
    elif later and hours == 12 and half != "中午":
        return None
    return Hour(time(hours, minutes), half is not None or hours > 12) if hours < 24 else None
