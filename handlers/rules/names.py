"""Which pupil is meant: by seat, name, given name, initials, sound, or something near. A wrong child is worse than a
question: only what fits one pupil and nobody else as well is exact. Two names sound alike where they share a pinyin
without tones, in any reading of their characters."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache

from msgspec import Struct
from rapidfuzz import fuzz

from handlers.rules.numbers import NUMERAL, number
from handlers.rules.spelling import plain

MOST_CANDIDATES = 6


class Pupil(Struct, frozen=True):
    """A name with every reading of it, lower case and without tones: initials ("zxm", "cxm") and pinyin whole."""

    id: str
    seat: int
    name: str
    initials: tuple[str, ...]
    pinyin: tuple[str, ...] = ()


class Found(Struct, frozen=True):
    """`exact` is one pupil and no doubt; else `pupils` are those to be asked about, the likeliest first."""

    pupils: tuple[Pupil, ...]
    exact: bool


NOBODY = Found((), False)
Groups = Mapping[str, tuple[Pupil, ...]]

_SEAT = re.compile(rf"(?:座位?号?|学号|no\.?|#)?(?P<seat>{NUMERAL})[号#]?(?:的|同学|学生|小朋友)*(?P<rest>.*)")
_TAIL = re.compile(r"(?:同学|小朋友|学生|这?孩子)$")
_NOISE = re.compile(r"[\s·,.、。:;()]+")


def find(text: str, roster: Sequence[Pupil]) -> Found:
    """The answer to "which pupil?"."""
    return index_of(tuple(roster)).find(text)


@lru_cache(maxsize=4)
def index_of(roster: tuple[Pupil, ...]) -> "Index":
    """An answer that is typed is read twice or thrice, each time of the same class."""
    return Index(roster)


class Index:
    """A roster made ready for many lookups, as far as they ask."""

    def __init__(self, roster: Sequence[Pupil]) -> None:
        self.roster = tuple(roster)

    @cached_property
    def _seats(self) -> Groups:
        return _group(self.roster, lambda pupil: (str(pupil.seat),))

    @cached_property
    def _names(self) -> Groups:
        return _group(self.roster, lambda pupil: (_fold(pupil.name),))

    @cached_property
    def _given(self) -> Groups:
        return _group(self.roster, lambda pupil: _given(pupil.name))

    @cached_property
    def _initials(self) -> Groups:
        return _group(self.roster, lambda pupil: pupil.initials)

    @cached_property
    def _sounds(self) -> Groups:
        return _group(self.roster, lambda pupil: pupil.pinyin)

    @cached_property
    def _given_sounds(self) -> Groups:
        return _group(self.roster, _sounds_given)

    def find(self, text: str) -> Found:
        said = _TAIL.sub("", _fold(text))
        if not said:
            return NOBODY
        seat = _SEAT.fullmatch(said)
        if seat is None or (value := number(seat["seat"])) is None:
            return self.named(said)
        return self.seated(value) if not seat["rest"] else self._both(value, seat["rest"], said)

    def seated(self, seat: int) -> Found:
        pupils = self._seats.get(str(seat), ())
        return Found(pupils, len(pupils) == 1)

    def named(self, text: str) -> Found:
        """By name alone. What is only near is never exact."""
        pupils = self.called(text)
        return Found(pupils, len(pupils) == 1) if pupils else Found(self.near(text), False)

    def called(self, text: str) -> tuple[Pupil, ...]:
        """All whom these words fit: full name, given name, initials and sound weigh the same."""
        said = _fold(text)
        same = (*self._names.get(said, ()), *self._given.get(said, ())) if len(said) > 1 else ()
        return _distinct((*same, *self._homophones(said, same), *self._latin(said)))

    def near(self, text: str) -> tuple[Pupil, ...]:
        """By characters, or by sound when Latin letters were typed: two characters of three, or one of two."""
        said = _fold(text)
        least = 78 if said.isascii() else 60 if len(said) > 2 else 50
        weighed = [(-weight, pupil) for pupil in self.roster if (weight := _likeness(said, pupil)) >= least]
        weighed.sort(key=lambda one: (one[0], one[1].seat, one[1].id))
        return tuple(pupil for _, pupil in weighed[:MOST_CANDIDATES])

    def written_in(self, text: str) -> Groups:
        """Every way a pupil is written in a plain text, for a reader that looks for names in running text."""
        keys = {key for pupil in self.roster for key in _spellings(pupil.name) if key in text}
        return {key: self.called(key) for key in keys}

    def _both(self, seat: int, rest: str, said: str) -> Found:
        """3号张三: the seat settles which of two of that name; a seat of somebody else is a doubt."""
        by_name, by_seat = self.named(rest), self.seated(seat)
        both = tuple(pupil for pupil in by_name.pupils if pupil in by_seat.pupils)
        if both and is_written(both[0], rest):
            return Found(both, len(both) == 1)
        whole = self.named(said)
        return whole if whole.exact else Found(_distinct((*by_seat.pupils, *by_name.pupils)), False)

    def _homophones(self, said: str, same: Iterable[Pupil]) -> Iterable[Pupil]:
        """Who sounds like the pupils already found: 李晓明 when 小明 was said of 张小明."""
        for pupil in same:
            if _fold(pupil.name) == said:
                for sound in pupil.pinyin:
                    yield from self._sounds[sound]
            if said in _given(pupil.name):
                for sound in _sounds_given(pupil):
                    yield from self._given_sounds[sound]

    def _latin(self, said: str) -> Iterable[Pupil]:
        if said.isascii():
            yield from self._initials.get(said, ())
            yield from self._sounds.get(said, ())
            yield from self._given_sounds.get(said, ())


def is_written(pupil: Pupil, words: str) -> bool:
    """The words are this pupil's own name, or letters; 张伟 is not how 章伟 is written, though it sounds the same."""
    said = _fold(words)
    return said.isascii() or said in (_fold(pupil.name), *_given(pupil.name))


