"""Looking about in a row of tokens: what weighs, what separates, where a clause begins and ends."""

from collections.abc import Iterator, Sequence

from handlers.model import Attendance
from handlers.rules.cues import Cue
from handlers.rules.reading.tokens import Break, Degrees, Meant, Seat, Sense, Silent, Token, Who

_AWAY_CUES = frozenset({Cue.LEAVE, Cue.AWAY, Cue.ILL, Cue.FEVER_GONE})


def is_strong(token: Token) -> bool:
    return isinstance(token.sense, Break) and token.sense.strong


def weighs(sense: Sense) -> bool:
    """False for what only stands between: 的, spaces, brackets."""
    return not isinstance(sense, (Silent, Break))


def clauses(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Where each clause begins, and where the strong sign is that ends it."""
    begin = 0
    for place, token in enumerate(tokens):
        if is_strong(token):
            yield begin, place
            begin = place + 1
    yield begin, len(tokens)


def ahead(tokens: Sequence[Token], place: int) -> Token | None:
    """The next token of the clause that weighs."""
    for token in tokens[place + 1 : place + 40]:
        if is_strong(token):
            return None
        if weighs(token.sense):
            return token
    return None


def behind(tokens: Sequence[Token], place: int) -> Token | None:
    """The last token of the clause before this one that weighs."""
    for token in reversed(tokens[max(0, place - 40) : place]):
        if is_strong(token):
            return None
        if weighs(token.sense):
            return token
    return None


def is_person(sense: Sense) -> bool:
    return isinstance(sense, (Who, Seat))


def is_fact(sense: Sense) -> bool:
    """True for what is said *of* somebody unwell, away or measured; not for 正常 or 到校."""
    match sense:
        case Degrees():
            return True
        case Meant(symptoms=symptoms, where=where, attendance=attendance, disease=disease, cue=cue):
            said = attendance not in (None, Attendance.PRESENT)
            return bool(symptoms) or where is not None or said or disease is not None or cue in _AWAY_CUES
        case _:
            return False
