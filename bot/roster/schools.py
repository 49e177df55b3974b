"""Which rows are of one school: a name that differs by a space alone is a slip, not another school."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from bot.roster.cells import narrow
from bot.roster.columns import Column
from bot.roster.faults import Fault, Trouble
from bot.roster.tables import Entry


def key(entry: Entry) -> str:
    """The school, however its name is spaced; empty when none is given."""
    return narrow(entry.raw(Column.SCHOOL)).casefold()


def usual_names(entries: Iterable[Entry]) -> dict[str, str]:
    """By key the name that we write, schools in the order in which they first occur."""
    return {entry_key: entry[Column.SCHOOL] for entry_key, entry in _first_of_each(entries).items()}


def spelling_faults(entries: Iterable[Entry]) -> Iterator[Fault]:
    """The first row of every spelling but the commonest."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, Entry] = {}
    for entry in entries:
        spelling = entry.raw(Column.SCHOOL).strip()
        spellings[key(entry)][spelling] += 1
        first.setdefault(spelling, entry)
    for counts in spellings.values():
        (usual, _), *others = counts.most_common()
        for spelling, _ in others:
            yield first[spelling].fault(Trouble.SCHOOL_SPELLING, Column.SCHOOL, name=usual)


def _first_of_each(entries: Iterable[Entry]) -> dict[str, Entry]:
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(key(entry), entry)
    return first
