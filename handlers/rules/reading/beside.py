"""Who and what stands before a number in a row of tokens, and after it in its clause."""

from collections.abc import Sequence
from datetime import date

from handlers.model import Attendance
from handlers.rules.cues import Cue
from handlers.rules.dates import Day
from handlers.rules.reading.clause import is_person, is_strong
from handlers.rules.reading.tokens import Break, Meant, Silent, Token, Who

_ON_LEAVE = (Attendance.SICK, Attendance.PERSONAL)
_AND = ("和", "与", "跟", "及", "以及")
_CHILD = ("同学", "学生", "小朋友", "孩子", "娃")


def sits_on(who: Who, seat: int) -> bool:
    """It is the seat of one who may be meant."""
    return any(pupil.seat == seat for pupil in who.pupils)


def name_beside(settled: Sequence[Token], seat: int) -> Who | None:
    """The name that stands directly before: 张三3号, 张三（3号. After a space only if it is that pupil's seat."""
    for token in reversed(settled[-3:]):
        match token.sense:
            case Who(named=True) as who:
                return who if settled[-1].sense != Break(" ") or sits_on(who, seat) else None
            case Break(sign=" " | "("):
                continue
            case _:
                return None
    return None


def is_today(settled: Sequence[Token], today: date) -> bool:
    """The 今天 of 今天3号返校 stands just before."""
    before = next((token for token in reversed(settled) if not isinstance(token.sense, Silent)), None)
    return before is not None and isinstance(before.sense, Day) and before.sense.back == today


def is_spoken_of(settled: Sequence[Token], text: str) -> bool:
    """3号同学14号开始发烧, 3号家长说14号开始发烧: who it is has been said."""
    told = spaced = False
    for token in reversed(settled):
        match token.sense:
            case Silent() if text[token.start : token.end] in ("从", "自"):
                told = True
            case Silent() if text[token.start : token.end] not in _AND:
                continue
            case Break(sign=" "):
                spaced = True
            case Meant(cue=Cue.RELATIVE | Cue.SPEAKING):
                told = True
            case Meant(cue=cue, attendance=attendance, disease=disease) if not spaced and (
                cue is Cue.LEAVE or attendance in _ON_LEAVE or disease
            ):
                told = True  # 孙悦病假18号返校
            case Who(exact=True, named=named):
                return told or (not named and text[token.start : token.end].endswith(_CHILD))
            case _:
                return False
    return False


def is_named(tokens: Sequence[Token]) -> bool:
    """从14号到18号孙悦病假: a name comes in this clause."""
    for token in tokens:
        if is_strong(token):
            return False
        if isinstance(token.sense, Who) and token.sense.named:
            return True
    return False


def has_person(settled: Sequence[Token]) -> bool:
    """Somebody was named in this clause."""
    for token in reversed(settled):
        if is_strong(token):
            return False
        if is_person(token.sense):
            return True
    return False
