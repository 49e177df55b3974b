"""今日晨检一览, laid out from the top: band, 未报 strip, classes, attendance, fourteen days, foot."""

from bot.pictures.band import draw_band, draw_missing
from bot.pictures.counts import HEIGHT as COUNTS
from bot.pictures.counts import draw_counts
from bot.pictures.foot import draw_foot, foot_height
from bot.pictures.grid import draw_grid, plan_grid
from bot.pictures.legend import HEIGHT as LEGEND
from bot.pictures.legend import draw_legend
from bot.pictures.sheet import HEIGHT, INK, INNER, MARGIN, RED, Sheet, Words
from bot.pictures.table import draw_table, plan_table
from bot.pictures.trend import LEAST, draw_trend
from handlers.pictures import Morning

_SPACE = 14.0
_NOTICE = 148.0


def compose(sheet: Sheet, picture: Morning, words: Words) -> None:
    """Where no class has reported there is no health figure anywhere, today's or another day's."""
    silent = bool(picture.expected_classes) and not picture.reported
    y = draw_band(sheet, picture, words)
    y = _notice(sheet, words, y) if silent else draw_missing(sheet, picture, words, y, lines=2)
    foot = foot_height(picture)
    below = LEGEND + (0.0 if silent else COUNTS + LEAST + _SPACE)
    y = _classes(sheet, picture, words, y + _SPACE, HEIGHT - foot - below - y - 2 * _SPACE)
    if not silent:
        draw_counts(sheet, picture, words, y)
        y += COUNTS + _SPACE
        draw_trend(sheet, picture, words, y, HEIGHT - foot - y - _SPACE)
    draw_foot(sheet, picture, words)


def _notice(sheet: Sheet, words: Words, y: float) -> float:
    sheet.box(MARGIN, y + 18, INNER, _NOTICE - 18, edge=RED, thick=5)
    sheet.write(MARGIN + 24, y + 62, words("picture.nobody", {}), size=44, colour=RED, bold=True, room=INNER - 48)
    sheet.write(MARGIN + 24, y + 116, words("picture.nobody_note", {}), size=25, colour=INK, room=INNER - 48)
    return y + _NOTICE


def _classes(sheet: Sheet, picture: Morning, words: Words, y: float, room: float) -> float:
    """Returns the height below the legend. The grid leaves what it does not need to the parts below it."""
    grid = plan_grid(picture.schools, room)
    if grid:
        bottom = draw_grid(sheet, grid, words, y)
    else:
        table = plan_table(picture.schools, room)
        draw_table(sheet, table, words, y)
        bottom = y + table.height
    draw_legend(sheet, words, bottom + 4)
    return bottom + LEGEND + _SPACE
