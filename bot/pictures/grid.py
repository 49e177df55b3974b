"""Every class of every school as a cell: one block a school, rows are grades. For as many schools as stay legible."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.pictures.marks import draw_mark, draw_unwell
from bot.pictures.sheet import FAINT, GREY, INK, INNER, MARGIN, MUTED, PALE, PAPER, RED, Sheet, Words
from handlers.pictures import NOT_REPORTED, Cell, Mark, SchoolBlock

# at scale 1
_CELL, _ROW, _GRADE, _HEAD, _GAP, _DROP = 96.0, 72.0, 52.0, 58.0, 30.0, 22.0
_LARGEST = 1.3
# a cell 56 px wide still shows its mark and a two-digit number on a phone
_SMALLEST = 0.58
_STEP = 0.02


@dataclass(frozen=True, slots=True)
class Grid:
    scale: float
    shelves: tuple[tuple[SchoolBlock, ...], ...]

    @property
    def height(self) -> float:
        return sum(_tall(shelf, self.scale) for shelf in self.shelves) + _DROP * self.scale * (len(self.shelves) - 1)


def plan_grid(schools: tuple[SchoolBlock, ...], room: float) -> Grid | None:
    """The largest cells at which all blocks fit, in their own order; None when they would be too small to read."""
    for scale in _scales():
        shelves = _shelves(schools, scale)
        if shelves and (grid := Grid(scale, shelves)).height <= room:
            return grid
    return None


def draw_grid(sheet: Sheet, grid: Grid, words: Words, y: float) -> float:
    for shelf in grid.shelves:
        blank = INNER - sum(_wide(school, grid.scale) for school in shelf)
        gap = blank / (len(shelf) - 1) if len(shelf) > 1 else 0.0
        x = float(MARGIN)
        for school in shelf:
            _Block(sheet, words, school, grid.scale, x, y).draw()
            x += _wide(school, grid.scale) + min(gap, 2 * _GAP)
        y += _tall(shelf, grid.scale) + _DROP * grid.scale
    return y - _DROP * grid.scale


def _scales() -> Iterator[float]:
    scale = _LARGEST
    while scale >= _SMALLEST:
        yield scale
        scale -= _STEP


def _shelves(schools: tuple[SchoolBlock, ...], scale: float) -> tuple[tuple[SchoolBlock, ...], ...]:
    """Blocks from left to right, a new shelf where the width ends. Empty when one alone is too wide."""
    shelves: list[list[SchoolBlock]] = []
    left = 0.0
    for school in schools:
        wide = _wide(school, scale)
        if wide > INNER:
            return ()
        if not shelves or wide > left:
            shelves.append([])
            left = INNER
        shelves[-1].append(school)
        left -= wide + _GAP * scale
    return tuple(tuple(shelf) for shelf in shelves)


def _wide(school: SchoolBlock, scale: float) -> float:
    """At least so much that the head of the block can be read."""
    cells = max((len(row.cells) for row in school.rows), default=0)
    return (_GRADE + max(cells, 2) * _CELL) * scale


def _tall(shelf: tuple[SchoolBlock, ...], scale: float) -> float:
    return (_HEAD + max(len(school.rows) for school in shelf) * _ROW) * scale


@dataclass(frozen=True, slots=True)
class _Block:
    sheet: Sheet
    words: Words
    school: SchoolBlock
    scale: float
    x: float
    y: float

    def draw(self) -> None:
        self._head()
        for place, row in enumerate(self.school.rows):
            top = self.y + (_HEAD + place * _ROW) * self.scale
            grade = _GRADE * self.scale
            self.sheet.write(self.x, top + _ROW * self.scale / 2, row.grade, size=30 * self.scale, room=grade - 6)
            for column, cell in enumerate(row.cells):
                self._cell(cell, self.x + grade + column * _CELL * self.scale, top)

    def _head(self) -> None:
        wide, s = _wide(self.school, self.scale), self.scale
        due, reported = self.school.expected_classes, self.school.reported
        middle, right = self.y + 24 * s, self.x + wide - 6 * s
        count = f"{reported}/{due}"
        colour = INK if reported == due else RED
        taken = self.sheet.write(right, middle, count, size=30 * s, colour=colour, align="right", bold=reported < due)
        if self.school.fever:
            fever = self.words("picture.fever", {"n": self.school.fever})
            right -= taken + 14 * s
            taken += 14 * s + self.sheet.write(right, middle, fever, size=30 * s, colour=RED, align="right", bold=True)
        self.sheet.write(self.x, middle, self.school.short, size=32 * s, bold=True, room=wide - taken - 20 * s)
        line = self.y + 48 * s
        self.sheet.line([(self.x, line), (self.x + wide - 6 * s, line)], colour=FAINT, thick=2)

    def _cell(self, cell: Cell, x: float, y: float) -> None:
        """The ground tells the standing at a glance, the mark and the words tell it without colour."""
        s, inset = self.scale, 3 * self.scale
        width, height = _CELL * s - 2 * inset, _ROW * s - 2 * inset
        left, top, middle = x + inset, y + inset, y + _ROW * s / 2
        match cell.mark:
            case Mark.MISSING:
                thick = 5 * s
                self.sheet.box(
                    left + thick / 2, top + thick / 2, width - thick, height - thick, fill=PAPER, edge=RED, thick=thick
                )
            case Mark.UNBOUND:
                self.sheet.box(left + 1, top + 1, width - 2, height - 2, fill=PAPER, edge=INK, thick=2, dashed=True)
            case _:
                self.sheet.box(left, top, width, height, fill=GREY if cell.mark is Mark.EXCUSED else PALE, radius=6 * s)
        self.sheet.write(left + 10 * s, middle, cell.label, size=24 * s, colour=MUTED, room=22 * s)
        if cell.mark in NOT_REPORTED or cell.mark is Mark.EXCUSED:
            self._said(cell.mark, left + width * 0.62, middle, width * 0.62)
        else:
            self._reported(cell, left, middle, width)

    def _said(self, mark: Mark, x: float, y: float, room: float) -> None:
        key = {Mark.MISSING: "missing_mark", Mark.UNBOUND: "unbound", Mark.EXCUSED: "excused"}[mark]
        colour = {Mark.MISSING: RED, Mark.UNBOUND: INK, Mark.EXCUSED: MUTED}[mark]
        said = self.words(f"picture.{key}", {})
        self.sheet.write(x, y, said, size=24 * self.scale, colour=colour, align="middle", bold=True, room=room)

    def _reported(self, cell: Cell, left: float, middle: float, width: float) -> None:
        s = self.scale
        draw_mark(self.sheet, cell.mark, left + width * 0.42, middle, 26 * s)
        x = left + width * 0.78
        lower = middle + 13 * s if cell.proxy else middle
        if cell.proxy:
            above = middle - 16 * s if cell.unwell else middle
            said = self.words("picture.proxy", {})
            self.sheet.write(x, above, said, size=(22 if cell.unwell else 26) * s, align="middle", bold=True)
        if cell.unwell:
            draw_unwell(self.sheet, cell.unwell, cell.fever, x, lower, (26 if cell.proxy else 30) * s)
