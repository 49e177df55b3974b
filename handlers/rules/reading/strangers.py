"""Names and what stands beside them: a seat of the same pupil, a sign too many, words that may be somebody's name."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from handlers.rules.cues import Cue
from handlers.rules.dates import Day
from handlers.rules.lexicon import SURNAMES
from handlers.rules.names import Index, Pupil
from handlers.rules.reading.clause import clauses, is_fact, is_person
from handlers.rules.reading.together import together
from handlers.rules.reading.tokens import Bare, Break, Degrees, Meant, Silent, Token, Unknown, Who

_LETTERS = re.compile(r"[a-z\u3400-\u9fff\U00020000-\U000323af]")
# Between a name and what is said of it these may stand: 周八今天又发烧.
_PASSED = frozenset({Cue.NOW, Cue.BEFORE, Cue.OF_DAY, Cue.HEAT, Cue.BOTH, Cue.SINCE, Cue.SPEAKING, Cue.RELATIVE})


class Strangers:
    """Settles the names of one text."""

    def __init__(self, text: str, index: Index) -> None:
        self._text, self._index = text, index
        self._near: dict[str, tuple[Pupil, ...]] = {}

    def settle(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """The same tokens, with a name and a seat of one pupil made one, and every stranger found."""
        return tuple(self._strangers(self._stretched(_joined_signs(together(tokens, self._text)))))

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
