"""今日晨检一览, laid out from the top: band, 未报 strip, classes, attendance, fourteen days, foot."""

from bot.pictures.band import draw_band, draw_missing
from bot.pictures.counts import counts_height, draw_counts
from bot.pictures.foot import draw_foot, foot_height
from bot.pictures.grid import Grid, draw_grid, plan_grid
from bot.pictures.legend import HEIGHT as LEGEND
from bot.pictures.legend import draw_grid_legend, draw_table_legend
from bot.pictures.sheet import FAINT, HEIGHT, INK, INNER, MARGIN, RED, WIDTH, Area, Sheet, Words
from bot.pictures.table import draw_table, plan_table
from bot.pictures.trend import LEAST, draw_trend
from handlers.pictures import Morning

_SPACE = 14.0
_NOTICE = 148.0
_STEP, _STEPS = 58.0, ("do_day", "do_system", "do_paper", "do_behalf")
# more schools than this are never drawn class by class
_BLOCKS = 15
# attendance and line side by side, to leave the height to many schools
_COLUMNS, _LINES, _LEFT = 3, 3, 0.45


def compose(sheet: Sheet, picture: Morning, words: Words) -> None:
    """Where no class has reported there is no health figure anywhere, of today or of another day."""
    y = draw_band(sheet, picture, words)
    bottom = HEIGHT - foot_height(picture) - _SPACE
    if picture.expected_classes and not picture.reported:
        y = _notice(sheet, words, y) + _SPACE
        end = bottom - _STEP * (len(_STEPS) + 1) - 2 * _SPACE
        grid = _grid(picture, Area(MARGIN, y, INNER, end - y - LEGEND))
        y = _classes(sheet, picture, words, grid, y, end)
        _what_to_do(sheet, words, y + 2 * _SPACE)
    else:
        _with_figures(sheet, picture, words, y, bottom)
    draw_foot(sheet, picture, words)


def _with_figures(sheet: Sheet, picture: Morning, words: Words, y: float, bottom: float) -> None:
    """Attendance over the line, and cells; with more schools the two stand side by side; with many, rows for cells."""
    few = len(picture.schools) <= _BLOCKS
    y = draw_missing(sheet, picture, words, y, lines=3 if few else 2) + _SPACE
    counts = counts_height(6, 1)
    grid = _grid(picture, Area(MARGIN, y, INNER, bottom - y - LEGEND - 2 * _SPACE - counts - LEAST))
    if grid:
        y = _classes(sheet, picture, words, grid, y, bottom) + _SPACE
        draw_counts(sheet, picture, words, Area(MARGIN, y, INNER, counts), 6)
        y += counts + _SPACE
        draw_trend(sheet, picture, words, Area(MARGIN, y, INNER, bottom - y))
        return
    height = counts_height(_COLUMNS, _LINES)
    room = bottom - y - height - 2 * _SPACE
    grid = _grid(picture, Area(MARGIN, y, INNER, room - LEGEND))
    y = _classes(sheet, picture, words, grid, y, y + room) + _SPACE
    left = INNER * _LEFT
    draw_counts(sheet, picture, words, Area(MARGIN, y, left - 24, height), _COLUMNS)
    draw_trend(sheet, picture, words, Area(MARGIN + left, y, INNER - left, bottom - y))


def _notice(sheet: Sheet, words: Words, y: float) -> float:
    sheet.box(MARGIN, y + 18, INNER, _NOTICE - 18, edge=RED, thick=5)
    sheet.write(MARGIN + 24, y + 62, words("picture.nobody", {}), size=44, colour=RED, bold=True, room=INNER - 48)
    sheet.write(MARGIN + 24, y + 116, words("picture.nobody_note", {}), size=25, colour=INK, room=INNER - 48)
    return y + _NOTICE


def _what_to_do(sheet: Sheet, words: Words, y: float) -> None:
    """In the room that the figures would take."""
    sheet.write(MARGIN, y + _STEP / 2, words("picture.do", {}), size=36, bold=True, room=INNER)
    for place, step in enumerate(_STEPS, 1):
        sheet.write(MARGIN, y + _STEP * (place + 0.5), words(f"picture.{step}", {}), size=30, room=INNER)


def _grid(picture: Morning, area: Area) -> Grid | None:
    return plan_grid(picture.schools, area.height) if len(picture.schools) <= _BLOCKS else None


def _classes(sheet: Sheet, picture: Morning, words: Words, grid: Grid | None, y: float, bottom: float) -> float:
    """Blocks of cells, or a row a school, with their legend. Returns the height of the rule below it."""
    if grid:
        y = draw_grid(sheet, grid, words, y)
        draw_grid_legend(sheet, words, y + 4)
    else:
        table = plan_table(picture.schools, bottom - y - LEGEND)
        draw_table(sheet, table, words, y)
        y += table.height
        draw_table_legend(sheet, words, y + 4)
    y += LEGEND + 8
    sheet.line([(MARGIN, y), (WIDTH - MARGIN, y)], colour=FAINT, thick=2)
    return y
