"""Every class of every school as a cell: one block a school, rows are grades. For as many schools as stay legible."""

from collections.abc import Iterator

from msgspec import Struct

from bot.pictures.marks import draw_mark, draw_not_ready, draw_unwell
from bot.pictures.sheet import FAINT, GREY, INK, INNER, MARGIN, MUTED, PALE, PAPER, RED, Sheet, Words
from handlers.pictures import NOT_REPORTED, Cell, Mark, SchoolBlock

# at scale 1
_CELL, _ROW, _GRADE, _HEAD, _GAP, _DROP = 96.0, 72.0, 52.0, 58.0, 30.0, 22.0
_LARGEST = 1.2
# cells may be made wider where the width allows
_STRETCH = 1.6
# a cell 56 px wide still shows its mark and a two-digit number on a phone
_SMALLEST = 0.58
_STEP = 0.02
# what stands beside a school's name is no smaller than this part of its type
_NARROWEST = 0.75


class Grid(Struct, frozen=True):
    scale: float
    shelves: tuple[tuple[SchoolBlock, ...], ...]

    @property
    def height(self) -> float:
        return sum(_tall(shelf, self.scale) for shelf in self.shelves) + _DROP * self.scale * (len(self.shelves) - 1)

    @property
    def cell(self) -> float:
        """The width of a cell: what is left of the fullest shelf is given to its cells."""
        plain = _CELL * self.scale
        return min([_STRETCH * plain, *(plain + _left(shelf, self.scale) / _abreast(shelf) for shelf in self.shelves)])


def plan_grid(schools: tuple[SchoolBlock, ...], room: float) -> Grid | None:
    """Cells as large as may be, all schools abreast rather than a little larger; None when too small to read."""
    grids = [Grid(scale, shelves) for scale in _scales() if (shelves := _shelves(schools, scale))]
    fitting = [grid for grid in grids if grid.height <= room]
    return max(fitting, key=lambda grid: grid.scale / len(grid.shelves) ** 0.35, default=None)


def draw_grid(sheet: Sheet, grid: Grid, words: Words, y: float) -> float:
    for shelf in grid.shelves:
        x = float(MARGIN)
        for school in shelf:
            block = _Block(sheet, words, school, grid.scale, grid.cell, x, y)
            block.draw()
            x += block.wide + _GAP * grid.scale
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


def _cells(school: SchoolBlock) -> int:
    """In its longest row; at least so many that the head of the block can be read."""
    return max(2, *(len(row.cells) for row in school.rows)) if school.rows else 2


def _wide(school: SchoolBlock, scale: float) -> float:
    return (_GRADE + _cells(school) * _CELL) * scale


def _abreast(shelf: tuple[SchoolBlock, ...]) -> int:
    return sum(_cells(school) for school in shelf)


def _left(shelf: tuple[SchoolBlock, ...], scale: float) -> float:
    return INNER - sum(_wide(school, scale) for school in shelf) - _GAP * scale * (len(shelf) - 1)


def _tall(shelf: tuple[SchoolBlock, ...], scale: float) -> float:
    return (_HEAD + max(len(school.rows) for school in shelf) * _ROW) * scale


