"""The files that the office hands in → tables of text, or a sentence that says what to do with the file."""

import csv
import re
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, TypeVar
from zipfile import BadZipFile

from bot.roster.delimited import read_csv
from bot.roster.excel import read_sheet, read_xlsx
from bot.roster.faults import Fault, Trouble, fault
from bot.roster.tables import Table

T = TypeVar("T")

_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = bytes.fromhex("d0cf11e0a1b11ae1")  # Office before 2007, WPS, and every workbook with a password
_PDF: Final = b"%PDF"
# HTML and XML, which several programs call .xls; before the sign may stand a mark of the encoding
_WEB_PAGE: Final = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


def read_files(paths: Sequence[Path]) -> tuple[list[Table], list[Fault]]:
    """Tables of all that could be read, and a fault for each file that could not."""
    tables: list[Table] = []
    faults: list[Fault] = []
    for path in paths:
        # where many files come together, sheets of one name must be told apart
        found = _read(path, "" if len(paths) == 1 else f"{path.name}·")
        if isinstance(found, Trouble):
            faults.append(fault(found, path.name))
        else:
            tables += found
    return tables, faults


def read_own(path: Path, title: str) -> list[list[str]] | Fault:
    """The rows of one sheet of a workbook that we wrote, as the office hands it back; or why it cannot be used."""
    data = _bytes(path)
    if isinstance(data, Trouble):
        return fault(data, path.name)
    if not data.startswith(_ZIP):
        return fault(_other_kind(path, data) or Trouble.NOT_A_TABLE, path.name)
    rows = _xlsx(data, partial(read_sheet, title=title))
    if isinstance(rows, Trouble):
        return fault(rows, path.name)
    return fault(Trouble.NO_SHEET, path.name, name=title) if rows is None else rows


def _read(path: Path, prefix: str) -> list[Table] | Trouble:
    data = _bytes(path)
    if isinstance(data, Trouble):
        return data
    if data.startswith(_ZIP):
        return _xlsx(data, partial(read_xlsx, prefix=prefix))
    return _other_kind(path, data) or _csv(path, data)


def _bytes(path: Path) -> bytes | Trouble:
    try:
        return path.read_bytes()
    except OSError:
        return Trouble.UNREADABLE


def _other_kind(path: Path, data: bytes) -> Trouble | None:
    """What it is, if it is neither a workbook of today nor text."""
    if not data.strip():
        return Trouble.EMPTY_FILE
    if data.startswith(_COMPOUND):
        return _compound(path, data)
    if data.startswith(_PDF):
        return Trouble.PDF
    return Trouble.WEB_PAGE if _WEB_PAGE.match(data) else None


def _compound(path: Path, data: bytes) -> Trouble:
    if _ENCRYPTED in data:
        return Trouble.PASSWORD
    return Trouble.WPS if path.suffix.lower() == ".et" else Trouble.OLD_EXCEL


def _xlsx(data: bytes, read: Callable[[bytes], T]) -> T | Trouble:
    if b"xl/workbook" not in data:
        return Trouble.NOT_A_TABLE
    try:
        return read(data)
    # openpyxl has no error of its own for a part that is missing, cut short or of the wrong kind
    except (BadZipFile, zlib.error, OSError, EOFError, LookupError, ValueError, TypeError, SyntaxError, AttributeError):
        return Trouble.DAMAGED


def _csv(path: Path, data: bytes) -> list[Table] | Trouble:
    if (b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff"))) or data.lstrip()[:1] == b"{":
        return Trouble.NOT_A_TABLE
    try:
        table = read_csv(path.name, data)
    except UnicodeDecodeError:
        return Trouble.ENCODING
    except csv.Error:
        return Trouble.NOT_A_TABLE
    return [table] if table.kind else Trouble.WHICH_TABLE
