"""Who is meant: seats that may be days, a seat beside a name, names that the roster does not know."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from handlers.rules.cues import Cue
from handlers.rules.dates import Day, of_month
from handlers.rules.lexicon import SURNAMES
from handlers.rules.names import Index, Pupil
from handlers.rules.reading.clause import behind, clauses, is_fact, is_person, is_strong, weighs
from handlers.rules.reading.tokens import Bare, Break, Degrees, Meant, Seat, Silent, Token, Unknown, Until, Who

_AFTER_A_DAY = re.compile(r"\s*(?:前|后|之前|之后|以前|以后|起)")
_DONE = re.compile("已|了")
_LEAVE = re.compile("假|休|隔离|居家|在家|住院|观察|停课|回老家")
_LETTERS = re.compile(r"[a-z\u3400-\u9fff\U00020000-\U000323af]")
# Between a name and what is said of it these may stand: 周八今天又发烧.
_PASSED = frozenset({Cue.NOW, Cue.BEFORE, Cue.OF_DAY, Cue.HEAT, Cue.BOTH, Cue.SINCE, Cue.SPEAKING, Cue.RELATIVE})
_RECENT = timedelta(7)


class Persons:
    """Settles persons in the tokens of one text."""

    def __init__(self, text: str, index: Index, today: date) -> None:
        self._text, self._index, self._today = text, index, today
        self._near: dict[str, tuple[Pupil, ...]] = {}

    def settle(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """The same tokens, with a name and a seat of one pupil made one, and every stranger found."""
        return tuple(self._strangers(self._stretched(_joined_signs(_together(tokens)))))

    def seats(self, tokens: Sequence[Token]) -> list[Token]:
        """The same tokens, with every Seat made a pupil, a day or a question."""
        settled: list[Token] = []
        begin = 0
        for place, token in enumerate(tokens):
            match token.sense:
                case Seat() as seat:
                    settled.append(self._seat(seat, token, tokens, place, settled))
                case Until(seat=int(number)) if not self._ends_leave(tokens, begin, place):
                    settled.append(Token(self._asked(number, after=True), token.start, token.end))
                case _:
                    settled.append(token)
            if is_strong(token):
                begin = place + 1
        return settled

    def _seat(self, seat: Seat, token: Token, tokens: Sequence[Token], place: int, settled: Sequence[Token]) -> Token:
        following = self._after_seats(tokens, place)
        sense: Who | Day | Silent = self._by_seat(seat.number)
        daylike = not seat.sure and self._may_be_a_day(seat.number, following, token)
        beside = _name_beside(settled)
        if beside is not None and not seat.sure:
            own = any(pupil.seat == seat.number for pupil in beside.pupils)
            if isinstance(following.sense if following else None, Until):
                sense = Silent()
            elif daylike and not own:
                sense = of_month(seat.number, self._today)
            elif daylike or not own:
                sense = self._asked(seat.number, after=self._is_ahead(following))
        elif daylike:
            ranged = following is not None and isinstance(following.sense, Until)
            told = ranged and (behind(settled, len(settled)) is not None and _has_person(settled))
            sense = Silent() if told else self._asked(seat.number, after=self._is_ahead(following))
        return Token(sense, token.start, token.end)

    def _after_seats(self, tokens: Sequence[Token], place: int) -> Token | None:
        """What follows this seat and those listed with it."""
        listed = (token for token in tokens[place + 1 : place + 40] if weighs(token.sense) or is_strong(token))
        found = next((token for token in listed if not isinstance(token.sense, Seat)), None)
        return None if found is None or is_strong(found) else found

    def _may_be_a_day(self, number: int, following: Token | None, token: Token) -> bool:
        if _AFTER_A_DAY.match(self._text, token.end):
            return True
        back = of_month(number, self._today).back
        recent = back is not None and self._today - back <= _RECENT
        match following:
            case Token(sense=Meant(cue=Cue.BACK)):
                return recent or not _DONE.search(self._text, token.end, following.end + 1)
            case Token(sense=Meant(cue=Cue.SINCE)) | Token(sense=Until()):
                return True
            case Token(sense=Meant(cue=Cue.OF_DAY)):
                return recent
            case _:
                return False

    def _is_ahead(self, following: Token | None) -> bool:
        return following is not None and following.sense in (Meant(cue=Cue.BACK),)

    def _ends_leave(self, tokens: Sequence[Token], begin: int, place: int) -> bool:
        start = tokens[begin].start
        ranged = place > 0 and isinstance(tokens[place - 1].sense, Seat) and tokens[place - 1].end == tokens[place].end
        return ranged or bool(_LEAVE.search(self._text, start, tokens[place].start))

    def _by_seat(self, number: int) -> Who:
        pupils = self._index.seated(number).pupils
        if len(pupils) == 1:
            return Who(pupils, exact=True, named=False)
        doubt = "pupil" if pupils else "unknown_name"
        return Who(pupils, exact=False, doubt=doubt, choices=_ids(pupils), named=False)

    def _asked(self, number: int, *, after: bool) -> Who:
        """Seat or day: the person must say."""
        pupils = self._index.seated(number).pupils
        day = of_month(number, self._today)
        said = day.ahead if after else day.back
        choices = (*(_ids(pupils) or ("",)), said.isoformat() if said else "")
        return Who(pupils, exact=False, doubt="seat_or_date", choices=choices, named=False)

    def _stretched(self, tokens: Sequence[Token]) -> list[Token]:
        """张三丰 is not 张三, 赵小明 is not the 小明 of the class: a name with another sign at its side is asked."""
        settled: list[Token] = []
        for token in tokens:
            before = settled[-1] if settled else None
            if before is None or before.end != token.start:
                settled.append(token)
            elif isinstance(before.sense, Unknown) and self._text.startswith("老师", token.start):
                settled[-1:] = [Token(Silent(), before.start, before.end), token]
            elif _extends(before, token):
                settled[-1] = self._asked_name(before.start, token.end, _pupils(before) + _pupils(token))
            else:
                settled.append(token)
        return settled

    def _asked_name(self, start: int, end: int, known: tuple[Pupil, ...]) -> Token:
        choices = tuple(dict.fromkeys((*known, *self._like(start, end))))
        return Token(Who(choices, exact=False, doubt="unknown_name", choices=_ids(choices)), start, end)

    def _like(self, start: int, end: int) -> tuple[Pupil, ...]:
        said = self._text[start:end]
        if said not in self._near:
            self._near[said] = self._index.near(said) if len(said) <= 20 else ()
        return self._near[said]

    def _strangers(self, tokens: Sequence[Token]) -> Iterator[Token]:
        for begin, end in clauses(tokens):
            clause = tokens[begin:end]
            facts = any(is_fact(token.sense) for token in clause)
            alone = True
            for place, token in enumerate(clause):
                alone = alone and not (is_person(token.sense) or is_fact(token.sense))
                stranger = facts and isinstance(token.sense, Unknown) and self._is_somebody(clause, place, alone=alone)
                yield self._stranger(token) if stranger else token
            yield from tokens[end : end + 1]

    def _stranger(self, token: Token) -> Token:
        said = self._text[token.start : token.end]
        if not _may_be_a_name(said):
            return Token(Who((), exact=False, doubt="pupil"), token.start, token.end)
        return self._asked_name(token.start, token.end, ())

    def _is_somebody(self, clause: Sequence[Token], place: int, *, alone: bool) -> bool:
        """True when what is said next seems to be said of this unknown word."""
        token = clause[place]
        said = self._text[token.start : token.end]
        if not _LETTERS.search(said):
            return False
        if alone:
            return _fact_follows(clause, place) or (_may_be_a_name(said) and self._listed(clause, place))
        likely = _may_be_a_name(said) and (said[0] in SURNAMES or bool(self._like(token.start, token.end)))
        return likely and (_fact_follows(clause, place) or self._listed(clause, place))

    def _listed(self, clause: Sequence[Token], place: int) -> bool:
        """Between the signs of a list, or after the colon of its heading: 没来的：赵大、钱二."""
        before = clause[place - 1] if place else None
        after = clause[place + 1] if place + 1 < len(clause) else None
        neighbours = [one for one in (before, after) if one is not None]
        return bool(neighbours) and all(isinstance(one.sense, Break) for one in neighbours)


def _ids(pupils: Iterable[Pupil]) -> tuple[str, ...]:
    return tuple(pupil.id for pupil in pupils)


def _pupils(token: Token) -> tuple[Pupil, ...]:
    return token.sense.pupils if isinstance(token.sense, Who) else ()


def _may_be_a_name(said: str) -> bool:
    return 2 <= len(said) <= (20 if said.isascii() else 4) and all(map(_LETTERS.match, said))


def _extends(one: Token, other: Token) -> bool:
    senses = {type(one.sense), type(other.sense)}
    if senses != {Who, Unknown}:
        return False
    name, rest = (one, other) if isinstance(one.sense, Who) else (other, one)
    return isinstance(name.sense, Who) and name.sense.named and rest.end - rest.start <= 2


def _name_beside(settled: Sequence[Token]) -> Who | None:
    """The name that stands directly before: 张三3号, 张三（3号."""
    for token in reversed(settled[-3:]):
        match token.sense:
            case Who(named=True) as who:
                return who
            case Break(sign=" " | "("):
                continue
            case _:
                return None
    return None


def _has_person(settled: Sequence[Token]) -> bool:
    for token in reversed(settled):
        if is_strong(token):
            return False
        if is_person(token.sense):
            return True
    return False


def _together(tokens: Sequence[Token]) -> list[Token]:
    """3号张三 and 张三（3号） are one pupil; 3号李四 of two different pupils is asked."""
    settled: list[Token] = []
    for token in tokens:
        before = _name_or_seat_before(settled)
        if before is None or not isinstance(token.sense, Who) or not isinstance(before.sense, Who):
            settled.append(token)
            continue
        touching = before.end == token.start or settled[-1].sense == Break("(")
        one = _one_of(before.sense, token.sense, touching=touching)
        if one is None:
            settled.append(token)
        else:
            while settled[-1] is not before:
                settled.pop()
            settled[-1] = Token(one, before.start, token.end)
    return settled


def _name_or_seat_before(settled: Sequence[Token]) -> Token | None:
    if settled and isinstance(settled[-1].sense, Who):
        return settled[-1]
    if len(settled) > 1 and settled[-1].sense in (Break(" "), Break("(")) and isinstance(settled[-2].sense, Who):
        return settled[-2]
    return None


def _one_of(one: Who, other: Who, *, touching: bool) -> Who | None:
    """The pupil that a name and a seat mean together. None when they are two pupils."""
    if one.named == other.named or one.doubt == "seat_or_date":
        return None
    if other.doubt == "seat_or_date":
        return replace(one, doubt=other.doubt, choices=other.choices) if one.exact else None
    both = tuple(pupil for pupil in one.pupils if pupil in other.pupils)
    if len(both) == 1:
        return Who(both, exact=True)
    if not touching:
        return None
    either = tuple(dict.fromkeys((*one.pupils, *other.pupils)))
    return Who(either, exact=False, doubt="pupil", choices=_ids(either))


def _joined_signs(tokens: Sequence[Token]) -> list[Token]:
    """李在明: a sign that means nothing between two unknown ones belongs to them."""
    settled: list[Token] = []
    for token in tokens:
        settled.append(token)
        if len(settled) < 3 or not isinstance(token.sense, Unknown):
            continue
        first, middle, last = settled[-3:]
        short = last.end - first.start <= 4 and middle.end - middle.start == 1
        touching = all(one.end == other.start for one, other in pairwise((first, middle, last)))
        if isinstance(first.sense, Unknown) and isinstance(middle.sense, Silent) and short and touching:
            settled[-3:] = [Token(Unknown(), first.start, last.end)]
    return settled


def _fact_follows(clause: Sequence[Token], place: int) -> bool:
    for token in clause[place + 1 : place + 40]:
        match token.sense:
            case Silent() | Day() | Break(sign=" " | ":" | "(" | "-"):
                continue
            case Meant(cue=cue) if cue in _PASSED:
                continue
            case Bare(number=number):
                return number is not None and (30 <= number <= 50 or 300 <= number <= 450)
            case Degrees():
                return True
            case sense:
                return is_fact(sense)
    return False
