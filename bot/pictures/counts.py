"""Attendance and symptoms of the classes that reported."""

from collections.abc import Iterator

from bot.pictures.sheet import MUTED, Area, Sheet, Words
from handlers.pictures import Morning

_ROW, _LINE = 78.0, 38.0
_SIZES = (29, 27, 25, 23, 21, 19, 17)
_NUMBERS = ("expected", "present", "sick", "personal", "unknown")


def counts_height(columns: int, lines: int) -> float:
    return _ROW * _rows(columns) + 12 + _LINE * lines


def draw_counts(sheet: Sheet, picture: Morning, words: Words, area: Area, columns: int) -> None:
    column = area.width / columns
    for place, (label, value) in enumerate(_figures(picture, words)):
        x, y = area.x + place % columns * column, area.y + _ROW * (place // columns)
        sheet.write(x, y + 16, label, size=24, colour=MUTED, room=column - 12)
        sheet.write(x, y + 54, value, size=42, bold=True, room=column - 12)
    top = area.y + _ROW * _rows(columns) + 12
    lines, size = _unwell(sheet, picture, words, area.width, round((area.bottom - top) / _LINE))
    for place, line in enumerate(lines):
        sheet.write(area.x, top + _LINE * (place + 0.5), line, size=size, room=area.width)


def _rows(columns: int) -> int:
    return -(-(len(_NUMBERS) + 1) // columns)


def _figures(picture: Morning, words: Words) -> Iterator[tuple[str, str]]:
    for name in _NUMBERS:
        yield words(f"picture.{name}", {}), str(getattr(picture, name))
    if picture.expected:
        rate = 100 * picture.sick / picture.expected
        yield words("picture.rate", {}), words("picture.percent", {"rate": rate})


def _unwell(sheet: Sheet, picture: Morning, words: Words, room: float, most: int) -> tuple[list[str], float]:
    """其他不适16　呼吸道7　呕吐腹泻6 …, in the largest type at which all of it stands in `most` lines."""
    counted = [(words(f"picture.group_{code}", {}), count) for code, count in picture.groups.items() if count]
    groups = [words("picture.group", {"name": name, "n": count}) for name, count in counted]
    head = words("picture.groups", {"n": picture.unwell})
    fits = ((_lines(sheet, head, groups, room, size), float(size)) for size in _SIZES)
    return next(((lines, size) for lines, size in fits if len(lines) <= most or size == _SIZES[-1]))


def _lines(sheet: Sheet, head: str, groups: list[str], room: float, size: float) -> list[str]:
    """Cut between two groups, never within one."""
    lines = [head]
    for group in groups:
        longer = lines[-1] + group
        if sheet.width(longer, size) <= room:
            lines[-1] = longer + "　"
        else:
            lines.append(group + "　")
    return lines
