"""The files of words, read: every sentence of a language by its key `section.key`, and what is wrong with them."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from bot.texts.template import gaps

HERE = Path(__file__).parent
LANGUAGES = ("zh", "en")
FACE = "face."  # what stands on a card


@cache
def table(language: str, folder: Path = HERE) -> Mapping[str, str]:
    """zh.toml and every *.zh.toml together. Raises ValueError naming the file for bad TOML or a doubled key."""
    merged: dict[str, str] = {}
    for path in _files(language, folder):
        for key, sentence in _sentences(path):
            if key in merged:
                raise ValueError(f"{path.name}: {key} is in another file too")
            merged[key] = sentence
    return merged


def check(folder: Path = HERE) -> list[str]:
    """What is wrong with the words, a line each: a key that a language lacks, gaps that differ, a bad file."""
    try:
        tables = {language: table(language, folder) for language in LANGUAGES}
    except ValueError as error:
        return [str(error)]
    keys = sorted(set().union(*tables.values()))
    return [problem for key in keys for problem in _problems(key, tables)]


def _files(language: str, folder: Path) -> list[Path]:
    found = sorted((*folder.glob(f"{language}.toml"), *folder.glob(f"*.{language}.toml")))
    if not found:
        raise ValueError(f"there are no words in {language}: {folder} has no {language}.toml")
    return found


def _sentences(path: Path) -> Iterator[tuple[str, str]]:
    try:
        yield from _flat(tomllib.loads(path.read_text(encoding="utf-8")), "")
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error


def _flat(section: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in section.items():
        match value:
            case str():
                yield prefix + name, value
            case dict():
                yield from _flat(value, f"{prefix}{name}.")
            case _:
                raise ValueError(f"{prefix}{name} is neither a sentence nor a section")


def _problems(key: str, tables: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """A card's form may leave out in one language what another has room for."""
    found: dict[str, frozenset[str]] = {}
    for language, sentences in tables.items():
        if key not in sentences:
            yield f"{key} is missing in {language}"
            continue
        try:
            found[language] = gaps(sentences[key])
        except ValueError as error:
            yield f"{key} in {language}: {error}"
    if key.startswith(FACE):
        return
    for name in sorted(set().union(*found.values())):
        lacking = [language for language, names in found.items() if name not in names]
        if lacking:
            yield f"{key} has {{{name}}}, but not in {', '.join(lacking)}"
