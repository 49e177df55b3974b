"""Through the tokens of a message, clause by clause: whose is each fact, and what is said of the class."""

from collections.abc import Sequence
from datetime import date

from handlers.rules.cues import Cue
from handlers.rules.dates import Day
from handlers.rules.reading.clause import clauses, is_fact, weighs
from handlers.rules.reading.counting import say_day, say_people
from handlers.rules.reading.naming import name, name_relative
from handlers.rules.reading.notes import Heading, Mood, Notes
from handlers.rules.reading.of_class import is_of_staff, say_of_nobody, say_state
from handlers.rules.reading.saying import is_leave, say, say_away, say_how_long
from handlers.rules.reading.state import Here, State
from handlers.rules.reading.tokens import (
    Bare,
    Break,
    ClassSaid,
    Count,
    Degrees,
    Lasting,
    Meant,
    People,
    Sense,
    Silent,
    Token,
    Unknown,
    Until,
    Who,
)

_NOTHING = tuple(Meant(cue=cue) for cue in (Cue.NOT, Cue.NOW, Cue.EVERYBODY, Cue.THE_REST, Cue.ABNORMAL))
_DONE = ("吃", "吃了", "吃药", "吃了药", "服药", "用药", "去", "休息")  # 没吃药发烧了 denies no fever
_WHETHER = ("是否", "有没有", "有无", "是不是", "发没", "发不")
_FULL_STOPS = (Break("。"), Break(";"), Break("!"))


def walk_through(text: str, typed: str, tokens: Sequence[Token], today: date, fever_from: int) -> Notes:
    """Every clause in its order."""
    state = State(text, typed, today, fever_from)
    staff = False
    for begin, end in clauses(tokens):
        sign = tokens[end].sense if end < len(tokens) else Break("\n")
        coming = next((token.sense for token in tokens[end + 1 : end + 6] if weighs(token.sense)), None)
        clause = tokens[begin:end]
        if state.leading and sign == Break("\n") and end < len(tokens) and not any(weighs(one.sense) for one in clause):
            continue  # an empty line between 发热： and the names
        state.mood = Mood(staff=staff and "学生" not in state.said(clause))
        _clause(state, clause, sign, coming)
        # 教师：应到5，实到4 goes on over its commas
        goes_on = isinstance(coming, Count) or (isinstance(coming, Meant) and is_fact(coming))
        staff = state.mood.staff and sign == Break(",") and goes_on
    return state.notes


def _clause(state: State, clause: Sequence[Token], sign: Sense, coming: Sense | None) -> None:
    state.clause += 1
    state.named_here = False
    state.last_person = max((place for place, token in enumerate(clause) if isinstance(token.sense, Who)), default=-1)
    asking = sign == Break("?") or any(token.sense == Meant(cue=Cue.ASKING) for token in clause)
    if asking and state.last_person < 0:
        state.notes.unread += [(token.start, token.end) for token in clause if weighs(token.sense)]
        return
    state.mood.wondering = asking
    for place in range(len(clause)):
        _token(state, Here(clause, place))
    _close(state, clause, sign, coming)


def _close(state: State, clause: Sequence[Token], sign: Sense, coming: Sense | None) -> None:
    state.share()
    if state.open and state.last_person >= 0 and any(weighs(one.sense) for one in clause[state.last_person + 1 :]):
        state.open = False  # 7号是班长，8号发烧 is no list
    if state.mood.denying and not state.mood.denied_any:
        _nothing(state, clause)
    line_ends, ends = sign == Break("\n"), sign in _FULL_STOPS
    if not (line_ends and _opens_list(state, clause)) and not (sign == Break(",") and _names_follow(state, coming)):
        say_of_nobody(state, clause)
    if state.heading and not _still_under(state, state.heading, clause, ends=ends, line_ends=line_ends):
        state.heading = None
    if line_ends:
        state.turn_to(state.group if state.open else [], opened=False)
    if ends or line_ends:
        state.everybody = False


def _opens_list(state: State, clause: Sequence[Token]) -> bool:
    """没来的有： and then the names, a line each."""
    after = state.text[state.leading[-1].end : clause[-1].end] if state.leading and clause else ""
    return any(sign in after for sign in ":有是")


def _still_under(state: State, heading: Heading, clause: Sequence[Token], *, ends: bool, line_ends: bool) -> bool:
    """A heading holds to the end of its sentence, of its list, or of its bracket."""
    if line_ends or not heading.wide:
        return heading.wide and heading.over_lines
    place = (heading.facts[-1].end, clause[-1].end if clause else 0)
    return not ends or state.text.count("(", *place) > state.text.count(")", *place)


