"""Reads just enough SQL to tell words from quotes and comments: one text serves both databases."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

# `::` is PostgreSQL's cast, no parameter
LEFT_ALONE = r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | ::"""
PARAMETERS = re.compile(rf"(?P<quoted>{LEFT_ALONE}) | :(?P<name>[A-Za-z_]\w*)", re.VERBOSE | re.DOTALL)
WORDS = re.compile(rf"(?P<quoted>{LEFT_ALONE}) | \b(?P<word>[A-Za-z_]\w*)\b", re.VERBOSE | re.DOTALL)
ENDS = re.compile(rf"(?P<quoted>{LEFT_ALONE}) | (?P<end>;) | (?P<text>\S)", re.VERBOSE | re.DOTALL)


@lru_cache(maxsize=1024)
def for_psycopg(sql: str) -> bytes:
    """`:name` becomes `%(name)s`; psycopg reads `%` everywhere, so a literal one is doubled, in quotes too."""
    doubled = sql.replace("%", "%%")
    return PARAMETERS.sub(lambda found: found["quoted"] or f"%({found['name']})s", doubled).encode()


def reworded(sql: str, words: Mapping[str, str]) -> str:
    return WORDS.sub(lambda found: found["quoted"] or words.get(found["word"], found["word"]), sql)


def statements(script: str) -> Iterator[str]:
    """One by one, without the `;`. A comment with nothing behind it is no statement."""
    begin, empty = 0, True
    for found in ENDS.finditer(script + "\n;"):
        if found["end"]:
            if not empty:
                yield script[begin : found.start()].strip()
            begin, empty = found.end(), True
        elif found["text"]:
            empty = False
