"""A name and a seat side by side: 3号张三, 张三（3号）."""

from collections.abc import Sequence

from handlers.rules.names import is_written
from handlers.rules.reading.tokens import Break, Silent, Token, Who
from handlers.values import replace


def together(tokens: Sequence[Token], text: str) -> list[Token]:
    """3号张三 and 张三（3号） are one pupil; 3号李四 of two different pupils is asked, so is 5号张伟 of 5号 章伟."""
    settled: list[Token] = []
    for token in tokens:
        before = _name_or_seat_before(settled)
        if before is None or not isinstance(token.sense, Who) or not isinstance(before.sense, Who):
            settled.append(token)
            continue
        touching = before.end == token.start or settled[-1].sense == Break("(")
        name = token if token.sense.named else before
        one = _one_of(before.sense, token.sense, text[name.start : name.end], touching=touching)
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
    if len(settled) > 1 and settled[-1].sense == Silent() and isinstance(settled[-2].sense, Who):
        return settled[-2] if not settled[-2].sense.named else None  # 30号的王浩
    if len(settled) > 1 and settled[-1].sense in (Break(" "), Break("(")) and isinstance(settled[-2].sense, Who):
        return settled[-2]
    return None


def _one_of(one: Who, other: Who, name: str, *, touching: bool) -> Who | None:
    """The pupil that a name and a seat mean together. None when they are two pupils."""
    if one.named == other.named or one.doubt == "seat_or_date":
        return None
    if other.doubt == "seat_or_date":
        return replace(one, doubt=other.doubt, choices=other.choices) if one.exact else None
    both = tuple(pupil for pupil in one.pupils if pupil in other.pupils)
    if len(both) == 1 and is_written(both[0], name):
        return Who(both, exact=True)
    if not touching:
        return None
    either = tuple(dict.fromkeys((*one.pupils, *other.pupils)))
    return Who(either, exact=False, doubt="pupil", choices=tuple(pupil.id for pupil in either))
