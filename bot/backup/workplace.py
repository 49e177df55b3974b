"""Where a backup is made and opened: a folder beside what it is made of, so that nothing of it is ever in the clear
anywhere else."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bot.config import StorageSection

NAME: Final = ".zero-report-backup"


class AtWork(Exception):
    """Another backup, or a restore, is in the midst of it."""


@contextmanager
def workplace(storage: StorageSection) -> Iterator[Path]:
    """Of this user's own, empty, and gone afterwards; what one that was killed has left goes first. Raises AtWork."""
    folder = beside(storage) / NAME
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AtWork(str(folder)) from error
        room = folder / "room"
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir(mode=0o700)
        try:
            yield room
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def beside(storage: StorageSection) -> Path:
    """The folder of the database; of a server's, that in which the certificates lie."""
    return (storage.database or storage.files).absolute().parent
