"""The workbook of invitations: a sheet a school, so that each office is handed its own people's links and no others."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.workbook import Sheet, by_first_column, save_private, workbook

# name, 称呼, duty, link, expiry, the sentence to forward
_WIDTHS: Final = (14, 12, 22, 40, 18, 100)


def invites_workbook(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]], *, now: datetime) -> None:
    """Rows as handlers/enrol makes them, the school first. Readable by its owner only: whoever has a link can bind as
    that person. Raises OSError."""
    whole = Sheet(header[0], tuple(header), rows, _WIDTHS)
    save_private(path, workbook(by_first_column(whole), made_at=now))
