"""A case's course: every report opens, continues or ends the cases of its class."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import date, datetime

from handlers.facts import CaseEnded, CaseOpened, CaseSeen, Fact, Reported
from handlers.following.due import watched
from handlers.ids import new_id
from handlers.model import ABSENT, Attendance, Case, Entry, Symptom, Where
from handlers.outcome import Outcome
from handlers.rulebook import Kind
from handlers.rules.fever import is_fever
from handlers.rules.returning import OBSERVATION, Bar, barred, named, repeated, stricter
from handlers.scene import Scene
from handlers.values import replace

Kept = tuple[Entry, ...]


def held_back(scene: Scene, entries: Kept) -> Kept:
    """Who may not come back yet is not present, whatever was said: they wait in the observation room (临时留观点)."""
    listed = {entry.pupil: entry for entry in entries}
    held = {}
    for case in scene.open_cases if scene.round.kind is not Kind.HOME else ():
        said = listed.get(case.pupil, Entry(case.pupil))
        told = case.seen <= scene.day and _is_of(scene, case, listed)
        if told and said.attendance not in ABSENT and bar(scene, case) is not None:
            held[case.pupil] = replace(said, attendance=Attendance.SICK, where=Where.SCHOOL, cause=case.cause)
    held |= {entry.pupil: entry for entry in _observed(scene, listed)}
    return (*(held.pop(entry.pupil, entry) for entry in entries), *held.values())


def _is_of(scene: Scene, case: Case, listed: Container[str]) -> bool:
    """Whether a report that lists these says something of a case. The first one of a round is of everybody, but for
    what a later round knows; a correction or news only of whom it lists, or takes off the list."""
    if case.pupil in listed:
        return True
    if case.pupil not in scene.present:
        return False  # sleeps at home, in the boarders' round
    if scene.report is not None:
        return any(entry.pupil == case.pupil for entry in scene.report.entries)
    since = scene.rules.round(case.round)
    return not (case.seen == scene.day and since is not None and since.opens > scene.round.opens)


def _observed(scene: Scene, listed: Mapping[str, Entry]) -> Iterator[Entry]:
    """Nobody is present who is to be observed at home. Of whom nothing was said, they are there; who was said to be
    back waits in the observation room."""
    rule = scene.rules.returns.get(OBSERVATION)
    for one in scene.observed if scene.round.kind is not Kind.HOME else ():  # in the holidays everybody is at home
        if one.pupil is None or one.pupil not in scene.present:
            continue
        said = listed.get(one.pupil)
        if said is not None and said.attendance in ABSENT:
            continue
        came = said is not None or scene.case_of(one.pupil) is not None
        where = Where.SCHOOL if came else Where.HOME
        kept = replace(said or Entry(one.pupil), attendance=Attendance.PERSONAL, where=where, until=one.until)
        yield replace(kept, cause=rule.term if rule else None)


def bar(scene: Scene, case: Case) -> Bar | None:
    """Why this pupil may not be present in this round; None where they may, or have not been away."""
    first = _opened_by(case, scene.day, scene.round.id)
    found_here = case.opened == scene.day and not case.away  # in an earlier round of today
    if (first or found_here) and not waiting(case.entry):
        return None  # the report that opened it is corrected, or a fever kept at school: they were here all the time
    return barred(case, scene.rules.returns, scene.update.at, scene.update.zone, scene.round.deadline)


def as_listed(scene: Scene, entry: Entry) -> Case:
    """The pupil's case as a report with this entry leaves it."""
    at, day = scene.report.at if scene.report else scene.update.at, scene.day
    case = scene.case_of(entry.pupil) or _new(scene, entry, at)
    known = known_by(scene, case, entry)
    news = set(entry.symptoms) - set(case.entry.symptoms if case.id else ())
    warm = case.fever_at is None or case.seen < day
    fever = at if warm and is_fever(entry, scene.rules.fever) else case.fever_at
    onset = known.onset or case.onset
    symptoms_on = day if news else case.symptoms_on
    return replace(case, entry=known, onset=onset, fever_at=fever, symptoms_on=symptoms_on)


def _new(scene: Scene, entry: Entry, at: datetime) -> Case:
    return Case(
        id="",  # not recorded yet
        pupil=entry.pupil,
        seat=scene.seat(entry.pupil),
        school=scene.view.school.id,
        class_id=scene.view.klass.id,
        opened=scene.day,
        onset=entry.onset or scene.day,
        reported_at=at,
        entry=entry,
        seen=scene.day,
        round=scene.round.id,
    )


def waiting(entry: Entry) -> bool:
    """Came back before they might, and waits in the observation room."""
    return entry.attendance is Attendance.SICK and entry.where is Where.SCHOOL


def follow(scene: Scene, by: str, fact: Reported) -> Outcome:
    """The cases as this report leaves them. `scene` is as it was before it. What is said of an earlier day than a
    case was last seen or ended on changes nothing in it."""
    known = {case.pupil: case for case in scene.cases}
    facts: list[CaseOpened | CaseSeen | CaseEnded] = []
    for entry in fact.entries:
        case = known.pop(entry.pupil, None)
        if not _is_case(scene, entry, fact):
            if case is not None:
                known[entry.pupil] = case
        elif case is None:
            facts.append(_opened(scene, fact, entry))
        elif _last_word(case) <= fact.day and not _as_known(case, fact, entry):
            facts.append(_seen(scene, case, fact, entry))
    if scene.round.kind is not Kind.HOME:
        facts += _not_listed(scene, by, fact, known.values())
    return Outcome(facts=tuple(facts))


