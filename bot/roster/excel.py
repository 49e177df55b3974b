"""XLSX → grids of text, as a person would read them on the screen."""

import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from bot.roster.cells import narrow
from bot.roster.columns import Kind
from bot.roster.tables import Table, table

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import _WorksheetLike

SHEETS: Final = {
    Kind.STAFF: ("教职工", "教职工名单", "教职工花名册", "教师", "教师名单", "staff", "teachers"),
    Kind.PUPILS: ("学生", "学生名单", "学生花名册", "pupils", "students"),
}
_KINDS: Final = {name: kind for kind, names in SHEETS.items() for name in names}
_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')

Area = tuple[int, int, int, int]  # first and last row, first and last column, from 0


def read_xlsx(data: bytes, prefix: str = "") -> list[Table]:
    """Every sheet, called by `prefix` and its title; a hidden one is of no kind. Raises what zipfile and openpyxl raise
    for a file that is damaged."""
    import openpyxl

    with warnings.catch_warnings(), ZipFile(BytesIO(data)) as parts:
        # openpyxl warns of drop-downs, styles and pictures that it would not write back; we only read
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
        tables = [_table(parts, sheet, f"{prefix}{sheet.title}") for sheet in book.worksheets]
        book.close()
    return tables


def read_sheet(data: bytes, title: str) -> list[list[str]] | None:
    """The rows of the sheet of that title; None where there is none. Raises as read_xlsx does."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
        found = [sheet for sheet in book.worksheets if narrow(sheet.title) == title]
        rows = [list(row) for row in _texts(found[0])] if found else None
        book.close()
    return rows


def _table(parts: ZipFile, sheet: "_WorksheetLike", name: str) -> Table:
    kind = _KINDS.get(narrow(sheet.title).lower())
    if kind is None or sheet.sheet_state != "visible":
        return Table(name)
    rows = [list(row) for row in _texts(sheet)]
    # a read-only sheet does not tell what is merged, any other costs forty times the memory; this
    # attribute is openpyxl's own, but nothing public says which part of the file a sheet is
    part: str = sheet._worksheet_path  # type: ignore[attr-defined]
    _fill(rows, _merged(parts.read(part)))
    return table(name, kind, rows)


def _texts(sheet: "_WorksheetLike") -> Iterator[Sequence[str]]:
    # the size that a file states of itself is often wrong, WPS's above all
    sheet.reset_dimensions()
    for row in sheet.rows:
        yield [_text(cell.value, cell.number_format or "") if cell.value is not None else "" for cell in row]


def _text(value: object, number_format: str) -> str:
    match value:
        case bool():
            return str(value)
        case int() | float() if float(value).is_integer():
            zeros = re.fullmatch("0+", number_format)
            return str(int(value)).zfill(len(zeros[0]) if zeros else 1)
        case datetime() | date():
            return f"{value.year}年{value.month}月{value.day}日"
        case time():
            return value.isoformat()
        case _:
            return str(value)


def _merged(part: bytes) -> Iterator[Area]:
    for left, top, right, bottom in _MERGED.findall(part):
        yield int(top) - 1, int(bottom) - 1, _column(left), _column(right)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _fill(rows: list[list[str]], areas: Iterator[Area]) -> None:
    """Say in each merged cell what the whole says."""
    for top, bottom, left, right in areas:
        text = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        for row in rows[top : bottom + 1] if text else ():
            row.extend([""] * (right + 1 - len(row)))
            row[left : right + 1] = [text] * (right + 1 - left)
