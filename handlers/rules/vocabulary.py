"""What teachers' words stand for. The lists grow with what is read; the longest word that fits is the one meant."""

from collections import defaultdict
from collections.abc import Mapping

from handlers.model import Attendance, Method, Symptom, Where
from handlers.rules import lexicon
from handlers.rules.cues import Cue, Disease
from handlers.rules.spelling import plain

Meaning = Symptom | Where | Attendance | Method | Disease | Cue

# DOMAIN §2.2, union vocabulary. FEVER alone is a group of its own; ILI is computed elsewhere.
GROUPS: Mapping[Symptom, str] = {
    Symptom.FEVER: "FEVER",
    **dict.fromkeys((Symptom.COUGH, Symptom.SORE_THROAT, Symptom.RUNNY_NOSE, Symptom.HEADACHE), "RESP"),
    **dict.fromkeys((Symptom.FATIGUE, Symptom.DYSPNEA), "RESP"),
    **dict.fromkeys((Symptom.VOMIT, Symptom.DIARRHEA, Symptom.SEVERE_GI, Symptom.ABD_PAIN), "GI"),
    **dict.fromkeys((Symptom.RASH, Symptom.BLISTER), "RASH"),
    Symptom.PAROTID: "PAROTID",
    Symptom.RED_EYE: "EYE",
    Symptom.JAUNDICE: "JAUND",
    **dict.fromkeys((Symptom.COUGH_2W, Symptom.HEMOPTYSIS), "TB"),
    **dict.fromkeys((Symptom.DIZZY, Symptom.INJURY, Symptom.OTHER), "OTHER"),
}


def _all_words() -> dict[str, tuple[Meaning, ...]]:
    words: dict[str, tuple[Meaning, ...]] = {}
    for cue, spelled in lexicon.CUES.items():
        words |= dict.fromkeys(spelled.split(), (cue,))
    for method, spelled in lexicon.METHODS.items():
        words |= dict.fromkeys(spelled.split(), (method,))
    for attendance, spelled in lexicon.ATTENDANCE.items():
        words |= dict.fromkeys(spelled.split(), (attendance,))
    for where, spelled in lexicon.PLACES.items():
        words |= dict.fromkeys(spelled.split(), (where,))
    for disease, spelled in lexicon.DISEASES.items():
        words |= dict.fromkeys(spelled.split(), (Disease(disease),))
    for symptoms, spelled in lexicon.SYMPTOMS.items():
        words |= dict.fromkeys(spelled.split(), symptoms)
    return words


WORDS: Mapping[str, tuple[Meaning, ...]] = _all_words()


def _by_first_sign() -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(WORDS, key=len, reverse=True):
        found[word[0]].append(word)
    return {sign: tuple(words) for sign, words in found.items()}


_STARTING_WITH = _by_first_sign()


def longest(text: str, at: int) -> str | None:
    """The longest known word that begins at this place of a plain text."""
    return next((word for word in _STARTING_WITH.get(text[at : at + 1], ()) if text.startswith(word, at)), None)


def disease_as_typed(words: str, name: str) -> str:
    """甲流 of 3号甲流, where the disease is 流感."""
    spelled = plain(words)
    for word in sorted(lexicon.DISEASES[name].split(), key=len, reverse=True):
        if (at := spelled.find(word)) >= 0:
            return words[at : at + len(word)]
    return name
