"""The real pen, which also notes what it writes and where, so that tests can read a picture."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from bot.charts import Canvas
from bot.pictures.morning import compose
from bot.pictures.sheet import INK, Align, Points
from bot.texts import Words
from handlers.pictures import Morning
from tests.charts.samples import samples


@dataclass(frozen=True)
class Note:
    text: str
    left: float
    right: float
    top: float
    bottom: float
    colour: str

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def over(self, other: "Note") -> bool:
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)


@dataclass(frozen=True)
class Notes:
    """Kept without the canvas, which is 25 MB."""

    written: list[Note] = field(default_factory=list)
    lines: list[tuple[Points, str]] = field(default_factory=list)
    discs: list[tuple[str, str]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [note.text for note in self.written]


class Noting(Canvas):
    def __init__(self) -> None:
        super().__init__()
        self.notes = Notes()

    def write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        colour: str = INK,
        align: Align = "left",
        bold: bool = False,
        room: float | None = None,
    ) -> float:
        width = super().write(x, y, text, size=size, colour=colour, align=align, bold=bold, room=room)
        left = x - {"left": 0.0, "middle": width / 2, "right": width}[align]
        shrunk = min(size, size * width / self.width(text, size)) if text else size
        self.notes.written.append(Note(text, left, left + width, y - 0.38 * shrunk, y + 0.38 * shrunk, colour))
        return width

    def line(self, points: Points, *, colour: str, thick: float = 1, dashes: Sequence[float] = ()) -> None:
        self.notes.lines.append((points, colour))
        super().line(points, colour=colour, thick=thick, dashes=dashes)

    def disc(self, x: float, y: float, radius: float, *, fill: str, edge: str, half: bool = False) -> None:
        self.notes.discs.append((fill, edge))
        super().disc(x, y, radius, fill=fill, edge=edge, half=half)


def read(picture: Morning) -> Notes:
    sheet = Noting()
    compose(sheet, picture, Words(picture.language).say)
    return sheet.notes


@cache
def sample(name: str) -> Notes:
    return read(samples()[name])
