"""N号: a seat, a day of the month, or a question. 3号发烧 is a seat, 请假到5号 a day, 17号返校 is asked."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from handlers.rules.cues import Cue
from handlers.rules.dates import Day, of_month
from handlers.rules.names import Index
from handlers.rules.reading.beside import has_person, is_named, is_spoken_of, is_today, name_beside, sits_on
from handlers.rules.reading.clause import is_strong, weighs
from handlers.rules.reading.tokens import ClassSaid, Meant, Seat, Silent, Token, Until, Who

_AFTER_A_DAY = re.compile(r"\s*(?:前|后|之前|之后|以前|以后|起|那天|当天|接触|去过)(?!天)")
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
        if seat.sure:
            sense: Who | Day | Silent = self._by_seat(seat.number)
        elif self._heads_a_report(following, token):
            sense = of_month(seat.number, self._today)
        elif isinstance(following and following.sense, Until) and self._is_begin(tokens[place:], settled):
            sense = Silent()
        else:
            sense = self._seat_or_day(seat.number, following, token, settled)
        return Token(sense, token.start, token.end)

    def _seat_or_day(self, number: int, following: Token | None, token: Token, settled: Sequence[Token]) -> Who | Day:
        beside = name_beside(settled, number)
        another = beside is not None and not sits_on(beside, number)
        daylike = self._may_be_a_day(number, following, token) and not self._is_another_day(number, settled)
        if daylike and (another or is_spoken_of(settled, self._text)):
            return of_month(number, self._today)
        if daylike or another:
            return self._asked(number, ahead=_is_back(following))
        return self._by_seat(number)

    def _is_begin(self, coming: Sequence[Token], settled: Sequence[Token]) -> bool:
        """The 14号 of 孙悦14号到18号病假."""
        return name_beside(settled, 0) is not None or has_person(settled) or is_named(coming)

    def _is_another_day(self, number: int, settled: Sequence[Token]) -> bool:
        """今天3号返校, on the sixteenth, is said of a seat."""
        return number != self._today.day and is_today(settled, self._today)

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
