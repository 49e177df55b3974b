"""The files that the office hands in → grids of text, or a sentence that says what to do with the file."""

import csv
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

from bot.roster.delimited import read_csv
from bot.roster.excel import read_xlsx
from bot.roster.faults import Fault, Trouble, fault
from bot.roster.tables import Grid

_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = bytes.fromhex("d0cf11e0a1b11ae1")  # Office before 2007, WPS, and every workbook with a password
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


def read_files(paths: Sequence[Path]) -> tuple[list[Grid], list[Fault]]:
    """Grids of all that could be read, and a fault for each file that could not."""
    grids: list[Grid] = []
    faults: list[Fault] = []
    for path in paths:
        found = _read(path)
        if isinstance(found, Trouble):
            faults.append(fault(found, path.name))
        else:
            # where many files come together, sheets of one name must be told apart
            grids += found if len(paths) == 1 else [_named(path, grid) for grid in found]
    return grids, faults


def _named(path: Path, grid: Grid) -> Grid:
    return grid if grid.sheet == path.name else Grid(f"{path.name}·{grid.sheet}", grid.kind, grid.rows)


def _read(path: Path) -> list[Grid] | Trouble:
    try:
        data = path.read_bytes()
    except OSError:
        return Trouble.UNREADABLE
    if data.startswith(_COMPOUND):
        return _compound(path, data)
    return _xlsx(data) if data.startswith(_ZIP) else _csv(path, data)


def _compound(path: Path, data: bytes) -> Trouble:
    if _ENCRYPTED in data:
        return Trouble.PASSWORD
    return Trouble.WPS if path.suffix.lower() == ".et" else Trouble.OLD_EXCEL


def _xlsx(data: bytes) -> list[Grid] | Trouble:
    if b"xl/workbook" not in data:
        return Trouble.NOT_A_TABLE
    try:
        return list(read_xlsx(data))
    # openpyxl has no error of its own for a part that is missing, cut short or of the wrong kind
    except (BadZipFile, zlib.error, OSError, EOFError, LookupError, ValueError, TypeError, SyntaxError, AttributeError):
        return Trouble.DAMAGED


def _csv(path: Path, data: bytes) -> list[Grid] | Trouble:
    if (b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff"))) or data.lstrip()[:1] in (b"<", b"{"):
        return Trouble.NOT_A_TABLE
    try:
        grid = read_csv(path.name, data)
    except UnicodeDecodeError:
        return Trouble.ENCODING
    except csv.Error:
        return Trouble.NOT_A_TABLE
    return [grid] if grid.kind else Trouble.WHICH_TABLE
