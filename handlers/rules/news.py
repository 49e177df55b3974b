"""Two words about one pupil become one entry, so that no fever is lost by what was merely not repeated."""

from collections.abc import Collection, Iterable

from handlers.model import Attendance, Entry, Method, Symptom, Where
from handlers.rules.fever import Lines, is_fever, is_unwell
from handlers.values import replace


def laid_over(known: Entry, said: Entry, *, placed: bool) -> Entry:
    """`said` where it says something, else `known`: 17号已接回, of a pupil with 38.5 ℃ and a cough, leaves both.
    `placed`: it says where they are, or whether they came. 事假 is of somebody who is not ill, and stands alone."""
    if said.attendance is Attendance.PERSONAL:
        return replace(said, until=said.until or known.until) if known.attendance is said.attendance else said
    anew = said.temperature is not None or said.afebrile
    told, place = said if anew else known, said if placed else known
    same_place = placed and said.where is None and said.attendance is known.attendance
    had = [code for code in known.symptoms if not anew or code is not Symptom.FEVER]
    return replace(
        said,
        attendance=place.attendance,
        where=known.where if same_place else place.where,
        temperature=told.temperature,
        method=told.method,
        afebrile=told.afebrile and Symptom.FEVER not in said.symptoms,
        symptoms=tuple(dict.fromkeys((*had, *said.symptoms))),
        cause=said.cause or known.cause,
        until=said.until or known.until,
        onset=said.onset or known.onset,
    )


def carried(was: Entry | None, mine: Entry, stands: Entry | None) -> Entry:
    """What somebody made of `was`, while others made `stands` of it: what they changed is theirs, the rest as it
    stands."""
    if stands is None or same(was, stands):
        return mine
    if was is None:
        return laid_over(stands, mine, placed=True)
    value = measured(mine) if measured(mine) != measured(was) else measured(stands)
    if measured(stands) not in (measured(was), value):  # two measured anew: the warmer one is kept
        value = max(value, measured(stands), key=lambda one: one[0] or 0)
    place = mine if _place(mine) != _place(was) else stands
    gone = {code for code in was.symptoms if code not in mine.symptoms}
    new = [code for code in mine.symptoms if code not in was.symptoms]
    left = [code for code in stands.symptoms if code not in gone]
    temperature, method, afebrile = value
    return replace(
        mine,
        temperature=temperature,
        method=method,
        afebrile=afebrile,
        attendance=place.attendance,
        where=place.where,
        symptoms=tuple(dict.fromkeys((*left, *new))),
    )


def measured(entry: Entry) -> tuple[int | None, Method | None, bool]:
    """Of two entries, what makes it another value."""
    return entry.temperature, entry.method, entry.afebrile


def _place(entry: Entry) -> tuple[Attendance, Where | None]:
    return entry.attendance, entry.where


def list_carried(was: Iterable[Entry], mine: Iterable[Entry], stands: Iterable[Entry]) -> tuple[Entry, ...]:
    """The same for a whole list, in the order of what stands: who was taken off by either is off, unless the other
    changed what was said of them."""
    before = {entry.pupil: entry for entry in was}
    own = {entry.pupil: entry for entry in mine}
    now = {entry.pupil: entry for entry in stands}
    kept = [
        carried(before.get(pupil), own[pupil], entry) if pupil in own else entry
        for pupil, entry in now.items()
        if pupil in own or pupil not in before
    ]
    added = [entry for pupil, entry in own.items() if pupil not in now and not same(before.get(pupil), entry)]
    return (*kept, *added)


def same(one: Entry | None, other: Entry | None) -> bool:
    """But for when it was added, which says nothing of the child."""
    return one is not None and other is not None and replace(one, added=None) == replace(other, added=None)


def takes_back(known: Entry, now: Entry, lines: Lines, alarming: Collection[Symptom]) -> bool:
    """True for what would make a fever, a symptom that is told at once, or an illness none: that is no news, but
    another word about the same morning, which a 订正 says."""
    lost_alarm = any(code in known.symptoms and code not in now.symptoms for code in alarming)
    lost_fever = is_fever(known, lines) and not is_fever(now, lines)
    return lost_alarm or lost_fever or (is_unwell(known, lines) and not is_unwell(now, lines))
