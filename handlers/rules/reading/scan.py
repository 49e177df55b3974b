"""From signs to tokens: at each place the longest that fits, a known word, a pupil's name or a number."""

import re
from collections.abc import Sequence
from datetime import date

from handlers.model import Attendance, Method, Symptom, Where
from handlers.rules.cues import Cue, Disease
from handlers.rules.lexicon import WEATHER
from handlers.rules.names import Index, Pupil
from handlers.rules.reading.pattern import Senses
from handlers.rules.reading.patterns import STARTS, read_number
from handlers.rules.reading.tokens import Break, Meant, Sense, Silent, Token, Unknown, Who
from handlers.rules.vocabulary import WORDS, Meaning, longest

_STRONG = {sign: sign for sign in ",;。!?\n"} | {".": "。"}
_WEAK = frozenset(" 、:()/\"'“”‘’《》…—-~·*+=_>→")
_LATIN = re.compile(r"[a-z]{2,40}")
_DAYS_OF_WORDS = frozenset("今昨前明后大当周星礼下上本这")


class Scanner:
    """Reads texts about one roster."""

    def __init__(self, index: Index, today: date) -> None:
        self._index, self._today = index, today
        self._names: Sequence[tuple[str, tuple[Pupil, ...]]] = ()

    def scan(self, text: str) -> tuple[Token, ...]:
        """Every sign of a plain text is in exactly one token."""
        self._names = sorted(self._index.written_in(text).items(), key=lambda one: -len(one[0]))
        tokens: list[Token] = []
        at, last = 0, None
        while at < len(text):
            senses, end = self._read(text, at, last)
            if senses == (Unknown(),) and tokens and tokens[-1].sense == Unknown():
                tokens[-1] = Token(Unknown(), tokens[-1].start, end)
            else:
                tokens += _spread(senses, at, end)
            if not isinstance(senses[-1], (Silent, Break)):
                last = senses[-1]
            at = end
        return tuple(tokens)

    def _read(self, text: str, at: int, last: Sense | None) -> tuple[Senses, int]:
        best: tuple[Senses, int] = ((), at)
        if word := longest(text, at):
            best = (meant(WORDS[word]),), at + len(word)
        sign = text[at]
        if sign in STARTS or sign in _DAYS_OF_WORDS:
            read = read_number(text, at, self._today, last)
            best = max(best, read, key=lambda one: one[1])
        read = self._name(text, at)
        best = max(best, read, key=lambda one: one[1])
        if best[0]:
            return best
        if sign in _STRONG or sign in _WEAK:
            return (Break(_STRONG.get(sign, sign)),), at + 1
        return (Unknown(),), at + 1

    def _name(self, text: str, at: int) -> tuple[Senses, int]:
        for spelling, pupils in self._names:
            if not spelling.isascii() and text.startswith(spelling, at):
                return (_asked(pupils) if spelling in WEATHER else who(pupils),), at + len(spelling)
        if not (at and "a" <= text[at - 1] <= "z") and (run := _LATIN.match(text, at)):
            pupils = self._index.called(run[0])
            return (who(pupils) if pupils else Unknown(),), run.end()
        return (), at


def who(pupils: tuple[Pupil, ...]) -> Who:
    """Named by words that fit these pupils alike."""
    return Who(pupils, exact=True) if len(pupils) == 1 else _asked(pupils)


def _asked(pupils: tuple[Pupil, ...]) -> Who:
    return Who(pupils, exact=False, doubt="pupil", choices=tuple(pupil.id for pupil in pupils))


def meant(meanings: tuple[Meaning, ...]) -> Sense:
    """The sense of a known word."""
    match meanings[0]:
        case Symptom():
            return Meant(symptoms=tuple(one for one in meanings if isinstance(one, Symptom)))
        case Where() as where:
            return Meant(where=where)
        case Attendance() as attendance:
            return Meant(attendance=attendance)
        case Method() as method:
            return Meant(method=method)
        case Disease() as disease:
            return Meant(disease=disease)
        case Cue.SILENT:
            return Silent()
        case Cue() as cue:
            return Meant(cue=cue)


def _spread(senses: Senses, start: int, end: int) -> list[Token]:
    """Several senses of one match share its place."""
    return [Token(sense, start, end) for sense in senses]
