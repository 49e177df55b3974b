"""A fact is said: denied or not, of today or before, and of whom."""

from datetime import timedelta

from handlers.model import Attendance, Symptom, Where
from handlers.rules.cues import Cue
from handlers.rules.dates import Day
from handlers.rules.leave_start import starts
from handlers.rules.reading.clause import weighs
from handlers.rules.reading.entry import Fact
from handlers.rules.reading.of_class import excepted, say_of_everybody, say_of_staff
from handlers.rules.reading.state import Here, State
from handlers.rules.reading.tokens import Degrees, Lasting, Meant, Sense, Token, Until
from handlers.values import replace

_LEAVES = (Attendance.SICK, Attendance.PERSONAL)
_A_CLASS = 60  # 都 reaches back over no more pupils than a class has


def say(state: State, sense: Meant | Degrees, here: Here) -> None:
    mood = state.mood
    turned = _turned(state, sense)
    denied = _is_denied(state, sense, here)
    if _is_of_another(state, turned):
        state.leave_unread(here.token)
        return
    if mood.asking and isinstance(turned, Meant) and turned.symptoms and state.group:
        state.doubt("denied", state.said(here.clause), state.group[0])
    if denied and mood.excepting and state.named_here:
        excepted(state, here.clause)
    _hand_over(state, _fact(state, turned, here, denied=denied), here)


def _is_back(sense: Meant | Degrees) -> bool:
    return isinstance(sense, Meant) and (sense.cue is Cue.BACK or sense.attendance is Attendance.PRESENT)


def _is_of_another(state: State, sense: Meant | Degrees) -> bool:
    """Of another day, as 明天请假; of another person, as 3号爸爸回来了; or only asked, as 3号什么时候返校."""
    if _is_back(sense):
        return state.mood.relative or state.mood.wondering
    return state.mood.later and isinstance(sense, Meant)


def _fact(state: State, sense: Meant | Degrees, here: Here, *, denied: bool) -> Fact:
    token, mood = here.token, state.mood
    if mood.back_on and _is_back(sense):
        day = mood.back_on - timedelta(1)
        return Fact(Until(Day(day, day)), token.start, token.end)
    # who came back yesterday is back, and 还没来 is of now
    still = sense == Meant(cue=Cue.BACK) or state.plain(token).startswith(("还", "仍"))
    return Fact(sense, token.start, token.end, mood.past and not still, denied, mood.planned)


def _hand_over(state: State, fact: Fact, here: Here) -> None:
    if state.mood.staff:
        say_of_staff(state, fact, here.clause)
    elif state.everybody:
        say_of_everybody(state, fact, here.clause)
    elif state.group and (state.named_here or state.last_person < here.place):
        state.give(fact, _of_whom(state))
    else:
        state.leading.append(fact)


def say_away(state: State, here: Here) -> None:
    """并没有来 is 没来."""
    state.mood.denying = 0
    say(state, Meant(cue=Cue.AWAY), here)


def _of_whom(state: State) -> list[int]:
    if state.mood.both and not state.named_here and len(state.notes.entries) > 1:
        return list(range(len(state.notes.entries)))[-_A_CLASS:]
    return state.group


def _turned(state: State, sense: Meant | Degrees) -> Meant | Degrees:
    """Denied, some words become others: not back is away, not over is still there."""
    if not state.mood.denying or state.mood.denied_any or not isinstance(sense, Meant):
        return sense
    if sense.cue is Cue.FEVER_GONE:
        turned = Meant(cue=Cue.FEVER_LASTS)
    elif sense.cue is Cue.GONE:
        turned = Meant(cue=Cue.LASTS)
    elif sense.cue is Cue.BACK or sense.attendance is Attendance.PRESENT:
        turned = Meant(cue=Cue.AWAY)
    else:
        return sense
    state.mood.denying, state.mood.denied_any = 0, True
    return turned


def _is_denied(state: State, sense: Meant | Degrees, here: Here) -> bool:
    """没有发烧咳嗽 denies both symptoms, 没发烧流鼻涕 the first. A fever is never denied by a guess."""
    mood = state.mood
    if not mood.denying:
        return False
    symptoms = sense.symptoms if isinstance(sense, Meant) else ()
    if mood.denied_any and (not symptoms or mood.brief):
        mood.denying = 0
        return False
    touching = here.place > 0 and isinstance(here.clause[here.place - 1].sense, Meant)
    guess = mood.denied_any and bool(state.group) and Symptom.FEVER in symptoms and touching
    if guess or mood.blurred or mood.denying > 1 or isinstance(sense, Degrees):
        state.doubt("denied", state.said(here.clause), state.group[0] if state.group else None)
        mood.denying = mood.denying if guess else 0
        return False
    mood.denied_any = True
    if not symptoms:
        mood.denying = 0
    return True


def say_how_long(state: State, sense: Until | Lasting, here: Here) -> None:
    """到周五, 三天. 发烧3天 is no end of a leave."""
    if isinstance(sense, Lasting) and not _ends_leave(state, here):
        return
    if state.everybody or state.mood.staff:
        return
    if state.mood.later:
        state.leave_unread(here.token)
        return
    if isinstance(sense, Lasting):
        sense = replace(sense, since=starts(state.text, here.token.start, here.token.end, state.today))
    fact = Fact(sense, here.token.start, here.token.end)
    if state.group:
        state.give(fact, state.group)
    elif here.place < state.last_person and "假" in state.said(here.clause):
        state.leading.append(fact)


def _ends_leave(state: State, here: Here) -> bool:
    token: Token = here.token
    if state.text[token.end : token.end + 1] in ("了", "前", "没", "未"):
        return False
    if here.ahead is not None and is_leave(here.ahead.sense):
        return True
    said = state.text[here.clause[0].start : token.start]
    before = [one.sense for one in here.clause[: here.place] if weighs(one.sense)][-3:]
    return any(word in said for word in ("休息", "隔离", "停课")) or any(
        is_leave(one) or (isinstance(one, Meant) and (one.attendance or one.where is Where.HOME)) for one in before
    )


def is_leave(sense: Sense) -> bool:
    """半天事假, 三天的病假."""
    return isinstance(sense, Meant) and (sense.cue is Cue.LEAVE or sense.attendance in _LEAVES)
