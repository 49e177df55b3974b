"""Files that people sent: outside the chat and the database, in a folder that the bot's own user alone may read."""

import os
import re
import stat
from pathlib import Path

from handlers.model import Paper

NAME = re.compile(r"[a-z2-7]{12}")  # an id of ours, which tells nothing
BEGINS = ((Paper.JPEG, b"\xff\xd8\xff"), (Paper.PNG, b"\x89PNG\r\n\x1a\n"), (Paper.PDF, b"%PDF-"))
ENDS = {Paper.JPEG: b"\xff\xd9", Paper.PNG: b"IEND", Paper.PDF: b"%%EOF"}
TAIL = 1024  # bytes at the end in which a whole file says that it ends


def kind_of(data: bytes) -> Paper | None:
    """By what is in it, whatever it is called; None for anything else, and for half a file."""
    kind = next((kind for kind, begins in BEGINS if data.startswith(begins)), None)
    return kind if kind is not None and ENDS[kind] in data[-TAIL:] else None


class Vault:
    """A folder of mode 0700 with files of mode 0600, each called by its id. Made when the first file is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, id: str, data: bytes) -> None:
        """Whole or not at all; a second time it is written anew. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._folder / f"{id}.new"
        new.unlink(missing_ok=True)
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.rename(self._folder / id)

    def read(self, id: str) -> bytes:
        """Raises FileNotFoundError."""
        return (self._folder / id).read_bytes()

    def drop_all_but(self, ids: frozenset[str]) -> int:
        """How many files were removed. What is not ours in the folder stays."""
        names = [one for one in self._names() if one.partition(".")[0] not in ids]
        for name in names:
            (self._folder / name).unlink(missing_ok=True)
        return len(names)

    def _names(self) -> list[str]:
        if not self._folder.is_dir():
            return []
        return [one.name for one in self._folder.iterdir() if NAME.fullmatch(one.name.partition(".")[0])]

    def open_to_others(self) -> str | None:
        """The first path of it that anybody but its owner may look into, None where all is as it should be."""
        if not self._folder.exists():
            return None
        paths = (self._folder, *(self._folder / name for name in self._names()))
        return next((str(path) for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077), None)
