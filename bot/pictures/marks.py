"""The sign of a class's standing, alike in grid, table and legend, and told apart without colour."""

from typing import assert_never

from bot.pictures.sheet import AMBER, GREEN, GREY, INK, PAPER, RED, Sheet
from handlers.pictures import Mark


def draw_mark(sheet: Sheet, mark: Mark, x: float, y: float, size: float) -> None:
    """Within a square of `size` around (x, y)."""
    half = size / 2
    match mark:
        case Mark.ON_TIME:
            sheet.disc(x, y, half * 0.84, fill=GREEN, edge=GREEN)
        case Mark.LATE:
            sheet.disc(x, y, half * 0.84, fill=AMBER, edge=AMBER, half=True)
        case Mark.MISSING:
            sheet.box(x - half * 0.8, y - half * 0.8, size * 0.8, size * 0.8, fill=PAPER, edge=RED, thick=size * 0.16)
        case Mark.UNBOUND:
            _dashed_square(sheet, x, y, half * 0.85)
        case Mark.EXCUSED:
            sheet.box(x - half * 0.85, y - half * 0.85, size * 0.85, size * 0.85, fill=GREY)
        case _:
            assert_never(mark)


def _dashed_square(sheet: Sheet, x: float, y: float, half: float) -> None:
    sheet.box(x - half, y - half, 2 * half, 2 * half, fill=PAPER, edge=INK, thick=max(1.5, half * 0.14), dashed=True)


def draw_unwell(sheet: Sheet, count: int, fever: bool, x: float, y: float, size: float) -> None:
    """The number of unwell pupils on a plate, its middle at (x, y): white on red if one of them has a fever."""
    text = str(count)
    width = max(size * 1.15, sheet.width(text, size) + size * 0.5)
    sheet.box(x - width / 2, y - size * 0.58, width, size * 1.16, fill=RED if fever else GREY, radius=size * 0.2)
    sheet.write(x, y, text, size=size, colour=PAPER if fever else INK, align="middle", bold=True)


def draw_lacking(sheet: Sheet, count: int, x: float, y: float, size: float) -> None:
    """The number of a school's classes that have not reported, in the frame that a missing class has."""
    text = str(count)
    width = max(size * 1.2, sheet.width(text, size) + size * 0.5)
    sheet.box(x - width / 2, y - size * 0.58, width, size * 1.16, fill=PAPER, edge=RED, thick=size * 0.13)
    sheet.write(x, y, text, size=size * 0.95, colour=RED, align="middle", bold=True)


def draw_not_ready(sheet: Sheet, said: str, x: float, y: float, size: float) -> float:
    """未就绪 as a dark plate from `x` on. Returns the width it took."""
    width = sheet.width(said, size) + size * 0.6
    sheet.box(x, y - size * 0.7, width, size * 1.4, fill=INK, radius=size * 0.2)
    sheet.write(x + width / 2, y, said, size=size, colour=PAPER, align="middle", bold=True)
    return width
