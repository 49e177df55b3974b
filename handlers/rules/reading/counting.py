"""Days and numbers of people in a clause: which day the message is about, what was before, how many are meant."""

from collections.abc import Sequence
from datetime import date, timedelta
from types import NoneType

from handlers.model import Attendance
from handlers.rules.cues import Cue
from handlers.rules.dates import Day
from handlers.rules.reading.clause import is_fact, weighs
from handlers.rules.reading.notes import Tally
from handlers.rules.reading.state import Here, State
from handlers.rules.reading.tokens import ClassSaid, Lasting, Meant, People, Token, Who

_RECENT = timedelta(7)
_BACK = Meant(cue=Cue.BACK)
_LEAVES = (Meant(cue=Cue.LEAVE), Meant(attendance=Attendance.PERSONAL), Meant(attendance=Attendance.SICK))


def say_day(state: State, day: Day, here: Here) -> None:
    """The day of the report, or of what comes next: past, today, or still to come."""
    said, mood = day.back or day.ahead, state.mood
    if said is None:
        state.doubt("date", state.typed[here.token.start : here.token.end])
        return
    if not state.notes.entries and not state.leading and _dates_message(day, here):
        state.notes.day = state.notes.day or day
        return
    next_to = here.clause[here.place + 1 : here.place + 6]
    coming = [token.sense for token in next_to]
    just_now = _was_just_now(day, state.today)
    back = _is_coming(state, next_to) and not just_now
    leave = here.behind is not None and here.behind.sense in _LEAVES
    leave = leave or any(one in coming for one in _LEAVES)
    meant_ahead = day.back is None or day.back > state.today or back or (leave and not just_now) or mood.later
    if day.ahead and day.ahead > state.today and meant_ahead:
        mood.back_on = day.ahead if back else None
        mood.later = not back
        if mood.later:
            state.leave_unread(here.token)
            _take_back(state, here)
    else:
        mood.past = said < state.today
        mood.later = False


def _take_back(state: State, here: Here) -> None:
    """孙悦事假周五 is no leave of today."""
    before, after = here.behind, here.ahead
    if before is None or before.sense not in _LEAVES or not isinstance(after and after.sense, (Day, Lasting, NoneType)):
        return
    for mine in state.group:
        facts = state.notes.entries[mine].facts
        if facts and facts[-1].start == before.start:
            facts.pop()


def _is_coming(state: State, tokens: Sequence[Token]) -> bool:
    """周五返校, 大后天来; 周一返校了 is done."""
    for place, token in enumerate(tokens):
        said, last = state.plain(token), place + 1 == len(tokens) or not weighs(tokens[place + 1].sense)
        comes = token.sense == _BACK or (
            isinstance(token.sense, Meant) and token.sense.attendance is Attendance.PRESENT
        )
        if comes or (said == "来" and last):
            following = state.text[token.end : token.end + 1]
            return not (said.endswith("了") or said.startswith("已") or following == "了")
    return False


def _was_just_now(day: Day, today: date) -> bool:
    """15号 on the sixteenth is yesterday, not in a month."""
    if day.back is None or day.ahead is None:
        return False
    return timedelta() <= today - day.back <= _RECENT and day.ahead - today > 2 * _RECENT


def _dates_message(day: Day, here: Here) -> bool:
    """8月31日，三2班全勤 is of that day; 8月31日开始发烧 and 昨天3号发烧 are not."""
    before = here.clause[: here.place]
    first = not any(weighs(token.sense) and not isinstance(token.sense, ClassSaid) for token in before)
    onset = here.ahead is not None and here.ahead.sense == Meant(cue=Cue.SINCE)
    senses = [token.sense for token in here.clause]
    plain = not any(is_fact(sense) or isinstance(sense, Who) or sense == _BACK for sense in senses)
    return (first and day.whole and not onset) or plain


def say_people(state: State, people: People, here: Here) -> None:
    """3号、17号2人发烧, 两人都在家, 郑好等3人, 病假2人."""
    mood, named = state.mood, len(state.group)
    if mood.denying and people.number:
        return
    if named and not mood.staff and people.number in (named, len(state.notes.entries)):
        after = here.ahead
        mood.both = after is not None and (is_fact(after.sense) or after.sense == Meant(cue=Cue.BOTH))
        state.named_here = state.named_here or (mood.both and people.number == named)
    elif named and state.named_here and state.text[here.token.start - 1] == "等":
        state.notes.tallies.append(Tally(people.number, state.said(here.clause), named))
    elif state.people is None:
        state.people = here.token
