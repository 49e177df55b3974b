"""What can go wrong with a database, named for what the caller must do. Foreign errors become these at the edge."""


class StorageError(Exception):
    """The sentence is meant for the person who keeps the machine; it holds no value of any row and no password."""


class Busy(StorageError):
    """Locked by another, or away: nothing is known to be wrong, so try the whole work again later.

    A connection lost during COMMIT leaves open whether it took hold: work that is tried again must look first."""


class Full(StorageError):
    """The disk or quota has no room. What was committed is safe, this work was undone; make room, then try again."""


class TooNew(StorageError):
    """The database was written by a newer version of the program, which alone may open it."""


class Unreadable(StorageError):
    """Not a database, not ours, not permitted or not there: somebody must act, and the sentence says on what."""


class Corrupt(Unreadable):
    """The database contradicts itself: put back a copy."""


class Conflict(StorageError):
    """A constraint was broken: a bug in the work. The driver's own words are the cause."""
