"""The district's rules as one day has them. A turn asks for them several times and they hardly ever change, so that
they are parsed once for as long as no row differs."""

from collections.abc import Iterable
from functools import lru_cache

from handlers.rulebook import Rules, read_rules
from storage.transaction import Row

DAYS_AT_ONCE = 64  # several days are looked at in one morning, and each may have rules of its own


def rules_of(rows: Iterable[Row]) -> Rules:
    """`rows` of the table rule, the older first: of a key the last one holds. Raises KeyError or ValueError naming the
    rule that is missing or wrong."""
    newest = {row["key"]: (row["value"], row["source"]) for row in rows}
    return _parsed(tuple(sorted(newest.items())))


@lru_cache(maxsize=DAYS_AT_ONCE)
def _parsed(rows: tuple[tuple[str, tuple[str, str]], ...]) -> Rules:
    return read_rules(dict(rows))
