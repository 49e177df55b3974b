"""CSV → a table of text, in whichever encoding Excel or another program in China wrote it."""

import csv
from typing import Final

from bot.roster.columns import Kind, find_header, kind_of
from bot.roster.tables import Table, table

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NAMES: Final = {
    Kind.STAFF: ("教职工", "教师", "staff", "teacher"),
    Kind.PUPILS: ("学生", "pupil", "student"),
}


def read_csv(name: str, data: bytes) -> Table:
    """Raises UnicodeDecodeError when it is no text in UTF-8, GB18030 or marked UTF-16, csv.Error when no table."""
    text = _decode(data)
    rows = list(csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text), strict=True))
    header = find_header(rows)
    kind = (kind_of(rows[header.row]) if header else None) or _kind_by_name(name)
    return table(name, kind, rows) if kind else Table(name)


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _delimiter(text: str) -> str:
    """The sign that stands most often in the first lines."""
    start = text[:2000]
    return max(",\t;", key=start.count)


def _kind_by_name(name: str) -> Kind | None:
    return next((kind for kind, words in _NAMES.items() if any(word in name.lower() for word in words)), None)
