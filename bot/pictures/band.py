"""The top of the picture, what a leader must know first: how many reported, how many feverish, who has not."""

from bot.pictures.sheet import INK, INNER, MARGIN, MUTED, PALE, RED, WIDTH, Sheet, Words
from handlers.pictures import Cell, GradeRow, Morning

HEIGHT = 206
_LINE = 46
_SIZE = 32


def draw_band(sheet: Sheet, picture: Morning, words: Words) -> float:
    """Returns the height at which the next part may begin."""
    sheet.box(0, 0, WIDTH, HEIGHT, fill=PALE)
    _title(sheet, picture, words)
    _headline(sheet, picture, words)
    return HEIGHT


def _title(sheet: Sheet, picture: Morning, words: Words) -> None:
    y, left = 44.0, float(MARGIN)
    if picture.rehearsal:
        left += sheet.write(left - 8, y, words("picture.rehearsal", {}), size=34, colour=RED, bold=True)
    left += sheet.write(left, y, words("picture.title", {}), size=34, bold=True) + 20
    right = WIDTH - MARGIN
    taken = sheet.write(right, y, full_day(picture, words), size=34, align="right", bold=True)
    sheet.write(left, y + 2, picture.district, size=26, colour=MUTED, room=right - taken - 24 - left)


def full_day(picture: Morning, words: Words) -> str:
    weekday = words(f"day.week.{picture.day.isoweekday()}", {})
    month = words(f"day.month.{picture.day.month}", {})
    return words("day.full", {"month": month, "day": picture.day.day, "weekday": weekday})


def _headline(sheet: Sheet, picture: Morning, words: Words) -> None:
    y = 116
    if not picture.expected_classes:
        sheet.write(MARGIN, y, words("picture.none_due", {}), size=64, bold=True, room=INNER)
        return
    counts = {"reported": picture.reported, "expected": picture.expected_classes}
    sheet.write(MARGIN, y, words("picture.reported", counts), size=82, bold=True, room=INNER * 0.62)
    if not picture.reported:
        return
    standing = {"on_time": picture.on_time, "late": picture.late, "zero": picture.zero}
    sheet.write(MARGIN, 181, words("picture.standing", standing), size=28, room=INNER * 0.62)
    fever = words("picture.fever", {"n": picture.fever})
    colour = RED if picture.fever else INK
    right = WIDTH - MARGIN
    sheet.write(right, y, fever, size=82, colour=colour, align="right", bold=True, room=INNER * 0.36)
    note = words("picture.fever_note", {})
    sheet.write(right, 181, note, size=28, colour=MUTED, align="right", room=INNER * 0.36)


def draw_missing(sheet: Sheet, picture: Morning, words: Words, y: float, *, lines: int) -> float:
    """未报：… in at most `lines` lines; nothing at all when every class has reported."""
    missing = picture.missing
    if not missing:
        return y
    said = _missing_lines(sheet, picture, words, lines)
    height = len(said) * _LINE + 22
    sheet.box(MARGIN, y + 16, INNER, height, edge=RED, thick=4)
    for place, line in enumerate(said):
        middle = y + 16 + 11 + _LINE * (place + 0.5)
        sheet.write(MARGIN + 20, middle, line, size=_SIZE, colour=RED, bold=True, room=INNER - 40)
    return y + 16 + height


def _missing_lines(sheet: Sheet, picture: Morning, words: Words, limit: int) -> list[str]:
    """The classes by name, cut at whole names where they don't fit."""
    comma, others = words("picture.comma", {}), words("picture.and_others", {})
    names = _names(picture, words)
    room = INNER - 40
    lines = [words("picture.missing", {"n": len(names)})]
    for place, name in enumerate(names):
        last = place == len(names) - 1
        piece = name if last else name + comma
        # on the last line there must be room left to say that there are more
        spare = 0 if last or len(lines) < limit else sheet.width(others, _SIZE)
        if sheet.width(lines[-1] + piece, _SIZE) + spare <= room:
            lines[-1] += piece
        elif len(lines) < limit:
            lines.append(piece)
        else:
            return [*lines[:-1], lines[-1].removesuffix(comma) + others]
    return lines


def _names(picture: Morning, words: Words) -> list[str]:
    """A school is named with the first of its classes only: 中心校一(2)班、二(1)班、二校四(2)班."""
    names, before = [], None
    for school, row, cell in picture.missing:
        names.append(_class_name(words, "" if school is before else school.short, row, cell))
        before = school
    return names


def _class_name(words: Words, school: str, row: GradeRow, cell: Cell) -> str:
    values = {"school": school, "grade": row.grade, "label": cell.label}
    return words("picture.class_name" if cell.label else "picture.class_alone", values).strip()
