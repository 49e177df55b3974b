"""What the marks mean, in one line of the marks themselves."""

from collections.abc import Callable

from bot.pictures.marks import draw_lacking, draw_mark, draw_unwell
from bot.pictures.sheet import INK, INNER, MARGIN, Sheet, Words
from handlers.pictures import Mark

HEIGHT = 44
_SIZE = 23
_MARKS = {
    Mark.ON_TIME: "on_time",
    Mark.LATE: "late",
    Mark.MISSING: "missing_full",
    Mark.UNBOUND: "unbound",
    Mark.EXCUSED: "excused_full",
}
Drawn = Callable[[float, float], None]
Entry = tuple[Drawn, str]


def draw_grid_legend(sheet: Sheet, words: Words, y: float) -> None:
    entries: list[Entry] = [(_mark(sheet, mark), words(f"picture.{key}", {})) for mark, key in _MARKS.items()]
    entries.append((_proxy(sheet, words), words("picture.proxy_full", {})))
    entries.append((_unwell(sheet, fever=False), words("picture.unwell", {})))
    entries.append((_unwell(sheet, fever=True), words("picture.unwell_fever", {})))
    _spread(sheet, entries, y)


def draw_table_legend(sheet: Sheet, words: Words, y: float) -> None:
    entries: list[Entry] = [
        (_mark(sheet, Mark.ON_TIME), words("picture.complete", {})),
        (lambda x, middle: draw_lacking(sheet, 2, x, middle, _SIZE), words("picture.missing_count", {})),
        (_mark(sheet, Mark.MISSING), words("picture.missing_full", {})),
        (_mark(sheet, Mark.UNBOUND), words("picture.unbound", {})),
        (_mark(sheet, Mark.EXCUSED), words("picture.excused_full", {})),
        (_unwell(sheet, fever=False), words("picture.unwell", {})),
        (_unwell(sheet, fever=True), words("picture.fever_count", {})),
    ]
    _spread(sheet, entries, y)


def _spread(sheet: Sheet, entries: list[Entry], y: float) -> None:
    """One line, as wide as the sheet at most."""
    sign = 34.0
    said = sum(sheet.width(text, _SIZE) for _, text in entries)
    shrink = min(1.0, (INNER - len(entries) * (sign + 8)) / said)
    gap = (INNER - said * shrink - len(entries) * sign) / (len(entries) - 1)
    x, middle = float(MARGIN), y + HEIGHT / 2
    for draw, text in entries:
        draw(x + sign / 2 - 4, middle)
        taken = sheet.write(x + sign, middle, text, size=_SIZE * shrink, colour=INK)
        x += sign + taken + min(gap, 26)


def _mark(sheet: Sheet, mark: Mark) -> Drawn:
    return lambda x, y: draw_mark(sheet, mark, x, y, 24)


def _proxy(sheet: Sheet, words: Words) -> Drawn:
    def draw(x: float, y: float) -> None:
        sheet.write(x, y, words("picture.proxy", {}), size=_SIZE, align="middle", bold=True)

    return draw


def _unwell(sheet: Sheet, *, fever: bool) -> Drawn:
    return lambda x, y: draw_unwell(sheet, 2, fever, x, y, _SIZE)
