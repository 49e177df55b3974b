"""The bottom of the picture: when the numbers are of, what may have disturbed them, and for whom they are."""

from bot.pictures.sheet import FAINT, INNER, MARGIN, MUTED, RED, WIDTH, Sheet, Words
from bot.pictures.sheet import HEIGHT as BOTTOM
from handlers.pictures import Morning

_LINE = 40


def foot_height(picture: Morning) -> float:
    return _LINE * (2 if picture.outage else 1) + 22


def draw_foot(sheet: Sheet, picture: Morning, words: Words) -> None:
    y = BOTTOM - foot_height(picture)
    sheet.line([(MARGIN, y), (WIDTH - MARGIN, y)], colour=FAINT, thick=2)
    if picture.outage:
        spans = words("picture.comma", {}).join(
            words("picture.span", {"start": start, "end": end}) for start, end in picture.outage
        )
        said = words("picture.outage", {"spans": spans})
        sheet.write(MARGIN, y + 10 + _LINE / 2, said, size=26, colour=RED, bold=True, room=INNER)
        y += _LINE
    middle = y + 10 + _LINE / 2
    internal = words("picture.internal", {})
    if picture.rehearsal:
        internal = words("picture.rehearsal", {}) + internal
    taken = sheet.write(WIDTH - MARGIN, middle, internal, size=25, colour=MUTED, align="right", room=INNER * 0.55)
    sheet.write(MARGIN, middle, _as_of(picture, words), size=25, bold=True, room=INNER - taken - 20)


def _as_of(picture: Morning, words: Words) -> str:
    if picture.updated:
        return words("picture.as_of_updated", {"as_of": picture.as_of, "updated": picture.updated})
    return words("picture.as_of", {"as_of": picture.as_of})
