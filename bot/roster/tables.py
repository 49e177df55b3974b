"""Tables of text, whatever file they came from: the rows below a header, and of each only what is ours to read."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bot.roster.cells import says_nothing, tidy
from bot.roster.columns import Column, Header, IgnoredColumn, Kind, find_header, ignored
from bot.roster.faults import Fault, Trouble, fault


class Entry(Struct, frozen=True):
    """One row below the header: where it stands, as Excel counts, and the text of each column that we read."""

    sheet: str
    row: int
    cells: Mapping[Column, str]

    def __getitem__(self, column: Column) -> str:
        """The text without filling spaces; empty when there is no such column."""
        return tidy(self.raw(column))

    def raw(self, column: Column) -> str:
        """The text as it was typed."""
        return self.cells.get(column, "")

    def fault(self, kind: Trouble, column: Column, **values: object) -> Fault:
        """A fault of this row."""
        return fault(kind, self.sheet, self.row, column, **values)

    def seen_from(self, other: "Entry") -> str:
        """How one calls this row when speaking of the other."""
        return f"第{self.row}行" if self.sheet == other.sheet else f"{self.sheet}第{self.row}行"


class Table(Struct, frozen=True):
    """A sheet or a CSV. None for a kind that is not ours; such a one, and one without a header, has no entries."""

    sheet: str
    kind: Kind | None = None
    header: Header | None = None
    entries: tuple[Entry, ...] = ()
    ignored: tuple[IgnoredColumn, ...] = ()


def table(sheet: str, kind: Kind, rows: Sequence[Sequence[str]]) -> Table:
    """What is not ours to know goes no farther than this: of the other columns only the headers are kept."""
    header = find_header(rows, kind)
    if header is None:
        return Table(sheet, kind)
    return Table(sheet, kind, header, tuple(_entries(sheet, header, rows)), tuple(ignored(sheet, header, rows)))


def _entries(sheet: str, header: Header, rows: Sequence[Sequence[str]]) -> Iterator[Entry]:
    """Every row that says something in a column that we read."""
    for number, row in enumerate(rows[header.row + 1 :], start=header.row + 2):
        cells = {column: row[place] for column, place in header.places.items() if place < len(row)}
        said = {column: text for column, text in cells.items() if not says_nothing(text)}
        if said:
            yield Entry(sheet, number, said)
