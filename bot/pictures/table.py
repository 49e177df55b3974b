"""Many schools: one row each, in their own order; a troubled school is unfolded as far as there is room."""

from collections.abc import Mapping

from msgspec import Struct

from bot.pictures.marks import draw_lacking, draw_mark, draw_not_ready, draw_unwell
from bot.pictures.sheet import INK, INNER, MARGIN, MUTED, RED, Sheet, Words
from handlers.pictures import NOT_REPORTED, Cell, GradeRow, Mark, SchoolBlock

_TALLEST, _LOWEST = 46, 16
# below this the rows are not made lower to unfold more schools
_UNFOLDING = 22
_TYPE = 0.76
# a column's least width in sizes of its type
_WIDE = 9.0
_BLANK = 18.0
_INDENT = 1.55
# classes on an unfolded line
_ABREAST = 3
# so many unwell in one class are shown by name here, as the caption does
_MANY = 3


class Table(Struct, frozen=True):
    line: float  # px
    columns: tuple[tuple[SchoolBlock, ...], ...]
    unfolded: Mapping[str, int]  # school id → lines below its row

    @property
    def height(self) -> float:
        return self.line * max((_length(column, self.unfolded) for column in self.columns), default=0)


def plan_table(schools: tuple[SchoolBlock, ...], room: float) -> Table:
    """The highest lines at which all schools fit. Unfolded first is who is not ready, then who has most missing."""
    below = {school.id: -(-(len(_shown(school)) + (not school.ready)) // _ABREAST) for school in schools}
    troubled = sorted((school for school in schools if below[school.id]), key=_trouble, reverse=True)
    for count in _fewer(len(troubled)):
        unfolded = {school.id: below[school.id] for school in troubled[:count]}
        for line in range(_TALLEST, (_UNFOLDING if count else _LOWEST) - 1, -1):
            columns = _columns(schools, unfolded, int(room // line), _most_columns(line))
            if columns:
                return Table(line, columns, unfolded)
    return Table(_LOWEST, _even(schools, _most_columns(_LOWEST)), {})


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
    schools: tuple[SchoolBlock, ...], unfolded: Mapping[str, int], capacity: int, most: int
) -> tuple[tuple[SchoolBlock, ...], ...]:
    """As many columns as there may be, filled alike; empty when the schools don't fit."""
    total = len(schools) + sum(unfolded.values())
    if total > capacity * most:
        return ()
    heights = range(-(-total // most), capacity + 1)
    return next((columns for height in heights if len(columns := _filled(schools, unfolded, height)) <= most), ())


def _filled(
    schools: tuple[SchoolBlock, ...], unfolded: Mapping[str, int], height: int
) -> tuple[tuple[SchoolBlock, ...], ...]:
    """A school is never divided between two columns."""
    columns: list[list[SchoolBlock]] = []
    left = 0
    for school in schools:
        need = _lines(school, unfolded)
        if need > left:
            columns.append([])
            left = height
        columns[-1].append(school)
        left -= need
    return tuple(tuple(column) for column in columns)


def _even(schools: tuple[SchoolBlock, ...], columns: int) -> tuple[tuple[SchoolBlock, ...], ...]:
    each = -(-len(schools) // columns)
    return tuple(schools[start : start + each] for start in range(0, len(schools), each))


def _length(column: tuple[SchoolBlock, ...], unfolded: Mapping[str, int]) -> int:
    return sum(_lines(school, unfolded) for school in column)


def _lines(school: SchoolBlock, unfolded: Mapping[str, int]) -> int:
    return 1 + unfolded.get(school.id, 0)


def _shown(school: SchoolBlock) -> list[tuple[GradeRow, Cell]]:
    """The classes that an unfolded school lists: not reported, or with three and more unwell. A silent school needs
    no list."""
    if not school.reported:
        return []
    cells = [(row, cell) for row in school.rows for cell in row.cells]
    return [(row, cell) for row, cell in cells if cell.mark in NOT_REPORTED or cell.unwell >= _MANY]


def _missing(school: SchoolBlock) -> int:
    return school.expected_classes - school.reported


def _trouble(school: SchoolBlock) -> tuple[bool, int]:
    return not school.ready, _missing(school)


def _row(sheet: Sheet, school: SchoolBlock, words: Words, x: float, y: float, wide: float, line: float) -> None:
    size, middle = line * _TYPE, y + line / 2
    missing = _missing(school)
    if missing:
        draw_lacking(sheet, missing, x + size * 0.65, middle, size * 0.92)
    else:
        mark = Mark.ON_TIME if school.expected_classes else Mark.EXCUSED
        draw_mark(sheet, mark, x + size * 0.65, middle, size * 0.8)
    right = x + wide
    if school.fever:
        draw_unwell(sheet, school.fever, True, right - size * 0.65, middle, size * 0.92)
        right -= size * 1.5
    elif missing and not school.reported:
        said = words("picture.whole_school", {})
        right -= sheet.write(right, middle, said, size=size * 0.8, colour=RED, align="right") + size * 0.3
    left = x + size * _INDENT
    sheet.write(
        left, middle, school.short, size=size, colour=RED if missing else INK, bold=bool(missing), room=right - left
    )


def _classes(sheet: Sheet, school: SchoolBlock, words: Words, x: float, y: float, wide: float, line: float) -> None:
    size = line * _TYPE * 0.9
    x, wide = x + size * _INDENT, wide - size * _INDENT
    column, first = wide / _ABREAST, 0
    if not school.ready:
        draw_not_ready(sheet, words("picture.not_ready", {}), x, y + line / 2, min(size * 0.8, column * 0.26))
        first = 1
    for place, (row, cell) in enumerate(_shown(school), first):
        left = x + place % _ABREAST * column
        middle = y + line * (place // _ABREAST + 0.5)
        if cell.mark in NOT_REPORTED:
            draw_mark(sheet, cell.mark, left + size * 0.45, middle, size * 0.75)
        else:
            draw_unwell(sheet, cell.unwell, cell.fever, left + size * 0.45, middle, size * 0.75)
        name = words("picture.class_short", {"grade": row.grade, "label": cell.label})
        sheet.write(left + size * 1.1, middle, name, size=size, colour=MUTED, room=column - size * 1.2)
