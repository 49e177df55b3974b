"""The database of a simulated district: SQLite in memory, which outlives the program that crashes."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from storage.migrate import migrate
from storage.running import Inline
from storage.sqlite import Sqlite
from storage.sqlite_file import APPLICATION_ID

NAME = Path(":memory:")


class Memory:
    """`copy` is a database as `image` gave it; `now` is what its own clock says, by which leases hold."""

    def __init__(self, now: Callable[[], datetime], copy: bytes | None = None) -> None:
        self._connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=1024)
        self._connection.create_function("current_timestamp", 0, lambda: f"{now():%Y-%m-%d %H:%M:%S}")
        if copy is not None:
            self._connection.deserialize(copy)
        self._connection.execute("PRAGMA foreign_keys = ON")
        writer = Sqlite(self._connection, NAME, "BEGIN IMMEDIATE")
        if copy is None:
            self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            migrate(writer)
        # one connection for both: work is never interleaved, and a reader of its own would see nothing of memory
        self.writer, self.reader = writer, Sqlite(self._connection, NAME, "BEGIN")
        self.storage = Inline(self.writer, self.reader)

    def image(self) -> bytes:
        return self._connection.serialize()

    def close(self) -> None:
        self._connection.close()