def _last_word(case: Case) -> date:
    """The day on which the case was last spoken of."""
    return max(case.seen, case.ended_on or case.seen)


def _is_case(scene: Scene, entry: Entry, fact: Reported) -> bool:
    """Absent, flagged, or with a disease for whose return the district has a rule. In the holidays nobody is absent."""
    absent = entry.attendance in ABSENT and scene.round.kind is not Kind.HOME
    if absent or entry.pupil in fact.flagged:
        return True
    rule = named(entry.cause, scene.rules.returns)
    return rule is not None and bool(rule.rows)


def _as_known(case: Case, fact: Reported, entry: Entry) -> bool:
    same_time = (case.seen, case.round, case.ended) == (fact.day, fact.round, None)
    return same_time and replace(case.entry, added=None) == replace(entry, added=None)


def _opened(scene: Scene, fact: Reported, entry: Entry) -> CaseOpened:
    return CaseOpened(
        id=new_id(scene.update.seed, "case", entry.pupil),
        pupil=entry.pupil,
        school=fact.school,
        class_id=fact.class_id,
        day=fact.day,
        round=fact.round,
        onset=entry.onset or fact.day,
        entry=entry,
        fever=entry.pupil in fact.fevers,
        at=fact.at,
    )


def _seen(scene: Scene, case: Case, fact: Reported, entry: Entry) -> CaseSeen:
    known = known_by(scene, case, entry)
    return CaseSeen(case.id, fact.day, fact.round, known, entry.pupil in fact.fevers, fact.at)


def known_by(scene: Scene, case: Case, entry: Entry) -> Entry:
    """The report that opened it may still be put right; after that the stricter illness stays."""
    if _opened_by(case, scene.day, scene.round.id):
        return repeated(case, entry)
    return stricter(case, entry, scene.day, scene.rules.returns, scene.update.zone)


def _not_listed(scene: Scene, by: str, fact: Reported, cases: Iterable[Case]) -> Iterable[CaseSeen | CaseEnded]:
    """Present, without a fever: back, or followed on at school until the fever has been gone for long enough."""
    listed = {entry.pupil for entry in fact.entries}
    for case in cases:
        if case.ended is not None or case.seen > fact.day or case.pupil not in scene.present:
            continue
        if not _is_of(scene, case, listed):
            continue
        if _first_of(case, fact):
            yield CaseEnded(case.id, "mistaken", fact.day, by, fact.at)
        elif watched(case, scene.update.at, scene.rules):
            entry = next((one for one in fact.entries if one.pupil == case.pupil), None)
            well = entry or Entry(case.pupil, afebrile=True, cause=case.cause)
            if not _as_known(case, fact, well):
                yield CaseSeen(case.id, fact.day, fact.round, well, fever=False, at=fact.at)
        else:
            yield CaseEnded(case.id, _how(case), fact.day, by, fact.at)


def _how(case: Case) -> str:
    """A fever that was watched at school is released (解除观察); whoever was away, has a disease, or may come back by
    校医's word has returned."""
    here = (not case.away or waiting(case.entry)) and case.review != "yes"
    return "released" if here and case.fever_at is not None and case.cause is None else "returned"


def _first_of(case: Case, fact: Reported) -> bool:
    """The same report, corrected: the pupil was never away."""
    return fact.rev > 1 and _opened_by(case, fact.day, fact.round)


def _opened_by(case: Case, day: date, round: str) -> bool:
    """A report of this round opened it, and nothing was said of it since."""
    return (case.opened, case.seen, case.round) == (day, day, round)


def known_after(
    cases: Iterable[Case], facts: Iterable[Fact], seat: Callable[[str], int] | None = None
) -> Iterator[Case]:
    """The cases as they are once these facts are recorded; those that they open too, where a `seat` can be told."""
    now = {case.id: case for case in cases}
    for fact in facts:
        match fact:
            case CaseOpened() if seat is not None:
                now[fact.id] = _begun(fact, seat(fact.pupil))
            case CaseSeen(case=id) if id in now:
                now[id] = _known(now[id], fact)
            case CaseEnded(case=id) if id in now:
                now[id] = replace(now[id], ended=fact.how, ended_on=fact.day)
            case _:
                pass
    yield from now.values()


def _begun(fact: CaseOpened, seat: int) -> Case:
    return Case(
        id=fact.id,
        pupil=fact.pupil,
        seat=seat,
        school=fact.school,
        class_id=fact.class_id,
        opened=fact.day,
        onset=fact.onset,
        reported_at=fact.at,
        entry=fact.entry,
        seen=fact.day,
        round=fact.round,
        fever_at=fact.at if fact.fever else None,
    )


def _known(case: Case, fact: CaseSeen) -> Case:
    return replace(
        case,
        entry=fact.entry,
        onset=fact.entry.onset or case.onset,
        seen=fact.day,
        round=fact.round,
        fever_at=fact.at if fact.fever else case.fever_at,
        ended=None,
        ended_on=None,
    )


def carried_on(case: Case) -> Entry:
    """The same as yesterday: away as before, without yesterday's temperature. Who was collected is at home today."""
    entry = case.entry
    symptoms = tuple(code for code in entry.symptoms if code is not Symptom.FEVER)
    where = Where.HOME if entry.where is Where.COLLECTED or waiting(entry) else entry.where
    return replace(entry, temperature=None, method=None, afebrile=False, symptoms=symptoms, added=None, where=where)
