"""Every word the bot says: a Text (a key and what fills its gaps) becomes a sentence in one person's language."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar, assert_never

from bot.texts.hidden import Span, hide, uncovered
from bot.texts.length import octets, split, units
from bot.texts.table import HERE, LANGUAGES, check, table
from bot.texts.template import Plain, fill
from handlers.model import Account, ByLanguage, Private, PupilRef, Text, Typed, Value

__all__ = ["LANGUAGES", "Name", "Span", "Words", "WordsError", "check", "hide", "octets", "split", "uncovered", "units"]

T = TypeVar("T")
Name = Callable[[PupilRef], str | None]


class WordsError(Exception):
    """A sentence that does not exist, or that lacks what it needs: a bug, or a broken file of words."""


class Words:
    """One language. Raises ValueError when its files cannot be read."""

    def __init__(self, language: str, folder: Path = HERE) -> None:
        self.language = language
        self._table = table(language, folder)

    def has(self, key: str) -> bool:
        return key in self._table

    def say(self, key: str, values: Mapping[str, object] | None = None) -> str:
        """The sentence of that key, filled with plain words and numbers. Raises WordsError naming the key."""
        return self._fill(key, values or {}, _plain)

    def render(
        self, text: Text, *, name: Name, author: str | None, hidden: Callable[[str], str] = str, short: bool = False
    ) -> str:
        """The text as this reader may see it: `name` gives a pupil's name where law 5 allows it, else None; `author`
        is the reader's id, to whom alone the words they typed are shown. `hidden` marks what no locked screen may
        show: names, and typed words, in which names may be. `short`: what it is made of in the form for a card, where
        it has one. Raises WordsError."""
        return self._fill(text.key, text.values, lambda value: self._value(value, name, author, hidden, short))

    def _fill(self, key: str, given: Mapping[str, T], shown: Callable[[T], Plain]) -> str:
        def value(gap: str) -> Plain:
            if gap not in given:
                raise WordsError(f"{key} ({self.language}): nothing was given for {{{gap}}}")
            return shown(given[gap])

        if key not in self._table:
            raise WordsError(f"there is no sentence {key} in {self.language}")
        try:
            return fill(self._table[key], value)
        except ValueError as error:
            raise WordsError(f"{key} ({self.language}): {error}") from error

    def _value(
        self, value: Value, name: Name, author: str | None, hidden: Callable[[str], str], short: bool
    ) -> str | int:
        match value:
            case str() | int():
                return value
            case Text():
                face = f"face.{value.key}"
                inner = Text(face, value.values) if short and self.has(face) else value
                return self.render(inner, name=name, author=author, hidden=hidden, short=short)
            case PupilRef():
                called = name(value)
                return self._pupil(value, called and hidden(called))
            case Typed():
                return hidden(value.words) if value.author == author else self.say("typed.hidden")
            case Account():
                return hidden(value.words) if author is not None else self.say("typed.hidden")
            case Private():
                said = str(self._value(value.value, name, author, str, short))
                return hidden(said) if author is not None else self.say("typed.hidden")
            case ByLanguage():
                return value.words[self.language]
            case tuple():
                lines = (self._value(line, name, author, hidden, short) for line in value)
                return "\n".join(str(line) for line in lines if line)
            case _:
                assert_never(value)

    def _pupil(self, pupil: PupilRef, name: str | None) -> str:
        if name is None:
            return self.say("pupil.seat", {"seat": pupil.seat})
        return self.say("pupil.named", {"seat": pupil.seat, "name": name})


def _plain(value: object) -> Plain:
    return value if isinstance(value, str | int | float) else str(value)
