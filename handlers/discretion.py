"""What names a child and an illness does not stay in the chat: once it has been read it is taken out again."""

import re
from collections.abc import Iterator
from typing import Final

from handlers.model import Attendance, Draft, Message, Person, Symptom, Text, ToHere, Typed, Update, Value, text
from handlers.outcome import Outcome
from handlers.questions import Ask, DraftOf, Names
from handlers.rules.cues import Cue, Disease
from handlers.rules.spelling import plain
from handlers.rules.vocabulary import WORDS, longest
from handlers.values import replace

DEGREES: Final = re.compile(r"(?<!\d)(3[4-9]|4[0-3])([.度]|(?!\d))")
LONGEST: Final = 1500  # characters that are quoted: more than anybody types of a class


def taken_out(update: Update, ask: Ask, person: Person, outcome: Outcome) -> Outcome:
    """In private, where a bot may. What was read of it stands in the walk by seat; of what was not, the author gets
    their own words back. A file stays until it has been fetched."""
    if update.tap is not None or not update.private or outcome.fetches or not _tells(update, ask, person):
        return outcome
    if not _taken_in(ask, outcome) and not _quoted(update, outcome):
        words = text("typed.taken_out", words=Typed(update.text[:LONGEST], person.id))
        outcome = outcome.and_say(Message(f"quoted:{update.id}", ToHere(), words))
    return replace(outcome, takes_out=True)


def _tells(update: Update, ask: Ask, person: Person) -> bool:
    words = "".join(update.text.split())
    named = any(map(str.isalpha, words))  # a number alone, as 37.1 is, names nobody: the commonest of all answers
    return named and of_health(words) and ask(Names(words, person.school, update.today))


def of_health(words: str) -> bool:
    """True where they hold a symptom, an illness, sick leave, or what may be a temperature."""
    said = plain(words)
    if DEGREES.search(said):
        return True
    found = (longest(said, at) for at in range(len(said)))
    return any(_ill(meant) for word in found if word for meant in WORDS[word])


def _ill(meant: object) -> bool:
    return isinstance(meant, Symptom | Disease) or meant in (Attendance.SICK, Cue.ILL, Cue.FEVER_GONE, Cue.HEAT)


def _taken_in(ask: Ask, outcome: Outcome) -> bool:
    """Into a report, or into a walk that has more in it now: it quotes what it could not use."""
    return bool(outcome.facts) or any(isinstance(one, Draft) and _has_more(ask, one) for one in outcome.drafts)


def _has_more(ask: Ask, walk: Draft) -> bool:
    before = ask(DraftOf(walk.person, walk.class_id, walk.day, walk.round))
    return before is None or _said(walk) != _said(before)


def _said(walk: Draft) -> tuple[object, ...]:
    return (walk.entered, walk.unread, walk.on_leave, walk.said_present)


def _quoted(update: Update, outcome: Outcome) -> bool:
    return any(update.text in words for message in outcome.says for words in _typed(message.text))


def _typed(value: Value) -> Iterator[str]:
    match value:
        case Typed():
            yield value.words
        case Text():
            for inner in value.values.values():
                yield from _typed(inner)
        case tuple():
            for line in value:
                yield from _typed(line)
        case _:
            return
