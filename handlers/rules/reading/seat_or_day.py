"""N号: a seat, a day of the month, or a question. 3号发烧 is a seat, 请假到5号 a day, 17号返校 is asked."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from handlers.model import Attendance
from handlers.rules.cues import Cue
from handlers.rules.dates import Day, of_month
from handlers.rules.names import Index
from handlers.rules.reading.clause import is_person, is_strong, weighs
from handlers.rules.reading.tokens import Break, ClassSaid, Meant, Seat, Silent, Token, Until, Who

_AFTER_A_DAY = re.compile(r"\s*(?:前|后|之前|之后|以前|以后|起|那天|当天|接触|去过)(?!天)")
_ON_LEAVE = (Attendance.SICK, Attendance.PERSONAL)
_AND = ("和", "与", "跟", "及", "以及")
_CHILD = ("同学", "学生", "小朋友", "孩子", "娃")
_REPORT = re.compile(r"\s*(?:晨检|午检|晚检|晨午检|日报|全勤|全员|全班|全部到|应到|本班|我班)")
_DONE = re.compile("已|了")
_LEAVE = re.compile("假|休|隔离|居家|在家|住院|观察|停课|回老家")
# 1号晚上 is a day only if that day is not long ago.
_RECENT = timedelta(7)


class Seats:
    """Settles the seats of one text."""

    def __init__(self, text: str, index: Index, today: date) -> None:
        self._text, self._index, self._today = text, index, today

    def settle(self, tokens: Sequence[Token]) -> list[Token]:
        """The same tokens, with every Seat made a pupil, a day or a question."""
        settled: list[Token] = []
        begin = 0
        for place, token in enumerate(tokens):
            match token.sense:
                case Seat() as seat:
                    settled.append(self._seat(seat, token, tokens, place, settled))
                    self._ask_of_both(settled, tokens[:place])
                case Until(seat=int(number)) if not self._ends_leave(tokens, begin, place):
                    settled.append(Token(self._asked(number, ahead=True), token.start, token.end))
                case _:
                    settled.append(token)
            if is_strong(token):
                begin = place + 1
        return settled

    def _seat(self, seat: Seat, token: Token, tokens: Sequence[Token], place: int, settled: Sequence[Token]) -> Token:
        following = self._after_seats(tokens, place)
        daylike = not seat.sure and self._may_be_a_day(seat.number, following, token)
        beside = None if seat.sure else _name_beside(settled, seat.number)
        ranged = following is not None and isinstance(following.sense, Until)
        own = beside is not None and _sits_on(beside, seat.number)
        sense: Who | Day | Silent = self._by_seat(seat.number)
        if not seat.sure and self._heads_a_report(following, token):
            return Token(of_month(seat.number, self._today), token.start, token.end)
        if daylike and seat.number != self._today.day and _is_today(settled, self._today):
            daylike = False
        if ranged and not seat.sure and (beside is not None or _has_person(settled) or _is_named(tokens[place:])):
            sense = Silent()
        elif daylike and (_is_spoken_of(settled, self._text) or (beside is not None and not own)):
            sense = of_month(seat.number, self._today)
        elif daylike or (beside is not None and not own):
            sense = self._asked(seat.number, ahead=_is_back(following))
        return Token(sense, token.start, token.end)

    def _after_seats(self, tokens: Sequence[Token], place: int) -> Token | None:
        """What follows this seat and those listed with it."""
        listed = (token for token in tokens[place + 1 : place + 40] if weighs(token.sense) or is_strong(token))
        found = next((token for token in listed if not isinstance(token.sense, Seat)), None)
        return None if found is None or is_strong(found) else found

    def _ask_of_both(self, settled: list[Token], before: Sequence[Token]) -> None:
        """12号18号返校: if the second is a day, the first comes back on it; else both do."""
        if len(settled) < 2 or not isinstance(settled[-1].sense, Who) or settled[-1].sense.doubt != "seat_or_date":
            return
        touches = before[-1].end == settled[-1].start and before[-1].start < settled[-1].start
        if touches and isinstance(before[-1].sense, Seat):
            sense = self._asked(before[-1].sense.number, ahead=True)
            settled[-2] = Token(sense, before[-1].start, before[-1].end)

    def _heads_a_report(self, following: Token | None, token: Token) -> bool:
        """16号三2班, 16号晨检, 16号全勤."""
        of_class = following is not None and isinstance(following.sense, ClassSaid)
        return of_class or bool(_REPORT.match(self._text, token.end))

    def _may_be_a_day(self, number: int, following: Token | None, token: Token) -> bool:
        if _AFTER_A_DAY.match(self._text, token.end):
            return True
        back = of_month(number, self._today).back
        recent = back is not None and self._today - back <= _RECENT
        match following:
            case Token(sense=Meant(cue=Cue.BACK)):
                return recent or not _DONE.search(self._text, token.end, following.end + 1)
            case Token(sense=Meant(cue=Cue.SINCE)):
                return True
            case Token(sense=Until(day=day)):
                return day.ahead is not None  # 3号下周才来 speaks of no number
            case Token(sense=Meant(cue=Cue.OF_DAY)):
                return recent
            case _:
                return False

    def _ends_leave(self, tokens: Sequence[Token], begin: int, place: int) -> bool:
        start = tokens[begin].start
        ranged = place > 0 and isinstance(tokens[place - 1].sense, Seat) and tokens[place - 1].end == tokens[place].end
        ill = any(isinstance(one.sense, Meant) and one.sense.disease for one in tokens[begin:place])
        return ranged or ill or bool(_LEAVE.search(self._text, start, tokens[place].start))

    def _by_seat(self, number: int) -> Who:
        pupils = self._index.seated(number).pupils
        if len(pupils) == 1:
            return Who(pupils, exact=True, named=False)
        doubt = "pupil" if pupils else "unknown_name"
        return Who(pupils, exact=False, doubt=doubt, choices=tuple(pupil.id for pupil in pupils), named=False)

    def _asked(self, number: int, *, ahead: bool) -> Who:
        """Seat or day: the person must say."""
        pupils = self._index.seated(number).pupils
        day = of_month(number, self._today)
        said = day.ahead if ahead else day.back
        choices = (*([pupil.id for pupil in pupils] or [""]), said.isoformat() if said else "")
        return Who(pupils, exact=False, doubt="seat_or_date", choices=choices, named=False)


def _is_back(token: Token | None) -> bool:
    return token is not None and token.sense == Meant(cue=Cue.BACK)


def _sits_on(who: Who, seat: int) -> bool:
    return any(pupil.seat == seat for pupil in who.pupils)


def _name_beside(settled: Sequence[Token], seat: int) -> Who | None:
    """The name that stands directly before: 张三3号, 张三（3号. After a space only if it is that pupil's seat."""
    for token in reversed(settled[-3:]):
        match token.sense:
            case Who(named=True) as who:
                return who if settled[-1].sense != Break(" ") or _sits_on(who, seat) else None
            case Break(sign=" " | "("):
                continue
            case _:
                return None
    return None


def _is_today(settled: Sequence[Token], today: date) -> bool:
    """今天3号返校 is said of a seat."""
    before = next((token for token in reversed(settled) if not isinstance(token.sense, Silent)), None)
    return before is not None and isinstance(before.sense, Day) and before.sense.back == today


def _is_spoken_of(settled: Sequence[Token], text: str) -> bool:
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


def _is_named(tokens: Sequence[Token]) -> bool:
    """从14号到18号孙悦病假: a name comes in this clause."""
    for token in tokens:
        if is_strong(token):
            return False
        if isinstance(token.sense, Who) and token.sense.named:
            return True
    return False


def _has_person(settled: Sequence[Token]) -> bool:
    for token in reversed(settled):
        if is_strong(token):
            return False
        if is_person(token.sense):
            return True
    return False