def _group(roster: Iterable[Pupil], keys: Callable[[Pupil], Iterable[str]]) -> Groups:
    grouped: defaultdict[str, list[Pupil]] = defaultdict(list)
    for pupil in roster:
        for key in dict.fromkeys(keys(pupil)):
            grouped[key].append(pupil)
    return {key: tuple(sorted(pupils, key=lambda pupil: pupil.seat)) for key, pupils in grouped.items()}


def _distinct(pupils: Iterable[Pupil]) -> tuple[Pupil, ...]:
    return tuple(dict.fromkeys(pupils))


@lru_cache(maxsize=8192)
def _fold(text: str) -> str:
    return _NOISE.sub("", plain(text))


@lru_cache(maxsize=8192)
def _given(name: str) -> tuple[str, ...]:
    """Without the surname: of 欧阳小明 both 小明 and 阳小明; of 阿依古丽·买买提 the first part."""
    first, dot, _ = plain(name).partition("·")
    if dot:
        return (_fold(first),)
    whole = _fold(name)
    return tuple(whole[cut:] for cut in ((1, 2) if len(whole) > 3 else (1,)) if len(whole) - cut > 1)


@lru_cache(maxsize=8192)
def _spellings(name: str) -> tuple[str, ...]:
    whole = plain(name).strip()
    found = (whole, _fold(name), whole.replace("·", " "), whole.replace("·", "."), *_given(name))
    if len(whole) == 2:  # lists are often aligned so: 张　三
        found = (*found, f"{whole[0]} {whole[1]}", f"{whole[0]}  {whole[1]}")
    return tuple(filter(None, found))


def _likeness(said: str, pupil: Pupil) -> float:
    spelled = (*pupil.pinyin, *_sounds_given(pupil)) if said.isascii() else (_fold(pupil.name), *_given(pupil.name))
    return max((fuzz.ratio(said, one) for one in spelled), default=0.0)


_SYLLABLE = re.compile(r"(?:[zcs]h|[bpmfdtnlgkhjqxzcsryw])?[aeiouvü]{1,3}(?:ng?|r)?")


def _sounds_given(pupil: Pupil) -> tuple[str, ...]:
    return _without_surname(pupil.pinyin, pupil.initials) if len(_fold(pupil.name)) > 2 else ()


@lru_cache(maxsize=8192)
def _without_surname(pinyin: tuple[str, ...], initials: tuple[str, ...]) -> tuple[str, ...]:
    """Pinyin comes whole; the initials say how many syllables it has and how each begins, so where the first ends."""
    cuts = {sound[cut:] for sound in pinyin for letters in initials for cut in _first_ends(sound, letters)}
    return tuple(sorted(cuts))


def _first_ends(sound: str, letters: str) -> Iterable[int]:
    for end in range(1, min(7, len(sound))):
        if _splits(sound[:end], letters[:1]) and _splits(sound[end:], letters[1:]):
            yield end


def _splits(sound: str, letters: str) -> bool:
    """True when `sound` can be cut into as many syllables as there are letters, each beginning with its own."""
    if not letters or not sound:
        return not letters and not sound
    return any(
        sound[0] == letters[0] and _SYLLABLE.fullmatch(sound[:end]) and _splits(sound[end:], letters[1:])
        for end in range(1, min(7, len(sound) + 1))
    )
