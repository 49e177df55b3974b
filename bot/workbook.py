"""Numbers → XLSX: plain sheets that open safely, and files that only their owner can read."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width

from bot.texts import Words
from handlers.model import Text, Workbook

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | None

_NARROWEST: Final = 8  # digits
_WIDEST: Final = 60  # what is longer is wrapped
_LONGEST_NAME: Final = 31  # of a sheet, by Excel
_NOT_IN_A_NAME: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it is written: a header and rows below it."""

    name: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def said(book: Workbook, words: Words) -> list[Sheet]:
    """The sheets of a handler's workbook, in one language. Raises WordsError."""

    def cell(value: str | int | Text | None) -> Cell:
        return words.render(value, name=lambda _: None, author=None) if isinstance(value, Text) else value

    return [
        Sheet(
            sheet.name,
            tuple(words.say(header) for header in sheet.headers),
            [[cell(value) for value in row] for row in sheet.rows],
        )
        for sheet in book.sheets
    ]


def workbook(sheets: Sequence[Sheet], *, made_at: datetime) -> bytes:
    """An XLSX of these sheets. Text stays text, whatever it begins with; the same sheets give the same bytes."""
    import xlsxwriter

    buffer = BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, plain) as book:
        stamp(book, made_at)
        for name, sheet in zip(sheet_names([sheet.name for sheet in sheets]), sheets, strict=True):
            _write(book, book.add_worksheet(name), sheet)
    return buffer.getvalue()


def stamp(book: "xlsxwriter.Workbook", made_at: datetime) -> None:
    """Date the workbook by our clock, not by the machine's."""
    book.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names that Excel takes, all different even where it does not tell capitals apart."""
    names: list[str] = []
    for name in wanted:
        plain = name.translate(_NOT_IN_A_NAME).strip()[:_LONGEST_NAME] or "Sheet"
        chosen, nth = plain, 1
        while chosen.lower() in {taken.lower() for taken in names}:
            nth += 1
            ending = f" {nth}"
            chosen = plain[: _LONGEST_NAME - len(ending)] + ending
        names.append(chosen)
    return names


def save_private(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, readable by its owner only. Raises OSError."""
    # mkstemp makes it 0600; in the same folder, so that the last step is a rename
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def _write(book: "xlsxwriter.Workbook", page: "Worksheet", sheet: Sheet) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "valign": "vcenter"})
    # quotePrefix keeps such a cell a text even after somebody edits it in Excel
    quoted = book.add_format({"quote_prefix": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.freeze_panes(1, 0)
    for column, title in enumerate(sheet.header):
        wide = max(map(_wide, (title, *(row[column] for row in sheet.rows if column < len(row)))))
        page.set_column(column, column, min(max(wide + 2, _NARROWEST), _WIDEST), wrapped if wide > _WIDEST else None)
        page.write_string(0, column, title, bold)
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            match cell:
                case str():
                    page.write_string(number, column, cell, quoted if cell.startswith(_STARTS_A_FORMULA) else None)
                case None:
                    pass
                case _:
                    page.write_number(number, column, cell)


def _wide(cell: Cell) -> int:
    """In digits: a Chinese character takes two."""
    return sum(1 + (east_asian_width(character) in "WF") for character in str("" if cell is None else cell))