def _names_follow(state: State, coming: Sense | None) -> bool:
    """缺勤1人，赵六."""
    return state.people is not None and isinstance(coming, Who)


def _nothing(state: State, clause: Sequence[Token]) -> None:
    """今日无: nothing but the word for nothing. Else it denied something that was not understood."""
    weighty = [token for token in clause if weighs(token.sense)]
    only = all(isinstance(token.sense, (Day, ClassSaid)) or token.sense in _NOTHING for token in weighty)
    rest_of_none = not state.notes.entries and any(token.sense == Meant(cue=Cue.THE_REST) for token in weighty)
    if only and not (rest_of_none or state.leading or state.group):
        state.notes.well = True
        return
    for token in weighty:
        if token.sense == Meant(cue=Cue.NOT):
            state.leave_unread(token)


def _token(state: State, here: Here) -> None:
    match here.token.sense:
        case Who() as who:
            name(state, who, here)
        case Meant(cue=Cue() as cue) as meant:
            _cue(state, cue, meant, here)
        case Meant() | Degrees() as fact:
            say(state, fact, here)
        case Until() | Lasting() as span:
            say_how_long(state, span, here)
        case Day() as day:
            say_day(state, day, here)
        case People() as people:
            say_people(state, people, here)
        case Count() as count:
            (state.notes.staff_counts if state.mood.staff else state.notes.counts).append(count)
        case ClassSaid(name=spelled):
            state.notes.classes.append(spelled)
        case Unknown() | Bare():
            state.leave_unread(here.token)
            state.mood.denying = state.mood.denying if here.token.end - here.token.start <= 2 else 0
            state.mood.blurred = state.mood.denying > 0
        case Silent() if state.mood.back_on and state.plain(here.token) == "来":
            say(state, Meant(cue=Cue.BACK), here)
        case Silent() if state.plain(here.token) in _DONE:
            state.mood.denying = 0
        case Silent() if state.mood.denying and not state.mood.denied_any:
            if state.plain(here.token) in ("来", "到", "上学", "到了"):
                say_away(state, here)
        case _:
            pass


def _cue(state: State, cue: Cue, meant: Meant, here: Here) -> None:
    mood = state.mood
    match cue:
        case Cue.NOT:
            _deny(state, here)
        case Cue.EXCEPT:
            mood.excepting, mood.denying = True, 0
        case Cue.BUT | Cue.SPEAKING | Cue.ASKING:
            unsaid = cue is Cue.SPEAKING and here.behind is not None and here.behind.sense == Meant(cue=Cue.NOT)
            mood.denying, mood.blurred, mood.relative = int(unsaid), unsaid, False
            mood.excepting = mood.excepting or state.plain(here.token) in ("以外", "之外", "除外")
            mood.asking = mood.asking or state.plain(here.token) in _WHETHER
        case Cue.SINCE if (
            state.plain(here.token) == "到今天" and here.behind is not None and is_leave(here.behind.sense)
        ):
            say_how_long(state, Until(Day(state.today, state.today)), here)
        case Cue.SINCE:
            mood.past = False
        case Cue.NOW:
            mood.past = mood.later = False
        case Cue.BEFORE:
            # 5号之前 is no earlier day of 5号; 5号上周 is
            after_who = here.place > 0 and isinstance(here.clause[here.place - 1].sense, Who)
            mood.past = not (after_who and state.plain(here.token) in ("之前", "以前"))
        case Cue.LATER:
            mood.planned = True
        case Cue.BOTH:
            mood.both = True
        case Cue.EACH:
            mood.each = True
        case Cue.EVERYBODY | Cue.THE_REST:
            state.turn_to([], opened=False)
            state.everybody, mood.staff = True, False
        case Cue.STAFF:
            mood.staff = is_of_staff(state, here)
        case Cue.RELATIVE:
            mood.relative = True
            name_relative(state, here)
        case Cue.NORMAL | Cue.COOL | Cue.WELL | Cue.ALL_HERE | Cue.ABNORMAL:
            say_state(state, cue, here)
        case Cue.HEAT | Cue.OF_DAY | Cue.SILENT:
            pass
        case _:
            say(state, meant, here)


def _deny(state: State, here: Here) -> None:
    again = here.behind is not None and here.behind.sense == Meant(cue=Cue.NOT)
    state.mood.denying = state.mood.denying + 1 if again else 1
    state.mood.denied_any = state.mood.blurred = False
    state.mood.brief = state.plain(here.token) in ("没", "不", "非")
