"""Many schools: one row each, in their own order; a school with missing classes is unfolded as far as there is room."""

from dataclasses import dataclass

from bot.pictures.marks import draw_mark, draw_unwell
from bot.pictures.sheet import INK, INNER, MARGIN, MUTED, RED, Sheet, Words
from handlers.pictures import NOT_REPORTED, Cell, GradeRow, Mark, SchoolBlock

_TALLEST, _LOWEST = 46, 16
# below this the rows are not made lower to unfold more schools
_UNFOLDING = 21
_TYPE = 0.76
# a column's least width in sizes of its type
_WIDE = 11.4
_BLANK = 20.0
# classes on an unfolded line
_ABREAST = 4
# so many unwell in one class are shown by name here, as the caption does
_MANY = 3


@dataclass(frozen=True, slots=True)
class Table:
    line: float  # px
    columns: tuple[tuple[SchoolBlock, ...], ...]
    unfolded: frozenset[str]  # school ids

    @property
    def height(self) -> float:
        return self.line * max((_length(column, self.unfolded) for column in self.columns), default=0)


def plan_table(schools: tuple[SchoolBlock, ...], room: float) -> Table:
    """The highest lines at which all schools fit. Who has most classes missing is unfolded first."""
    troubled = sorted((school for school in schools if _shown(school)), key=_missing, reverse=True)
    for count in _fewer(len(troubled)):
        unfolded = frozenset(school.id for school in troubled[:count])
        for line in range(_TALLEST, (_UNFOLDING if count else _LOWEST) - 1, -1):
            columns = _columns(schools, unfolded, int(room // line), _most_columns(line))
            if columns:
                return Table(line, columns, unfolded)
    return Table(_LOWEST, _even(schools, _most_columns(_LOWEST)), frozenset())


def draw_table(sheet: Sheet, table: Table, words: Words, y: float) -> None:
    wide = INNER / len(table.columns)
    for place, column in enumerate(table.columns):
        top = y
        for school in column:
            _row(sheet, school, words, MARGIN + place * wide, top, wide - _BLANK, table.line)
            if school.id in table.unfolded:
                _classes(sheet, school, words, MARGIN + place * wide, top + table.line, wide - _BLANK, table.line)
            top += table.line * _lines(school, table.unfolded)


def _fewer(count: int) -> list[int]:
    """Tries all, then ever fewer, at last none."""
    tried = [count * part // 12 for part in range(12, 0, -1)]
    return [*dict.fromkeys(tried), 0] if count else [0]


def _most_columns(line: float) -> int:
    return max(1, int((INNER + _BLANK) // (_WIDE * _TYPE * line + _BLANK)))


def _columns(
    schools: tuple[SchoolBlock, ...], unfolded: frozenset[str], capacity: int, most: int
) -> tuple[tuple[SchoolBlock, ...], ...]:
    """As few columns as hold all schools, a school never divided between two; empty when they don't fit."""
    columns: list[list[SchoolBlock]] = [[]]
    left = capacity
    for school in schools:
        need = _lines(school, unfolded)
        if need > left:
            columns.append([])
            left = capacity
        columns[-1].append(school)
        left -= need
    fits = len(columns) <= most and all(_length(tuple(column), unfolded) <= capacity for column in columns)
    return tuple(tuple(column) for column in columns) if fits else ()


def _even(schools: tuple[SchoolBlock, ...], columns: int) -> tuple[tuple[SchoolBlock, ...], ...]:
    each = -(-len(schools) // columns)
    return tuple(schools[start : start + each] for start in range(0, len(schools), each))


def _length(column: tuple[SchoolBlock, ...], unfolded: frozenset[str]) -> int:
    return sum(_lines(school, unfolded) for school in column)


def _lines(school: SchoolBlock, unfolded: frozenset[str]) -> int:
    return 1 + (-(-len(_shown(school)) // _ABREAST) if school.id in unfolded else 0)


def _shown(school: SchoolBlock) -> list[tuple[GradeRow, Cell]]:
    """The classes that an unfolded school lists: not reported, or with three and more unwell."""
    cells = [(row, cell) for row in school.rows for cell in row.cells]
    return [(row, cell) for row, cell in cells if cell.mark in NOT_REPORTED or cell.unwell >= _MANY]


def _missing(school: SchoolBlock) -> int:
    return school.expected_classes - school.reported


def _row(sheet: Sheet, school: SchoolBlock, words: Words, x: float, y: float, wide: float, line: float) -> None:
    size, middle, right = line * _TYPE, y + line / 2, x + wide
    if school.fever:
        draw_unwell(sheet, school.fever, True, right - size * 0.75, middle, size * 0.92)
    right -= size * 1.75
    complete = not _missing(school)
    count = f"{school.reported}/{school.expected_classes}"
    colour = INK if complete else RED
    taken = sheet.write(right, middle, count, size=size, colour=colour, align="right", bold=not complete)
    right -= taken + size * 0.6
    mark = _mark(school)
    draw_mark(sheet, mark, right, middle, size * 0.8)
    room = right - size * 0.6 - x
    sheet.write(x, middle, school.short, size=size, colour=colour, bold=not complete, room=room)


def _mark(school: SchoolBlock) -> Mark:
    """Of a whole school: missing while any class is, off when nothing is due, else late if any was."""
    if _missing(school):
        return Mark.MISSING
    if not school.expected_classes:
        return Mark.EXCUSED
    return Mark.LATE if any(cell.mark is Mark.LATE for cell in school.cells) else Mark.ON_TIME


def _classes(sheet: Sheet, school: SchoolBlock, words: Words, x: float, y: float, wide: float, line: float) -> None:
    column = wide / _ABREAST
    for place, (row, cell) in enumerate(_shown(school)):
        left = x + place % _ABREAST * column
        _class(sheet, row, cell, words, left, y + line * (place // _ABREAST + 0.5), column, line * _TYPE * 0.88)


def _class(sheet: Sheet, row: GradeRow, cell: Cell, words: Words, x: float, y: float, room: float, size: float) -> None:
    if cell.mark in NOT_REPORTED:
        draw_mark(sheet, cell.mark, x + size * 0.5, y, size * 0.8)
    else:
        draw_unwell(sheet, cell.unwell, cell.fever, x + size * 0.5, y, size * 0.8)
    name = words("picture.class_short", {"grade": row.grade, "label": cell.label})
    sheet.write(x + size * 1.15, y, name, size=size, colour=MUTED, room=room - size * 1.2)
