"""What was said of one pupil, gathered piece by piece, and the line that comes of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from handlers.model import Attendance, Symptom, Where
from handlers.rules.cues import Cue
from handlers.rules.reading.result import Doubt, Line
from handlers.rules.reading.tokens import Degrees, Lasting, Meant, Until, Who
from handlers.rules.temperature import Problem, Temperature


@dataclass(frozen=True)
class Fact:
    """Something said, and how: of an earlier day (`past`), denied, or only planned."""

    sense: Meant | Degrees | Until | Lasting
    start: int
    end: int
    past: bool = False
    denied: bool = False
    planned: bool = False


@dataclass
class Entry:
    """One pupil, or somebody who must be asked about, while a message is being read."""

    who: Who
    said: str
    facts: list[Fact] = field(default_factory=list)
    heading: list[Fact] = field(default_factory=list)
    mentions: list[int] = field(default_factory=list)  # how many facts there were when named again

    @property
    def all(self) -> tuple[Fact, ...]:
        return (*self.heading, *self.facts)


@dataclass(frozen=True)
class Told:
    """A line and what is doubtful in it; `line` of the doubts is still open."""

    line: Line
    doubts: tuple[Doubt, ...]

    @property
    def empty(self) -> bool:
        line = self.line
        said = (line.temperature, line.attendance, line.where, line.disease, line.until)
        flags = line.symptoms or line.earlier or line.afebrile or any(one.kind == "temperature" for one in self.doubts)
        return not flags and all(one is None for one in said)


def tell(entry: Entry, words: str, today: date, fever_from: int) -> Told:
    """The line of one pupil. `fever_from` in tenths of °C."""
    doubts: list[Doubt] = []
    if entry.who.doubt:
        doubts.append(Doubt(entry.who.doubt, entry.said, entry.who.choices))
    if _told_twice(entry):
        doubts.append(Doubt("twice", words))
    symptoms, earlier = _symptoms(entry, doubts, fever_from)
    temperature = _temperature(entry, doubts, over=bool(earlier))
    fever = temperature is not None and temperature >= fever_from
    if temperature is not None and not fever and Symptom.FEVER in symptoms:
        doubts.append(Doubt("temperature", words, (str(temperature),)))
    disease = next((fact.sense.disease.name for fact in _meant(entry, now=True) if fact.sense.disease), None)
    ill = bool(symptoms or earlier or disease or fever) or _cued(entry, Cue.ILL, Cue.LASTS)
    line = Line(
        pupil=entry.who.pupils[0].id if entry.who.exact else None,
        candidates=() if entry.who.exact else tuple(pupil.id for pupil in entry.who.pupils),
        temperature=temperature,
        symptoms=symptoms,
        attendance=_attendance(entry, doubts, ill=ill),
        where=_where(entry),
        disease=disease,
        until=_until(entry, doubts, today),
        words=words,
        method=next((fact.sense.method for fact in _meant(entry) if fact.sense.method), None),
        afebrile=_afebrile(entry) and Symptom.FEVER not in symptoms and not fever,
        earlier=earlier,
    )
    return Told(line, tuple(doubts))


@dataclass(frozen=True)
class _MeantFact:
    sense: Meant
    fact: Fact


def _meant(entry: Entry, *, now: bool = False) -> Iterable[_MeantFact]:
    """What was said in words and not denied; `now` leaves out what was only planned."""
    for fact in entry.all:
        if isinstance(fact.sense, Meant) and not fact.denied and not (now and fact.planned):
            yield _MeantFact(fact.sense, fact)


def _told_twice(entry: Entry) -> bool:
    """张三发烧，张三咳嗽: perhaps one of them is somebody else. 张三发烧，张三已接回 is not."""
    ends = (*entry.mentions[1:], len(entry.facts))
    told = [entry.facts[begin:end] for begin, end in zip(entry.mentions, ends, strict=True)]
    kinds = [kind for facts in told for kind in {_kind(fact) for fact in facts} if kind]
    return len(kinds) > len(set(kinds))


def _kind(fact: Fact) -> str:
    """What must not be said twice of one pupil; empty for what may."""
    match fact.sense:
        case Degrees():
            return "degrees"
        case Meant(symptoms=symptoms, disease=disease) if not fact.denied:
            return "symptoms" if symptoms else "disease" if disease else ""
        case _:
            return ""


def _cued(entry: Entry, *cues: Cue) -> bool:
    return any(one.sense.cue in cues for one in _meant(entry))


def _afebrile(entry: Entry) -> bool:
    denied = any(
        isinstance(fact.sense, Meant) and Symptom.FEVER in fact.sense.symptoms and fact.denied for fact in entry.all
    )
    return denied or _cued(entry, Cue.NORMAL, Cue.FEVER_GONE)


def _symptoms(entry: Entry, doubts: list[Doubt], fever_from: int) -> tuple[tuple[Symptom, ...], tuple[Symptom, ...]]:
    """Those of today, and those that were and are over. What was and is not said to be over is still there."""
    said = [(one.fact, symptom) for one in _meant(entry) for symptom in one.sense.symptoms]
    gone = [one.fact.start for one in _meant(entry) if one.sense.cue in (Cue.GONE, Cue.FEVER_GONE, Cue.NORMAL)]
    cool = any(_tenths(fact) is not None and not fact.past and (_tenths(fact) or 0) < fever_from for fact in entry.all)
    lasting = _cued(entry, Cue.LASTS)
    over = not lasting and (bool(gone) or _afebrile(entry) or cool)
    earlier = [symptom for fact, symptom in said if fact.past and over]
    now = [symptom for fact, symptom in said if not (fact.past and over)]
    if _cued(entry, Cue.FEVER_GONE) and Symptom.FEVER not in (*now, *earlier):
        earlier.append(Symptom.FEVER)
    if _cued(entry, Cue.LASTS) and not now:
        now = [Symptom.FEVER]
    if said and not over and all(fact.past for fact in entry.all):
        doubts.append(Doubt("history", entry.said))
    if gone and any(not fact.past and fact.start < max(gone) for fact, _ in said):
        doubts.append(Doubt("history", entry.said))
    return tuple(dict.fromkeys(now)), tuple(one for one in dict.fromkeys(earlier) if one not in now)


def _tenths(fact: Fact) -> int | None:
    match fact.sense:
        case Degrees(value=Temperature(tenths=tenths)):
            return tenths
        case _:
            return None


def _temperature(entry: Entry, doubts: list[Doubt], *, over: bool) -> int | None:
    """The highest of today. A reading of an earlier day counts, and is asked about, unless it is over."""
    for fact in entry.all:
        if isinstance(fact.sense, Degrees) and isinstance(fact.sense.value, Problem):
            meant = fact.sense.value.meant
            doubts.append(Doubt("temperature", fact.sense.value.said, () if meant is None else (str(meant),)))
    read = [(fact, tenths) for fact in entry.all if (tenths := _tenths(fact)) is not None]
    today = [tenths for fact, tenths in read if not fact.past]
    before = [tenths for fact, tenths in read if fact.past]
    if any(fact.denied for fact, _ in read) or len(set(today)) > 1:
        doubts.append(Doubt("temperature", entry.said, tuple(str(one) for one in dict.fromkeys(today or before))))
    if today:
        return max(today)
    if before and not over:
        if Doubt("history", entry.said) not in doubts:
            doubts.append(Doubt("history", entry.said))
        return max(before)
    return None


def _attendance(entry: Entry, doubts: list[Doubt], *, ill: bool) -> Attendance | None:
    """Illness makes an absence a 病假; an absence without any reason is 原因不明, and asked where one must be known."""
    said = [one for one in _meant(entry, now=True) if not one.fact.past]
    plain = [one.sense.attendance for one in said if one.sense.attendance]
    places = [one.sense.where for one in said if one.sense.where]
    cues = {one.sense.cue for one in said}
    if Attendance.LATE in plain:
        return Attendance.LATE
    for kind in (Attendance.SICK, Attendance.PERSONAL):
        if kind in plain:
            if kind is Attendance.PERSONAL and ill:
                doubts.append(Doubt("reason", entry.said))
            return kind
    if Where.HOSPITAL in places and Attendance.PRESENT not in plain:
        return Attendance.SICK
    absent = Attendance.UNKNOWN in plain or Cue.AWAY in cues
    back_later = any(isinstance(fact.sense, Until) for fact in entry.all)
    if Where.SCHOOL in places and Attendance.UNKNOWN not in plain:
        return Attendance.PRESENT
    if absent or back_later or Cue.LEAVE in cues or (Where.HOME in places and Attendance.PRESENT not in plain):
        if ill:
            return Attendance.SICK
        if not absent:
            doubts.append(Doubt("reason", entry.said))
        return Attendance.UNKNOWN
    if Attendance.PRESENT in plain or Cue.BACK in cues:
        return Attendance.PRESENT
    return None


def _where(entry: Entry) -> Where | None:
    """The last place that was said of today."""
    places = [one.sense.where for one in _meant(entry, now=True) if one.sense.where and not one.fact.past]
    return places[-1] if places else None


def _until(entry: Entry, doubts: list[Doubt], today: date) -> date | None:
    """The last day away: 到周五 is the Friday, 请假3天 counts today."""
    until: date | None = None
    for fact in entry.all:
        match fact.sense:
            case Until(day=day):
                until = day.ahead
                if until is None:
                    doubts.append(Doubt("date", entry.said))
            case Lasting(days=days):
                until = today + timedelta(days - 1)
            case _:
                continue
    if until is not None and until < today:
        doubts.append(Doubt("old_date", entry.said, (until.isoformat(),)))
    return until
