"""Rules and calendar hardly ever change, and a turn asks for them several times: they are read once for as long as
nobody decides anything new."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from storage.transaction import Tx

T = TypeVar("T")

DECIDED = "decided"  # in the table progress: the row that changed rules or calendar last
MOST = 256  # answers, of a few days each

# a connection's own, for another database has other rules
_known: WeakKeyDictionary[Tx, dict[tuple[str, Hashable], Any]] = WeakKeyDictionary()


def settled(tx: Tx, question: Hashable, read: Callable[[], T]) -> T:
    """`read` looks at the tables rule and calendar alone; nobody changes what it gives. Which row decided last is part
    of the key: one that is undone is not the one that comes in its place."""
    last = tx.one("SELECT value FROM progress WHERE name = :name", name=DECIDED)
    if last is None:
        return read()
    known, key = _known.setdefault(tx, {}), (str(last["value"]), question)
    if key not in known:
        found = read()
        if len(known) >= MOST:
            known.clear()
        known[key] = found
    answer: T = known[key]
    return answer
