"""Law 5 in what people write about themselves: a child's name that the roll knows becomes a class and seat before the
words are kept. Pure."""

from collections.abc import Iterable, Mapping

from handlers.facts import KnownPupil

SHORTEST = 2  # characters of a given name that is taken for one


def masked(words: str, pupils: Iterable[KnownPupil], classes: Mapping[str, str], here: str) -> str:
    """`classes`: id → name; `here`: the class spoken of, whose pupils are also known by their given names."""
    spoken: dict[str, str] = {}
    for pupil in pupils:
        seat = f"{pupil.seat}号" if pupil.class_id == here else f"{classes.get(pupil.class_id, '')}{pupil.seat}号"
        for name in _names(pupil, here):
            spoken.setdefault(name, seat)
    for name in sorted(spoken, key=len, reverse=True):
        words = words.replace(name, spoken[name])
    return words


def _names(pupil: KnownPupil, here: str) -> tuple[str, ...]:
    given = pupil.name[1:]
    return (pupil.name, given) if pupil.class_id == here and len(given) >= SHORTEST else (pupil.name,)
