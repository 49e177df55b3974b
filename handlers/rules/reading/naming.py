"""A person is named: who is spoken of from here on, and what was said just before of them."""

from collections.abc import Sequence

from handlers.rules.cues import Cue
from handlers.rules.reading.clause import is_fact, weighs
from handlers.rules.reading.notes import Heading, Tally
from handlers.rules.reading.state import Here, State
from handlers.rules.reading.tokens import Degrees, Meant, People, Token, Unknown, Who

_DONE_BY = ("被", "给", "把", "让", "叫")
_MORE = ("还", "又", "也")  # 3号、4号肚子疼，4号还吐了 tells more of one, not another of the two


def name(state: State, who: Who, here: Here) -> None:
    """张三、李四发烧 is of both; under a heading each name stands for itself."""
    state.share()
    denied = state.mood.denying > 0 and here.behind is not None and here.behind.sense == Meant(cue=Cue.NOT)
    state.mood.denying, state.mood.staff, state.mood.both, state.mood.relative = 0, False, False, False
    state.everybody = False
    mine = state.entry(who, here.token)
    following = here.clause[here.place + 1 :][:1]
    mentions = state.notes.entries[mine].mentions
    if len(mentions) > 1 and following and state.plain(following[0]) in _MORE:
        mentions.pop()
    if denied:  # 不是3号发烧
        state.doubt("denied", state.said(here.clause), mine)
    if state.leading:
        _lead(state, mine, here)
    elif state.heading and not (state.heading.wide or state.heading.clause == state.clause):
        state.heading = None
    if state.heading:
        _list_under(state, state.heading, mine)
        state.turn_to([mine], opened=True)
    else:
        listed = state.open and mine not in state.group and not _is_beside(state, here)
        state.turn_to([*state.group, mine] if listed else [mine], opened=True)
    state.named_here = True


def _is_beside(state: State, here: Here) -> bool:
    """3号旁边的4号吐了, 3号妈妈说4号吐了, 3号被4号撞伤 are not of both."""
    for token in reversed(here.clause[: here.place]):
        if isinstance(token.sense, Who):
            return False
        told = isinstance(token.sense, Meant) and token.sense.cue in (Cue.RELATIVE, Cue.SPEAKING)
        if told or isinstance(token.sense, Unknown) or state.plain(token) in _DONE_BY:
            return True
    return False


def _list_under(state: State, heading: Heading, mine: int) -> None:
    state.notes.entries[mine].heading += heading.facts
    state.notes.owners += [((fact.start, fact.end), (mine,)) for fact in heading.facts]
    if heading.tally:
        heading.tally.listed += 1


def _lead(state: State, mine: int, here: Here) -> None:
    """Facts stood before the name: are they a heading over it, or still of the one before?"""
    between = state.text[state.leading[0].start : here.token.start]
    wide = state.people is not None or any(sign in between for sign in ":的有是为")
    follows = any(is_fact(token.sense) for token in _until_next_name(here))
    if state.group and follows and not wide:
        state.doubt("pupil", state.said(here.clause), mine)
        for fact in state.leading:
            state.give(fact, state.group)
        state.heading = None
    else:
        state.heading = Heading(state.leading, wide, "\n" in between, _tally(state), state.clause)
    state.leading, state.people = [], None


def _tally(state: State) -> Tally | None:
    match state.people:
        case Token(sense=People(number=number), end=end):
            absence = not any(isinstance(fact.sense, Meant) and fact.sense.symptoms for fact in state.leading)
            tally = Tally(number, state.typed[state.leading[0].start : end], absence=absence)
            state.notes.tallies.append(tally)
            return tally
        case _:
            return None


def _until_next_name(here: Here) -> Sequence[Token]:
    rest = here.clause[here.place + 1 :]
    end = next((place for place, token in enumerate(rest) if isinstance(token.sense, Who)), len(rest))
    return rest[:end]


def name_relative(state: State, here: Here) -> None:
    """张三妈妈发烧 is not 张三's fever: ask. 张三妈妈说发烧 is."""
    following = (token.sense for token in here.clause[here.place + 1 :] if weighs(token.sense))
    after = next((sense for sense in following if sense != Meant(cue=Cue.BOTH)), None)
    sick = isinstance(after, Degrees) or (isinstance(after, Meant) and bool(after.symptoms or after.disease))
    if sick and state.group and state.named_here:
        pupils = tuple(pupil for mine in state.group for pupil in state.notes.entries[mine].who.pupils)
        choices = tuple(pupil.id for pupil in pupils)
        mine = state.entry(Who(pupils, exact=False, doubt="pupil", choices=choices), here.token)
        state.turn_to([mine], opened=True)
