"""Numbers → XLSX: plain sheets that open safely, and files that only their owner can read."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final
from unicodedata import east_asian_width

from msgspec import Struct

from bot.texts import Words
from handlers.model import Cell as Said
from handlers.model import Text, Workbook

if TYPE_CHECKING:
    import xlsxwriter

Cell = str | int | float | None

_NARROWEST: Final = 8  # digits
_WIDEST: Final = 60  # what is longer is wrapped
_UNSEEN: Final = 14  # where the rows are not known beforehand
_LONGEST_NAME: Final = 31  # of a sheet, by Excel
_NOT_IN_A_NAME: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_PLAIN: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MOST_ROWS: Final = 1_048_575  # of a sheet, by Excel, below its header


class Sheet(Struct, frozen=True):
    """One sheet as it is written: a header and rows below it. `as_text`: what somebody types into it stays as typed,
    so that 001 does not become 1."""

    name: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    as_text: bool = False


def said(book: Workbook, words: Words) -> list[Sheet]:
    """The sheets of a handler's workbook, in one language. Raises WordsError."""
    return [
        Sheet(sheet.name, tuple(map(words.say, sheet.headers)), [cells(row, words) for row in sheet.rows])
        for sheet in book.sheets
    ]


def cells(row: Sequence[Said], words: Words) -> tuple[Cell, ...]:
    """A row in one language; no word of it names a pupil. Raises WordsError."""
    return tuple(
        words.render(cell, name=lambda _: None, author=None) if isinstance(cell, Text) else cell for cell in row
    )


def workbook(sheets: Sequence[Sheet], *, made_at: datetime) -> bytes:
    """An XLSX of these sheets. Text stays text, whatever it begins with; the same sheets give the same bytes."""
    import xlsxwriter

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **_PLAIN}) as book:
        stamp(book, made_at)
        for name, sheet in zip(sheet_names([sheet.name for sheet in sheets]), sheets, strict=True):
            page = _Page(book, name, sheet.header, _widths(sheet), as_text=sheet.as_text)
            for row in sheet.rows:
                page.add(row)
    return buffer.getvalue()


class Rows:
    """Rows of one table as they come, none of which is kept in memory; a further sheet where Excel's is full."""

    def __init__(self, book: "xlsxwriter.Workbook", name: str, header: tuple[str, ...], most: int) -> None:
        self._book, self._name, self._header, self._most = book, name, header, most
        self.count = 0
        self._page = self._next_page()

    def then(self, name: str, header: tuple[str, ...]) -> "Rows":
        """Another table of the same workbook, once this one is whole."""
        return Rows(self._book, name, header, self._most)

    def add(self, row: Sequence[Cell]) -> None:
        if self.count and self.count % self._most == 0:
            self._page = self._next_page()
        self._page.add(row)
        self.count += 1

    def _next_page(self) -> "_Page":
        name, nth = sheet_names([self._name])[0], self.count // self._most + 1
        ending = f" {nth}" if nth > 1 else ""
        widths = [_UNSEEN] * len(self._header)
        return _Page(self._book, name[: _LONGEST_NAME - len(ending)] + ending, self._header, widths)


@contextmanager
def rows_to(
    path: Path, name: str, header: tuple[str, ...], *, made_at: datetime, most: int = MOST_ROWS
) -> Iterator[Rows]:
    """An XLSX that is written while its rows come: whole or not at all, readable by its owner only. Raises OSError."""
    import xlsxwriter

    with _private(path) as file, xlsxwriter.Workbook(file, {"constant_memory": True, **_PLAIN}) as book:
        stamp(book, made_at)
        yield Rows(book, name, header, most)


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
    with _private(path) as file:
        file.write(data)


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    # mkstemp makes it 0600; in the same folder, so that the last step is a rename
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


class _Page:
    """One sheet: its header, then row after row."""

    def __init__(
        self,
        book: "xlsxwriter.Workbook",
        name: str,
        header: tuple[str, ...],
        widths: Sequence[int],
        *,
        as_text: bool = False,
    ) -> None:
        bold = {"bold": True, "bg_color": "#E8EEF4", "border": 1, "text_wrap": True, "valign": "vcenter"}
        # quotePrefix keeps such a cell a text even after somebody edits it in Excel
        self._quoted = book.add_format({"quote_prefix": True})
        self._sheet = book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        self._row = 0
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        usual = book.add_format({"num_format": "@"}) if as_text else None
        for column, (title, wide) in enumerate(zip(header, widths, strict=True)):
            fits = min(max(wide, _NARROWEST), _WIDEST)
            self._sheet.set_column(column, column, fits, wrapped if wide > _WIDEST else usual)
            self._sheet.write_string(0, column, title, book.add_format(bold))

    def add(self, row: Sequence[Cell]) -> None:
        self._row += 1
        for column, cell in enumerate(row):
            match cell:
                case str():
                    shown = self._quoted if cell.startswith(_STARTS_A_FORMULA) else None
                    self._sheet.write_string(self._row, column, cell, shown)
                case None:
                    pass
                case _:
                    self._sheet.write_number(self._row, column, cell)


def _widths(sheet: Sheet) -> list[int]:
    """In digits, for the widest cell of each column."""
    columns = zip_longest(sheet.header, *sheet.rows)
    return [max(map(_wide, column)) + 2 for column in columns]


def _wide(cell: Cell) -> int:
    """In digits: a Chinese character takes two."""
    return sum(1 + (east_asian_width(character) in "WF") for character in str("" if cell is None else cell))
