"""What is said of no pupil: of the class, of everybody, of the staff, of some number of children."""

from collections.abc import Sequence

from handlers.model import Attendance, Where
from handlers.rules.cues import Cue
from handlers.rules.reading.clause import is_fact, weighs
from handlers.rules.reading.entry import Entry, Fact
from handlers.rules.reading.notes import Tally
from handlers.rules.reading.state import Here, State
from handlers.rules.reading.tokens import Break, Count, Degrees, Meant, People, Token
from handlers.rules.temperature import Temperature

_AWAY = (Attendance.SICK, Attendance.PERSONAL, Attendance.UNKNOWN)
_STATES = (Cue.NORMAL, Cue.COOL, Cue.WELL, Cue.ALL_HERE, Cue.NOT, Cue.BOTH)


def is_of_staff(state: State, here: Here) -> bool:
    """老师请假1人 is of the staff; 跟老师说肚子疼 is not."""
    after, before = here.ahead, here.behind
    beside = here.clause[here.place + 1].sense if here.place + 1 < len(here.clause) else Break("\n")
    told = before is not None and before.sense == Meant(cue=Cue.SPEAKING)
    told = told or state.text[max(0, here.token.start - 1) : here.token.start] in ("跟", "和", "向", "给", "叫", "让")
    if after is None or told or not (weighs(beside) or beside == Break(":")):
        return False
    state_of = isinstance(after.sense, Meant) and after.sense.cue in _STATES
    return state_of or is_fact(after.sense) or isinstance(after.sense, (People, Count))


def say_state(state: State, cue: Cue, here: Here) -> None:
    """正常 is of the pupil just named, else of the class; 无异常 and 全勤 are of the class."""
    mood, notes = state.mood, state.notes
    if mood.denying and not mood.denied_any and not _is_column(here):
        mood.denied_any = True
        cue = Cue.WELL if cue is Cue.ABNORMAL else Cue.ABNORMAL
    mood.denying = 0
    if mood.staff:
        return
    own = bool(state.group) and not state.everybody and state.named_here
    if own and mood.excepting:
        own = False
        excepted(state, here.clause)
    token = here.token
    if cue is Cue.ABNORMAL:
        if here.place >= state.last_person:
            state.doubt("history" if own else "pupil", state.said(here.clause), state.group[0] if own else None)
    elif cue is Cue.ALL_HERE and own:
        state.give(Fact(Meant(attendance=Attendance.PRESENT), token.start, token.end), state.group)
    elif cue is Cue.ALL_HERE:
        notes.all_here = notes.all_here or not (mood.excepting or _is_of_the_rest(here))
    elif own or (state.group and cue in (Cue.NORMAL, Cue.COOL) and not state.everybody):
        said = Cue.COOL if cue is Cue.COOL else Cue.NORMAL
        state.give(Fact(Meant(cue=said), token.start, token.end), state.group)
        away = all(_is_away(notes.entries[mine]) for mine in state.group)
        notes.well = notes.well or (away and not own)
    else:
        notes.well = True


def _is_column(here: Here) -> bool:
    """孙悦 36.5 无 正常: the 无 is what stands under 症状."""
    return (
        here.token.sense == Meant(cue=Cue.NORMAL) and here.place > 0 and here.clause[here.place - 1].sense == Break(" ")
    )


def _is_of_the_rest(here: Here) -> bool:
    """其他都到了 is no 全勤."""
    return any(token.sense == Meant(cue=Cue.THE_REST) for token in here.clause[: here.place])


def excepted(state: State, clause: Sequence[Token]) -> None:
    """除3号外都正常: and what is with 3号?"""
    if state.open:
        state.doubt("reason", state.said(clause))
    state.turn_to([], opened=False)


def _is_away(entry: Entry) -> bool:
    """体温正常 after 3号事假 is of those who are here."""
    return any(meant.cue in (Cue.LEAVE, Cue.AWAY) or meant.attendance in _AWAY for meant in entry.meant_today())


def say_of_staff(state: State, fact: Fact, clause: Sequence[Token]) -> None:
    """Counted only: a member of staff who is sick has a report of their own, and that is said."""
    if fact.denied or not isinstance(fact.sense, (Meant, Degrees)):
        return
    if isinstance(fact.sense, Degrees) or fact.sense.symptoms or fact.sense.disease:
        state.doubt("staff", state.said(clause))
    elif is_fact(fact.sense):
        before = _number(state.people)
        said = before if before is not None else next((n for n in map(_number, clause) if n is not None), 1)
        state.notes.staff_absent = max(state.notes.staff_absent or 0, said)
    state.people = None


def say_of_everybody(state: State, fact: Fact, clause: Sequence[Token]) -> None:
    """All of them sick, or away, is asked: it may be so, or meant otherwise."""
    match fact.sense:
        case Meant(where=where, attendance=attendance) if where or attendance is Attendance.PRESENT:
            return
        case Degrees(value=Temperature(tenths=tenths)) if tenths < state.fever_from:
            state.notes.well = True
        case _ if fact.denied:
            symptoms = isinstance(fact.sense, Meant) and fact.sense.symptoms
            state.notes.well = state.notes.well or bool(symptoms)
        case _:
            state.nobody_named([fact], clause)


def say_of_nobody(state: State, clause: Sequence[Token]) -> None:
    """The clause is over, and no name came to what was said in it."""
    facts, state.leading = state.leading, []
    people, state.people = state.people, None
    number = _number(people)
    if not facts and people and not (state.mood.staff or state.everybody):
        state.leave_unread(people)
    if not facts or number == 0:
        return
    if any(fact.denied and isinstance(fact.sense, Meant) and fact.sense.symptoms for fact in facts):
        state.notes.well = True
    if positive := [fact for fact in facts if not fact.denied]:
        _count(state, number, positive, clause)


def _count(state: State, number: int | None, facts: list[Fact], clause: Sequence[Token]) -> None:
    sick = [fact for fact in facts if _is_sick(fact, state.fever_from)]
    if number is not None:
        state.notes.tallies.append(Tally(number, state.said(clause), absence=not sick))
    if sick:
        state.nobody_named(sick, clause)
    elif number is not None:
        return
    elif any(isinstance(fact.sense, Degrees) and fact.sense.ranged for fact in facts):
        state.notes.well = True
    elif all(fact.past for fact in facts):
        return  # 昨天请假的都来了
    elif any(map(_is_absence, facts)):
        state.doubt("pupil", state.said(clause))
    else:
        for fact in facts:
            state.leave_unread(fact)


def _number(token: Token | None) -> int | None:
    return token.sense.number if token is not None and isinstance(token.sense, People) else None


def _is_absence(fact: Fact) -> bool:
    return isinstance(fact.sense, Meant) and is_fact(fact.sense) and fact.sense.where is not Where.HOME


def _is_sick(fact: Fact, fever_from: int) -> bool:
    match fact.sense:
        case Degrees(value=Temperature(tenths=tenths)):
            return tenths >= fever_from
        case Degrees():
            return True
        case Meant(symptoms=symptoms, disease=disease, where=where, cue=cue):
            gone = where in (Where.HOSPITAL, Where.COLLECTED)
            return bool(symptoms) or disease is not None or gone or cue in (Cue.ILL, Cue.LASTS, Cue.FEVER_LASTS)
        case _:
            return False