class _Block(Struct, frozen=True):
    sheet: Sheet
    words: Words
    school: SchoolBlock
    scale: float
    cell: float
    x: float
    y: float

    @property
    def wide(self) -> float:
        return _GRADE * self.scale + _cells(self.school) * self.cell

    def draw(self) -> None:
        self._head()
        for place, row in enumerate(self.school.rows):
            top = self.y + (_HEAD + place * _ROW) * self.scale
            grade = _GRADE * self.scale
            self.sheet.write(self.x, top + _ROW * self.scale / 2, row.grade, size=30 * self.scale, room=grade - 6)
            for column, cell in enumerate(row.cells):
                self._cell(cell, self.x + grade + column * self.cell, top)

    def _head(self) -> None:
        """Name, 未就绪, fevers, classes reported. Where the block is narrow the fevers go, then the name is cut."""
        size, y = 31 * self.scale, self.y + 24 * self.scale
        not_ready = "" if self.school.ready else self.words("picture.not_ready", {})
        parts = self._parts()
        shrink = self._shrink(size, not_ready, *(said for said, _, _ in parts))
        if shrink < _NARROWEST:
            parts = parts[:1]
            shrink = max(_NARROWEST, self._shrink(size, not_ready, parts[0][0]))
        right = self.x + self.wide - 6 * self.scale
        for said, colour, bold in parts:
            right -= size * shrink * 0.5 + self.sheet.write(
                right, y, said, size=size * shrink, colour=colour, align="right", bold=bold
            )
        self._name(not_ready, y, size, right - self.x)
        line = self.y + 48 * self.scale
        self.sheet.line([(self.x, line), (self.x + self.wide - 6 * self.scale, line)], colour=FAINT, thick=2)

    def _parts(self) -> list[tuple[str, str, bool]]:
        """From the right: what, in which ink, whether bold."""
        due, reported = self.school.expected_classes, self.school.reported
        parts = [(f"{reported}/{due}", INK if reported == due else RED, reported < due)]
        if self.school.fever:
            parts.append((self.words("picture.fever", {"n": self.school.fever}), RED, True))
        return parts

    def _shrink(self, size: float, *beside: str) -> float:
        said = (self.school.short, *beside)
        return min(1.0, self.wide / sum(self.sheet.width(one, size) + size * 0.5 for one in said if one))

    def _name(self, not_ready: str, y: float, size: float, room: float) -> None:
        plate = size * 0.66
        if not_ready:
            room -= self.sheet.width(not_ready, plate) + plate
        taken = self.sheet.write(self.x, y, self.school.short, size=size, bold=True, room=room)
        if not_ready:
            draw_not_ready(self.sheet, not_ready, self.x + taken + plate * 0.5, y, plate)

    def _cell(self, cell: Cell, x: float, y: float) -> None:
        """The ground tells the standing at a glance, the mark and the words tell it without colour."""
        s, inset = self.scale, 3 * self.scale
        width, height = self.cell - 2 * inset, _ROW * s - 2 * inset
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
        self.sheet.write(left + 8 * s, middle, cell.label, size=24 * s, colour=MUTED, room=24 * s)
        if cell.mark in NOT_REPORTED or cell.mark is Mark.EXCUSED:
            label, border = 24 * s, 7 * s
            self._said(cell.mark, left + (width + label - border) / 2, middle, width - label - 2 * border)
        else:
            self._reported(cell, left, middle, width)

    def _said(self, mark: Mark, x: float, y: float, room: float) -> None:
        key = {Mark.MISSING: "missing_mark", Mark.UNBOUND: "unbound", Mark.EXCUSED: "excused"}[mark]
        colour = {Mark.MISSING: RED, Mark.UNBOUND: INK, Mark.EXCUSED: MUTED}[mark]
        said = self.words(f"picture.{key}", {})
        self.sheet.write(x, y, said, size=24 * self.scale, colour=colour, align="middle", bold=True, room=room)

    def _reported(self, cell: Cell, left: float, middle: float, width: float) -> None:
        s = self.scale
        draw_mark(self.sheet, cell.mark, left + width * 0.43, middle, 26 * s)
        x = left + width * 0.785
        lower = middle + 13 * s if cell.proxy else middle
        if cell.proxy:
            above = middle - 16 * s if cell.unwell else middle
            said = self.words("picture.proxy", {})
            self.sheet.write(x, above, said, size=(22 if cell.unwell else 26) * s, align="middle", bold=True)
        if cell.unwell:
            draw_unwell(self.sheet, cell.unwell, cell.fever, x, lower, (26 if cell.proxy else 30) * s)
