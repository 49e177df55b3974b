"""Days and numbers of people in a clause: which day the message is about, what was before, how many are meant."""

from handlers.model import Attendance
from handlers.rules.cues import Cue
from handlers.rules.dates import Day
from handlers.rules.reading.clause import is_fact, weighs
from handlers.rules.reading.notes import Tally
from handlers.rules.reading.state import Here, State
from handlers.rules.reading.tokens import ClassSaid, Meant, People, Who

_BACK = Meant(cue=Cue.BACK)
_LEAVES = (Meant(cue=Cue.LEAVE), Meant(attendance=Attendance.PERSONAL))


def say_day(state: State, day: Day, here: Here) -> None:
    """The day of the report, or of what comes next: past, today, or still to come."""
    said, mood = day.back or day.ahead, state.mood
    if said is None:
        state.doubt("date", state.typed[here.token.start : here.token.end])
        return
    if not state.notes.entries and not state.leading and _dates_message(day, here):
        state.notes.day = state.notes.day or day
        return
    coming = [token.sense for token in here.clause[here.place + 1 : here.place + 6]]
    back = _BACK in coming
    meant_ahead = day.back is None or day.back > state.today or back or any(one in coming for one in _LEAVES)
    if day.ahead and day.ahead > state.today and meant_ahead:
        mood.back_on = day.ahead if back else None
        mood.later = not back
        if mood.later:
            state.leave_unread(here.token)
    else:
        mood.past = said < state.today
        mood.later = False


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
