"""Of all that was said of a pupil: what the pupil has today, what is over, how high the temperature is."""

from collections.abc import Sequence

from handlers.model import Attendance, Symptom
from handlers.rules.cues import Cue
from handlers.rules.reading.entry import Entry, Fact
from handlers.rules.reading.result import Doubt
from handlers.rules.reading.tokens import Degrees, Meant
from handlers.rules.temperature import Problem

LASTING = (Cue.LASTS, Cue.FEVER_LASTS)
_OVER = (Cue.GONE, Cue.NORMAL)
_COOL = (Cue.COOL, Cue.NORMAL, Cue.FEVER_GONE)

Symptoms = tuple[Symptom, ...]


def symptoms_of(entry: Entry, doubts: list[Doubt], fever_from: int) -> tuple[Symptoms, Symptoms]:
    """Those of today, and those of before that are over. What was and is not said to be over is still there."""
    said = [(fact, symptom) for fact, meant in entry.meant() for symptom in meant.symptoms]
    over = [symptom for fact, symptom in said if fact.past and _is_over(symptom, entry, fever_from)]
    now = [symptom for fact, symptom in said if not (fact.past and _is_over(symptom, entry, fever_from))]
    measured = any(fact.past and (fact.tenths or 0) >= fever_from for fact in entry.all)
    gone = entry.cued(Cue.FEVER_GONE) or (measured and fever_is_over(entry, fever_from))
    if gone and Symptom.FEVER not in (*now, *over):
        over.append(Symptom.FEVER)
    if not now and entry.cued(*LASTING):
        now = [Symptom.FEVER] if measured else _unnamed(entry)
    only_before = bool(now) and all(fact.past for fact in entry.all)
    if only_before or _may_be_over(entry, said) or any(_is_ended(entry, *one) for one in said):
        doubts.append(Doubt("history", entry.said))
    return tuple(dict.fromkeys(now)), tuple(one for one in dict.fromkeys(over) if one not in now)


def _unnamed(entry: Entry) -> list[Symptom]:
    """没退 is of a fever. 感冒还没好 is of the cold, and 还没好 of whatever it was: nobody said a fever."""
    if entry.cued(Cue.FEVER_LASTS):
        return [Symptom.FEVER]
    return [] if any(meant.disease for _, meant in entry.meant()) else [Symptom.OTHER]


def _is_ended(entry: Entry, fact: Fact, symptom: Symptom) -> bool:
    """早上头疼，现在好了: it was this morning's, and is it over?"""
    ends = (*_OVER, *_COOL, Cue.BACK) if symptom is Symptom.FEVER else _OVER
    ended = max((one.start for one, meant in entry.meant() if meant.cue in ends), default=0)
    return not fact.past and fact.start < ended


def _may_be_over(entry: Entry, said: Sequence[tuple[Fact, Symptom]]) -> bool:
    """昨天发烧，今天没来: a fever of yesterday, and nobody says how it is today."""
    fevers = [fact for fact, symptom in said if symptom is Symptom.FEVER]
    measured = any(fact.tenths is not None and not fact.past for fact in entry.all)
    known = measured or entry.cued(*LASTING, *_OVER, *_COOL)
    return bool(fevers) and all(fact.past for fact in fevers) and not known


def _is_over(symptom: Symptom, entry: Entry, fever_from: int) -> bool:
    if entry.cued(*LASTING):
        return False
    if any(fact.denied and not fact.past and symptom in _symptoms_of(fact) for fact in entry.all):
        return True  # 昨天吐了，今天没再吐
    return entry.cued(*_OVER) or (symptom is Symptom.FEVER and fever_is_over(entry, fever_from))


def is_recovered(disease: Fact, entry: Entry) -> bool:
    """上周水痘，今天返校. What was and is not said to be over is still there."""
    back = entry.cued(Cue.BACK) or any(meant.attendance is Attendance.PRESENT for meant in entry.meant_today())
    return not entry.cued(*LASTING) and (entry.cued(*_OVER) or (disease.past and back))


def fever_is_over(entry: Entry, fever_from: int) -> bool:
    """Said, or measured today."""
    today = [fact.tenths for fact in entry.all if fact.tenths is not None and not fact.past]
    cool = bool(today) and max(today) < fever_from
    return not entry.cued(*LASTING) and (cool or entry.cued(Cue.GONE) or is_afebrile(entry))


def is_afebrile(entry: Entry) -> bool:
    """不发热, 体温正常, 没有发烧 was said."""
    return entry.cued(*_COOL) or any(fact.denied and _has_fever(fact) for fact in entry.all)


def _has_fever(fact: Fact) -> bool:
    return Symptom.FEVER in _symptoms_of(fact)


def _symptoms_of(fact: Fact) -> Symptoms:
    return fact.sense.symptoms if isinstance(fact.sense, Meant) else ()


def temperature_of(entry: Entry, doubts: list[Doubt], fever_from: int) -> int | None:
    """The highest of today. A reading of an earlier day counts, and is asked about, unless the fever is over."""
    for fact in entry.all:
        if isinstance(fact.sense, Degrees) and isinstance(fact.sense.value, Problem):
            meant = fact.sense.value.meant
            doubts.append(Doubt("temperature", fact.sense.value.said, () if meant is None else (str(meant),)))
    today = [fact.tenths for fact in entry.all if fact.tenths is not None and not fact.past]
    before = [fact.tenths for fact in entry.all if fact.tenths is not None and fact.past]
    if len(set(today)) > 1:
        doubts.append(Doubt("temperature", entry.said, tuple(str(one) for one in dict.fromkeys(today))))
    if today:
        return max(today)
    if not before or fever_is_over(entry, fever_from):
        return None
    doubts.append(Doubt("history", entry.said))
    return max(before)


def told_twice(entry: Entry) -> bool:
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
