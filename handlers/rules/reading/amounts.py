"""Numbers without a unit, by their neighbours: 张三 38 is a temperature, 缺勤:2 a count, 3 38.5 a seat to be asked."""

from collections.abc import Sequence

from handlers.model import Symptom
from handlers.rules.cues import Cue
from handlers.rules.names import Index
from handlers.rules.reading.clause import ahead, behind, clauses, is_fact, is_person
from handlers.rules.reading.tokens import (
    Bare,
    Break,
    Degrees,
    Lasting,
    Meant,
    People,
    Sense,
    Silent,
    Token,
    Until,
    Who,
    listed,
)
from handlers.rules.temperature import HIGHEST, LOWEST, Problem, degrees

_MOST_PEOPLE = 60
# Beside a pupil 44 was surely meant for a temperature, 60 perhaps not.
_NEAR_HEAT = range(30, 50)


def settle_amounts(tokens: Sequence[Token], text: str, index: Index) -> list[Token]:
    settled: list[Token] = []
    for begin, end in clauses(tokens):
        clause = list(tokens[begin:end])
        has_person = any(is_person(token.sense) for token in clause)
        for place, token in enumerate(clause):
            if isinstance(token.sense, Bare):
                sense = _sense(token.sense, clause, place, text, index, has_person=has_person)
                clause[place] = Token(sense, token.start, token.end)
                has_person = has_person or isinstance(sense, Who)
        settled += _rejoined(_nobody(clause, has_person=has_person), text, tokens[end : end + 2])
        settled += tokens[end : end + 1]
    return settled


def _sense(bare: Bare, clause: Sequence[Token], place: int, text: str, index: Index, *, has_person: bool) -> Sense:
    token, before, after = clause[place], behind(clause, place), ahead(clause, place)
    said = text[token.start : token.end]
    if after is not None and isinstance(after.sense, Who) and after.sense.named and _opens(clause, place):
        return Silent(listed=True)
    if bare.number is None:
        return bare
    if bare.number == 0 and before is not None and _is_counted(before.sense):
        return People(0)
    if before is not None and _awaits_degrees(before.sense):
        read = degrees(said, None, said)
        if not isinstance(read, Problem) or read.kind == "decimal" or bare.number in _NEAR_HEAT:
            return Degrees(read)
    seat = _opens(clause, place) and bare.number * 10 < LOWEST and after is not None and is_fact(after.sense)
    if not has_person and before is not None and _is_counted(before.sense) and bare.number <= _MOST_PEOPLE:
        symptoms = isinstance(before.sense, Meant) and before.sense.symptoms
        if not (symptoms and seat):
            return People(bare.number)
    if seat:
        pupils = index.seated(bare.number).pupils
        return Who(pupils, False, "pupil", tuple(pupil.id for pupil in pupils), named=False)
    return bare


def _awaits_degrees(sense: Sense) -> bool:
    match sense:
        case Who():
            return True
        case Meant(symptoms=symptoms, method=method, cue=cue):
            return Symptom.FEVER in symptoms or method is not None or cue in (Cue.HEAT, Cue.NOW, Cue.FEVER_GONE)
        case _:
            return False


def _is_counted(sense: Sense) -> bool:
    counted = is_fact(sense) or sense == Meant(cue=Cue.ABNORMAL)
    return counted and not isinstance(sense, (Degrees, Until, Lasting))


def _opens(clause: Sequence[Token], place: int) -> bool:
    """At the begin of the clause, or after a space."""
    return place == 0 or isinstance(clause[place - 1].sense, Break) or listed(clause[place - 1].sense)


def _nobody(clause: Sequence[Token], *, has_person: bool) -> list[Token]:
    """发热：无, 缺勤0人, 病假:0 say that there is nobody such, and weigh nothing any more."""
    settled = list(clause)
    for place, token in enumerate(clause):
        fact = behind(clause, place)
        if fact is None or not _is_counted(fact.sense) or not _denies(token.sense, fact, clause, place):
            continue
        if has_person and not _is_boxed(clause, place):
            continue
        where = next(one for one in range(place - 1, -1, -1) if clause[one] is fact)
        settled[where] = Token(_nothing_of(fact.sense), fact.start, fact.end)
        settled[place] = Token(Silent(), token.start, token.end)
    return settled


def _is_boxed(clause: Sequence[Token], place: int) -> bool:
    """发热(无)咳嗽(3号), 发热0咳嗽2(3号、4号): surely of the fact it stands beside."""
    before = clause[place - 1].sense
    return clause[place].sense == People(0) or before in (Break(":"), Break("("))


def _nothing_of(sense: Sense) -> Sense:
    if sense == Meant(cue=Cue.ABNORMAL):
        return Meant(cue=Cue.WELL)
    healthy = isinstance(sense, Meant) and (sense.symptoms or sense.cue is Cue.ILL)
    return Meant(cue=Cue.NORMAL) if healthy else Silent()


def _denies(sense: Sense, fact: Token, clause: Sequence[Token], place: int) -> bool:
    after = clause[place + 1].sense if place + 1 < len(clause) else Break(";")
    if isinstance(sense, People):
        return sense.number == 0
    colon = any(token.sense in (Break(":"), Break("(")) for token in clause[max(0, place - 3) : place])
    alone = place < 40 and sum(not isinstance(one.sense, (Break, Silent)) for one in clause[:40]) == 2
    return sense == Meant(cue=Cue.NOT) and isinstance(after, Break) and (colon or alone)


def _rejoined(clause: Sequence[Token], text: str, rest: Sequence[Token]) -> list[Token]:
    """张三38 5: a point that became a space is offered, not assumed."""
    settled: list[Token] = []
    for place, token in enumerate(clause):
        ends = place + 1 == len(clause) or isinstance(clause[place + 1].sense, Break)
        if ends and _is_tenth(token, text) and len(settled) > 1 and settled[-1].sense == Break(" "):
            whole = settled[-2]
            digits = text[whole.start : whole.end] + text[token.start : token.end]
            if isinstance(whole.sense, Degrees) and digits.isdecimal() and LOWEST <= int(digits) <= HIGHEST:
                said = text[whole.start : token.end]
                settled[-2:] = [Token(Degrees(Problem("decimal", said, int(digits))), whole.start, token.end)]
                continue
        settled.append(token)
    return settled


def _is_tenth(token: Token, text: str) -> bool:
    return isinstance(token.sense, Bare) and len(text[token.start : token.end]) == 1
