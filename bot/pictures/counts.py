"""Attendance and symptoms of the classes that reported."""

from bot.pictures.sheet import FAINT, INK, INNER, MARGIN, MUTED, WIDTH, Sheet, Words
from handlers.pictures import Morning

HEIGHT = 148
_NUMBERS = ("expected", "present", "sick", "personal", "unknown")


def draw_counts(sheet: Sheet, picture: Morning, words: Words, y: float) -> None:
    sheet.line([(MARGIN, y), (WIDTH - MARGIN, y)], colour=FAINT, thick=2)
    values = [(words(f"picture.{name}", {}), str(getattr(picture, name))) for name in _NUMBERS]
    if picture.expected:
        rate = words("picture.percent", {"rate": 100 * picture.sick / picture.expected})
        values.append((words("picture.rate", {}), rate))
    column = INNER / len(values)
    for place, (label, value) in enumerate(values):
        x = MARGIN + place * column
        sheet.write(x, y + 28, label, size=24, colour=MUTED, room=column - 12)
        sheet.write(x, y + 68, value, size=42, bold=True, room=column - 12)
    _symptoms(sheet, picture, words, y + 122)


def _symptoms(sheet: Sheet, picture: Morning, words: Words, y: float) -> None:
    label = words("picture.groups", {})
    taken = sheet.write(MARGIN, y, label, size=24, colour=MUTED) + 20
    counted = [(words(f"picture.group_{code}", {}), count) for code, count in picture.groups.items() if count]
    said = "　".join(words("picture.group", {"name": name, "n": count}) for name, count in counted)
    sheet.write(MARGIN + taken, y, said or words("picture.group_none", {}), size=29, colour=INK, room=INNER - taken)
